"""`hub dataset`: register and list datasets with their tags."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from catalog.vocabulary import Classification, Purpose
from hub.commands.output import say, show_json, show_table
from hub.commands.reason import Reason

if TYPE_CHECKING:
    from catalog.ceilings import Reach
    from catalog.public_metadata import Review

DAY_S: Final = 86_400
app = typer.Typer(no_args_is_help=True, help="Datasets and their tags.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Questions = Annotated[list[str], typer.Option(help="A question it answers, shown on its card; may be repeated.")]
Places = Annotated[list[str], typer.Option(help="ISO 3166 code or group (EU, EEA); may be repeated.")]
NewPlaces = Annotated[list[str] | None, typer.Option(help="ISO 3166 code or group (EU, EEA); may be repeated.")]


@app.command()
def add(  # one option per tag
    slug: Annotated[str, typer.Argument(help="Short name, for example hospital-registry.")],
    title: Annotated[str, typer.Option(help="Title as people read it.")],
    owner: Annotated[str, typer.Option(help="Organisation answerable for it.")],
    classification: Annotated[Classification, typer.Option(help="How sensitive.")],
    store_in: Places,
    process_in: Places,
    access_from: Places,
    purpose: Annotated[list[Purpose], typer.Option(help="What it may be used for; may be repeated.")],
    description: Annotated[str, typer.Option(help="What it holds.")] = "",
    forbid_legal_control: Annotated[
        list[str], typer.Option(help="Jurisdictions whose law must not reach an operator; may be repeated.")
    ] = [],  # noqa: B006  # typer copies it
    forbid_model_origin: Annotated[
        list[str], typer.Option(help="Places or groups no model that reads it may come from; may be repeated.")
    ] = [],  # noqa: B006  # typer copies it
    sample_question: Questions = [],  # noqa: B006  # typer copies it
    listed: Annotated[bool, typer.Option(help="Anyone signed in may see its card.")] = True,
    ceiling: Annotated[
        float | None, typer.Option(min=0.0001, max=1, help="Share all organisations together may ever read.")
    ] = None,
    window_characters: Annotated[int | None, typer.Option(min=1, help="Characters a person may read a day.")] = None,
    lifetime_characters: Annotated[int | None, typer.Option(min=1, help="Characters a person may ever read.")] = None,
    as_json: Json = False,
) -> None:
    """Register a dataset.

    Example: hub dataset add rivers --title "River levels" --owner ministry-of-water --classification internal
    --store-in DE --process-in DE --access-from EU --purpose research
    """
    from catalog import datasets
    from hub.local import operator_session

    given: dict[str, Any] = {
        "window_characters": window_characters,
        "lifetime_characters": lifetime_characters,
        "ceiling_share": Decimal(str(ceiling)) if ceiling else None,
    }
    budget = replace(datasets.BUDGETS[classification], **{name: one for name, one in given.items() if one})
    new = datasets.NewDataset(
        slug=slug, title=title, description=description, owner=owner, listed=listed, classification=classification,
        store_in=store_in, process_in=process_in, access_from=access_from,
        forbidden_legal_control=forbid_legal_control, forbidden_model_origins=forbid_model_origin, purposes=purpose,
        budget=budget, sample_questions=sample_question,
    )  # fmt: skip
    with operator_session() as session:
        added = datasets.register(session, new)
    if as_json:
        show_json({"id": added, "slug": slug, "budget": budget})
    else:
        say(
            f"Dataset {slug} is registered. One person may read {budget.window_characters:,} characters a day and "
            f"{budget.lifetime_characters:,} ever; all organisations together {budget.ceiling_share:.0%} of it."
        )


@app.command()
def change(  # one option per tag
    slug: Annotated[str, typer.Argument(help="Which dataset.")],
    classification: Annotated[Classification | None, typer.Option(help="How sensitive.")] = None,
    store_in: NewPlaces = None,
    process_in: NewPlaces = None,
    access_from: NewPlaces = None,
    purpose: Annotated[list[Purpose] | None, typer.Option(help="What it may be used for; may be repeated.")] = None,
    forbid_legal_control: Annotated[list[str] | None, typer.Option(help="As in `add`; NONE: no law.")] = None,
    forbid_model_origin: Annotated[list[str] | None, typer.Option(help="As in `add`; NONE: no origin.")] = None,
    as_json: Json = False,
) -> None:
    """Change a dataset's tags, each as a whole; what is not given stays. The next decision is made under them.

    Example: hub dataset change rivers --forbid-model-origin CN --forbid-model-origin US
    """
    from catalog.amendments import Change, amend
    from hub.local import operator_session

    given: dict[str, Any] = {
        "classification": classification,
        "store_in": store_in,
        "process_in": process_in,
        "access_from": access_from,
        "purposes": purpose,
        "forbidden_legal_control": _none(forbid_legal_control),
        "forbidden_model_origins": _none(forbid_model_origin),
    }
    changed = {name: value for name, value in given.items() if value is not None}
    with operator_session() as session:
        amend(session, slug, Change(**changed))
    if as_json:
        show_json({"changed": slug, "tags": changed})
    else:
        say(f"Changed of {slug}: {', '.join(changed) or 'nothing'}.")


def _none(told: list[str] | None) -> list[str] | None:
    return [] if told == ["NONE"] else told


@app.command(name="list")
def list_datasets(as_json: Json = False) -> None:
    """List datasets.

    Example: hub dataset list --json
    """
    from catalog import datasets
    from hub.local import operator_session

    with operator_session() as session:
        found = datasets.every(session)
    if as_json:
        show_json([{"dataset": card, "documents": documents} for card, documents in found])
        return
    rows = [
        {
            "dataset": card.slug,
            "title": card.title,
            "classification": card.classification,
            "stored_in": card.store_in,
            "processed_in": card.process_in,
            "accessed_from": card.access_from,
            "documents": documents,
        }
        for card, documents in found
    ]
    columns = ("dataset", "title", "classification", "stored_in", "processed_in", "accessed_from", "documents")
    show_table(rows, columns=columns, empty="No dataset yet. Add one: hub dataset add …")


@app.command()
def ceiling(
    slug: Annotated[str, typer.Argument(help="Which dataset.")],
    share: Annotated[float | None, typer.Argument(min=0.0001, max=1, help="The new share; none: show.")] = None,
    full: Annotated[bool, typer.Option("--full", help="The ceiling of full reading instead.")] = False,
    confirm: Annotated[int | None, typer.Option(min=0, help="The owner's word: the new figure in characters.")] = None,
    as_json: Json = False,
) -> None:
    """Show how much of a dataset can ever be read, or set the owner's ceiling.

    Raising it says the new figure first; it is done once --confirm repeats that figure.
    Example: hub dataset ceiling rivers 0.6 --confirm 48000
    """
    from catalog import ceilings
    from hub.local import operator_session

    with operator_session() as session:
        if share is None:
            found = ceilings.reach(session, slug)
        else:
            found = ceilings.set_ceiling(session, slug, Decimal(str(share)), full=full, confirmed=confirm)
    show_json(found) if as_json else say(reach_in_words(slug, found))


def reach_in_words(slug: str, found: "Reach") -> str:
    """Return the real bound of a dataset as a person reads it."""
    share = found.together_ever / found.characters if found.characters else 0.0
    days = f"{found.window_s / 86_400:g} days" if found.window_s != DAY_S else "a day"
    closed = (
        f" Of {found.copied_closed:,} nobody new reads any more: the text stood in another dataset before, whose "
        "ceiling is reached."
        if found.copied_closed
        else ""
    )
    return (
        f"{slug} holds {found.characters:,} characters. One account reads at most {found.account_in_a_window:,} in "
        f"{days} and {found.account_ever:,} ever, one organisation {found.organisation_ever:,}, all together "
        f"{found.together_ever:,} ({share:.1%}); {found.together_read:,} were read so far.{closed}"
    )


@app.command()
def public_metadata(slug: Annotated[str, typer.Argument(help="Which dataset.")], as_json: Json = False) -> None:
    """Show what is told of a dataset without a character being charged, and who of its owner looked at it last.

    Pages and languages are counted for its steward alone, who looks at it on the ingestion screen.
    Example: hub dataset public-metadata rivers
    """
    from catalog import public_metadata as public
    from hub.local import operator_session

    with operator_session() as session:
        found = public.of(session, slug, pages=False)
    rows = [
        {
            "name": one.name,
            "seen_by": one.sees,
            "comes_from": one.source,
            "what": one.what,
            "stands_there_now": found.values.get(one.name),
        }
        for one in public.ENTRIES
    ]
    if as_json:
        show_json({"dataset": slug, "digest": found.digest, "items": rows, "review": found.review})
        return
    show_table(rows, columns=tuple(rows[0]), empty="")
    say(review_in_words(slug, found.review))


def review_in_words(slug: str, review: "Review | None") -> str:
    """Return who looked at it and whether it is still that, and else who should."""
    ask = "A steward of its owner looks at it on the ingestion screen, under “What is public”."
    if review is None:
        return f"Nobody of its owner has looked at what is public of {slug}. {ask}"
    when = f"{review.by} looked at it on {review.at:%Y-%m-%d}"
    return f"{when}; nothing has changed since." if review.current else f"{when}, and it has changed since. {ask}"


@app.command()
def withdraw(
    slug: Annotated[str, typer.Argument(help="Which dataset.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Take a dataset out of every answer at once.

    Example: hub dataset withdraw rivers --reason "replaced by rivers-2027"
    """
    from catalog import datasets
    from hub.local import operator_session

    with operator_session() as session:
        datasets.withdraw(session, datasets.find(session, slug).id, reason=reason)
    show_json({"withdrawn": slug}) if as_json else say(f"Dataset {slug} is withdrawn.")
