"""The command line as a whole: every command explains itself, starts at once, and has JSON of a known shape."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main

from hub.cli import app
from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done, hub

#: Runs in the foreground and talks to a person: it has nothing to hand to a program.
WITHOUT_JSON = {"demo run"}
REPOSITORY = Path(__file__).parents[3]


def walk(command: click.Command, *names: str) -> Iterator[tuple[str, click.Command]]:
    inner: dict[str, click.Command] = getattr(command, "commands", {})
    if not inner:
        yield " ".join(names), command
    for name, one in inner.items():
        yield from walk(one, *names, name)


COMMANDS = dict(walk(typer.main.get_command(app)))
GROUPS = sorted({name.partition(" ")[0] for name in COMMANDS if " " in name})


def test_the_commands_the_hub_is_known_by_are_there() -> None:
    first = {name.split()[0] for name in COMMANDS}
    named = "up down status doctor migrate models dataset person grant ingest search ask audit eval db".split()
    assert set(named) <= first


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example_that_names_it(name: str, tmp_path: Path) -> None:
    said = hub(tmp_path, *name.split(), "--help", COLUMNS="200")
    assert said.code == 0
    text = " ".join(said.out.split())
    assert "Example: hub " in text
    assert name.rsplit(maxsplit=1)[-1] in text.split("Example: hub ", 1)[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_speak_json(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert ("--json" in options) == (name not in WITHOUT_JSON)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_says_what_it_is(name: str) -> None:
    silent = [one.name for one in COMMANDS[name].params if not getattr(one, "help", None) and one.name != "help"]
    assert silent == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_alone_shows_what_there_is(group: str, tmp_path: Path) -> None:
    said = hub(tmp_path, group)
    text = said.out + said.err
    assert all(name.removeprefix(f"{group} ") in text for name in COMMANDS if name.startswith(f"{group} "))


@pytest.mark.parametrize(
    "wrong", [("nonsense",), ("ask",), ("ask", "x", "--purpose", "fun"), ("audit", "--limit", "0")]
)
def test_a_mistake_on_the_command_line_is_code_two(wrong: tuple[str, ...], tmp_path: Path) -> None:
    assert hub(tmp_path, *wrong).code == 2


ASKS_WHY = sorted(name for name, one in COMMANDS.items() if any(p.name == "reason" and p.required for p in one.params))


def test_what_ends_something_asks_why() -> None:
    ends = ("db remove-backup", "document refuse", "document release", "dataset withdraw", "grant revoke")
    assert sorted(ends) == ASKS_WHY


@pytest.mark.parametrize("name", ASKS_WHY)
@pytest.mark.parametrize("why", ["", "  ", "y ", "y" * 301])
def test_a_reason_that_says_nothing_is_none(name: str, why: str, tmp_path: Path) -> None:
    of = {"grant revoke": ("7b4f1f62-0000-4000-8000-000000000000",)}.get(name, ("x",))
    said = hub(tmp_path / "absent", *name.split(), *of, *(("--dataset", "x") if "document" in name else ()),
               "--reason", why)  # fmt: skip
    assert (said.code, "3 to 300 characters" in " ".join(said.err.split())) == (2, True), said


NEEDS_A_HUB: dict[str, tuple[str, ...]] = {
    "down": (), "status": (), "dataset list": (), "dataset withdraw": ("x", "--reason", "old"), "person list": (),
    "person token": ("x",), "grant list": (), "audit": (), "ask": ("Who?", "--as", "x"), "db size": (), "db check": (),
    "search": ("Who?", "--as", "x"), "ingest": (".", "--dataset", "x"), "demo load": (), "demo questions": (),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDS_A_HUB)
def test_without_a_data_folder_a_command_says_so_and_makes_none(name: str, tmp_path: Path) -> None:
    said = hub(tmp_path / "absent", *name.split(), *NEEDS_A_HUB[name])
    assert said.code == 4, said
    assert "There is no hub in" in said.err
    assert "hub up" in said.err
    assert not (tmp_path / "absent").exists()
    assert "Traceback" not in said.err


@pytest.mark.parametrize("heavy", ["llama_index", "openai", "openvino", "sentence_transformers", "torch", "minio"])
def test_the_trail_and_the_status_wait_for_no_model_library(heavy: str) -> None:
    program = f"import sys, hub.local, hub.commands.audit, hub.commands.stack; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False).returncode == 0


@pytest.mark.parametrize("heavy", ["llama_index", "openai", "sqlalchemy", "openvino", "cedarpy", "pydantic_settings"])
def test_help_loads_no_heavy_library(heavy: str) -> None:
    program = f"import sys, hub.cli; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False).returncode == 0


def test_asking_shows_a_stage_within_a_second(told: Town) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "ask", "Who?", "--as", told.ada], cwd=REPOSITORY, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, env={**os.environ, "HUB_DATA_DIR": str(told.root)}, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline() == "Checking who asks …\n"
        ticks = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        assert sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") < 1
        process.communicate()


# the shape of what each command hands to a program

EVENT = {"id", "at", "type", "actor", "agent", "object", "dataset_ids", "decision_id", "detail"}
PART = {"name", "state", "pid", "since", "restarts", "processes", "memory_bytes", "walls", "missing", "why"}
CARD = {
    "id", "slug", "title", "description", "listed", "classification", "purposes", "store_in", "process_in",
    "access_from",
}  # fmt: skip


def first(rows: list[dict[str, Any]]) -> set[str]:
    assert rows
    return set(rows[0])


def test_json_of_status(told: Town) -> None:
    found = done(told.hub("status", "--json")).json
    assert {"data_dir", "up", "site", "jurisdiction", "parts", "memory_bytes", "served", "advice"} <= set(found)
    assert first(found["parts"]) == PART
    assert (found["up"], found["site"], found["jurisdiction"]) == (True, "main", "DE")
    assert [part["name"] for part in found["parts"]] == ["postgres", "model", "parser", "worker"]


def test_json_of_doctor(told: Town) -> None:
    found = told.hub("doctor", "--json").json
    assert set(found) == {"fit", "findings"}
    assert first(found["findings"]) == {"name", "verdict", "found", "wanted", "remedy"}


def test_json_of_the_lists(told: Town) -> None:
    rows = done(told.hub("dataset", "list", "--json")).json
    assert first(rows) == {"dataset", "documents"}
    mine = next(row for row in rows if row["dataset"]["slug"] == told.dataset)
    assert set(mine["dataset"]) == CARD
    assert mine["documents"] == 1
    people = done(told.hub("person", "list", "--json")).json
    assert first(people) == {"id", "slug", "name", "organisation_id", "jurisdiction", "clearance", "behind_id", "kind"}
    grants = done(told.hub("grant", "list", "--json")).json
    assert {"id", "dataset", "person", "purpose", "starts_at", "ends_at", "revoked_at"} <= first(grants)
    assert done(told.hub("models", "list", "--json")).json == []
    assert first(done(told.hub("db", "size", "--json")).json) == {"table", "rows", "size"}


def test_json_of_the_trail(told: Town) -> None:
    rows = done(told.hub("audit", "--limit", "3", "--json")).json
    assert len(rows) == 3
    assert first(rows) == EVENT


def test_json_of_the_database_check(told: Town) -> None:
    assert done(told.hub("db", "check", "--json")).json == {"differences": []}


def test_json_of_an_answer(told: Town) -> None:
    found = done(told.ask("--json")).json
    assert set(found) == {"took_s", "answer"}
    told_of = {"text", "citations", "passages", "label", "store_in", "process_in", "left_out", "apart", "cut"}
    assert set(found["answer"]) == told_of | {"decision_id", "model", "endpoint"}
    (citation,) = found["answer"]["citations"]
    assert set(citation) == {"number", "passage", "quote"}
    assert citation["passage"]["document_name"] == "rules.md"


def test_json_of_a_refusal(told: Town) -> None:
    said = told.ask("--json", person=told.mia)
    assert said.code == 3
    assert set(said.json) == {"took_s", "refusal"}
    assert set(said.json["refusal"]) == {"kind", "message", "refills_at", "shut_from_here"}
    assert said.json["refusal"]["kind"] == "not-permitted"
    assert said.err == ""


def test_json_of_a_search(told: Town) -> None:
    found = done(told.hub("search", "breakwaters", "--as", told.ada, "--json")).json
    assert set(found) == {"passages", "left_out", "refills_at", "decision_id", "facets"}
    assert {"body", "heading", "document_name", "dataset_slug", "first_page", "charged"} <= first(found["passages"])


def test_json_of_an_ingest(told: Town, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ten knots are allowed outside the breakwaters.")
    (tmp_path / "b.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    found = done(told.hub("ingest", str(tmp_path), "--dataset", told.dataset, "--json")).json
    assert set(found) == {"took_s", "handed_in", "documents"}
    assert set(found["handed_in"]) == {"submission_id", "files", "unchanged", "size_bytes", "unreadable"}
    assert first(found["documents"]) == {"name", "state", "reason", "detail"}
    assert {row["name"]: row["state"] for row in found["documents"]} == {"a.txt": "published", "b.zip": "refused"}


def test_json_of_what_is_registered(town: Town) -> None:
    given = done(town.hub("grant", "add", town.dataset, "--purpose", "research", "--person", town.ada, "--json")).json
    assert set(given) == {"id", "ends_at"}
    revoked = done(town.hub("grant", "revoke", given["id"], "--reason", "test", "--json")).json
    assert revoked == {"revoked": given["id"]}
    withdrawn = done(town.hub("dataset", "withdraw", town.dataset, "--reason", "test", "--json")).json
    assert withdrawn == {"withdrawn": town.dataset}
    token = done(town.hub("person", "token", town.ada, "--json")).json
    assert set(token) == {"token"}
    assert token["token"].count(".") == 2
    assert done(town.hub("migrate", "--json")).json == {"migrated": True}


def test_json_of_an_error(told: Town) -> None:
    said = told.hub("ask", "Who?", "--as", "nobody-at-all", "--json")
    assert said.code == 5
    assert said.out == ""
    assert set(json.loads(said.err)) == {"error", "message"}
