"""`hub eval`: measures retrieval and document handling through the real path."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.errors import SettingsError
from hub.commands.bars import progress_bar
from hub.commands.crawl import crawl
from hub.commands.output import UNEXPECTED, counted, errors, say, show_json, show_table

if TYPE_CHECKING:
    from catalog.chunks import SearchMode

app = typer.Typer(no_args_is_help=True, help="Measure the hub; uses the running hub, or a throw-away one.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Bar:
    """One progress bar whose words change with the phase."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, Any] = {}

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show `done` of `total`."""
        if phase not in self._tasks:
            self._tasks[phase] = self._bar.add_task(phase, total=total)
        self._bar.update(self._tasks[phase], completed=done, total=total)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return progress_bar(*columns)


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl, queries.jsonl, qrels.tsv.")],
    modes: Annotated[str, typer.Option(help="Comma-separated: lexical, dense, hybrid.")] = "lexical,dense,hybrid",
    k: Annotated[int, typer.Option("--k", min=10, max=100, help="How deep to rank.")] = 100,
    as_json: Json = False,
) -> None:
    """Rank a judged corpus: nDCG@10, recall@10, recall@100 for each mode.

    Example: hub eval retrieval ./sets/cranfield --modes lexical,hybrid --json
    """
    from hub.evaluation.retrieval import evaluate, read_set
    from hub.evaluation.throwaway import hub_to_measure

    wanted = _modes(modes)
    judged = read_set(folder)
    with hub_to_measure(), _progress() as bar:
        result: Any = evaluate(judged, wanted, depth=k, tell=Bar(bar))
    if as_json:
        show_json(result)
        return
    rows = [{"mode": mode, **measures} for mode, measures in result["modes"].items()]
    say(f"{result['set']}: {counted(result['documents'], 'document')}, {counted(result['queries'], 'question')}")
    show_table(rows, columns=("mode", "ndcg@10", "recall@10", "recall@100"), empty="No mode was measured.")


@app.command()
def documents(
    manifest: Annotated[Path, typer.Argument(help="CSV with path, format, expected_outcome, must_contain, …")],
    as_json: Json = False,
) -> None:
    """Hand a manifest's files in and compare each outcome with what its row expects; a wrong reason is a miss.

    Example: hub eval documents ./documents/manifest.csv --json
    """
    from hub.evaluation.reading import evaluate_manifest
    from hub.evaluation.throwaway import hub_to_measure

    with hub_to_measure(), _progress() as bar:
        show = Bar(bar)
        result: Any = evaluate_manifest(manifest, lambda s: show("Taking in", s.submitted - s.waiting, s.submitted))
    if as_json:
        show_json(result)
        return
    say(f"{result['as_expected']} of {result['rows']} files ended as expected.")
    show_table(result["unexpected"], columns=("path", "expected", "got", "why"), empty="No file ended otherwise.")


app.command()(crawl)


@app.command()
def leak(
    comparisons: Annotated[int, typer.Option(min=1, max=100_000_000, help="How many in all.")] = 10_000,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed, the same comparisons; none: that of the proof.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Keep the counts here after each round, and go on from there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Let everybody try everything while the law changes, beside a plain oracle; on a throw-away hub.

    One comparison is what came to one person, for one purpose, at one instant, by one way of reading. Each round is a
    world of its own, some thousand comparisons, and is never cut short: the last one may count a few more.

    Example: hub eval leak --comparisons 1000000 --results leak.json --json
    """
    from hub.evaluation.leak.ground import databases
    from hub.evaluation.leak.run import SEED, Tally, run
    from hub.evaluation.throwaway import hub_to_measure

    def show(tally: Tally) -> None:
        so_far = f"{counted(tally.done, 'comparison')}, {counted(tally.differences, 'difference')}"
        say(f"Seed {tally.seed}, round {tally.rounds}: {so_far}, {tally.seconds:.0f} s", to=errors)

    with hub_to_measure(own=True), databases() as opened:
        tally = run(opened, wanted=comparisons, seed=SEED if seed is None else seed, path=results, tell=show)
    if as_json:
        show_json(tally.figures())
    else:
        rows = [
            {"way of reading": name, "comparisons": n, "not empty": tally.shown[name]}
            for name, n in tally.comparisons.items()
        ]
        show_table(rows, columns=("way of reading", "comparisons", "not empty"), empty="Nothing was compared.")
        say(f"Seed {tally.seed}: {counted(tally.done, 'comparison')}, {counted(tally.differences, 'difference')}.")
    for line in tally.told:
        say(line, style="red", to=errors)
    if tally.differences:
        raise typer.Exit(UNEXPECTED)


def _modes(words: str) -> "list[SearchMode]":
    from catalog.chunks import SearchMode

    try:
        return [SearchMode(word.strip()) for word in words.split(",")]
    except ValueError:
        raise SettingsError(f"'{words}' are not modes. Give some of: {', '.join(SearchMode)}.") from None
