"""`hub residency`: what the law of places refused, and what lies where it may not any more."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from catalog.vocabulary import Door
from hub.commands.output import show_json, show_table

app = typer.Typer(no_args_is_help=True, help="Residency: what the law of places refused.")
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
