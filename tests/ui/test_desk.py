"""The residency desk: two clicks to where and what was refused, what would break before it is made, why, a report."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from catalog.people import find_person
from catalog.policy.decide import NO_RULE, rulebook
from catalog.policy.explain import REMEDIES, explain
from catalog.policy.facts import surroundings
from catalog.scan import KINDS
from catalog.vocabulary import Action, Purpose
from tests.fixtures.nation import OPERATOR, Nation
from tests.ui.conftest import Open, words
from tests.ui.peer import api as peer
from tests.ui.peer import content
from tests.ui.test_ask import click
from tests.ui.test_ingestion import tab
from ui.components.period import Period, period
from ui.wording import SENTENCES


def desk(opened: Open, part: str, dataset: str | None = None, who: str = "ines", **more: str) -> AppTest:
    app = opened(who, page="residency", **more)
    if dataset:
        app.selectbox(key="kept.residency.dataset").set_value(dataset).run()
    app.session_state["kept.residency.part"] = part  # a label's words are looked up outside the script, in English
    return app.run()


def group(app: AppTest, key: str, value: str) -> AppTest:
    next(one for one in app.button_group if one.key == key).set_value(value).run()
    return app


def plain(app: AppTest) -> str:
    return words(app).replace("\\", "").replace("\u2060", "")


def asked(said: peer.Said, path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(next(one for _, _, one in reversed(said.calls) if one.startswith(path))).query)


def test_last_month_is_one_click_away_and_asked_of_the_hub_by_utc(opened: Open, said: peer.Said) -> None:
    app = desk(opened, "refused", "storm-plans")
    first = datetime.now(UTC).date().replace(day=1)
    assert asked(said, "/residency/violations")["since"] == [f"{first}T00:00:00+00:00"]
    app = group(app, "kept.refused.period", "last-month")
    query = asked(said, "/residency/violations")
    assert (query["until"], query["dataset"]) == ([f"{first}T00:00:00+00:00"], ["storm-plans"])
    assert query["since"] == [f"{period('last-month', first).since}T00:00:00+00:00"]
    assert "by UTC" in plain(app)


def test_other_days_are_both_included(opened: Open, said: peer.Said) -> None:
    app = group(desk(opened, "refused"), "kept.refused.period", "custom")
    app.date_input[0].set_value((date(2026, 3, 1), date(2026, 3, 31))).run()
    query = asked(said, "/residency/violations")
    assert (query["since"], query["until"]) == (["2026-03-01T00:00:00+00:00"], ["2026-04-01T00:00:00+00:00"])
    before = len(said.calls)
    app.date_input[0].set_value((date(2026, 3, 1),)).run()
    assert "Choose the last day too." in plain(app)
    assert not [path for _, _, path in said.calls[before:] if "violations" in path]


@pytest.mark.parametrize(
    ("name", "today", "found"),
    [
        ("this-month", date(2026, 2, 28), (date(2026, 2, 1), date(2026, 3, 1))),
        ("this-month", date(2026, 12, 31), (date(2026, 12, 1), date(2027, 1, 1))),
        ("last-month", date(2026, 1, 1), (date(2025, 12, 1), date(2026, 1, 1))),
        ("last-month", date(2024, 3, 31), (date(2024, 2, 1), date(2024, 3, 1))),
        ("ever", date(2026, 1, 1), (None, None)),
    ],
)
def test_a_period_is_whole_months(name: str, today: date, found: tuple[date | None, date | None]) -> None:
    assert period(name, today) == Period(since=found[0], until=found[1])


def test_what_other_tags_would_break_is_said_as_they_are_chosen(opened: Open, said: peer.Said) -> None:
    app = desk(opened, "preview", "storm-plans")
    assert "These are the tags it has" in plain(app)
    assert said.bodies == []
    app.multiselect(key="preview.storm-plans.store_in").set_value(["FR"]).run()
    assert said.bodies[-1] == {"dataset": "storm-plans", "tags": {"store_in": ["FR"]}}
    shown = plain(app)
    assert "12 documents (15 versions) would lie where they may not" in shown
    assert "2 people in FR could no longer ask, of 3 there who hold a live grant." in shown
    assert "Model servers that would refuse: berlin-model" in shown
    assert "The object store does not stand where the dataset may be stored." in shown
    assert "Rules that refuse today already" in shown
    assert not [path for _, method, path in said.calls if method == "PATCH"]


def test_without_a_dataset_the_desk_says_to_choose_one(opened: Open) -> None:
    for part in ("preview", "why"):
        assert "Choose a dataset first" in plain(desk(opened, part))


def test_another_place_of_a_part_is_previewed_for_every_dataset(opened: Open, said: peer.Said) -> None:
    app = group(desk(opened, "preview"), "kept.preview.of", "place")
    assert "It stands there today." in plain(app)
    app.selectbox(key="preview.berlin-store.where").set_value("FR").run()
    moved = {"name": "berlin-store", "jurisdiction": "FR", "legal_control": ["DE"]}
    assert said.bodies[-1] == {"part": moved}
    assert "1 dataset would be touched." in plain(app)
    said.empty = False
    said.effect = content.HARMLESS
    app.multiselect(key="preview.berlin-store.law").set_value(["DE", "FR"]).run()
    assert said.bodies[-1] == {"part": {**moved, "legal_control": ["DE", "FR"]}}


def test_why_somebody_may_not_is_told_with_rules_facts_and_remedies(opened: Open, said: peer.Said) -> None:
    app = desk(opened, "why", "storm-plans")
    app.text_input(key="kept.why.person").set_value(" Luc ")
    app = click(app, "Explain it")
    assert asked(said, "/residency/explanations") == {
        "dataset": ["storm-plans"],
        "person": ["luc"],
        "purpose": ["research"],
    }
    shown = plain(app)
    for key in ("rule.query.person-outside-access-from", "remedy.default-deny", "why.facts", "why.remedies"):
        assert SENTENCES[key][0] in shown
    assert "A rule this screen does not know." in shown
    assert "Ask again tomorrow." in shown
    facts = list(app.dataframe[-1].value.iloc[:, 0])
    assert facts[-3:] == ["the person's place", "the person's clearance", "grant for this purpose"]


def test_somebody_who_is_not_there_is_no_fault(opened: Open) -> None:
    app = desk(opened, "why", "storm-plans")
    app.text_input(key="kept.why.person").set_value("nobody")
    assert "nobody of that short name" in plain(click(app, "Explain it"))


def test_what_lies_out_of_place_is_told_with_its_rule_and_what_to_do(opened: Open, said: peer.Said) -> None:
    app = desk(opened, "misplaced")
    shown = plain(app)
    assert "4 things lie where they may not. Move or erase it" in shown
    table = app.dataframe[-1].value
    assert list(table["What"]) == ["original", "passages and vectors of a document", "backup", "file without a label"]
    assert list(table["Rows"]) == [1, 240, 1, 1]
    assert table["Why"].iloc[3] == "No rule permits this."
    app = desk(opened, "misplaced", "tide-gauges")
    assert "Everything lies where it may." in plain(app)
    said.fails["GET /residency/findings"] = peer.problem(503, "unavailable", part="database")
    app = desk(opened, "misplaced")
    assert "does not answer" in app.error[0].value
    assert len(app.dataframe) == 1


def test_the_report_is_offered_for_the_last_month_in_each_format(opened: Open, said: peer.Said) -> None:
    app = desk(opened, "report")
    assert [one.label for one in app.get("download_button")] == ["Page to print and sign", "CSV", "JSON"]
    assert not [path for _, _, path in said.calls if "report" in path]
    assert "a field to sign" in plain(app)


def test_a_steward_sees_what_their_change_breaks_and_confirms_it(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "card")
    app.multiselect(key="tide-gauges.store_in").set_value(["FR"]).run()
    assert said.bodies[-1] == ("tide-gauges", {"store_in": ["FR"]})
    assert "2 people in FR could no longer ask" in plain(app)
    change = next(one for one in app.button if one.label == "Change it")
    assert change.disabled
    next(one for one in app.checkbox if "mean it" in one.label).check().run()
    click(app, "Change it")
    assert {"store_in": ["FR"]} in said.bodies


def test_a_change_that_breaks_nothing_needs_no_second_word(opened: Open, said: peer.Said) -> None:
    said.effect = content.HARMLESS
    app = tab(opened("sten", page="ingestion"), "card")
    app.multiselect(key="tide-gauges.access_from").set_value(["DE", "FR", "NL", "IT"]).run()
    assert "Nothing that works today would stop working." in plain(app)
    assert not next(one for one in app.button if one.label == "Change it").disabled


def test_a_title_alone_asks_for_no_preview_and_an_empty_tag_is_said(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "card")
    app.text_input(key="kept.tide-gauges.title").set_value("Gauges").run()
    assert "12 documents" in plain(app)
    assert said.bodies == []
    app.multiselect(key="tide-gauges.store_in").set_value([]).run()
    assert "Still missing: May be stored in" in plain(app)
    assert said.bodies == []


def test_a_steward_asks_why_about_their_own_dataset(opened: Open, said: peer.Said) -> None:
    app = tab(opened("sten", page="ingestion"), "why")
    app.text_input(key="kept.why.person").set_value("luc")
    app = click(app, "Explain it")
    assert asked(said, "/datasets/tide-gauges/explanations") == {"person": ["luc"], "purpose": ["research"]}
    assert "luc may not ask Tide Gauges" in plain(app)
    whole, *apart = app.selectbox(key="why.tide-gauges.document").options
    assert (whole, apart[0]) == ("The dataset", "Gauge report 2024.pdf")
    app.selectbox(key="why.tide-gauges.document").select_index(1)
    app = click(app, "Explain it")
    assert asked(said, "/datasets/tide-gauges/explanations")["document_id"] == ["d0"]
    assert "luc may not ask Gauge report 2024.pdf" in plain(app)


def test_where_the_datasets_answer_holds_for_every_document_there_is_none_to_choose(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "DOCUMENTS", [{**content.DOCUMENTS[0], "tags": None}])
    app = tab(opened("sten", page="ingestion"), "why")
    assert [one.key for one in app.selectbox if one.key and one.key.endswith(".document")] == []


def test_every_fact_of_an_explanation_has_its_word(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("rivers")
    nation.document("rivers", "one.md", ["It is deep. "])
    whole = {"store_in": ["DE"], "process_in": ["DE"], "access_from": ["DE"], "forbidden_legal_control": ["US"]}
    nation.tag("one.md", classification="secret", **whole)
    with nation.operator.begin(OPERATOR) as session:
        person = find_person(session, "ada")
        here = surroundings(session, nation.site, sealed=True)
        told = explain(
            session, here, slug="rivers", action=Action.QUERY, person=person, purpose=Purpose.RESEARCH,
            document=nation.document_of("one.md"),
        )  # fmt: skip
    words = {key.removeprefix("fact.") for key in SENTENCES if key.startswith("fact.")}
    assert [one for one in told.facts if one not in words and not one.startswith("grant for ")] == []


def test_every_kind_a_scan_looks_at_has_its_word() -> None:
    assert {f"kind.{kind}" for kind in KINDS} == {key for key in SENTENCES if key.startswith("kind.")}


def test_every_rule_of_the_law_has_its_sentence_here_word_for_word() -> None:
    data = {rule: reason for rule, reason in rulebook().reasons.items() if not rule.startswith("role.")}
    said = {key.removeprefix("rule."): told[0] for key, told in SENTENCES.items() if key.startswith("rule.")}
    assert said.pop("default-deny") == NO_RULE.reasons[0]
    assert said.pop("error")
    assert said == {rule: reason for rule, reason in data.items() if rule != "ingest.by-worker"}
    asking = {rule for rule in REMEDIES if not rule.startswith("ingest.")}
    assert {key.removeprefix("remedy.") for key in SENTENCES if key.startswith("remedy.")} == asking
