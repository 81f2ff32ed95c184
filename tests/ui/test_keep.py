"""What is left over a renewal is handed back to the same person, once, and not for long."""

import time

from ui.keep import Keep, Kept

LEFT = Kept(page="ask", state={"kept.typed": "my question"})


def test_it_is_handed_back_once() -> None:
    keep = Keep()
    keep.leave("ada", LEFT)
    assert keep.take("ada") == LEFT
    assert keep.take("ada") is None


def test_nobody_else_gets_it() -> None:
    keep = Keep()
    keep.leave("ada", LEFT)
    assert keep.take("mia") is None
    assert keep.take("") is None


def test_after_a_while_it_is_gone() -> None:
    keep = Keep(life_s=0.01)
    keep.leave("ada", LEFT)
    time.sleep(0.02)
    assert keep.take("ada") is None


def test_the_oldest_gives_way() -> None:
    keep = Keep(most=2)
    for who in ("ada", "mia", "ines"):
        keep.leave(who, LEFT)
    assert [keep.take(who) is not None for who in ("ada", "mia", "ines")] == [False, True, True]


def test_leaving_again_replaces() -> None:
    keep = Keep(most=1)
    keep.leave("ada", LEFT)
    keep.leave("ada", Kept(page="search", state={}))
    assert keep.take("ada") == Kept(page="search", state={})
