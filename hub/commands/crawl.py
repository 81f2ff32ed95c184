"""`hub eval crawl`: lets adversaries loose on a throw-away hub, and says what they got."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.errors import SettingsError
from hub.commands.output import UNEXPECTED, counted, errors, say, show_json, show_table

if TYPE_CHECKING:
    from hub.evaluation.crawl.stage import Generator

_RECORDS = 2_000


def crawl(  # one option per measure of the attack
    records: Annotated[
        int | None,
        typer.Option(min=20, max=100_000, help="Records in each corpus, 400 characters each: 2,000; honest: 10,000."),
    ] = None,
    questions: Annotated[int, typer.Option(min=10, max=1_000_000, help="Questions of each attack.")] = 1_000,
    days: Annotated[int, typer.Option(min=0, max=300, help="Windows that may begin anew.")] = 10,
    colluders: Annotated[str, typer.Option(help="Comma-separated numbers of colluders.")] = "2,5,10,25",
    search: Annotated[bool, typer.Option("--search", help="Attack the search instead of the questions.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same attacks.")] = 7,
    picture: Annotated[Path | None, typer.Option(help="Write the curves here, as SVG.")] = None,
    results: Annotated[
        Path | None, typer.Option(help="Keep each attack's figures here as they come, and go on from there.")
    ] = None,
    honest: Annotated[
        bool, typer.Option("--honest", help="Measure instead what the default budgets cost twenty honest people.")
    ] = False,
    only: Annotated[str, typer.Option(help="Comma-separated adversaries, such as A4,A6; none: all.")] = "",
    minutes: Annotated[int | None, typer.Option(min=1, help="Begin no attack after so long.")] = None,
    generator: Annotated[
        str, typer.Option(help="What writes the answers: echo, or local, the hub's own model (seconds a question).")
    ] = "echo",
    agent_questions: Annotated[
        int, typer.Option(min=1, help="Questions of the agent, each written by the hub's model.")
    ] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let adversaries crawl a made-up corpus through the API, with and without budgets; on a throw-away hub.

    Ends with another exit code where the bound is broken, and where an adversary without a defence gets so little that
    the benchmark proves nothing about it.

    Example: hub eval crawl --results crawl.jsonl --picture crawl.svg --json
    """
    from hub.evaluation.crawl import results as kept
    from hub.evaluation.crawl import run
    from hub.evaluation.crawl.plan import Plan
    from hub.evaluation.throwaway import hub_to_measure

    if honest:
        _honest(seed, records)
        return
    records = records or _RECORDS
    wanted = [int(number) for number in colluders.split(",") if number.strip()]
    plan = Plan(
        seed=seed,
        records=records,
        questions=questions,
        days=days,
        colluders=wanted,
        searching=search,
        generator=_generator(generator),
        agent_questions=agent_questions,
    )
    begin = [name.strip() for name in only.split(",") if name.strip()]
    holding = kept.Results(plan=asdict(plan), path=results)
    until = time.monotonic() + minutes * 60 if minutes else float("inf")
    with hub_to_measure(own=True):
        result: Any = run.measure(plan, holding, _attacks, only=begin, until=until, note=_noted)
    _tell(result, seed, picture, as_json=as_json)


def _tell(result: dict[str, Any], seed: int, picture: Path | None, *, as_json: bool) -> None:
    from hub.evaluation.crawl.picture import svg

    if picture is not None:
        picture.write_text(svg(result["attacks"]), encoding="utf-8")
    if as_json:
        show_json(result)
    else:
        columns = ("adversary", "arm", "questions", "days", "chunk_coverage", "verbatim_coverage", "questions_to_half")
        say(f"Seed {seed}: {counted(result['violations'], 'violation')} of the bound.")
        show_table(result["attacks"], columns=columns, empty="Nothing was attacked.")
    for name in result["blind"]:
        say(f"Blind for {name}: without a defence it gets less than its yardstick.", style="red", to=errors)
    if result["violations"] or result["failed"] or result["blind"]:
        raise typer.Exit(UNEXPECTED)


def _honest(seed: int, records: int | None) -> None:
    from hub.evaluation.crawl import honest
    from hub.evaluation.crawl.stage import stage
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure(own=True), stage(seed=seed, records=records or honest.RECORDS, searching=False) as at:
        result = honest.measure(at, lambda line: say(line, to=errors))
    show_json(result)
    if not all(arm["met"] for arm in result["arms"].values()):
        raise typer.Exit(UNEXPECTED)


def _attacks(done: int, total: int, name: str, result: "dict[str, Any] | None") -> None:
    """Say on standard error that an attack begins, and what it came to: into a pipe too, for one takes minutes."""
    if result is None:
        say(f"{done} of {total}: {name} …", to=errors)
        return
    if "failed" in result:
        say(f"{done} of {total}: {name}: broke off ({result['failed']})", style="red", to=errors)
        return
    coverage, broken = result["chunk_coverage"], counted(len(result["violations"]), "violation")
    asked = counted(result["questions"], "question")
    say(f"{done} of {total}: {name}: {coverage:.1%} in {asked}, {broken}, {result['seconds']:.0f} s", to=errors)


def _noted(line: str) -> None:
    say(line, to=errors)


def _generator(word: str) -> "Generator":
    from hub.evaluation.crawl.stage import Generator

    try:
        return Generator(word)
    except ValueError:
        raise SettingsError(f"'{word}' writes no answers. Give one of: {', '.join(Generator)}.") from None
