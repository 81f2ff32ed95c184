"""What a value in a request may look like; the OpenAPI says the same words."""

from typing import Annotated, Final

from fastapi import Query
from pydantic import Field, StringConstraints

#: Text that can be kept: Postgres takes no null character, UTF-8 no half of a pair (a pattern refuses both).
TEXT: Final = r"^[^\x00]*$"
SLUG: Final = r"^[a-z0-9][a-z0-9-]*$"

Slug = Annotated[str, Field(min_length=1, max_length=120, pattern=SLUG, examples=["harbour-notices"])]
#: What somebody says in words, without the space around it: blanks alone say nothing.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=TEXT)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300, pattern=TEXT)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=TEXT)]
Cursor = Annotated[
    str | None, Query(max_length=4_096, description="Where to go on: the page before's `next`. None: the first page.")
]
