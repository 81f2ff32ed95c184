"""Pixels → PNG (ISO/IEC 15948): written here from counted bytes, so that no file of a stranger's maker is passed on."""

import struct
import zlib
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_EIGHT_BIT_RGB: Final = (8, 2, 0, 0, 0)  # depth, colour type, compression, filter, interlace


def encode(width: int, height: int, pixels: bytes) -> bytes:
    """Return the file of an RGB picture, row after row from the top. ValueError when the pixels don't fill it."""
    if width < 1 or height < 1 or len(pixels) != width * height * 3:
        raise ValueError("a picture has three bytes for each pixel")
    rows = b"".join(b"\x00" + pixels[at : at + width * 3] for at in range(0, len(pixels), width * 3))
    head = struct.pack(">IIBBBBB", width, height, *_EIGHT_BIT_RGB)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
