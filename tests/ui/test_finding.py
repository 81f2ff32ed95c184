"""Searching, and finding out which datasets there are."""

import datetime as dt

import pytest

from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content
from tests.ui.test_ask import click

NOTHING = {"items": [], "left_out": 0, "facets": {"datasets": [], "media_types": []}, "refusal": None}


def test_a_search_shows_passages_with_where_they_stand(opened: Open) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    shown = words(app).replace("\\", "")
    assert "2 passages, the best first" in shown
    assert "Gauges > Norderfleth" in shown
    assert "page 3" in shown
    assert "240 characters of your budget" in shown


def test_nothing_is_searched_before_there_are_words(opened: Open, said: peer.Said) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("   ").run()
    assert said.bodies == []


def test_a_run_for_another_reason_searches_and_charges_nothing(opened: Open, said: peer.Said) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    app.run()
    next(one for one in app.button_group if one.label == "Language").set_value("de").run()
    assert len(said.bodies) == 1


def test_filters_are_sent_and_narrow_the_next_search(opened: Open, said: peer.Said) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    next(one for one in app.button_group if one.label == "In datasets").set_value(["tide-gauges"]).run()
    app.date_input[0].set_value(dt.date(2026, 1, 1)).run()
    assert said.bodies[-1]["filters"] == {"datasets": ["tide-gauges"], "since": "2026-01-01"}


def test_facets_say_how_many(opened: Open) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    offered = next(one for one in app.button_group if one.label == "In datasets")
    assert [str(one).replace("\\", "") for one in offered.options] == ["Tide Gauges (3)", "Dikes (1)"]


def test_an_empty_result_says_what_to_do(opened: Open, said: peer.Said) -> None:
    said.found = NOTHING
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    assert "Try other words, take a filter away" in words(app)


def test_a_refused_search_says_why(opened: Open, said: peer.Said) -> None:
    said.found = {**NOTHING, "refusal": {**content.REFUSAL, "id": None, "conversation_id": None}}
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    assert "I found nothing on this" in app.info[0].value


@pytest.mark.parametrize(("status", "slug"), [(503, "unavailable"), (500, "odd")])
def test_a_search_that_fails_keeps_the_words(status: int, slug: str, opened: Open, said: peer.Said) -> None:
    said.fails["POST /search"] = peer.problem(status, slug)
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide").run()
    assert (len(app.error), app.text_input[0].value) == (1, "tide")
    assert "r-1" in words(app).replace("\\", "")


def test_cards_say_what_they_hold_and_whether_one_may_ask(opened: Open) -> None:
    shown = words(opened("ada", page="datasets")).replace("\\", "")
    assert "Water Board · 12 documents, 140 pages" in shown
    assert "you may ask: research" in shown
    assert "48,200 characters left to read" in shown
    assert "no access yet" in shown


def test_cards_are_filtered_by_words_and_by_access(opened: Open) -> None:
    app = opened("ada", page="datasets")
    next(one for one in app.button_group if one.label == "Show").set_value("other").run()
    assert "1 dataset" in [one.value for one in app.caption]
    app.text_input[0].set_value("harbour").run()
    assert "Take a word or the filter away" in words(app)


def test_a_card_opens_and_says_how_to_get_access_today(opened: Open) -> None:
    app = opened("mia", page="datasets", dataset="dikes")
    shown = words(app)
    assert "May be reached from" in shown
    assert "US" in shown
    click(app, "Request access")
    shown = words(app)
    assert "is decided by **Water Board**" in shown
    assert "I ask for access to the dataset “Dikes and Barriers”" in shown


def test_a_sample_question_is_asked_by_one_click(opened: Open, said: peer.Said) -> None:
    app = click(opened("ada", page="datasets", dataset="tide-gauges"), "When was the gauge moved?")
    assert app.title[0].value == "Ask"
    assert said.bodies[-1]["question"] == "When was the gauge moved?"


def test_a_dataset_that_is_absent_says_no_more_than_that(opened: Open) -> None:
    app = opened("mia", page="datasets", dataset="hidden")
    assert "nothing here under that name, or nothing you may see" in app.error[0].value


def test_no_dataset_at_all_is_said(opened: Open, said: peer.Said) -> None:
    said.empty = True
    assert "No dataset is listed yet" in words(opened("mia", page="datasets"))


def test_a_title_from_outside_is_taken_literally(opened: Open, said: peer.Said) -> None:
    said.outcome = {**content.REFUSAL, "datasets_to_request": [{"slug": "x", "title": content.HOSTILE}]}
    app = opened("ada", page="ask")
    app.chat_input[0].set_value("Who?").run()
    button = next(one for one in app.button if "onerror" in one.label)
    assert "![" not in button.label
    assert "](" not in button.label.replace("\\]\\(", "")
