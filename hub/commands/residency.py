"""`hub residency`: what the law of places refused or would, what lies out of place, and the report of a period."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.errors import SettingsError
from catalog.vocabulary import Classification, Door, Purpose
from hub.commands.output import UNEXPECTED, say, show_json, show_table
from hub.report.format import Format
from hub.report.wording import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.effects import Effect

app = typer.Typer(
    no_args_is_help=True,
    help="Residency: what the law of places refused, what a change would break, and a report to sign.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(name="out-of-place")
def out_of_place(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 1_000,
    as_json: Json = False,
) -> None:
    """List documents that lie where their tags don't allow it any more: shut until they are moved or erased.

    Example: hub residency out-of-place --json
    """
    from catalog import out_of_place as kept
    from catalog.policy.facts import reason, surroundings
    from hub.local import api_settings, data_folder, operator_session

    settings = api_settings(data_folder())
    with operator_session() as session:
        found = kept.every(session, surroundings(session, settings, sealed=settings.sealed), limit=limit)
    if as_json:
        show_json(
            [
                {**vars(one), "breaches": [{**vars(each), "reason": reason(each.rule)} for each in one.breaches]}
                for one in found
            ]
        )
        return
    rows = [
        {
            "dataset": one.dataset,
            "document": one.name,
            "place": sorted({each.place for each in one.breaches}),
            "rule": [each.rule for each in one.breaches],
        }
        for one in found
    ]
    show_table(rows, columns=("dataset", "document", "place", "rule"), empty="Every document lies where it may.")


@app.command()
def violations(
    dataset: Annotated[str | None, typer.Option(help="Only this dataset.")] = None,
    door: Annotated[Door | None, typer.Option(help="Only this door.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
    as_json: Json = False,
) -> None:
    """List what residency refused, newest first: at which door, by which rule, for which place, and who tried.

    Example: hub residency violations --dataset rivers --since 2026-11-01
    """
    from catalog import datasets, people
    from catalog import violations as kept
    from catalog.policy.facts import reason
    from hub.local import operator_session

    with operator_session() as session:
        found = kept.newest(
            session,
            limit=limit,
            dataset_id=datasets.find(session, dataset).id if dataset else None,
            door=door,
            since=since.replace(tzinfo=UTC) if since else None,
        )
        names = {f"person:{one.id}": one.slug for one in people.everyone(session)}
        slugs = {card.id: card.slug for card, _ in datasets.every(session)}
    if as_json:
        show_json(
            [
                {**vars(one), "datasets": [slugs[i] for i in one.dataset_ids], "reason": reason(one.rule)}
                for one in found
            ]
        )
        return
    rows = [
        {
            "at": f"{one.at:%Y-%m-%d %H:%M:%S}",
            "datasets": [slugs[i] for i in one.dataset_ids],
            "door": one.door,
            "place": one.place,
            "rule": one.rule,
            "who": names.get(one.actor, one.actor),
        }
        for one in found
    ]
    show_table(
        rows,
        columns=("at", "datasets", "door", "place", "rule", "who"),
        empty="Residency refused nothing of that kind.",
    )


@app.command()
def preview(  # each is one tag, or a fact of a place
    dataset: Annotated[str | None, typer.Option(help="The dataset that would be tagged otherwise.")] = None,
    classification: Annotated[Classification | None, typer.Option(help="Its classification then.")] = None,
    store_in: Annotated[list[str] | None, typer.Option(help="Where it might be stored then; repeat.")] = None,
    process_in: Annotated[list[str] | None, typer.Option(help="Where it might be used then; repeat.")] = None,
    access_from: Annotated[list[str] | None, typer.Option(help="From where it might be asked then; repeat.")] = None,
    no_law_of: Annotated[list[str] | None, typer.Option(help="Whose law may reach no operator then; repeat.")] = None,
    purpose: Annotated[list[Purpose] | None, typer.Option(help="What it would be offered for then; repeat.")] = None,
    part: Annotated[str | None, typer.Option(help="The part of this site that would stand elsewhere.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Where that part would stand.")] = None,
    under_law_of: Annotated[list[str] | None, typer.Option(help="Whose law would reach its operator; repeat.")] = None,
    as_json: Json = False,
) -> None:
    """Say what other tags of a dataset, or another place of a part, would break; nothing is changed.

    Exit code 1: something would.
    Example: hub residency preview --dataset rivers --access-from DE
    """
    from catalog.preview import Move, Retag, move, retag
    from hub.local import residency_session

    if (dataset is None) == (part is None) or (part is None) != (jurisdiction is None):
        raise SettingsError("Give either --dataset with its new tags, or --part with --jurisdiction.")
    with residency_session() as (session, here):
        if dataset:
            change = Retag(
                classification=classification,
                store_in=store_in,
                process_in=process_in,
                access_from=access_from,
                forbidden_legal_control=no_law_of,
                purposes=purpose,
            )
            found = [retag(session, here, dataset, change)]
        else:
            found = move(
                session, here, Move(name=str(part), jurisdiction=str(jurisdiction), legal_control=under_law_of)
            )  # fmt: skip
    if as_json:
        show_json([{**vars(one), "breaks": one.breaks} for one in found])
    else:
        _effects(found)
    if any(one.breaks for one in found):
        raise typer.Exit(UNEXPECTED)


def _effects(found: "Sequence[Effect]") -> None:
    if not any(one.breaks for one in found):
        say("Nothing that works today would stop working.")
    for one in found:
        say(f"{one.title} ({one.slug})")
        if one.out_of_place:
            again = ", as it does today" if one.already_out_of_place else ""
            say(f"  {one.documents} documents in {one.versions} versions would lie out of place{again}.")
        for rule in one.refusing:
            again = " [already today]" if rule.already else ""
            say(f"  {rule.reason} ({rule.rule}{f', {rule.place}' if rule.place else ''}){again}")
        for lost in one.stranded:
            say(f"  {lost.people} of {lost.held} who hold a grant in {lost.jurisdiction} could no longer ask.")


@app.command()
def report(  # what a report can be of
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day after it.")] = None,
    format: Annotated[Format, typer.Option(help="html is a page to print and sign.")] = Format.JSON,  # noqa: A002
    language: Annotated[Language, typer.Option(help="What the page is written in.")] = Language.ENGLISH,
    out: Annotated[Path | None, typer.Option(help="Write it there instead of printing it.")] = None,
    as_json: Json = False,
) -> None:
    """Tell of a period, else of the last month: the board, refusals, places with operators, and what was changed.

    Example: hub residency report --since 2026-10-01 --until 2026-11-01 --format html --out october.html
    """
    from catalog import report as reports
    from hub.local import residency_session
    from hub.report.written import written

    of_format = Format.JSON if as_json else format
    with residency_session() as (session, here):
        of = reports.period(session, *(day.replace(tzinfo=UTC) if day else None for day in (since, until)))
        reports.write_down(session, of, of_format)
        file = written(reports.gather(session, here, of), of_format, language)
    if out is None:
        typer.echo(file.text, nl=False)
        return
    out.write_text(file.text, encoding="utf-8")
    say(f"Written to {out}.")


@app.command()
def scan(as_json: Json = False) -> None:
    """Walk every store, table and file, and name each object that may not lie where it lies.

    Exit code 1: something lies out of place.
    Example: hub residency scan
    """
    from catalog import scan as scans
    from catalog.policy.facts import reason
    from catalog.sources import effective_tags
    from hub.local import data_folder, residency_session
    from hub.stack.backup import files
    from hub.stack.originals import originals

    folder = data_folder()
    with residency_session() as (session, here):
        labels, unlabelled = files(folder, datetime.now(UTC))
        store = originals(folder, here.store.name)
        found = scans.scan(session, here, store=store, labels=labels, unlabelled=unlabelled)
        new = scans.keep(session, found, scans.KINDS)
        slugs = {key: str(tags["slug"]) for key, tags in effective_tags(session).items()}
    told = [
        {**vars(one), "datasets": [slugs[key] for key in one.dataset_ids], "reason": reason(one.rule)} for one in found
    ]
    if as_json:
        show_json({"found": told, "new": new})
    else:
        columns = ("kind", "object", "datasets", "place", "tag", "rule")
        show_table(told, columns=columns, empty="Everything lies where it may.")
    if found:
        raise typer.Exit(UNEXPECTED)
