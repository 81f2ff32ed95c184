"""The law at the command line: groups of places, what residency refused, the rules and why somebody may not."""

from pathlib import Path

from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done
from tests.hub.fakes import model_server


def test_the_rules_are_said_and_every_drawn_case_holds(town: Town) -> None:
    said = done(town.hub("policy", "check"))
    assert "A live grant for this purpose covers the dataset." in " ".join(said.out.split())
    found = done(town.hub("policy", "check", "--json")).json
    assert found["wrong"] == []
    assert found["cases"] > 25
    assert {"id", "effect", "reason"} == set(found["rules"][0])


def test_why_somebody_may_not_is_explained_with_rule_and_facts(told: Town) -> None:
    asked = ("--dataset", told.dataset, "--purpose", "research")
    found = done(told.hub("policy", "explain", "--person", told.mia, *asked, "--json")).json
    assert (found["ruling"]["permitted"], found["ruling"]["rules"]) == (False, ["default-deny"])
    assert found["facts"]["grant for research"] == "none"
    said = " ".join(done(told.hub("policy", "explain", "--person", told.ada, *asked)).out.split())
    assert said.startswith("Yes. A live grant for this purpose covers the dataset. (query.under-grant)")


def test_a_document_is_explained_by_its_own_tags(told: Town) -> None:
    asked = ("--dataset", told.dataset, "--purpose", "research", "--person", told.ada)
    of_one = (*asked, "--document", "rules.md")
    tagging = ("document", "tag", "rules.md", "--dataset", told.dataset)
    done(told.hub(*tagging, "--classification", "secret"))
    found = done(told.hub("policy", "explain", *of_one, "--json")).json
    whole = done(told.hub("policy", "explain", *asked, "--json")).json
    done(told.hub(*tagging))
    assert (found["permitted"], whole["permitted"]) == (False, True)
    assert found["ruling"]["rules"] == ["query.clearance-too-low"]
    assert found["facts"]["document.classification"] == "secret"
    assert done(told.hub("policy", "explain", *of_one)).out.startswith("Yes.")
    said = told.hub("policy", "explain", *asked, "--document", "no-such.md")
    assert (said.code, "There is no document 'no-such.md'" in said.err + said.out) == (5, True)


def test_an_explanation_of_neither_asking_nor_taking_in_is_a_mistake(town: Town) -> None:
    said = town.hub("policy", "explain", "--dataset", town.dataset)
    assert (said.code, "--action query with --person" in said.err + said.out) == (4, True)


def test_a_group_is_made_listed_and_left(town: Town) -> None:
    name = f"G{town.mark.upper()}"
    source = ("--source", "Treaty of the town")
    done(town.hub("group", "join", name, "IS", "NO", "--since", "2026-01-01", *source))
    done(town.hub("group", "leave", name, "IS", "--on", "2027-01-01", *source))
    rows = [one for one in done(town.hub("group", "list", "--json")).json if one["name"] == name]
    assert [(one["member"], one["joined_on"], one["left_on"]) for one in rows] == [
        ("IS", "2026-01-01", "2027-01-01"),
        ("NO", "2026-01-01", None),
    ]
    assert town.hub("group", "join", "DE", "IS", "--since", "2026-01-01", *source).code == 4


def test_tags_are_changed_as_a_whole_and_hold_for_the_next_decision(told: Town) -> None:
    picky = f"picky-{told.mark}"
    tags = ("--store-in", "DE", "--process-in", "DE", "--access-from", "DE", "--purpose", "research")
    owner = ("--owner", f"board-{told.mark}", "--classification", "internal")
    done(told.hub("dataset", "add", picky, "--title", "Picky", *tags, *owner))
    done(told.hub("grant", "add", picky, "--person", told.ada, "--purpose", "research"))

    def rules(*change: str) -> list[str]:
        if change:
            done(told.hub("dataset", "change", picky, *change))
        asked = ("--dataset", picky, "--purpose", "research", "--person", told.ada, "--json")
        return list(done(told.hub("policy", "explain", *asked)).json["ruling"]["rules"])

    assert rules() == ["query.under-grant"]
    assert rules("--forbid-model-origin", "EU") == ["query.model-of-forbidden-origin"]  # unknown what runs here
    assert rules("--forbid-model-origin", "NONE") == ["query.under-grant"]
    changed = done(told.hub("dataset", "change", picky, "--process-in", "FR", "--json")).json
    assert changed == {"changed": picky, "tags": {"process_in": ["FR"]}}
    assert rules() == ["query.endpoint-outside-process-in", "query.site-outside-process-in"]
    assert told.hub("dataset", "change", picky, "--forbid-model-origin", "XX").code == 4


def test_an_endpoint_of_another_site_is_registered_listed_and_moved(town: Town) -> None:
    name = f"far-{town.mark}"
    said = ("--operator", "Far site", "--legal-control", "FR", "--legal-control", "US")
    for where in ("FR", "AT"):
        done(town.hub("place", "add", name, "--jurisdiction", where, *said))
        (row,) = [one for one in done(town.hub("place", "list", "--json")).json if one["name"] == name]
        assert (row["kind"], row["jurisdiction"], row["legal_control"]) == ("endpoint", where, ["FR", "US"])
    assert town.hub("place", "add", name, "--jurisdiction", "EU", *said).code == 4


