"""`hub openapi`: the document that describes the API, for programs and their writers."""

from typing import Annotated

import typer

from hub.commands.output import show_json


def openapi(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; there is no other form.")] = True,  # noqa: ARG001
) -> None:
    """Print the API's OpenAPI document; nothing needs to run.

    Example: hub openapi > openapi.json
    """
    from hub.app import document

    show_json(document())
