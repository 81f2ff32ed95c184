"""Finds files that would harm whoever opens them: bombs, traversal, outside entities, and archives that are locked."""

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason

_MIB: Final = 1024 * 1024
_DRIVE: Final = re.compile(r"\A[A-Za-z]:")
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_ENTITIES: Final = tuple("<!ENTITY".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_OUTSIDE: Final = re.compile(rb"<!DOCTYPE[^>\[]{0,500}[\"']\s*file:", re.IGNORECASE)
_PAGE: Final = re.compile(
    rb"\s*<!DOCTYPE html(?: PUBLIC \"-//W3C//DTD [^\"<>\[]{1,60}\"[^<>\[]{0,120})?\s*>", re.IGNORECASE
)
_BEFORE_XML: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_ENCRYPTED_FLAG: Final = 0x1


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a file may unfold to before it counts as a bomb."""

    max_members: int = 10_000
    max_unpacked_bytes: int = 512 * _MIB
    max_ratio: int = 150  # looked at above small_unpacked_bytes only: a page of blanks packs well, too
    small_unpacked_bytes: int = 16 * _MIB
    max_pixels: int = 200_000_000


def refuse_hostile(detail: str) -> PermanentError:
    """Return the error for a file that would do harm; `detail` names the trick, never its content."""
    return PermanentError(RefusalReason.HOSTILE, detail)


def check_picture(kind: str, head: bytes, limits: Limits) -> None:
    """Refuse a picture whose header declares more pixels than anything honest has."""
    width, height = _pixels(kind, head)
    if width * height > limits.max_pixels:
        raise refuse_hostile(f"a picture that unfolds to {width} x {height} pixels")


def _pixels(kind: str, head: bytes) -> tuple[int, int]:
    match kind:
        case "gif" if len(head) >= 10:  # noqa: PLR2004  # logical screen: two little-endian shorts at 6
            screen: tuple[int, int] = struct.unpack_from("<HH", head, 6)
            first = head.find(b",", 10)
            if 0 < first <= len(head) - 9:
                left, top, width, height = struct.unpack_from("<HHHH", head, first + 1)
                return max(screen[0], left + width), max(screen[1], top + height)
            return screen
        case "png":
            if head[12:16] != b"IHDR" or len(head) < 24:  # noqa: PLR2004  # two big-endian longs at 16
                raise PermanentError(RefusalReason.CORRUPT, "png")
            return struct.unpack_from(">II", head, 16)
        case "bmp" if len(head) >= 26:  # noqa: PLR2004  # BITMAPINFOHEADER at 14
            width, height = struct.unpack_from("<ii", head, 18)
            return abs(width), abs(height)
        case "ico":
            return _icon_pixels(head)
        case _:
            return 0, 0


def _icon_pixels(head: bytes) -> tuple[int, int]:
    """Return the largest size in an icon: its directory has one byte a side, the pictures inside say the truth."""
    sizes = [(0, 0)]
    for found in re.finditer(rb"\x89PNG\r\n\x1a\n....IHDR(.{8})", head, re.DOTALL):
        sizes.append(struct.unpack(">II", found[1]))  # noqa: PERF401  # a second loop follows
    for found in re.finditer(rb"\x28\x00\x00\x00(.{8})", head, re.DOTALL):
        width, height = struct.unpack("<ii", found[1])
        sizes.append((abs(width), abs(height)))
    return max(sizes, key=lambda size: size[0] * size[1])


def check_xml(data: bytes, *, any_doctype: bool) -> None:
    """Refuse XML that declares entities (or, inside an office file, any document type at all)."""
    if any(mark in data for mark in _ENTITIES) or _OUTSIDE.search(data):
        raise refuse_hostile("XML that declares entities or asks for a local file")
    if any_doctype and any(mark in data for mark in _DOCTYPES):
        raise refuse_hostile("an office part with a document type declaration")


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a zip whose directory has been judged: members, names, links, sizes, locks."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, MemoryError) as error:
        raise PermanentError(RefusalReason.CORRUPT, "a zip whose directory can't be read") from error
    members = archive.infolist()
    for member in members:
        _check_member(member)
    _check_sizes(members, len(data), limits)
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise PermanentError(RefusalReason.ENCRYPTED, "a locked archive")
    return archive


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise refuse_hostile("an archive member that points outside")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise refuse_hostile("a link inside an archive")


def _check_sizes(members: list[zipfile.ZipInfo], size_bytes: int, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > limits.max_members:
        raise refuse_hostile("an archive with too many members")
    if packed > size_bytes:
        raise refuse_hostile("an archive whose members overlap")
    if unpacked > limits.max_unpacked_bytes:
        raise refuse_hostile("an archive that unfolds beyond the limit")
    if unpacked > limits.small_unpacked_bytes and unpacked > size_bytes * limits.max_ratio:
        raise refuse_hostile("an archive that unfolds out of all proportion")


def check_parts(archive: zipfile.ZipFile) -> None:
    """Read every XML part of an office file once, counted, and refuse document types, damage and false sizes."""
    for member in archive.infolist():
        try:
            part = _xml_part(archive, member)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
            raise PermanentError(RefusalReason.CORRUPT, "a damaged part") from error
        check_xml(part, any_doctype=not _is_page(member.filename, part))


def _is_page(name: str, part: bytes) -> bool:
    """Say whether a part is an HTML page (a document may embed one): its document type without rules of its own."""
    return not name.lower().endswith((".xml", ".rels")) and _PAGE.match(part) is not None


def _xml_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a part that is XML by its name or its beginning (a package may call its parts anything), else nothing."""
    if not member.filename.lower().endswith((".xml", ".rels")):
        with archive.open(member) as file:
            if not file.read(64).lstrip(_BEFORE_XML).startswith(b"<"):
                return b""
    return archive.read(member)
