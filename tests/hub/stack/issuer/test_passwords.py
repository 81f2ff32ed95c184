"""One password, kept closed, and not to be guessed."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog.errors import SettingsError
from hub.stack.issuer.passwords import FILE, FREE_TRIES, demo_password
from tests.hub.stack.issuer.browser import Browser, answer_in, said


@pytest.mark.parametrize("wrong", ["", " ", "wrong", "ÄÖÜ", "x" * 10_000, "\x00", "\ud83d\ude00"])
def test_a_wrong_password_lets_nobody_in(wrong: str, browser: Browser) -> None:
    page = browser.sign_in(password=wrong.encode("utf-8", "replace").decode())
    assert "don't fit" in said(page)
    assert "set-cookie" not in page.headers


def test_name_and_password_are_not_told_apart(browser: Browser) -> None:
    unknown, wrong = browser.sign_in("nobody"), browser.sign_in("ada", "wrong")
    assert re.findall(r'role="alert">(.*?)<', unknown.text) == re.findall(r'role="alert">(.*?)<', wrong.text)


def test_after_five_wrong_passwords_the_right_one_waits_too_and_ever_longer(browser: Browser) -> None:
    for _ in range(FREE_TRIES):
        assert browser.sign_in(password="wrong").status_code == 200  # noqa: S106
    held = browser.sign_in()
    assert held.status_code == 429
    assert 0 < int(held.headers["retry-after"]) <= 31
    assert "Try again in" in said(held)
    browser.clock.now += 31
    assert browser.sign_in(password="wrong").status_code == 200  # noqa: S106
    browser.clock.now += 31
    assert browser.sign_in().status_code == 429
    browser.clock.now += 31
    assert answer_in(browser.sign_in())["code"]


def test_one_persons_wrong_passwords_keep_nobody_else_out(browser: Browser) -> None:
    for _ in range(FREE_TRIES):
        browser.sign_in("ada", "wrong")
    assert browser.sign_in("ada").status_code == 429
    assert answer_in(browser.sign_in("mia"))["code"]


def test_names_nobody_has_are_counted_together(browser: Browser) -> None:
    for number in range(FREE_TRIES):
        browser.sign_in(f"guess-{number}", "wrong")
    assert browser.sign_in("guess-next", "wrong").status_code == 429


def test_a_right_password_forgives_the_wrong_ones_before(browser: Browser) -> None:
    for _ in range(3):
        for _ in range(FREE_TRIES - 1):
            browser.sign_in(password="wrong")  # noqa: S106
        assert answer_in(browser.sign_in())["code"]


def test_the_wait_never_grows_beyond_a_quarter_of_an_hour(browser: Browser) -> None:
    for _ in range(40):
        browser.sign_in(password="wrong")  # noqa: S106
        browser.clock.now += 899
    browser.sign_in(password="wrong")  # noqa: S106
    assert int(browser.sign_in().headers["retry-after"]) <= 901


# the file


def test_the_password_is_made_once_for_its_owners_eyes(tmp_path: Path) -> None:
    made = demo_password(tmp_path)
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}", made)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert demo_password(tmp_path) == made


def test_each_data_folder_has_its_own(tmp_path: Path) -> None:
    assert demo_password(tmp_path / "a") != demo_password(tmp_path / "b")


def test_of_many_first_starts_at_once_all_have_the_same_password(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: demo_password(tmp_path), range(16)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_password_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    demo_password(tmp_path)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SettingsError, match=r"can be read by others\. Remove it"):
        demo_password(tmp_path)


@pytest.mark.parametrize("content", ["", "  \n"])
def test_an_empty_password_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).touch(0o600)
    (tmp_path / FILE).write_text(content)
    with pytest.raises(SettingsError, match="is empty"):
        demo_password(tmp_path)
