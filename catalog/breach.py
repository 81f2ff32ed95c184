"""What the law of residency refused, in words: a value that errors, rulings and the table of violations share."""

from dataclasses import dataclass

from catalog.vocabulary import Door


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A rule at a door, by a tag, for a place (a part's name, or an ISO 3166 code)."""

    door: Door
    rule: str
    tag: str
    place: str
