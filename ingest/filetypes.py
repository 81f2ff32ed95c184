"""Says what kind of file some bytes are, by their content first and by their name only where content can't tell."""

import re
from pathlib import PurePosixPath
from typing import Final

#: The kinds the hub reads today.
SUPPORTED: Final = frozenset({"pdf", "docx", "html", "txt", "md", "csv"})

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
}

_ALIASES: Final = {"htm": "html", "xhtml": "html", "markdown": "md", "jpeg": "jpg", "tif": "tiff", "yml": "yaml"}
_ALIASES_OF_TEXT: Final = {"text": "txt", "log": "txt", "": "txt"}

#: Names that promise a format whose content can be recognised; a file that breaks the promise is of the wrong type.
_PROMISES: Final = frozenset(
    (
        *(
            "pdf",
            "docx",
            "docm",
            "dotx",
            "doc",
            "dot",
            "xlsx",
            "xlsm",
            "xls",
            "pptx",
            "pptm",
            "ppt",
            "vsdx",
            "rtf",
            "html",
        ),
        *("odt", "ods", "odp", "epub", "msg", "hwp", "pages", "zip", "gz", "7z", "rar"),
        *("png", "jpg", "gif", "tiff", "bmp", "ico", "webp", "wav", "mp3", "mp4", "ogg", "flac"),
    )
)
#: Kinds people swap without meaning harm: an old Word name on a new Word file.
_FAMILIES: Final = (
    frozenset({"doc", "dot", "docx", "docm", "dotx", "rtf", "ole", "zip"}),
    frozenset({"xls", "xlsx", "xlsm", "ole", "zip"}),
    frozenset({"ppt", "pptx", "pptm", "ole", "zip"}),
    frozenset({"html", "xml", "mhtml", "txt"}),
)

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x7fELF", "elf"),
    (b"MZ", "exe"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
)
_RIFF: Final = {b"WAVE": "wav", b"WEBP": "webp", b"AVI ": "avi"}
_UTF16_NAMES: Final = (  # streams of a compound file, first match wins
    ("EncryptedPackage", "encrypted"),
    ("HwpSummaryInformation", "hwp"),
    ("__properties_version1.0", "msg"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
_ZIP_PARTS: Final = (  # a part only this kind has
    ("word/document.xml", "docx"),
    ("word/document2.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("visio/document.xml", "vsdx"),
    ("Index/Document.iwa", "pages"),
    ("buildVersionHistory.plist", "pages"),
)
_MACROS: Final = {"docx": "docm", "xlsx": "xlsm", "pptx": "pptm"}
_ZIP_MIMETYPES: Final = (
    (b"application/epub+zip", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
)
_HTML: Final = re.compile(rb"<\s*(!doctype\s+html|html|head|body|title|h1|p|div|table|meta)\b", re.IGNORECASE)
_MAIL: Final = re.compile(
    rb"\A(from |(received|return-path|from|to|subject|date|mime-version|message-id|x-[\w-]+):)", re.IGNORECASE
)
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
HEAD_BYTES: Final = 64 * 1024


def extension(name: str) -> str:
    """Return the last extension of a name, lower case, aliases resolved: `A.HTM` → `html`."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").lower().strip()
    return _ALIASES.get(suffix, suffix)


def by_magic(head: bytes) -> str | None:
    """Return the kind the first bytes prove, or None when they prove nothing (text, or unknown)."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "riff")
    if head[4:8] == b"ftyp":
        return "mp4"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def looks_like_text(head: bytes) -> bool:
    """Say whether the bytes could be text in any common encoding, UTF-16 and UTF-32 included."""
    if head.startswith(_BOMS):
        return True
    nulls = head.count(0)
    if nulls:
        longest = max(head[lane::4].count(0) for lane in range(4))
        return nulls * 4 >= len(head) and longest * 4 >= len(head) * 0.9
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return controls * 100 <= len(head)


def of_text(head: bytes, name: str) -> str:
    """Return the kind of a text file: its mark-up where it shows, its name otherwise."""
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    suffix = extension(name)
    if _MAIL.match(plain) and suffix not in SUPPORTED:
        mixed = b"multipart/related" in plain and b"text/html" in plain.lower()
        return "mhtml" if mixed and suffix != "eml" else "eml"
    if plain[:5].lower() == b"<?xml" and not _HTML.search(plain[:2048]):
        return "xml"
    if suffix in _PROMISES or suffix == "":
        return "html" if _HTML.search(plain[:2048]) else "txt"
    return _ALIASES_OF_TEXT.get(suffix, suffix)


def of_compound(data: bytes) -> str:
    """Return the kind of an OLE compound file by the names of its streams; `encrypted` for a protected package."""
    return next((kind for name, kind in _UTF16_NAMES if name.encode("utf-16-le") in data), "ole")


def of_zip(names: list[str], mimetype: bytes) -> str:
    """Return the kind of a zip by its parts and, for OpenDocument and EPUB, its `mimetype` member."""
    for prefix, kind in _ZIP_MIMETYPES:
        if mimetype.startswith(prefix):
            return kind
    for part, kind in _ZIP_PARTS:
        if any(name == part or name.endswith(part) for name in names):
            macros = any(name.endswith("vbaProject.bin") for name in names)
            return _MACROS.get(kind, kind) if macros else kind
    if "[Content_Types].xml" in names:
        return "docx" if any(name.startswith("word/") for name in names) else "ooxml"
    return "zip"


def breaks_its_promise(kind: str, name: str) -> bool:
    """Say whether a name promises another format than the content has."""
    promised = extension(name)
    if promised == kind or promised not in _PROMISES | SUPPORTED:
        return False
    if promised not in _PROMISES:  # .txt, .md, .csv: any text keeps that promise
        return by_kind_is_binary(kind)
    return not any({promised, kind} <= family for family in _FAMILIES)


def by_kind_is_binary(kind: str) -> bool:
    """Say whether a kind is one that only bytes, never text, can have."""
    return kind in _PROMISES - {"html", "rtf"} or kind in {"ole", "xz", "bz2", "elf", "exe", "riff", "avi", "ooxml"}
