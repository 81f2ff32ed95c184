"""The `hub` command: puts the commands together and turns every error into a sentence and an exit code."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import typer
from typer.main import get_command

from catalog.errors import DataHubError
from hub.commands import (
    agent,
    ask,
    audit,
    bench,
    dataset,
    db,
    demo,
    document,
    evaluation,
    grant,
    group,
    identity,
    ingest,
    login,
    models,
    openapi,
    person,
    place,
    policy,
    residency,
    search,
    service_account,
    stack,
)
from hub.commands.output import exit_code, show_error

app = typer.Typer(
    name="hub",
    help="Keep documents inside their jurisdiction and ask questions of them inside the same walls.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
stack.register(app)
app.add_typer(models.app, name="models")
app.add_typer(dataset.app, name="dataset")
app.add_typer(document.app, name="document")
app.add_typer(person.app, name="person")
app.add_typer(grant.app, name="grant")
app.add_typer(group.app, name="group")
app.add_typer(place.app, name="place")
app.add_typer(residency.app, name="residency")
app.add_typer(policy.app, name="policy")
app.add_typer(identity.app, name="identity")
app.add_typer(service_account.app, name="service-account")
app.command()(ingest.ingest)
app.command()(search.search)
app.command()(ask.ask)
app.command()(audit.audit)
app.command()(login.login)
app.command()(login.logout)
app.command()(login.whoami)
app.command()(agent.agent)
app.command()(openapi.openapi)
app.add_typer(evaluation.app, name="eval")
app.add_typer(bench.app, name="bench")
app.add_typer(db.app, name="db")
app.add_typer(demo.app, name="demo")


def holds_text(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Say whether a command reads passages into its own process: then it is held like every part that does.

    As oneself a command speaks to the API over TCP instead. `hub eval` starts hubs, which could not be held otherwise
    than it is, so it is not.
    """
    if list(arguments[:2]) == ["demo", "questions"] or list(arguments[:1]) == ["search"]:
        return "--help" not in arguments
    for_another = any(one.startswith(("--as", "--token")) for one in arguments) or bool(environment.get("HUB_TOKEN"))
    return list(arguments[:1]) == ["ask"] and for_another


def hold() -> None:
    """Raise the operator's walls around this process, before any thread and any text; UnsealedError where they fail."""
    from hub.seal.plan import PLAN, Paths
    from hub.seal.walls import raise_walls

    raise_walls(PLAN["operator"], Paths())


@cache
def command() -> Callable[[], object]:
    """Return all commands, put together once."""
    return get_command(app)


def run() -> None:
    """Run the command line in this process as it is; errors become a sentence and an exit code."""
    try:
        command()()
    except DataHubError as error:
        show_error(error, as_json="--json" in sys.argv)
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        sys.exit(130)


def main() -> None:
    """Run the command line in a process of its own: a command that holds text is held first."""
    try:
        if holds_text(sys.argv[1:], os.environ):
            hold()
    except DataHubError as error:
        show_error(error, as_json="--json" in sys.argv)
        sys.exit(exit_code(error))
    run()


if __name__ == "__main__":
    main()
