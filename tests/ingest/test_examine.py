"""Hostile and unwelcome files end with their reason before a parser sees them."""

import io
import stat
import zipfile

import pytest

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest.examine import examine
from ingest.hostile import Limits
from tests.ingest import made

LIMITS = Limits(max_members=50, max_unpacked_bytes=4 << 20, small_unpacked_bytes=1 << 20, max_ratio=100)
HOSTILE, CORRUPT, ENCRYPTED = RefusalReason.HOSTILE, RefusalReason.CORRUPT, RefusalReason.ENCRYPTED
XXE = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{made.W}">&x;</w:document>'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'


def link() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        member = zipfile.ZipInfo("link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return held.getvalue()


def locked() -> bytes:
    data = bytearray(made.archive({"a.txt": "text"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Every directory entry points at the same big member."""
    once = made.archive({"a": b"\x00" * 100 + bytes(range(256)) * 40}, zipfile.ZIP_STORED)
    start = once.find(b"PK\x01\x02")
    end = once.find(b"PK\x05\x06")
    entry, tail = once[start:end], bytearray(once[end:])
    tail[8:12] = (20).to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * 20).to_bytes(4, "little")
    return once[:start] + entry * 20 + bytes(tail)


def reason_of(data: bytes, name: str) -> RefusalReason:
    with pytest.raises(PermanentError) as refused:
        examine(data, name, LIMITS)
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (made.archive({"a": b"\x00" * (8 << 20)}), "bomb.zip", HOSTILE),
        (made.archive({"word/document.xml": b" " * (2 << 20)}), "ratio.docx", HOSTILE),
        (made.archive({str(n): b"x" for n in range(60)}), "many.zip", HOSTILE),
        (made.archive({"../../etc/cron.d/x": b"x"}), "up.zip", HOSTILE),
        (made.archive({"/etc/x": b"x"}), "root.zip", HOSTILE),
        (made.archive({"..\\x": b"x"}), "backslash.zip", HOSTILE),
        (made.archive({"C:/x": b"x"}), "drive.zip", HOSTILE),
        (link(), "link.zip", HOSTILE),
        (overlapping(), "overlap.zip", HOSTILE),
        (made.bare_docx(XXE), "xxe.docx", HOSTILE),
        (made.bare_docx(XXE.encode("utf-16")), "wide.docx", HOSTILE),
        (made.bare_docx("<!DOCTYPE d><d/>"), "doctype.docx", HOSTILE),
        (made.bare_docx("<!DOCTYPE html><d/>"), "page-as-document.docx", HOSTILE),
        (made.bare_docx("<d/>", **{"word/a.html": b"<!DOCTYPE html SYSTEM 'x.dtd'><p>"}), "outside.docx", HOSTILE),
        (made.bare_docx("<d/>", **{"word/a.html": b"<!DOCTYPE html [<!ELEMENT p>]><p>"}), "inside.docx", HOSTILE),
        (LAUGHS.encode(), "laughs.xml", HOSTILE),
        (LAUGHS.encode("utf-16"), "laughs16.xml", HOSTILE),
        (b'<?xml version="1.0"?><!DOCTYPE d PUBLIC "-//X" "file:///etc/x"><d/>', "outside.xml", HOSTILE),
        (made.png(100_000, 100_000), "wide.png", HOSTILE),
        (made.gif(60_000, 60_000), "wide.gif", HOSTILE),
        (made.gif(65_535, 1_000, top=65_000), "low.gif", HOSTILE),
        (b"\x00\x00\x01\x00\x01\x00" + b"\x00" * 16 + made.png(90_000, 90_000), "icon.ico", HOSTILE),
        (b"BM" + b"\x00" * 16 + (70_000).to_bytes(4, "little") * 2 + b"\x00" * 10, "wide.bmp", HOSTILE),
        (locked(), "locked.zip", ENCRYPTED),
        (made.compound("EncryptedPackage"), "locked.docx", ENCRYPTED),
        (made.word(None, "cut off")[:-200], "cut.docx", CORRUPT),
        (b"PK\x03\x04 and nothing more", "cut.zip", CORRUPT),
        (b"\x89PNG\r\n\x1a\nnonsense", "broken.png", CORRUPT),
        (b"<html><p>words</p></html>", "page.pdf", RefusalReason.WRONG_TYPE),
        (made.pdf(["words"]), "words.txt", RefusalReason.WRONG_TYPE),
    ],
)
def test_a_file_that_would_harm_or_lies_is_refused_with_its_reason(
    data: bytes, name: str, reason: RefusalReason
) -> None:
    assert reason_of(data, name) is reason


def test_a_document_may_embed_a_web_page() -> None:
    page = b"<!doctype html>\n<p>words</p>"
    assert examine(made.bare_docx("<d/>", **{"word/a.html": page}), "embeds.docx", LIMITS) == "docx"


def test_a_damaged_part_is_corrupt() -> None:
    data = bytearray(made.bare_docx(f'<w:document xmlns:w="{made.W}">{"words " * 500}</w:document>'))
    at = data.find(b"word/document.xml") + 40
    data[at : at + 20] = b"\xff" * 20
    assert reason_of(bytes(data), "damaged.docx") is CORRUPT


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (made.archive({"a.txt": b"x"}), "a.zip", "zip"),
        (made.png(10, 10), "a.png", "png"),
        (b"From: a@b\nSubject: c\n\nwords", "a.eml", "eml"),
        (b"{}", "a.json", "json"),
        (b"\x01\x02\x03" * 50, "a.bin", "bin"),
        (b"\x01\x02\x03" * 50, "a", "unknown"),
        (b'<?xml version="1.0"?><a/>', "a.xml", "xml"),
        (made.compound("Workbook"), "a.xls", "xls"),
        (made.bare_docx("<d/>", **{"word/vbaProject.bin": b"macro"}), "a.docm", "docm"),
    ],
)
def test_a_kind_that_can_not_be_read_yet_is_named(data: bytes, name: str, kind: str) -> None:
    with pytest.raises(PermanentError) as refused:
        examine(data, name, LIMITS)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.UNSUPPORTED, kind)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (made.word(None, "words"), "a.docx", "docx"),
        (made.word(None, "words"), "a.doc", "docx"),
        (made.pdf(["words"]), "a.pdf", "pdf"),
        (b"<p>words", "a.html", "html"),
        (b"words", "a.txt", "txt"),
    ],
)
def test_an_honest_file_passes(data: bytes, name: str, kind: str) -> None:
    assert examine(data, name, LIMITS) == kind
