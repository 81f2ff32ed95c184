"""Near the limit: a meter when it matters, asking for more, the owner's click, the ceiling, alerts with evidence."""

from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content
from tests.ui.test_ask import ask, click
from tests.ui.test_finding import NOTHING
from tests.ui.test_ingestion import tab

QUIET = {**content.METER, "characters_left": 19_000, "matters": False}


def bars(app: AppTest) -> list[str]:
    return [one.text for one in app.get("progress")]


def searched(app: AppTest) -> AppTest:
    app.text_input[0].set_value("tide").run()
    return app


def test_with_enough_left_there_is_no_meter(opened: Open, said: peer.Said) -> None:
    said.meters = [QUIET]
    said.outcome = {**content.ANSWER, "left_out": 0}
    assert bars(ask(opened("ada", page="ask"))) == []


def test_near_the_limit_the_meter_says_what_is_left_and_when_it_refills(opened: Open, said: peer.Said) -> None:
    said.meters = [content.METER, {**QUIET, "dataset": "dikes", "title": "Dikes"}]
    app = opened("ada", page="ask")
    assert bars(app) == ["1,240 of 20,000 characters left to read"]
    assert "It refills on 1 December 2026, 01:00 CET." in words(app)
    assert "Dikes" not in words(app)
    assert ("ada", "GET", "/budget?purpose=research") in said.calls


def test_an_answer_that_was_cut_shows_it_though_there_is_some_left(opened: Open, said: peer.Said) -> None:
    said.meters = [QUIET]
    assert bars(ask(opened("ada", page="ask"))) == ["19,000 of 20,000 characters left to read"]


def test_a_refusal_for_want_of_budget_and_a_search_show_it_too(opened: Open, said: peer.Said) -> None:
    said.meters = [{**QUIET, "characters_left": 0, "refills_at": None}]
    said.outcome = content.BUDGET
    app = ask(opened("ada", page="ask"))
    assert bars(app) == ["0 of 20,000 characters left to read"]
    assert "does not refill by itself" in words(app)
    assert bars(searched(opened("ada", page="search"))) == ["0 of 20,000 characters left to read"]


def test_a_refusal_for_another_reason_shows_no_meter_however_little_is_left(opened: Open, said: peer.Said) -> None:
    said.meters = [content.METER]
    said.outcome = content.REFUSAL
    assert bars(ask(opened("ada", page="ask"))) == []
    said.found = {**NOTHING, "refusal": {**content.REFUSAL, "id": None, "conversation_id": None}}
    assert bars(searched(opened("ada", page="search"))) == []


def test_more_is_asked_for_where_the_meter_is_and_only_with_a_reason(opened: Open, said: peer.Said) -> None:
    said.meters = [content.METER]
    app = click(opened("ada", page="ask"), "Ask for more")
    send = next(one for one in app.button if one.label == "Send it to the owner")
    assert send.disabled
    assert said.bodies == []
    said.step_ups = [{**content.STEP_UP, "person": None, "weighed": None}]
    again = opened("ada", page="ask")
    assert "You asked for 20,000 characters more" in words(again)
    assert not [one for one in again.button if one.label == "Ask for more"]


def test_a_refused_request_says_so_and_can_be_made_anew(opened: Open, said: peer.Said) -> None:
    said.meters = [content.METER]
    said.step_ups = [{**content.STEP_UP, "granted": False, "decided_at": "2026-11-22T08:00:00Z"}]
    app = opened("ada", page="ask")
    assert "refused your last request on 22 November 2026" in words(app)
    assert [one for one in app.button if one.label == "Ask for more"]


def test_the_steward_sees_who_asks_why_what_they_read_and_what_becomes_reachable(opened: Open, said: peer.Said) -> None:
    said.step_ups = [content.STEP_UP]
    shown = words(opened("sten")).replace("\\", "")
    assert "Tide Gauges" in shown
    assert "Ada Lind · Coast Institute · research" in shown
    assert "A review of thirty years of high water" in shown
    assert "Has read 18,760 characters so far (3.9%)." in shown
    assert "Can ever reach 8.3% of the dataset now, 12% after a yes (60,000 characters)." in shown


