"""Files that mean harm, as one table: what each is called, its bytes, and how it must end."""

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.vocabulary import RefusalReason
from ingest.hostile import Limits
from tests.ingest import made

LIMITS = Limits(max_members=50, max_unpacked_bytes=4 << 20, small_unpacked_bytes=1 << 20, max_ratio=100)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

HOSTILE, CORRUPT, ENCRYPTED = RefusalReason.HOSTILE, RefusalReason.CORRUPT, RefusalReason.ENCRYPTED
WRONG, UNSUPPORTED, EMPTY = RefusalReason.WRONG_TYPE, RefusalReason.UNSUPPORTED, RefusalReason.EMPTY


@dataclass(frozen=True, kw_only=True)
class Trick:
    """One file."""

    name: str
    data: bytes
    reason: RefusalReason
    what: str

    def __str__(self) -> str:
        return self.what.replace(" ", "-")


def member(name: str, content: bytes = b"x", *, mode: int = 0o644, flags: int = 0) -> bytes:
    """A zip with one member, its mode and flags as told."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        info = zipfile.ZipInfo("placeholder".ljust(len(name), "_")[: len(name)] or "_")
        info.external_attr = mode << 16
        archive.writestr(info, content)
    data = held.getvalue().replace(info.filename.encode(), name.encode())
    if flags:
        patched = bytearray(data)
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            patched[patched.find(mark) + offset] |= flags
        data = bytes(patched)
    return data


def claims(unpacked: int) -> bytes:
    """A zip whose directory claims a member of this size."""
    data = bytearray(made.archive({"a.txt": b"x" * 100}))
    struct.pack_into("<I", data, data.find(b"PK\x01\x02") + 24, unpacked)
    return bytes(data)


def lying_part(claimed: int, real: bytes) -> bytes:
    """A Word file whose one part is larger than its directory says."""
    data = bytearray(made.bare_docx(real))
    at = data.find(b"word/document.xml", data.find(b"PK\x01\x02")) - 46
    struct.pack_into("<I", data, at + 24, claimed)
    return bytes(data)


def nested(depth: int) -> bytes:
    """A zip in a zip in a zip."""
    inner = made.archive({"core.txt": b"words"})
    for level in range(depth):
        inner = made.archive({f"{level}.zip": inner}, zipfile.ZIP_STORED)
    return inner


def office(**parts: str | bytes) -> bytes:
    """A Word file with these further parts; `__` in a name is a slash, `_DOT_` a dot."""
    more = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in parts.items()}
    whole: Mapping[str, str | bytes] = {
        "[Content_Types].xml": made.CONTENT_TYPES,
        "word/document.xml": f'<w:document xmlns:w="{made.W}"><w:body/></w:document>',
        **more,
    }
    return made.archive(dict(whole))


def entity(system: str, *, kind: str = "SYSTEM", parameter: bool = False) -> str:
    """An XML document with an outside entity."""
    mark = "% x" if parameter else "x"
    public = '"-//X//Y" ' if kind == "PUBLIC" else ""
    return f'<!DOCTYPE d [<!ENTITY {mark} {kind} {public}"{system}">]><d>&x;</d>'


def relation(target: str) -> str:
    """A relationships part whose document type asks for something outside."""
    return f'<!DOCTYPE r SYSTEM "{target}"><Relationships xmlns="{RELATIONS}"/>'


def picture(make: Callable[[int, int], bytes], width: int, height: int) -> bytes:
    return make(width, height)


def bmp(width: int, height: int) -> bytes:
    return b"BM" + b"\x00" * 16 + struct.pack("<ii", width, height) + b"\x00" * 10


def icon(inside: bytes) -> bytes:
    return b"\x00\x00\x01\x00\x01\x00" + b"\x00" * 16 + inside


def dib(width: int, height: int) -> bytes:
    return b"\x28\x00\x00\x00" + struct.pack("<ii", width, height)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">{LAUGHS}]><l>&a9;</l>'
XML = '<?xml version="1.0"?>'
DTD = "<!DOCTYPE d><d/>"

#: name, bytes, reason, what it is
_ROWS: tuple[tuple[str, bytes, RefusalReason, str], ...] = (
    # names that lead outside
    ("a.zip", member("../x"), HOSTILE, "one step up"),
    ("a.zip", member("../../../../etc/cron.d/x"), HOSTILE, "many steps up"),
    ("a.zip", member("a/../../x"), HOSTILE, "down and up again"),
    ("a.zip", member("a/.."), HOSTILE, "a name that ends above"),
    ("a.zip", member("/etc/passwd"), HOSTILE, "a name from the root"),
    ("a.zip", member("//server/share"), HOSTILE, "a name on a server"),
    ("a.zip", member("\\\\server\\share"), HOSTILE, "a name on a Windows server"),
    ("a.zip", member("C:\\x"), HOSTILE, "a name on a drive"),
    ("a.zip", member("c:x"), HOSTILE, "a name relative to a drive"),
    ("a.zip", member("a\\..\\..\\x"), HOSTILE, "steps up with backslashes"),
    ("a.docx", office(**{"word__..__..__x_DOT_xml": "<d/>"}), HOSTILE, "steps up inside a Word file"),
    ("a.xlsx", made.archive({"xl/workbook.xml": "<d/>", "../x": "x"}), HOSTILE, "steps up inside a workbook"),
    ("a.odt", made.archive({"mimetype": "application/vnd.oasis.opendocument.text", "../x": "x"}), HOSTILE, "in an odt"),
    ("a.epub", made.archive({"mimetype": "application/epub+zip", "/x": "x"}), HOSTILE, "a root name in a book"),
    # links and devices
    ("a.zip", member("link", b"/etc/shadow", mode=stat.S_IFLNK | 0o777), HOSTILE, "a link"),
    (
        "a.docx",
        member("word/document.xml", b"/etc/shadow", mode=stat.S_IFLNK | 0o777),
        HOSTILE,
        "a part that is a link",
    ),
    # bombs
    ("a.zip", made.archive({"a": b"\x00" * (5 << 20)}), HOSTILE, "five megabytes of nothing"),
    ("a.zip", made.archive({"a": b" " * (2 << 20)}), HOSTILE, "out of all proportion"),
    ("a.zip", made.archive({str(n): b"x" for n in range(51)}), HOSTILE, "one member too many"),
    ("a.zip", claims(0xFFFFFFF0), HOSTILE, "a directory that claims four gigabytes"),
    ("a.docx", made.bare_docx("<d>" + "x" * (5 << 20) + "</d>"), HOSTILE, "a part beyond the limit"),
    ("a.docx", lying_part(10, b"<d>" + b"x" * 5000 + b"</d>"), CORRUPT, "a part larger than it says"),
    ("a.odt", made.archive({"mimetype": b"a" * (2 << 20)}), HOSTILE, "a mimetype that is a bomb"),
    ("a.zip", nested(4), UNSUPPORTED, "zip in zip is never opened"),
    ("a.txt", nested(1), WRONG, "a zip under the name of a text"),
    ("a.txt.gz", gzip.compress(b"\x00" * (1 << 20)), UNSUPPORTED, "a gzip bomb is never opened"),
    ("a.gz", gzip.compress(gzip.compress(b"\x00" * (1 << 20))), UNSUPPORTED, "gzip in gzip"),
    # entities in XML
    ("a.xml", BILLION.encode(), HOSTILE, "a billion laughs"),
    ("a.xml", BILLION.encode("utf-16"), HOSTILE, "a billion laughs in UTF-16"),
    ("a.xml", (XML + entity("file:///etc/passwd")).encode(), HOSTILE, "an entity that is a file"),
    ("a.xml", (XML + entity("http://169.254.169.254/")).encode(), HOSTILE, "an entity from the network"),
    ("a.xml", (XML + entity("file:///etc/x", kind="PUBLIC")).encode(), HOSTILE, "a public entity"),
    ("a.xml", (XML + entity("http://x/e.dtd", parameter=True)).encode(), HOSTILE, "a parameter entity"),
    ("a.xml", b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "file:///etc/x"><d/>', HOSTILE, "a type in a local file"),
    # the same inside office files
    ("a.docx", made.bare_docx(entity("file:///etc/passwd")), HOSTILE, "an entity in the document"),
    ("a.docx", made.bare_docx(entity("file:///etc/passwd").encode("utf-16")), HOSTILE, "the same in UTF-16"),
    ("a.docx", made.bare_docx(entity("file:///x").encode("utf-16-be")), HOSTILE, "the same in UTF-16 without a mark"),
    ("a.docx", made.bare_docx(BILLION), HOSTILE, "laughs in the document"),
    ("a.docx", office(word__styles_DOT_xml=DTD), HOSTILE, "a document type in the styles"),
    ("a.docx", office(word__header1_DOT_xml=entity("http://x/")), HOSTILE, "an entity in a header"),
    ("a.docx", office(word__footnotes_DOT_xml=entity("http://x/")), HOSTILE, "an entity in the footnotes"),
    ("a.docx", office(word__comments_DOT_xml=entity("http://x/")), HOSTILE, "an entity in the comments"),
    ("a.docx", office(docProps__core_DOT_xml=entity("http://x/")), HOSTILE, "an entity in the properties"),
    ("a.docx", office(customXml__item1_DOT_xml=entity("http://x/")), HOSTILE, "an entity in custom data"),
    ("a.docx", office(word___rels__document_DOT_xml_DOT_rels=relation("http://x/d.dtd")), HOSTILE, "in relations"),
    ("a.docx", office(_rels___DOT_rels=relation("file:///etc/x")), HOSTILE, "in the root relations"),
    ("a.docx", office(**{"[Content_Types]_DOT_xml": DTD}), HOSTILE, "in the content types"),
    ("a.docx", office(word__CAPS_DOT_XML=DTD), HOSTILE, "in a part whose ending is in capitals"),
    ("a.docx", office(word__document_DOT_bin=XML + DTD), HOSTILE, "in a part that is not named as XML"),
    ("a.docx", office(word__document_DOT_bin=DTD.encode("utf-16")), HOSTILE, "in one in UTF-16 that is not"),
    ("a.xlsx", made.archive({"xl/workbook.xml": DTD}), HOSTILE, "a document type in a workbook"),
    ("a.pptx", made.archive({"ppt/presentation.xml": DTD}), HOSTILE, "a document type in slides"),
    (
        "a.odt",
        made.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": DTD}),
        HOSTILE,
        "odt",
    ),
    # macros and old office files
    ("a.docx", office(word__vbaProject_DOT_bin=b"macro"), UNSUPPORTED, "macros under the name without"),
    ("a.docm", office(word__vbaProject_DOT_bin=b"macro"), UNSUPPORTED, "macros"),
    ("a.xlsm", made.archive({"xl/workbook.xml": "<d/>", "xl/vbaProject.bin": b"m"}), UNSUPPORTED, "workbook macros"),
    ("a.doc", made.compound("WordDocument", "Macros"), UNSUPPORTED, "an old Word file with macros"),
    ("a.xls", made.compound("Workbook"), UNSUPPORTED, "an old workbook"),
    ("a.msg", made.compound("__properties_version1.0"), UNSUPPORTED, "a mail with what hangs on it"),
    ("a.txt", made.compound("WordDocument"), WRONG, "an old Word file under the name of a text"),
    ("a.pdf", made.compound("WordDocument"), WRONG, "an old Word file under the name of a PDF"),
    ("a.rtf", b"{\\rtf1{\\object\\objdata d0cf11e0a1b11ae1}}", UNSUPPORTED, "RTF that carries an object"),
    ("a.doc", b"{\\rtf1{\\object\\objdata d0cf11e0a1b11ae1}}", UNSUPPORTED, "the same under a Word name"),
    # locks
    ("a.zip", member("a.txt", flags=1), ENCRYPTED, "a locked archive"),
    ("a.docx", made.compound("EncryptedPackage"), ENCRYPTED, "a locked Word file"),
    ("a.xlsx", made.compound("EncryptedPackage"), ENCRYPTED, "a locked workbook"),
    # pictures that unfold
    ("a.png", picture(made.png, 50_000, 50_000), HOSTILE, "a vast PNG"),
    ("a.png", picture(made.png, 0x7FFFFFFF, 0x7FFFFFFF), HOSTILE, "the largest PNG there is"),
    ("a.gif", picture(made.gif, 65_535, 65_535), HOSTILE, "a vast GIF"),
    ("a.bmp", picture(bmp, 70_000, 70_000), HOSTILE, "a vast BMP"),
    ("a.bmp", picture(bmp, 70_000, -70_000), HOSTILE, "a vast BMP stood on its head"),
    ("a.bmp", picture(bmp, -(2**31), -(2**31)), HOSTILE, "a BMP of the least numbers"),
    ("a.ico", icon(made.png(60_000, 60_000)), HOSTILE, "a vast PNG in an icon"),
    ("a.ico", icon(dib(60_000, 60_000)), HOSTILE, "a vast bitmap in an icon"),
    ("a.txt", picture(made.png, 50_000, 50_000), HOSTILE, "a vast PNG under the name of a text"),
    # two things at once, and things that claim to be others
    ("a.html", b"%PDF-1.7\n<html><script>x</script></html>", WRONG, "a PDF that is a page"),
    ("a.txt", b"words first\n%PDF-1.4\n", WRONG, "a PDF that begins late"),
    ("a.pdf", made.archive({"a": b"x"}), WRONG, "a zip under the name of a PDF"),
    ("a.jpg", b"\xff\xd8\xff\xe0" + made.archive({"a": b"x"}), UNSUPPORTED, "a picture with a zip behind it"),
    ("a.docx", made.png(1, 1) + made.word(None, "x"), WRONG, "a PNG with a Word file behind it"),
    ("a.docx", b"MZ" + b"\x00" * 200, WRONG, "a program under a Word name"),
    ("a.txt", b"\x7fELF\x02\x01\x01" + b"\x00" * 100, WRONG, "a program under a text's name"),
    ("a.csv", b"MZ\x90\x00\x03" + b"\x00" * 100, WRONG, "a program under a table's name"),
    ("a.md", b"\x1f\x8b\x08" + b"\x00" * 50, WRONG, "a gzip under the name of Markdown"),
    ("a.pdf", b"<html><body>x</body></html>", WRONG, "a page under the name of a PDF"),
    ("a.docx", b"<html><body>x</body></html>", WRONG, "a page under the name of a Word file"),
    ("a.exe", b"MZ" + b"\x00" * 200, UNSUPPORTED, "a program that says so"),
    ("a", b"\x7fELF\x02" + b"\x00" * 100, UNSUPPORTED, "a program without a name"),
    # cut off and broken
    ("a.zip", b"PK\x03\x04", CORRUPT, "four bytes of a zip"),
    ("a.docx", made.word(None, "words")[:-22], CORRUPT, "a Word file without its directory's end"),
    ("a.docx", made.word(None, "words")[: -len(made.word(None, "words")) // 2], CORRUPT, "half a Word file"),
    ("a.docx", made.word(None, "words")[:100], CORRUPT, "the beginning of a Word file"),
    ("a.png", b"\x89PNG\r\n\x1a\n", CORRUPT, "a PNG that ends at once"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, CORRUPT, "a PNG without a header"),
)
TRICKS = tuple(Trick(name=name, data=data, reason=reason, what=what) for name, data, reason, what in _ROWS)
