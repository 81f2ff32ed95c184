"""What is public of a dataset: its steward sees the list with what stands there now, and says they looked at it."""

from streamlit.testing.v1 import AppTest

from catalog.public_metadata import ENTRIES
from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content
from tests.ui.test_ask import click
from tests.ui.test_ingestion import tab
from ui.plain import facts_html
from ui.wording import SENTENCES

STALE = {**content.REVIEW, "current": False}
DO = "I have looked at this"


def shown(opened: Open, **more: str) -> AppTest:
    return tab(opened("sten", page="ingestion", **more), "public")


def buttons(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def test_each_entry_stands_under_who_sees_it_with_what_stands_there_now(opened: Open) -> None:
    app = shown(opened)
    tables = [str(one.value) for one in app.get("html") if "hub-facts" in str(one.value)]
    assert [one.value for one in app.subheader] == [
        "Whoever sees the card", "Whoever has access, besides", "You and your colleagues, besides",
    ]  # fmt: skip
    assert '<th scope="row">What people call the dataset</th><td>Tide Gauges</td>' in tables[0]
    assert "<td>1,240</td>" in tables[0]
    assert "<td>research, official statistics</td>" in tables[0]
    assert "<td>How fast does the mean high water rise?\nWhen was the gauge moved?</td>" in tables[0]
    assert "<td>yes</td>" in tables[0]
    assert "<td>-</td>" in tables[0]
    names = '<th scope="row">The name and folder a file was handed in under</th><td>They stand under “Documents”.</td>'
    assert names in tables[1]
    assert "<td>" not in tables[1].replace(names, "") + tables[2]
    assert "How many bytes a file has" in tables[2]


def test_the_screen_has_words_for_every_entry_the_same_as_the_hubs() -> None:
    told = {key.removeprefix("shown."): f"{one}." for key, (one, _) in SENTENCES.items() if key.startswith("shown.")}
    assert told == {one.name: one.what for one in ENTRIES}


def test_an_entry_this_screen_does_not_know_yet_stands_as_the_hub_says_it(opened: Open) -> None:
    assert "brand_new." in words(shown(opened))


def test_a_listed_dataset_says_that_everyone_sees_its_card(opened: Open) -> None:
    assert "Everyone who is signed in: the dataset is listed." in words(shown(opened))


def test_what_was_looked_at_says_by_whom_and_asks_for_nothing(opened: Open) -> None:
    app = shown(opened)
    assert "Sten Brandt looked at this on 20 November 2026, 09:00 CET" in app.success[0].value
    assert DO not in buttons(app)


def test_what_has_changed_since_asks_for_another_look(opened: Open, said: peer.Said) -> None:
    said.review = STALE
    app = shown(opened)
    assert "It has changed since" in app.warning[0].value
    assert DO in buttons(app)


def test_one_click_says_that_one_has_looked_at_just_this(opened: Open, said: peer.Said) -> None:
    said.review = None
    app = shown(opened)
    assert "Nobody has looked at this yet." in app.warning[0].value
    click(app, DO)
    assert said.bodies == [("tide-gauges", {"digest": content.PUBLIC["digest"]})]
    assert "Nothing of it has changed since" in app.success[0].value
    assert DO not in buttons(app)


def test_what_changed_under_ones_eyes_is_said_and_not_noted(opened: Open, said: peer.Said) -> None:
    said.review = None
    said.fails["POST /datasets/tide-gauges/public-metadata/reviews"] = peer.problem(409, "conflict")
    app = click(shown(opened), DO)
    assert app.error
    assert said.bodies == []


def test_the_list_is_told_in_german_too(opened: Open) -> None:
    told = words(opened("sten", page="ingestion", locale="de-DE", tab="public"))
    assert "Wie der Datensatz heißt" in told
    assert "Sten Brandt hat das am 20.11.2026, 09:00 CET durchgesehen." in told


def test_home_says_where_nobody_has_looked_and_leads_there(opened: Open, said: peer.Said) -> None:
    assert "looked at" not in words(opened("sten"))
    for review, told in ((None, "Nobody has looked at what is public"), (STALE, "has changed since somebody looked")):
        said.review = review
        app = opened("sten")
        assert words(app).count(told) == 2  # of each of the two datasets
    assert "Look at it" in buttons(app)


def test_an_address_opens_it_at_once(opened: Open) -> None:
    assert "Whoever sees the card" in words(opened("sten", page="ingestion", dataset="dikes", tab="public"))
    assert "Whoever sees the card" not in words(opened("sten", page="ingestion", dataset="dikes", tab="nonsense"))


def test_what_stands_there_never_becomes_a_tag() -> None:
    made = facts_html([("<b>a</b>", content.HOSTILE), ("c", "")])
    assert "<img" not in made
    assert "<b>" not in made
    assert "&lt;img" in made
    assert made.count("<tr>") == 2
