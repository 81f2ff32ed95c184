"""The residency desk over the API: previews, explanations and reports, each for who answers for it."""

import csv
import io
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.catalog.ledger import events, run, value
from tests.hub.api.conftest import Door

WHY = {"person": "luc", "dataset": "harbour", "purpose": "research"}


@pytest.fixture
def desk(door: Door) -> Door:
    """Luc in FR holds a grant on the harbour and on the vault; Otto keeps the datasets of another organisation."""
    door.nation.grant("luc", "harbour", share=None)
    door.nation.person("otto", organisation="elsewhere")
    door.people["otto"] = ("steward",)
    return door


def previewed(desk: Door, who: str, body: dict[str, Any], path: str = "/residency/preview") -> tuple[int, Any]:
    said = desk.call(who, "POST", path, json=body)
    return said.status_code, said.json()


def test_who_oversees_sees_what_other_tags_would_break(desk: Door) -> None:
    for who in ("anton", "ines"):
        status, told = previewed(desk, who, {"dataset": "harbour", "tags": {"access_from": ["DE"]}})
        (effect,) = told["items"]
        assert (status, effect["breaks"]) == (200, True)
        assert effect["stranded"] == [{"jurisdiction": "FR", "people": 1, "held": 1}]
        assert [one["rule"] for one in effect["refusing"]] == ["query.person-outside-access-from"]


def test_who_oversees_sees_what_another_place_of_a_part_would_break(desk: Door) -> None:
    status, told = previewed(desk, "anton", {"part": {"name": "store", "jurisdiction": "US"}})
    assert status == 200
    assert [one["slug"] for one in told["items"]] == ["harbour", "vault"]
    assert all(one["out_of_place"] for one in told["items"])


def test_a_steward_sees_it_of_their_own_and_another_looks_absent(desk: Door) -> None:
    tags = {"store_in": ["FR"]}
    status, told = previewed(desk, "sten", tags, "/datasets/harbour/preview")
    assert (status, told["out_of_place"], told["documents"] > 0) == (200, True, True)
    forbidden = previewed(desk, "otto", tags, "/datasets/harbour/preview")
    absent = previewed(desk, "otto", tags, "/datasets/no-such/preview")
    assert (forbidden[0], {**forbidden[1], "request_id": ""}) == (404, {**absent[1], "request_id": ""})
    assert previewed(desk, "sten", {"dataset": "harbour", "tags": tags})[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"dataset": "harbour"},
        {"tags": {"store_in": ["DE"]}},
        {"dataset": "harbour", "tags": {}, "part": {"name": "store", "jurisdiction": "DE"}},
        {"dataset": "harbour", "tags": {"store_in": ["ZZ"]}},
        {"dataset": "harbour", "tags": {"store_in": []}},
        {"part": {"name": "cellar", "jurisdiction": "DE"}},
        {"part": {"name": "store", "jurisdiction": "ZZ"}},
    ],
)
def test_what_can_not_be_previewed_is_refused_in_words(desk: Door, body: dict[str, Any]) -> None:
    status, told = previewed(desk, "anton", body)
    assert (status, told["type"].rpartition("/")[2]) == (422, "invalid")
    assert told["detail"]


def test_a_preview_changes_nothing(desk: Door) -> None:
    before = value(desk.nation.database, "SELECT jsonb_agg(d ORDER BY id) FROM hub.datasets d")
    previewed(desk, "anton", {"dataset": "harbour", "tags": {"store_in": ["FR"]}})
    previewed(desk, "sten", {"store_in": ["FR"]}, "/datasets/harbour/preview")
    assert value(desk.nation.database, "SELECT jsonb_agg(d ORDER BY id) FROM hub.datasets d") == before
    assert value(desk.nation.database, "SELECT count(*) FROM hub.violations") == 0


def test_why_somebody_may_not_is_explained_with_rules_facts_and_what_would_change_it(desk: Door) -> None:
    run(desk.nation.database, "UPDATE hub.datasets SET access_from = '{DE}' WHERE slug = 'harbour'")
    told = desk.call("ines", "GET", "/residency/explanations", params=WHY).json()
    assert (told["permitted"], [one["rule"] for one in told["rules"]]) == (False, ["query.person-outside-access-from"])
    facts = {one["fact"]: one["value"] for one in told["facts"]}
    assert (facts["person.place"], facts["dataset.access_from"]) == ("FR", "DE")
    assert [one["change"] for one in told["remedies"]] == [
        "The person asks from DE, or the owner adds FR to access_from."
    ]  # fmt: skip
    run(desk.nation.database, "UPDATE hub.datasets SET access_from = '{EU}' WHERE slug = 'harbour'")
    told = desk.call("ines", "GET", "/residency/explanations", params=WHY).json()
    assert (told["permitted"], told["remedies"]) == (True, [])


def test_an_owner_is_told_of_their_own_dataset_and_whom_its_grants_name(desk: Door) -> None:
    asked = {"person": "luc", "purpose": "research"}
    assert desk.call("sten", "GET", "/datasets/harbour/explanations", params=asked).json()["permitted"]
    outside = [
        ("otto", "harbour", "luc"),  # another organisation's
        ("otto", "no-such", "luc"),
        ("sten", "harbour", "mia"),  # whom no grant names
        ("sten", "harbour", "nobody"),
        ("sten", "vault", "luc"),  # named by a grant on another dataset alone
    ]
    told = []
    for who, slug, person in outside:
        said = desk.call(
            who, "GET", f"/datasets/{slug}/explanations", params={"person": person, "purpose": "research"}
        )  # fmt: skip
        told.append((said.status_code, {**said.json(), "request_id": ""}))
    assert told == [told[0]] * len(outside)
    assert told[0][0] == 404


