"""`hub document`: list a dataset's documents, make one stricter than its dataset, decide one that is held."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from catalog.vocabulary import Classification, VersionState
from hub.commands.output import say, show_json, show_table
from hub.commands.reason import Reason

if TYPE_CHECKING:
    from catalog.document_tags import DocumentTags

app = typer.Typer(no_args_is_help=True, help="Documents: their own tags, and the ones that wait for a person.")
MOST: Final = 10_000
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(help="Which document, by its name in the dataset.")]
Of = Annotated[str, typer.Option("--dataset", help="Which dataset it belongs to.")]
Level = Annotated[Classification | None, typer.Option("--classification", help="Stricter than the dataset's.")]
Stored = Annotated[list[str], typer.Option("--store-in", help="Places within the dataset's; may be repeated.")]
Processed = Annotated[list[str], typer.Option("--process-in", help="Places within the dataset's; may be repeated.")]
Accessed = Annotated[list[str], typer.Option("--access-from", help="Places within the dataset's; may be repeated.")]
Forbidden = Annotated[
    list[str], typer.Option("--forbid-legal-control", help="With all the dataset forbids; may be repeated.")
]


@app.command(name="list")
def list_documents(
    dataset: Annotated[str, typer.Argument(help="Which dataset.")],
    state: Annotated[VersionState | None, typer.Option(help="Only those in this state, such as held.")] = None,
    as_json: Json = False,
) -> None:
    """List documents with their state, why, and tags of their own.

    Example: hub document list rivers --state held
    """
    from catalog import intake
    from hub.local import operator_session

    with operator_session() as session:
        found = [
            one for one in intake.of_dataset(session, dataset, limit=MOST, pages=False) if state in {None, one.state}
        ]
    if as_json:
        show_json(found)
        return
    rows = [
        {
            "name": one.name,
            "version": one.version,
            "state": one.state,
            "why": f"{one.reason}: {one.detail}" if one.reason and one.detail else one.reason or "",
            "own_tags": [f"{name}={_said(value)}" for name, value in one.tags.declared().items()],
        }
        for one in found
    ]
    show_table(rows, columns=("name", "version", "state", "why", "own_tags"), empty="No such document.")


@app.command()
def tag(  # one option per tag
    name: Name,
    dataset: Of,
    classification: Level = None,
    store_in: Stored = [],  # noqa: B006  # typer copies it
    process_in: Processed = [],  # noqa: B006  # typer copies it
    access_from: Accessed = [],  # noqa: B006  # typer copies it
    forbid_legal_control: Forbidden = [],  # noqa: B006  # typer copies it
    as_json: Json = False,
) -> None:
    """Put these in place of a document's own tags, at once; with none, those of its dataset hold.

    Example: hub document tag plans/dyke.pdf --dataset rivers --classification secret --access-from DE
    """
    from catalog import document_laws, intake
    from hub.local import operator_session

    own = own_tags(classification, store_in, process_in, access_from, forbid_legal_control)
    with operator_session() as session:
        document_laws.retag(session, intake.document_of(session, dataset, name), own)
    if as_json:
        show_json({"document": name, "own_tags": own.declared()})
        return
    say(f"{name} is tagged: {_in_words(own)}." if own else f"{name} has the tags of {dataset} again.")


@app.command()
def release(  # one option per tag
    name: Name,
    dataset: Of,
    reason: Reason,
    classification: Level = None,
    store_in: Stored = [],  # noqa: B006  # typer copies it
    process_in: Processed = [],  # noqa: B006  # typer copies it
    access_from: Accessed = [],  # noqa: B006  # typer copies it
    forbid_legal_control: Forbidden = [],  # noqa: B006  # typer copies it
    as_json: Json = False,
) -> None:
    """Let a held document go on, with these tags of its own or as it is declared.

    Example: hub document release plans/dyke.pdf --dataset rivers --classification secret --reason "marked so"
    """
    from catalog import holds, intake
    from hub.local import operator_session

    own = own_tags(classification, store_in, process_in, access_from, forbid_legal_control)
    with operator_session() as session:
        version = holds.release(session, intake.document_of(session, dataset, name), reason=reason, tags=own)
    show_json({"released": name, "version": version}) if as_json else say(f"{name} goes on into the index.")


@app.command()
def refuse(name: Name, dataset: Of, reason: Reason, as_json: Json = False) -> None:
    """Refuse a held document for good.

    Example: hub document refuse plans/dyke.pdf --dataset rivers --reason "not for this hub"
    """
    from catalog import holds, intake
    from hub.local import operator_session

    with operator_session() as session:
        version = holds.refuse(session, intake.document_of(session, dataset, name), reason=reason)
    show_json({"refused": name, "version": version}) if as_json else say(f"{name} is refused.")


def own_tags(*given: object) -> "DocumentTags":
    """Return what the options of a document's own tags declare, in their order."""
    from catalog.document_tags import OWN, tags

    return tags(**dict(zip(OWN, given, strict=True)))


def _in_words(own: "DocumentTags") -> str:
    return ", ".join(f"{name} {_said(value)}" for name, value in own.declared().items())


def _said(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)
