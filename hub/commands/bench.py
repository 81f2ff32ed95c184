"""`hub bench`: what the hub does per second here, beside its peers and limits."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.commands.bars import progress_bar
from hub.commands.evaluation import Bar
from hub.commands.output import console, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Measure speed, side by side with a peer or a limit.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def disclose(
    questions: Annotated[int, typer.Option(min=10, max=10_000, help="Questions asked with and without.")] = 200,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often the crowd reads; the median counts.")] = 3,
    organisations: Annotated[int, typer.Option(min=1, max=64, help="How many the crowd belongs to.")] = 8,
    as_json: Json = False,
) -> None:
    """Measure what disclosure adds to a question and how many a second 64 people get; on a throw-away hub.

    Example: hub bench disclose --questions 200 --json
    """
    from hub.evaluation.bench import disclosure
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure(own=True):
        _show(disclosure.measure(questions=questions, rounds=rounds, organisations=organisations), as_json=as_json)


@app.command()
def doors(
    people: Annotated[int, typer.Option(min=1, max=500, help="How many ask at once.")] = 50,
    questions: Annotated[int, typer.Option(min=10, max=100_000, help="How many are asked in all.")] = 2_000,
    warm_up: Annotated[int, typer.Option(min=1, max=10_000, help="Questions before times and memory count.")] = 800,
    model_s: Annotated[float, typer.Option(min=0, max=60, help="How long the echo takes to write an answer.")] = 3.0,
    as_json: Json = False,
) -> None:
    """Let a crowd ask over the API's socket with an echo for a model; on a throw-away hub.

    Example: hub bench doors --people 50 --questions 2000 --json
    """
    from hub.evaluation.bench import doors as asking
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure(own=True), progress_bar() as bar:
        result = asking.measure(people=people, questions=questions, warm_up=warm_up, model_s=model_s, tell=Bar(bar))
    _show(result, as_json=as_json)


@app.command()
def embed(
    texts: Annotated[int, typer.Option(min=16, max=100_000, help="How many texts.")] = 512,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often each side; the median counts.")] = 3,
    corpus: Annotated[Path | None, typer.Option(help="A corpus.jsonl to take them from; else made up.")] = None,
    as_json: Json = False,
) -> None:
    """Count texts a second over the model server, beside sentence-transformers' default on the same weights.

    Example: hub bench embed --texts 512 --json
    """
    from hub.evaluation.bench import embedding
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure():
        _show(embedding.measure(count=texts, rounds=rounds, corpus=corpus), as_json=as_json)


@app.command()
def scope(
    datasets: Annotated[int, typer.Option(min=1, max=20_000, help="How many datasets.")] = 2_000,
    laws: Annotated[int, typer.Option(min=1, max=200, help="How many different laws they stand under.")] = 200,
    decisions: Annotated[int, typer.Option(min=20, max=10_000, help="How many decisions are timed.")] = 200,
    as_json: Json = False,
) -> None:
    """Measure how long it takes to decide what one person may ask; on a throw-away hub.

    Example: hub bench scope --datasets 2000 --laws 200 --json
    """
    from hub.evaluation.bench import scope as deciding
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure(own=True), progress_bar() as bar:
        result = deciding.measure(count=datasets, laws=laws, decisions=decisions, tell=Bar(bar))
    _show(result, as_json=as_json)


@app.command()
def search(
    sizes: Annotated[str, typer.Option(help="Comma-separated numbers of chunks.")] = "10000,50000",
    questions: Annotated[int, typer.Option(min=10, max=10_000, help="Questions at each size and share.")] = 100,
    as_json: Json = False,
) -> None:
    """Measure time and recall of a search by size and by the share one may see; on a throw-away hub.

    Example: hub bench search --sizes 10000,50000 --json
    """
    from hub.evaluation.bench import search as searching
    from hub.evaluation.throwaway import hub_to_measure

    wanted = [int(size) for size in sizes.split(",")]
    with hub_to_measure(own=True), progress_bar() as bar:
        result = searching.measure(wanted, questions=questions, tell=Bar(bar))
    _show(result, as_json=as_json)


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(result)
        return
    console.print(f"bench {result['bench']}")
    rows = [{"figure": name, "found": value} for name, value in _flat(result, "")]
    show_table(rows, columns=("figure", "found"), empty="Nothing was measured.")


def _flat(value: object, name: str) -> list[tuple[str, object]]:
    match value:
        case dict():
            return [row for key, item in value.items() for row in _flat(item, f"{name} {key}".strip())]
        case list() if value and isinstance(value[0], dict):
            return [row for number, item in enumerate(value) for row in _flat(item, f"{name} {number}".strip())]
        case _:
            return [(name, value)]
