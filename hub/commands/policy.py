"""`hub policy`: the law as sentences, proven against its drawn cases, and explained for one person and dataset."""

from typing import Annotated

import typer

from catalog.errors import SettingsError
from catalog.vocabulary import Action, Purpose
from hub.commands.output import UNEXPECTED, say, show_json, show_table

app = typer.Typer(
    no_args_is_help=True, help="The law: what its rules say, whether they hold, and why somebody may not."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def check(as_json: Json = False) -> None:
    """Validate the rules against their schema, say them, and decide every drawn case.

    Exit code 1: a case is not decided as drawn.
    Example: hub policy check
    """
    from catalog.policy.check import check as decided
    from catalog.policy.check import sentences

    cases, rules = decided(), sentences()
    wrong = [case for case in cases if not case.holds]
    if as_json:
        told = [{"id": rule, "effect": effect, "reason": reason} for rule, (effect, reason) in rules.items()]
        show_json({"rules": told, "cases": len(cases), "wrong": wrong})
    else:
        table = [{"rule": rule, "effect": effect, "says": reason} for rule, (effect, reason) in rules.items()]
        show_table(table, columns=("rule", "effect", "says"), empty="There is no rule.")
        for case in wrong:
            say(f"{case.action}, {case.case}: decided by {', '.join(case.found)}, not {', '.join(case.expected)}.")
        say(f"\n{len(rules)} rules fit their schema; {len(cases) - len(wrong)} of {len(cases)} drawn cases hold.")
    if wrong:
        raise typer.Exit(UNEXPECTED)


@app.command()
def explain(
    dataset: Annotated[str, typer.Option(help="Which dataset.")],
    person: Annotated[str | None, typer.Option(help="Who asks; none with --action ingest.")] = None,
    purpose: Annotated[Purpose, typer.Option(help="For what.")] = Purpose.RESEARCH,
    action: Annotated[Action, typer.Option(help="query (asking) or ingest (taking documents in).")] = Action.QUERY,
    document: Annotated[str | None, typer.Option(help="One document of it, by name: its own tags count too.")] = None,
    as_json: Json = False,
) -> None:
    """Say what would be decided now, by which rules, what would change it, and the facts behind it.

    Example: hub policy explain --person luc --dataset rivers --purpose research --document rules.md
    """
    from catalog import intake, people
    from catalog.policy.explain import explain as explained
    from catalog.policy.facts import surroundings
    from hub.local import api_settings, data_folder, operator_session

    if action not in {Action.QUERY, Action.INGEST} or (action is Action.QUERY) == (person is None):
        raise SettingsError("Explain either --action query with --person, or --action ingest without.")
    settings = api_settings(data_folder())
    with operator_session() as session:
        found = people.find_person(session, person) if person else None
        here = surroundings(session, settings, sealed=settings.sealed)
        one = intake.document_of(session, dataset, document) if document else None
        told = explained(session, here, slug=dataset, action=action, person=found, purpose=purpose, document=one)
    if as_json:
        show_json({"permitted": told.permitted, **vars(told)})
        return
    say("Yes." if told.permitted else "No.", style="green" if told.permitted else "yellow")
    for rule, reason in zip(told.ruling.rules, told.ruling.reasons, strict=True):
        say(f"  {reason} ({rule})")
    if told.remedies:
        say("What would change it, all of it together:")
    for rule, change in told.remedies.items():
        say(f"  {change} ({rule})")
    show_table(
        [{"fact": name, "is": value} for name, value in told.facts.items()],
        columns=("fact", "is"),
        empty="Nothing is known.",
    )
