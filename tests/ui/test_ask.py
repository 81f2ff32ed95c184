"""Asking: an answer beside its evidence, a refusal that says what to do, a conversation that goes on."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content


def ask(app: AppTest, question: str = "How fast does the water rise?") -> AppTest:
    app.chat_input[0].set_value(question).run()
    return app


def click(app: AppTest, name: str) -> AppTest:
    next(one for one in app.button if name in one.label.replace("\\", "")).click().run()
    return app


def test_an_answer_shows_its_label_its_text_and_a_button_for_each_source(opened: Open, said: peer.Said) -> None:
    app = ask(opened("ada", page="ask"))
    shown = words(app)
    assert ":orange-badge[:material/shield: restricted]" in shown
    assert content.QUOTE in shown
    assert "1 · Gauge report 2024" in shown.replace("\\", "")
    assert "2 more passages were found" in shown
    assert said.bodies == [{"question": "How fast does the water rise?", "purpose": "research"}]


@pytest.mark.parametrize(("apart", "sentence"), [(1, "1 more passage fits"), (2, "2 more passages fit"), (0, "")])
def test_what_no_model_may_read_together_is_said(apart: int, sentence: str, opened: Open, said: peer.Said) -> None:
    said.outcome = {**content.ANSWER, "apart": apart}
    shown = words(ask(opened("ada", page="ask")))
    assert (sentence in shown, "no model may process" in shown) == (True, apart > 0)


def test_an_answer_that_ends_at_the_limit_of_repeating_says_so(opened: Open, said: peer.Said) -> None:
    assert "It ends here" not in words(ask(opened("ada", page="ask")))
    said.outcome = {**content.ANSWER, "cut": True}
    assert "It ends here" in words(ask(opened("ada", page="ask")))


def test_a_number_opens_the_passage_beside_the_answer_with_the_quote_marked(opened: Open) -> None:
    app = click(ask(opened("ada", page="ask")), "Gauge report")
    shown = words(app)
    assert f"<mark>{content.QUOTE}</mark>" in shown
    assert "page 3" in shown
    assert "version 2 of 2 March 2026" in shown
    assert "<mark>" not in words(click(app, "Close"))


def test_the_page_is_fetched_only_by_a_button_that_says_what_it_costs(opened: Open, said: peer.Said) -> None:
    app = click(ask(opened("ada", page="ask")), "Gauge report")
    assert "taken from your reading budget" in words(app)
    assert not [path for _, _, path in said.calls if path.startswith("/passages/p1/page")]
    click(app, "Show the page")
    who, method, path = next(one for one in reversed(said.calls) if one[2].startswith("/passages/"))
    assert (who, method) == ("ada", "GET")
    assert path.startswith("/passages/p1/page?purpose=research&page=3&")
    assert app.image[0].value[0].startswith("data:image/png;base64,")


def test_where_a_grant_opens_answers_only_the_place_is_told_and_no_page_offered(opened: Open, said: peer.Said) -> None:
    hidden = {**content.ANSWER["passages"][0], "shown": False, "body": "", "heading": ""}
    said.outcome = {**content.ANSWER, "passages": [hidden, *content.ANSWER["passages"][1:]]}
    app = click(ask(opened("ada", page="ask")), "Gauge report")
    assert "for answers only" in words(app)
    assert "Show the page" not in words(app)


def test_of_a_passage_that_goes_on_overleaf_either_page_is_shown(opened: Open, said: peer.Said) -> None:
    passage = {**content.ANSWER["passages"][0], "first_page": 3, "last_page": 4}
    said.outcome = {**content.ANSWER, "passages": [passage, *content.ANSWER["passages"][1:]]}
    app = click(ask(opened("ada", page="ask")), "Gauge report")
    assert "pages 3" in words(app)
    next(one for one in app.segmented_control if one.label == "Page").set_value(4).run()
    click(app, "Show the page")
    assert [path for _, _, path in said.calls if path.startswith("/passages/") and "page=4" in path]


def test_a_page_the_budget_does_not_hold_says_so(opened: Open, said: peer.Said) -> None:
    said.fails["GET /passages/p1/page"] = peer.problem(429, "budget", refills_at="2026-12-01T00:00:00Z")
    app = click(click(ask(opened("ada", page="ask")), "Gauge report"), "Show the page")
    assert "used up" in app.error[0].value
    assert "1 December 2026, 01:00 CET" in app.error[0].value


def test_the_conversation_goes_on(opened: Open, said: peer.Said) -> None:
    app = ask(ask(opened("ada", page="ask")), "And the dikes?")
    assert [one.get("conversation_id") for one in said.bodies] == [None, "c1"]
    assert len(app.chat_message) == 4
    click(app, "New conversation")
    assert len(app.chat_message) == 0
    ask(app, "Something else")
    assert "conversation_id" not in said.bodies[-1]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (content.REFUSAL, "I found nothing on this in the datasets you may ask for research."),
        ({**content.REFUSAL, "kind": "not-permitted"}, "There is no dataset you may ask for research."),
        ({**content.REFUSAL, "kind": "no-endpoint"}, "no model of this hub stands where"),
        (content.BUDGET, "It refills on 1 December 2026, 01:00 CET."),
        ({**content.REFUSAL, "kind": "no-citation"}, "I won't guess"),
        ({**content.REFUSAL, "shut_from_here": True}, "from a network that stands where it may be"),
        ({**content.REFUSAL, "kind": "guard"}, "Ask it in plain words"),
        ({**content.REFUSAL, "kind": "dependency-down"}, "Try again in a few minutes"),
        ({**content.REFUSAL, "kind": "something-new"}, "Ask in other words"),
    ],
)
def test_a_refusal_says_what_happened_and_what_to_do(
    outcome: dict[str, object], sentence: str, opened: Open, said: peer.Said
) -> None:
    said.outcome = outcome
    app = ask(opened("ada", page="ask"))
    assert sentence in app.info[0].value
    assert outcome["message"] not in words(app)


def test_a_refusal_leads_to_the_dataset_one_may_request(opened: Open, said: peer.Said) -> None:
    said.outcome = content.REFUSAL
    app = click(ask(opened("ada", page="ask")), "Dikes")
    assert app.query_params["dataset"] == "dikes"
    assert "Dikes and Barriers" in app.title[0].value


@pytest.mark.parametrize(("status", "slug"), [(503, "unavailable"), (429, "budget"), (422, "invalid"), (500, "odd")])
def test_when_the_api_fails_the_question_stays_and_can_be_asked_again(
    status: int, slug: str, opened: Open, said: peer.Said
) -> None:
    said.fails["POST /questions"] = peer.problem(status, slug)
    app = ask(opened("ada", page="ask"))
    assert "How fast does the water rise?" in words(app)
    assert len(app.error) == 1
    said.fails.clear()
    click(app, "Ask again")
    assert content.QUOTE in words(app)


@pytest.mark.parametrize(("part", "locale", "said_"), [
    ("database", "en-GB", "does not answer: the database."), ("database", "de-DE", "antwortet nicht: die Datenbank."),
    ("audit", "en-GB", "the audit trail, so nothing was done"), ("keys", "de-DE", "die Schlüssel des Anmeldedienstes"),
    ("something", "en-GB", "A part of the hub does not answer. Nothing"),
])  # fmt: skip
def test_a_question_that_misses_a_part_says_which_and_is_still_there(
    part: str, locale: str, said_: str, opened: Open, said: peer.Said
) -> None:
    said.fails["POST /questions"] = peer.problem(503, "unavailable", part=part)
    app = ask(opened("ada", page="ask", locale=locale))
    assert said_ in app.error[0].value
    assert "How fast does the water rise?" in words(app)


def test_two_clocks_that_disagree_are_said_to_and_nobody_is_sent_round_in_a_circle(
    opened: Open, said: peer.Said
) -> None:
    said.fails["POST /questions"] = peer.problem(401, "clock")
    assert "clocks of this hub" in ask(opened("ada", page="ask")).error[0].value


def test_a_stream_that_breaks_off_keeps_what_was_written(opened: Open, said: peer.Said) -> None:
    said.breaks = True
    app = ask(opened("ada", page="ask"))
    assert "Since 1998 the water has risen" in words(app)
    assert "does not answer" in app.error[0].value


def test_an_earlier_conversation_is_opened_from_home(opened: Open) -> None:
    app = click(opened("ada"), "Open")
    assert app.title[0].value == "Ask"
    shown = words(app)
    assert shown.index("How fast does the water rise?") < shown.index("Who pays for the dikes?")
    assert content.QUOTE in shown
    assert "I won't guess" in shown


def test_an_answer_no_grant_covers_any_more_is_not_shown(opened: Open, said: peer.Said) -> None:
    said.gone = True
    shown = words(click(opened("ada"), "Open"))
    assert content.QUOTE not in shown
    assert "may not read any more" in shown


def test_a_question_asked_at_home_is_asked_on_the_next_screen(opened: Open, said: peer.Said) -> None:
    app = opened("ada")
    app.chat_input[0].set_value("When was it moved?").run()
    assert app.title[0].value == "Ask"
    assert said.bodies[-1]["question"] == "When was it moved?"


def test_the_purpose_is_chosen_once_and_kept_on_every_screen(opened: Open, said: peer.Said) -> None:
    app = opened("ada", page="ask")
    next(one for one in app.button_group if one.label == "I ask for").set_value("statistics").run()
    ask(app)
    assert said.bodies[-1]["purpose"] == "statistics"
    app._page_hash = next(key for key, one in app._registered_pages.items() if one["url_pathname"] == "search")
    app.run()
    app.text_input[0].set_value("tide").run()
    assert said.bodies[-1]["purpose"] == "statistics"


def test_someone_without_a_grant_may_ask_and_is_told_whom_to_ask_for_access(opened: Open, said: peer.Said) -> None:
    said.outcome = {**content.REFUSAL, "kind": "not-permitted"}
    app = ask(opened("mia", page="ask"))
    assert "There is no dataset you may ask" in app.info[0].value
    assert any(one.label == "Dikes" for one in app.button)


def test_an_opinion_is_sent_and_thanked_for(opened: Open, said: peer.Said) -> None:
    app = ask(opened("ada", page="ask"))
    app.get("feedback")[0].set_value(1).run()
    assert said.bodies[-1] == ("q1", {"useful": True})
    assert "Thank you" in app.toast[0].value


def test_with_an_opinion_one_may_say_what_would_have_helped(opened: Open, said: peer.Said) -> None:
    app = ask(opened("ada", page="ask"))
    assert not [one for one in app.text_input if one.label.startswith("What would have helped")]
    app.get("feedback")[0].set_value(0).run()
    note = next(one for one in app.text_input if one.label.startswith("What would have helped"))
    note.set_value(" The date of the report. ").run()
    assert said.bodies[-1] == ("q1", {"useful": False, "note": "The date of the report."})


def test_text_of_models_and_documents_is_never_markdown(opened: Open) -> None:
    app = click(ask(opened("ada", page="ask"), content.HOSTILE), "dikes.md")
    for one in [*app.markdown, *app.caption]:
        bare = re.sub(r"\\.", "", one.value)
        assert not re.search(r"[<>!`]|\]\(", bare)
    for one in app.get("html"):
        assert "<img" not in str(one.value)
    assert content.HOSTILE in [one.value for one in app.text]


def test_a_copy_holds_the_sources(opened: Open) -> None:
    app = ask(opened("ada", page="ask"))
    assert "[1] Tide Gauges: Gauge report 2024.pdf, p. 3" in app.code[0].value
    next(one for one in app.button_group if one.label == "Format").set_value("ris").run()
    assert app.code[0].value.startswith("TY  - GEN")


def test_it_speaks_german(opened: Open) -> None:
    app = ask(opened("ada", locale="de-AT", page="ask"))
    shown = words(app)
    assert app.title[0].value == "Fragen"
    assert "eingeschränkt" in shown
    assert "War das hilfreich?" in shown


def test_the_language_is_switched_by_the_person(opened: Open) -> None:
    app = opened("ada")
    next(one for one in app.button_group if one.label == "Language").set_value("de").run()
    assert app.title[0].value == "Guten Tag, Ada"
    app.run()
    assert app.title[0].value == "Guten Tag, Ada"
