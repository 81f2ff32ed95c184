import pytest

from ingest import filetypes
from tests.ingest import made


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (made.png(1, 1), "png"),
        (made.gif(1, 1), "gif"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x00\x00\x00\x00WEBP", "webp"),
        (b"{\\rtf1", "rtf"),
        (b"\x1f\x8b\x08", "gz"),
        (b"\x00\x00\x00\x20ftypisom", "mp4"),
        (b"\x7fELF\x02", "elf"),
        (b"plain words", None),
    ],
)
def test_the_first_bytes_name_the_kind(head: bytes, kind: str | None) -> None:
    assert filetypes.by_magic(head) == kind


@pytest.mark.parametrize(
    ("data", "is_text"),
    [
        (b"words and\ttabs\r\n", True),
        ("Grüße".encode("cp1252"), True),
        ("สวัสดี".encode("cp874"), True),
        ("words".encode("utf-16"), True),
        ("words without a mark".encode("utf-16-le"), True),
        ("words without a mark".encode("utf-32-be"), True),
        (bytes(range(256)) * 4, False),
        (b"\x01\x02\x03\x04" * 50, False),
        (b"\x00\x10\x03" * 100, False),
    ],
)
def test_text_is_told_from_bytes(data: bytes, is_text: bool) -> None:  # noqa: FBT001  # a table's column
    assert filetypes.looks_like_text(data) is is_text


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"# Words", "a.md", "md"),
        (b"# Words", "a.markdown", "md"),
        (b"a,b", "a.csv", "csv"),
        (b"a\tb", "a.tsv", "tsv"),
        (b"words", "a.txt", "txt"),
        (b"words", "README", "txt"),
        (b"<html><body>", "a.htm", "html"),
        (b"<!DOCTYPE html><p>", "page", "html"),
        (b"<html> in prose", "a.txt", "txt"),
        (b"package main", "main.go", "go"),
        (b"Subject: x\nFrom: y\n", "a.eml", "eml"),
        (b'From: x\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"', "a.mhtml", "mhtml"),
        (b"Date: today is a nice day", "a.txt", "txt"),
        (b'<?xml version="1.0"?><a/>', "a.xml", "xml"),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), "a.xml", "xml"),
    ],
)
def test_text_gets_its_kind_from_mark_up_and_name(content: bytes, name: str, kind: str) -> None:
    assert filetypes.of_text(content, name) == kind


@pytest.mark.parametrize(
    ("kind", "name", "broken"),
    [
        ("html", "page.pdf", True),
        ("pdf", "a.pdf", False),
        ("pdf", "a.txt", True),
        ("docx", "a.doc", False),
        ("docx", "a.pdf", True),
        ("png", "a.jpg", True),
        ("pdf", "a", False),
        ("pdf", "a.unheard", False),
        ("txt", "a.md", False),
        ("exe", "a.docx", True),
        ("exe", "a.csv", True),
    ],
)
def test_a_name_is_a_promise(kind: str, name: str, broken: bool) -> None:  # noqa: FBT001  # a table's column
    assert filetypes.breaks_its_promise(kind, name) is broken


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["[Content_Types].xml", "word/document.xml"], "docx"),
        (["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], "docm"),
        (["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "pptx"),
        (["[Content_Types].xml", "visio/document.xml"], "vsdx"),
        (["a.txt"], "zip"),
    ],
)
def test_a_zip_is_known_by_its_parts(names: list[str], kind: str) -> None:
    assert filetypes.of_zip(names, b"") == kind


def test_a_zip_with_a_mimetype_is_what_that_says() -> None:
    assert filetypes.of_zip(["mimetype"], b"application/epub+zip") == "epub"
    assert filetypes.of_zip(["mimetype"], b"application/vnd.oasis.opendocument.text") == "odt"


@pytest.mark.parametrize(
    ("stream", "kind"),
    [("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt"), ("EncryptedPackage", "encrypted")],
)
def test_a_compound_file_is_known_by_its_streams(stream: str, kind: str) -> None:
    assert filetypes.of_compound(made.compound("Root Entry", stream)) == kind


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("A.HTM", "html"), ("a.tar.gz", "gz"), ("folder.d/README", ""), ("a.jpeg", "jpg"), ("c:\\x\\y.TIF", "tiff")],
)
def test_an_extension_is_lower_case_and_one_of_its_aliases(name: str, suffix: str) -> None:
    assert filetypes.extension(name) == suffix