def test_an_owner_is_told_of_one_document_whose_own_tags_hold(desk: Door) -> None:
    desk.nation.tag("rules.md", access_from=["DE"])
    told = {}
    for name in ("rules.md", "history.md"):
        asked = {"person": "luc", "purpose": "research", "document_id": str(desk.nation.document_of(name))}
        told[name] = desk.call("sten", "GET", "/datasets/harbour/explanations", params=asked).json()
    assert [one["permitted"] for one in told.values()] == [False, True]
    assert [one["rule"] for one in told["rules.md"]["rules"]] == ["query.person-outside-access-from"]
    facts = {one["fact"]: one["value"] for one in told["rules.md"]["facts"]}
    assert (facts["document"], facts["document.access_from"]) == ("rules.md", "DE")


def test_a_document_of_another_dataset_or_out_of_the_stewards_reach_is_not_explained(desk: Door) -> None:
    def said(document: str) -> int:
        asked = {"person": "luc", "purpose": "research", "document_id": document}
        return desk.call("sten", "GET", "/datasets/harbour/explanations", params=asked).status_code

    assert said(str(desk.nation.document_of("rules.md"))) == 200
    assert said(str(desk.nation.document_of("orders.md"))) == 404
    assert said(str(uuid4())) == 404
    assert said("rules.md") == 422
    desk.nation.tag("rules.md", access_from=["FR"])
    assert said(str(desk.nation.document_of("rules.md"))) == 403


def test_a_grant_for_everyone_names_nobody_to_a_steward(desk: Door) -> None:
    everyone = """INSERT INTO hub.grants (dataset_id, everyone, purpose, starts_at, ends_at, given_by)
                  SELECT id, true, 'statistics', now(), now() + interval '1 day', 'x'
                    FROM hub.datasets WHERE slug = 'harbour'"""
    run(desk.nation.database, everyone)
    asked = {"person": "mia", "purpose": "statistics"}
    assert desk.call("sten", "GET", "/datasets/harbour/explanations", params=asked).status_code == 404


def test_each_explanation_is_written_down_in_the_readers_name(desk: Door) -> None:
    desk.call("ines", "GET", "/residency/explanations", params=WHY)
    desk.call("sten", "GET", "/datasets/harbour/explanations", params={"person": "luc", "purpose": "research"})
    found = events(desk.nation.database, "policy.explained")
    people = desk.nation.people
    assert sorted(actor for actor, _, _ in found) == sorted(f"person:{people[who]}" for who in ("ines", "sten"))
    assert {what for _, what, _ in found} == {f"person:{people['luc']}"}


def test_the_asker_hears_the_plain_refusal_and_no_explanation(desk: Door) -> None:
    run(desk.nation.database, "UPDATE hub.datasets SET access_from = '{DE}'")
    for path in ("/residency/explanations", "/datasets/harbour/explanations"):
        assert desk.call("luc", "GET", path, params=WHY).status_code == 403
    kind, refusal = desk.events("luc", "What is the fine for throwing waste into the basin?")[-1]
    assert kind == "refusal"
    assert "access_from" not in json.dumps(refusal)


@pytest.mark.parametrize(
    ("format_", "media_type"), [("json", "application/json"), ("csv", "text/csv"), ("html", "text/html")]
)
def test_a_report_is_a_file_in_the_format_asked_for(desk: Door, format_: str, media_type: str) -> None:
    asked = {"since": "2026-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z", "format": format_, "language": "de"}
    said = desk.call("ines", "GET", "/residency/report", params=asked)
    assert said.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert said.headers["content-disposition"] == (
        f'attachment; filename="residency-2026-01-01-2100-01-01.{format_}"'
    )  # fmt: skip
    assert "Harbour" in said.text
    if format_ == "csv":
        assert {row["section"] for row in csv.DictReader(io.StringIO(said.text))} >= {"report", "dataset", "place"}
    if format_ == "html":
        assert "Bericht zur Datenresidenz" in said.text


def test_every_report_is_written_down_and_one_of_no_time_refused(desk: Door) -> None:
    assert desk.call("ines", "GET", "/residency/report").status_code == 200
    ((actor, what, detail),) = events(desk.nation.database, "residency.reported")
    assert (actor, what, detail["form"]) == (f"person:{desk.nation.people['ines']}", "residency", "json")
    wrong = {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    assert desk.call("ines", "GET", "/residency/report", params=wrong).status_code == 422


def test_what_a_scan_found_is_shown_with_names_and_reason_to_who_oversees(desk: Door) -> None:
    found = """INSERT INTO hub.findings (kind, object, dataset_ids, place, door, rule, tag, held)
               SELECT 'turns', 'x', ARRAY[id], 'database', 'index', 'ingest.database-outside-store-in', 'store_in', 2
                 FROM hub.datasets WHERE slug = 'vault'"""
    run(desk.nation.database, found)
    (told,) = desk.call("ines", "GET", "/residency/findings").json()["items"]
    assert (told["kind"], told["held"], told["datasets"]) == ("turns", 2, [{"slug": "vault", "title": "Vault"}])
    assert told["reason"] == "The database does not stand where the dataset may be stored."
    run(desk.nation.database, "UPDATE hub.findings SET gone_at = now() + interval '1 second'")
    assert desk.call("anton", "GET", "/residency/findings").json() == {"items": []}
    assert desk.call("sten", "GET", "/residency/findings").status_code == 403
