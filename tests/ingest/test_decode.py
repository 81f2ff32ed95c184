# ruff: noqa: RUF001  # other scripts have letters that look like ours

import pytest

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest.decode import decode, decode_html

GERMAN = "Die Prüfung der Bäche und Flüsse erfolgt jährlich; größere Störungen müssen gemeldet werden. " * 4
RUSSIAN = "Гляжу, поднимается медленно в гору лошадка, везущая хворосту воз. " * 4
CHINESE = "几乎所有栉水母都是食肉动物，捕食范围从微小的幼虫到轮虫到小型甲壳类动物的成虫。" * 4
THAI = "พรรคแรงงานออสเตรเลีย คือพรรคการเมืองหลักของวิคตอเรีย ตามธรรมเนียม " * 4


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("text", ["plain words and more of them", "größer, 10 €"])
def test_unicode_in_any_form_is_read_exactly(codec: str, text: str) -> None:
    if not text.isascii() and codec in {"utf-16-le", "utf-16-be"}:
        text = text + " and enough plain letters to show that every second byte is zero"
    assert decode(text.encode(codec))[0] == text


@pytest.mark.parametrize(
    ("codec", "text"), [("cp1252", GERMAN), ("cp866", RUSSIAN), ("gb18030", CHINESE), ("cp874", THAI)]
)
def test_old_charsets_are_recognised(codec: str, text: str) -> None:
    assert decode(text.encode(codec))[0] == text


def test_a_big_old_text_is_judged_by_a_sample_that_never_cuts_a_character() -> None:
    text = (CHINESE + "\n") * 3_000
    assert decode(text.encode("gb18030"))[0] == text


def test_a_page_says_its_charset_itself() -> None:
    page = '<html><meta charset="iso-8859-7"><p>Ελλάδα</p></html>'
    assert decode_html(page.encode("iso-8859-7"))[0] == page


def test_a_page_that_lies_about_its_charset_is_still_read() -> None:
    page = '<html><meta charset="no-such-charset"><p>größer</p></html>'
    assert decode_html(page.encode())[0] == page


def test_a_page_that_says_latin_1_means_windows_1252_as_browsers_do() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1"><p>15 €</p>'
    assert decode_html(page.encode("cp1252"))[0] == page


def test_bytes_that_are_no_wide_text_are_corrupt() -> None:
    with pytest.raises(PermanentError) as refused:
        decode(b"\x00\xd8\x00\x00\x00\xd8\x00")
    assert refused.value.reason is RefusalReason.CORRUPT
