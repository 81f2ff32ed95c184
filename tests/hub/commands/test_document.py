"""Documents at the command line: stricter from the start or later, held and decided, and what lies out of place."""

from pathlib import Path

import pytest

from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done


def hand_in(told: Town, folder: Path, name: str, words: str, *more: str) -> dict[str, object]:
    (folder / name).write_text(words)
    said = done(told.hub("ingest", str(folder / name), "--dataset", told.dataset, *more, "--json")).json
    (only,) = said["documents"]
    return dict(only)


def states(told: Town) -> dict[str, str]:
    found = done(told.hub("document", "list", told.dataset, "--json")).json
    return {one["name"]: one["state"] for one in found}


def test_a_document_is_stricter_from_the_start_or_later_and_has_its_datasets_tags_again(
    told: Town, tmp_path: Path
) -> None:
    words = f"The lighthouse {told.mark} was painted in {told.mark} red by a painter of {told.mark} fame."
    assert hand_in(told, tmp_path, "light.txt", words, "--classification", "secret")["state"] == "published"
    asked = ("search", f"lighthouse {told.mark} painted", "--as", told.ada, "--json")
    here = ("light.txt", "--dataset", told.dataset)
    assert "light.txt" not in told.hub(*asked).out
    done(told.hub("document", "tag", *here))
    assert "light.txt" in done(told.hub(*asked)).out
    said = done(told.hub("document", "tag", *here, "--classification", "restricted", "--access-from", "DE"))
    assert "classification restricted, access_from DE" in " ".join(said.out.split())
    assert "light.txt" not in told.hub(*asked).out
    (own,) = [one["tags"] for one in done(told.hub("document", "list", told.dataset, "--json")).json
              if one["name"] == "light.txt"]  # fmt: skip
    assert (own["classification"], own["access_from"], own["store_in"]) == ("restricted", ["DE"], None)


@pytest.mark.parametrize(
    ("looser", "words"),
    [
        (("--classification", "public"), "Write internal or restricted or secret"),
        (("--access-from", "US"), "does not lie within EU"),
        (("--store-in", "Bavaria"), "neither a place nor a group"),
    ],
)
def test_looser_and_unknown_tags_are_refused_in_words(
    told: Town, tmp_path: Path, looser: tuple[str, str], words: str
) -> None:
    (tmp_path / "a.txt").write_text("words")
    for command in (
        ("ingest", str(tmp_path / "a.txt")),
        ("document", "tag", next(iter(states(told)))),
    ):
        said = told.hub(*command, "--dataset", told.dataset, *looser)
        assert said.code == 4
        assert words in " ".join((said.err + said.out).split())
    assert "a.txt" not in states(told)


def test_a_held_document_is_listed_with_its_reason_and_released_or_refused(told: Town, tmp_path: Path) -> None:
    marked = f"SECRET\n\nThe signal {told.mark} of the {told.mark} pilots is a {told.mark} lamp."
    for name in ("one.txt", "two.txt"):
        held = hand_in(told, tmp_path, name, f"{marked} {name}")
        assert (held["state"], held["reason"]) == ("held", "marked")
    said = done(told.hub("document", "list", told.dataset, "--state", "held")).out
    assert "A marking printed in it asks for secret" in " ".join(said.split())
    why = ("--dataset", told.dataset, "--reason", "A test decides")
    done(told.hub("document", "release", "one.txt", *why, "--classification", "secret"))
    assert done(told.hub("document", "refuse", "two.txt", *why, "--json")).json["refused"] == "two.txt"
    hand_in(told, tmp_path, "last.txt", f"Any other {told.mark} thing, so that the queue is waited for.")
    assert (states(told)["one.txt"], states(told)["two.txt"]) == ("published", "refused")
    again = told.hub("document", "refuse", "two.txt", *why)
    assert (again.code != 0, "not held" in again.err + again.out) == (True, True)
    assert told.hub("document", "release", "none.txt", *why).code != 0


def test_what_lies_out_of_place_is_listed_by_place_and_rule(told: Town) -> None:
    name = next(iter(states(told)))
    mine = [one for one in done(told.hub("residency", "out-of-place", "--json")).json if one["dataset"] == told.dataset]
    assert mine == []
    done(told.hub("document", "tag", name, "--dataset", told.dataset, "--store-in", "DE-BY"))
    (found,) = [one for one in done(told.hub("residency", "out-of-place", "--json")).json
                if one["dataset"] == told.dataset]  # fmt: skip
    assert found["name"] == name
    assert {one["rule"] for one in found["breaches"]} == {
        "ingest.database-outside-store-in",
        "ingest.store-outside-store-in",
    }
    assert all("Bavaria" not in one["reason"] and one["reason"].endswith(".") for one in found["breaches"])
    assert name in done(told.hub("residency", "out-of-place")).out
    assert told.ask().code != 0 or name not in told.ask("--json").out
    done(told.hub("document", "tag", name, "--dataset", told.dataset))  # the town is others' too
    assert [
        one for one in done(told.hub("residency", "out-of-place", "--json")).json if one["dataset"] == told.dataset
    ] == []
