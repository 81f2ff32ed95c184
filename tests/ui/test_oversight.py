"""Residency, audit, system: where everything is, what was done and why, what runs; and never a word of content."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content
from tests.ui.test_ask import click
from ui.components.refused import _csv
from ui.shapes.keeping import Violation

WHY = "The monthly look at refusals"


def reads(app: AppTest, why: str = WHY) -> AppTest:
    """Say why the ledger is read."""
    app.text_input[0].set_value(why)
    return click(app, "Read the ledger")


def trail(opened: Open, who: str = "ines") -> AppTest:
    return reads(opened(who, page="audit"))


def test_the_board_answers_in_one_look(opened: Open) -> None:
    app = opened("ines", page="residency")
    rows = app.dataframe[0].value
    storm = rows[rows["Dataset"] == "Storm Plans"].iloc[0]
    assert (storm["Stored"], storm["Used"], storm["Refused this month"]) == ("✓ DE  ✕ FR", "✓ DE", 5)


def test_a_chosen_dataset_shows_the_rule_behind_each_cell(opened: Open) -> None:
    app = opened("ines", page="residency")
    app.selectbox[0].set_value("storm-plans").run()
    shown = words(app).replace("\\", "")
    assert "5 requests were refused this month" in shown
    assert "not allowed: paris-store · FR" in shown
    assert "ingest.store-outside-store-in" in shown
    assert "query.person-outside-access-from" in shown


def test_what_residency_refused_is_below_the_board_with_place_and_rule(opened: Open) -> None:
    app = opened("ines", page="residency")
    rows = next(one.value for one in app.dataframe if "Rule" in one.value)
    assert list(rows["Place"]) == ["US", "paris-store"]
    assert list(rows["Door"]) == ["asking", "storing a file"]
    assert list(rows["Rule"]) == ["query.person-outside-access-from", "ingest.store-outside-store-in"]
    app.selectbox[0].set_value("storm-plans").run()
    rows = next(one.value for one in app.dataframe if "Rule" in one.value)
    assert list(rows["Who"]) == ["=Luc Moreau"]


def test_what_a_spreadsheet_would_run_is_only_text_in_the_file() -> None:
    written = _csv([Violation.model_validate(content.VIOLATIONS[0])])
    assert "'=Luc Moreau" in written
    assert ",=" not in written


def test_the_door_and_the_time_are_asked_of_the_hub(opened: Open, said: peer.Said) -> None:
    app = opened("ines", page="residency")
    next(one for one in app.get("button_group") if one.label == "Door").set_value("session").run()
    asked = next(path for _, _, path in reversed(said.calls) if path.startswith("/residency/violations"))
    assert "door=session" in asked
    assert "since=2026-" in asked


def test_from_the_board_one_click_leads_to_the_acts(opened: Open, said: peer.Said) -> None:
    app = opened("ines", page="residency")
    app.session_state["kept.audit.reason"] = WHY  # said earlier in the session
    app.selectbox[0].set_value("storm-plans").run()
    click(app, "The acts on this dataset")
    assert app.title[0].value == "Audit"
    assert "dataset=storm-plans" in said.calls[-1][2]


def test_an_empty_board_says_so(opened: Open, said: peer.Said) -> None:
    said.empty = True
    assert "No dataset is registered yet" in words(opened("ines", page="residency"))


@pytest.mark.parametrize("why", ["", "   ", "because", "a   b   c"])
def test_nothing_of_the_ledger_is_read_before_someone_says_why(opened: Open, said: peer.Said, why: str) -> None:
    app = opened("ines", page="audit")
    assert "Why do you read the ledger?" in [one.label for one in app.text_input]
    assert "written down beside each" in words(app)
    assert "short sentence why" in reads(app, why).error[0].value
    assert not [path for _, _, path in said.calls if path.startswith("/audit")]
    assert not app.expander


def test_the_reason_is_asked_once_a_session_and_sent_with_each_reading(opened: Open, said: peer.Said) -> None:
    app = click(trail(opened), "Older")
    sent = [path for _, _, path in said.calls if path.startswith("/audit")]
    assert len(sent) >= 2
    assert all("reason=The+monthly+look+at+refusals" in query for query in sent)
    assert "You read it for: The monthly look at refusals" in words(app)
    assert "Why do you read" not in str([one.label for one in app.text_input])
    click(app, "Another reason")
    assert "Why do you read the ledger?" in [one.label for one in app.text_input]


def test_an_act_shows_its_decision_and_reasons(opened: Open) -> None:
    app = trail(opened)
    assert "21 November 2026, 01:15 CET · Ada Lind · question answered · Storm Plans" in app.expander[0].label.replace(
        "\\", ""
    ).replace("\u2060", "")
    assert "The person's clearance is below the dataset's classification." in words(app)
    assert "query.clearance-too-low" in words(app).replace("\\", "")
    assert "No decision was needed" in words(app)


def test_filters_are_sent(opened: Open, said: peer.Said) -> None:
    app = trail(opened)
    app.selectbox[0].set_value("question.refused")
    app.text_input[0].set_value(" ada ")
    app.text_input[1].set_value("dikes")
    app.run()
    query = said.calls[-1][2]
    assert "type=question.refused" in query
    assert "actor=ada" in query
    assert "dataset=dikes" in query
    assert "since=" in query


def test_ever_has_no_beginning(opened: Open, said: peer.Said) -> None:
    app = trail(opened)
    next(one for one in app.button_group if one.label == "Since").set_value("ever").run()
    assert "since=" not in said.calls[-1][2]


def test_one_walks_to_older_acts_and_back(opened: Open, said: peer.Said) -> None:
    app = trail(opened)
    assert "cursor" not in said.calls[-1][2]
    click(app, "Older")
    assert "cursor=next" in said.calls[-1][2]
    click(app, "Newer")
    assert "cursor" not in said.calls[-1][2]


def test_another_filter_begins_at_the_newest_again(opened: Open, said: peer.Said) -> None:
    app = click(trail(opened), "Older")
    app.text_input[0].set_value("ada").run()
    assert "cursor" not in said.calls[-1][2]


def test_no_act_at_all_says_what_to_do(opened: Open, said: peer.Said) -> None:
    said.empty = True
    assert "Widen the time" in words(trail(opened))


def test_an_ill_part_stands_first_with_what_is_missing_and_the_next_step(opened: Open) -> None:
    shown = words(opened("anton", page="system"))
    assert "a wall is missing" in shown
    assert "network namespace" in shown
    assert "hub doctor" in shown
    headings = [one.value for one in opened("anton", page="system").get("html") if "hub-heading" in one.value]
    assert "model" in headings[0]


def test_each_model_is_shown_with_where_it_stands_and_where_it_comes_from(opened: Open) -> None:
    (table,) = opened("anton", page="system").dataframe
    assert table.value.to_numpy().tolist() == [
        ["granite", "main-endpoint · DE", "US"],
        ["stranger", "far-endpoint · FR", "unknown"],
    ]


def end_sessions(app: AppTest, person: str) -> AppTest:
    app.text_input(key="sessions.person").set_value(person).run()
    return app.button(key="sessions.do").click().run()


def test_an_admin_ends_someones_sessions_after_reading_what_that_does(opened: Open, said: peer.Said) -> None:
    app = opened("anton", page="system")
    assert app.button(key="sessions.do").disabled
    assert "ends at once" in words(app)
    assert "All sessions of ada have ended" in words(end_sessions(app, " ada "))
    assert said.bodies[-1] == ("ada", {"sign-out": True})


def test_whoever_is_not_there_has_no_session_to_end(opened: Open, said: peer.Said) -> None:
    said.fails["POST /people/nobody/sign-out"] = peer.problem(404, "absent")
    assert "nobody of that short name" in words(end_sessions(opened("anton", page="system"), "nobody"))


def codes(app: AppTest) -> list[str]:
    return [one.value for one in app.code]


def test_an_admin_opens_an_account_for_a_program_and_sees_its_key_once(opened: Open, said: peer.Said) -> None:
    app = opened("anton", page="system")
    assert "within its own grants" in words(app)
    for name, value in {"slug": " tide-watch ", "name": "Tide watch", "organisation": "tidewise"}.items():
        app.text_input(key=f"programs.{name}").set_value(value)
    app.text_input(key="programs.jurisdiction").set_value("DE")
    app = click(app, "Open it and show its key")
    sent = {"slug": "tide-watch", "name": "Tide watch", "organisation": "tidewise", "jurisdiction": "DE"}
    assert said.bodies[-1] == ("service-accounts", {**sent, "clearance": "internal"})
    assert "the-first-key" in codes(app)
    assert "shown once" in words(app)
    assert "client_id=hub-service-tide-watch" in "".join(codes(app))
    assert "the-first-key" not in "".join(codes(click(app, "I have it")))


def test_an_admin_renews_a_key_and_removes_an_account(opened: Open, said: peer.Said) -> None:
    app = opened("anton", page="system")
    assert "removed 20 November 2026" in words(app)
    assert [one.label for one in app.button].count("Make a new key") == 1
    app = click(app, "Make a new key")
    assert ("the-second-key" in codes(app), said.bodies[-1]) == (True, ("tide-watch", {"key": True}))
    click(app, "Remove for good")
    assert said.bodies[-1] == ("tide-watch", {"removal": True})


def test_an_issuer_that_is_not_there_is_said_and_the_rest_of_the_screen_stands(opened: Open, said: peer.Said) -> None:
    said.fails["POST /service-accounts/tide-watch/key"] = peer.problem(503, "unavailable", part="registrar")
    app = click(opened("anton", page="system"), "Make a new key")
    assert "the registrar of programs" in app.error[0].value
    assert "hub doctor" in words(app)


def test_an_auditor_sees_no_programs_to_keep(opened: Open, said: peer.Said) -> None:
    assert "Accounts of programs" not in words(opened("ines", page="system"))
    assert not [path for _, _, path in said.calls if "service-accounts" in path]


def test_an_auditor_ends_nobodys_session(opened: Open) -> None:
    assert "End someone" not in words(opened("ines", page="system"))


def test_home_of_the_admin_says_what_needs_attention(opened: Open) -> None:
    shown = words(opened("anton"))
    assert "1 part needs attention" in shown
    assert "7 requests refused this month" in shown.replace("8 requests", "8 requests")


@pytest.mark.parametrize("page", ["residency", "audit", "system"])
def test_a_part_that_is_down_is_said(page: str, opened: Open, said: peer.Said) -> None:
    said.fails[f"GET /{page}"] = peer.problem(503, "unavailable", part="database")
    app = opened("anton", page=page)
    assert "does not answer" in (reads(app) if page == "audit" else app).error[0].value


def test_home_goes_on_where_one_part_of_it_fails(opened: Open, said: peer.Said) -> None:
    said.fails["GET /system"] = peer.problem(503, "unavailable")
    app = opened("anton")
    assert len(app.error) == 1
    assert "Residency" in [one.value for one in app.subheader]


def test_nothing_of_documents_is_on_an_auditors_screens(opened: Open) -> None:
    shown = "\n".join(words(opened("ines", page=page)) for page in ("", "residency", "system")) + words(trail(opened))
    assert content.QUOTE not in shown
    assert "Gauge report" not in shown
