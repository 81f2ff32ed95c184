"""The client that has pages drawn hands nothing to a parser without walls, and makes a picture of pixels only."""

import base64
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import PermanentError, TransientError, UnsealedError
from catalog.vocabulary import RefusalReason
from ingest.drawing import DrawingLimits, Picture, draw
from ingest.picture import MOST_PIXELS, MOST_SIDE_PIXELS
from tests.ingest import made
from tests.ingest.drawn import Pixels, decoded, page_of
from tests.ingest.test_sandbox import GREETING, PROBES, liar, line

LIMITS = DrawingLimits()
RESULT: dict[str, Any] = {
    "width": 2,
    "height": 1,
    "pixels": base64.b64encode(b"\xff\x00\x00\x00\xff\x00").decode(),
    "marked": 1,
}


def asked(path: Path, data: bytes = b"%PDF", page: int = 1, mark: str = "", limits: DrawingLimits = LIMITS) -> Picture:
    return draw(data, page=page, mark=mark, socket_path=path, limits=limits)


def told(folder: Path, answer: bytes) -> Picture:
    with liar(folder, line(GREETING), answer) as (path, _):
        return asked(path)


def test_a_good_answer_becomes_a_picture(tmp_path: Path) -> None:
    picture = told(tmp_path, line({"ok": True, "result": RESULT}))
    assert decoded(picture.png) == Pixels(width=2, height=1, data=b"\xff\x00\x00\x00\xff\x00")
    assert picture.marked == 1


@pytest.mark.parametrize(
    "greeting", [{"sealed": False, "probes": PROBES}, {"sealed": True, "probes": {**PROBES, "filtered": False}}]
)
def test_no_byte_leaves_for_a_parser_that_does_not_prove_its_walls(greeting: object, tmp_path: Path) -> None:
    with (
        liar(tmp_path, line(greeting), line({"ok": True, "result": RESULT})) as (path, received),
        pytest.raises(UnsealedError),
    ):
        asked(path)
    assert received == []


def test_a_parser_that_is_not_there_or_goes_away_is_no_fault_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(TransientError):
        asked(tmp_path / "none.sock")
    with pytest.raises(TransientError):
        told(tmp_path, b"")


@pytest.mark.parametrize(
    "change",
    [
        {"width": 3},
        {"height": 2},
        {"width": 0},
        {"width": -2, "height": -1},
        {"width": "2"},
        {"width": 2.0},
        {"width": True},
        {"width": MOST_SIDE_PIXELS + 1},
        {"height": MOST_SIDE_PIXELS + 1},
        {"width": MOST_SIDE_PIXELS + 1, "pixels": base64.b64encode(bytes(3 * (MOST_SIDE_PIXELS + 1))).decode()},
        {"width": 1, "height": 3000, "pixels": base64.b64encode(bytes(9000)).decode()},
        {"width": None},
        {"pixels": "no base64!"},
        {"pixels": RESULT["pixels"] + "\n"},
        {"pixels": ""},
        {"pixels": [1, 2, 3]},
        {"pixels": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()},
        {"marked": -1},
        {"marked": 10**9},
        {"more": "than agreed"},
    ],
)
def test_an_answer_of_another_shape_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, line({"ok": True, "result": {**RESULT, **change}}))
    assert refused.value.reason is RefusalReason.FAILED


@pytest.mark.parametrize("answer", [b"no json\n", b"[]\n", b'{"ok": true}\n', b'{"ok": false, "reason": "x"}\n'])
def test_an_answer_that_is_none_is_refused(answer: bytes, tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        told(tmp_path, answer)
    assert refused.value.reason is RefusalReason.FAILED


def test_an_endless_answer_is_cut_off(tmp_path: Path) -> None:
    endless = b"x" * (MOST_PIXELS * 4 + 2048)
    with liar(tmp_path, line(GREETING), endless) as (path, _), pytest.raises(PermanentError) as refused:
        asked(path)
    assert refused.value.reason is RefusalReason.TOO_LARGE


def test_a_page_is_drawn_behind_the_walls(parser_socket: Path) -> None:
    picture = asked(parser_socket, made.pdf(["one", "The pump failed on 2 March."]), page=2, mark="pump  failed")
    pixels = decoded(picture.png)
    assert (pixels.width, pixels.height, picture.marked) == (960, 1280, 1)
    assert pixels.marked_rows()


@pytest.mark.parametrize("font", ["Helvetica", "Times-Roman", "Symbol", "NoSuchFontAnywhere", "SimSun"])
def test_a_font_that_is_not_in_the_file_is_replaced_behind_the_walls(font: str, parser_socket: Path) -> None:
    data = page_of(300, 100, b"BT /F1 20 Tf 20 20 Td (The words.) Tj ET").replace(b"Helvetica", font.encode())
    pixels = decoded(asked(parser_socket, data).png)
    assert any(pixels.at(x, y) < (100, 100, 100) for y in range(pixels.height) for x in range(pixels.width))


def test_a_refusal_comes_through_the_walls(parser_socket: Path) -> None:
    for data, reason in ((made.locked_pdf(), RefusalReason.ENCRYPTED), (b"%PDF-1.4", RefusalReason.CORRUPT)):
        with pytest.raises(PermanentError) as refused:
            asked(parser_socket, data)
        assert refused.value.reason is reason


def test_a_page_that_takes_too_long_is_given_up_by_the_clock(parser_socket: Path) -> None:
    slow = page_of(600, 800, b"0 0 m 600 800 l S 300 400 m 1 2 3 4 5 6 c f\n" * 400_000)
    with pytest.raises(PermanentError) as refused:
        asked(parser_socket, slow, limits=DrawingLimits(cpu_s=1, wall_s=1.0))
    assert refused.value.reason is RefusalReason.TOO_SLOW