def test_a_zone_is_registered_retired_and_put_there_anew(town: Town) -> None:
    zone = f"north-{town.mark}"

    def listed() -> list[tuple[str, str]]:
        told = done(town.hub("place", "list", "--json")).json
        return [(one["kind"], one["jurisdiction"]) for one in told if one["name"] == zone]

    add = ("place", "add", zone, "--kind", "zone", "--jurisdiction", "FR", "--operator", "North")
    done(town.hub(*add))
    assert listed() == [("zone", "FR")]
    assert done(town.hub("place", "retire", zone, "--json")).json == {"name": zone, "retired": True}
    assert (listed(), town.hub("place", "retire", zone).code) == ([], 5)
    done(town.hub(*add))
    assert listed() == [("zone", "FR")]
    assert town.hub("place", "retire", "main").code == 4  # a site can't do without itself
    nobody_says = town.hub("place", "add", f"far-{town.mark}", "--jurisdiction", "FR", "--operator", "Far")
    assert (nobody_says.code, "--legal-control" in nobody_says.err + nobody_says.out) == (4, True)


def test_an_endpoint_says_what_it_serves_and_that_is_written_down(town: Town, tmp_path: Path) -> None:
    name = f"far-{town.mark}"
    done(town.hub("place", "add", name, "--jurisdiction", "FR", "--operator", "Far", "--legal-control", "FR"))
    with model_server.run(tmp_path / "m.sock") as socket:
        rows = done(town.hub("place", "serves", name, str(socket), "--json")).json
        assert [(one["model"], one["known"]) for one in rows] == [("hashing-embedder", False), ("quoting-chat", False)]
        assert town.hub("place", "serves", f"no-{name}", str(socket)).code == 5
    assert town.hub("place", "serves", name, str(socket)).code == 7


def test_what_residency_refused_is_listed_with_place_and_rule(told: Town) -> None:
    far = f"far-{told.mark}"
    tags = ("--store-in", "DE", "--process-in", "DE", "--access-from", "US", "--purpose", "research")
    owner = ("--owner", f"board-{told.mark}", "--classification", "internal")
    done(told.hub("dataset", "add", far, "--title", "Far", *tags, *owner))
    done(told.hub("grant", "add", far, "--person", told.ada, "--purpose", "research"))
    assert told.ask().code == 0  # of the datasets she may ask, one is out of her place
    rows = done(told.hub("residency", "violations", "--dataset", far, "--json")).json
    assert sorted((one["door"], one["rule"], one["place"], one["datasets"]) for one in rows) == [
        ("session", "query.person-outside-access-from", "DE", [far]),
        ("session", "query.session-outside-access-from", "main-zone", [far]),
    ]
    said = " ".join(done(told.hub("residency", "violations", "--door", "session")).out.split())
    assert "query.person-outside-access-from" in said
    assert done(told.hub("residency", "violations", "--dataset", told.dataset, "--json")).json == []


def test_what_other_tags_would_break_is_told_before_they_are_made(told: Town) -> None:
    abroad = ("--dataset", told.dataset, "--access-from", "FR")
    said = told.hub("residency", "preview", *abroad)
    assert (said.code, "1 of 1 who hold a grant in DE could no longer ask." in " ".join(said.out.split())) == (1, True)
    (effect,) = told.hub("residency", "preview", *abroad, "--json").json
    assert effect["stranded"] == [{"jurisdiction": "DE", "people": 1, "held": 1}]
    same = told.hub("residency", "preview", "--dataset", told.dataset, "--access-from", "EU")
    assert (same.code, "Nothing that works today" in same.out) == (0, True)
    assert told.ask().code == 0


def test_what_another_place_of_a_part_would_break_is_told(told: Town) -> None:
    site = done(told.hub("residency", "report", "--json")).json["report"]["hub"]["site"]
    found = told.hub("residency", "preview", "--part", site, "--jurisdiction", "US", "--json")
    assert found.code == 1
    assert told.dataset in {one["slug"] for one in found.json}
    for wrong in ((), ("--part", site), ("--dataset", told.dataset, "--part", site, "--jurisdiction", "US")):
        assert told.hub("residency", "preview", *wrong).code == 4


def test_a_report_is_printed_or_written_as_a_file(told: Town, tmp_path: Path) -> None:
    whole = done(told.hub("residency", "report", "--since", "2026-01-01", "--json")).json
    assert told.dataset in {one["slug"] for one in whole["report"]["datasets"]}
    page = tmp_path / "report.html"
    done(told.hub("residency", "report", "--format", "html", "--language", "de", "--out", str(page)))
    assert page.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="de">')
    assert done(told.hub("residency", "report", "--format", "csv")).out.startswith("section,at,dataset,")
    assert told.hub("residency", "report", "--since", "2026-02-01", "--until", "2026-01-01").code != 0


def test_an_explanation_says_what_would_change_it(told: Town) -> None:
    asked = ("--person", told.mia, "--dataset", told.dataset, "--purpose", "research")
    said = " ".join(done(told.hub("policy", "explain", *asked)).out.split())
    assert "What would change it, all of it together: The owner gives a grant for research" in said