def test_one_click_decides_and_it_is_gone(opened: Open, said: peer.Said) -> None:
    for name, granted in (("Grant", True), ("Refuse", False)):
        said.step_ups, said.bodies = [content.STEP_UP], []
        app = click(opened("sten"), name)
        assert said.bodies == [("m1", {"granted": granted})]
        assert "People who ask to read more" not in words(app)


def test_what_the_limits_hold_back_is_said_and_an_ended_grant_cannot_be_widened(opened: Open, said: peer.Said) -> None:
    weighed = {**content.STEP_UP["weighed"], "reachable_then": 45_000}
    said.step_ups = [{**content.STEP_UP, "weighed": weighed}]
    assert "Your limits or your ceiling hold" in words(opened("sten"))
    said.step_ups = [{**content.STEP_UP, "weighed": {**weighed, "reachable_now": None, "reachable_then": None}}]
    app = opened("sten")
    assert "access has ended" in words(app)
    assert [one.label for one in app.button if one.label in {"Grant", "Refuse"}] == ["Refuse"]


def test_a_raised_ceiling_needs_the_owners_word_on_the_new_figure(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "card")
    assert "all together 240,000 (50%)" in words(app)
    app.slider[0].set_value(57).run()
    assert "With 57%, 273,600 characters can be read for good; until now 240,000." in words(app)
    button = next(one for one in app.button if one.label.startswith("Set it to"))
    assert button.disabled
    app.checkbox[0].check().run()
    click(app, "Set it to 57%")
    assert said.bodies == [("tide-gauges", {"share": 0.57, "confirm": 273_600})]


def test_a_lowered_ceiling_needs_none(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "card")
    app.slider[0].set_value(20).run()
    assert "What was read already stays read" in words(app)
    click(app, "Set it to 20%")
    assert said.bodies == [("tide-gauges", {"share": 0.2, "confirm": None})]


def test_the_owner_of_a_copy_reads_why_it_is_closed(opened: Open, said: peer.Said) -> None:
    said.reach = {**content.REACH, "copied": 9_000, "copied_closed": 4_000}
    shown = words(tab(opened("sten", page="ingestion"), "card"))
    assert "4,000 characters can't be read by anyone new" in shown
    said.reach = {**content.REACH, "copied": 9_000}
    assert "9,000 characters stood in another dataset before" in words(tab(opened("sten", page="ingestion"), "card"))
    said.reach = {**content.REACH, "characters": 0}
    assert "nothing to bound" in words(tab(opened("sten", page="ingestion"), "card"))


def test_an_alert_shows_its_evidence_and_is_acknowledged_with_a_note(opened: Open, said: peer.Said) -> None:
    app = opened("anton", page="alerts")
    shown = words(app)
    assert "A bait was read: Mia Sander" in shown
    assert "1 passage of 1 document that no honest question reaches." in shown
    assert "Luc Perrin" not in shown
    do = next(one for one in app.button if one.label == "Acknowledge")
    assert do.disabled
    app.text_input[0].set_value("A test of ours.").run()
    click(app, "Acknowledge")
    assert said.bodies == [("a1", {"note": "A test of ours."})]


def test_all_of_them_stay_with_who_looked_and_what_they_found(opened: Open) -> None:
    app = opened("anton", page="alerts")
    app.button_group[0].set_value("all").run()
    shown = words(app).replace("\\", "")
    assert "58 of 60 passages were new to them, 12,400 characters" in shown
    assert "looked at by Anton Weiss" in shown
    assert "Asked him: a planned review of all inspections." in shown


def test_an_auditor_reads_alerts_and_acknowledges_none(opened: Open) -> None:
    app = opened("ines", page="alerts")
    assert "A bait was read" in words(app)
    assert not [one for one in app.button if one.label == "Acknowledge"]


def test_home_names_what_is_to_look_at_and_an_empty_desk_says_so(opened: Open, said: peer.Said) -> None:
    assert "1 alert to look at" in words(opened("anton"))
    said.empty = True
    assert "alert" not in words(opened("anton"))
    assert "Nothing was noticed." in words(opened("anton", page="alerts"))
