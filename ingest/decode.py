"""Turns bytes into text: byte order marks, UTF-8, UTF-16 and UTF-32 without marks, then the likeliest old charset."""

import codecs
import re
from typing import Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason

_BOMS: Final = (  # the longer ones first: UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,30})""", re.IGNORECASE)
_SAMPLE_BYTES: Final = 256 * 1024
#: Where a detector finds several charsets that read a text equally well, the one most files of that shape use.
_USUAL: Final = ("cp1252", "cp866", "gb18030", "shift_jis", "euc_kr", "big5")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of the encoding it was in."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data.decode(codec, errors="replace"), codec
    if data.count(0) * 4 >= len(data) > 0:
        return _wide(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _legacy(data)


def decode_html(data: bytes) -> tuple[str, str]:
    """Return the text of a page; a charset the page itself declares comes before guessing."""
    declared = _META.search(data[:4096])
    if declared and not data.startswith(tuple(bom for bom, _ in _BOMS)):
        try:
            codec = codecs.lookup(declared[1].decode("ascii")).name
            return data.decode("cp1252" if codec in ("iso8859-1", "ascii") else codec), codec
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decode(data)


def _wide(data: bytes) -> tuple[str, str]:
    low_first = data[1::2].count(0) >= data[::2].count(0)
    for codec in ("utf-32-le", "utf-16-le") if low_first else ("utf-32-be", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, codec
    raise PermanentError(RefusalReason.CORRUPT, "text in no known encoding")


def _legacy(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    if len(data) > len(sample):
        sample = sample[: sample.rfind(b"\n") + 1] or sample  # never half a character
    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return data.decode("utf-8", errors="replace"), "utf-8"
    equals = {match.encoding for match in matches if match.chaos <= best.chaos and match.coherence >= best.coherence}
    codec = next((usual for usual in _USUAL if usual in equals), best.encoding)
    return data.decode(codec, errors="replace"), codec
