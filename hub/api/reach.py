"""Stewards, reviewers and admins are held to `access_from` too: whatever they come to see or change of a dataset."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from catalog.db import Auditor, Steward
from catalog.errors import OutsideAccessError
from catalog.policy import keeping
from catalog.policy.facts import surroundings
from catalog.policy.keeping import Kept
from catalog.policy.model import Subject
from catalog.progress import Outcome
from hub.api.hub import Hub

Found = Callable[[Session], Kept | None]
#: The parameters by which a route names what it is about, and how that is found. A route for stewards that names
#: nothing by one of these fails the build, unless it is about no dataset that exists (tests/security).
NAMES: Final[Mapping[str, Callable[[Session, str], Kept | None]]] = {
    "slug": keeping.by_slug,
    "dataset": keeping.by_slug,
    "document_id": lambda session, value: keeping.by_document(session, UUID(value)),
    "submission_id": lambda session, value: keeping.by_submission(session, UUID(value)),
    "step_up_id": lambda session, value: keeping.by_step_up(session, UUID(value)),
}


def named_in(request: Request) -> list[Found]:
    """Return how to find what a request is about; what isn't well formed is refused where its route reads it."""
    given = [*request.query_params.multi_items(), *request.path_params.items()]
    return [_finding(name, str(value)) for name, value in given if name in NAMES]


def require_reach(hub: Hub, subject: Subject, named: list[Found]) -> None:
    """Raise OutsideAccessError, written down, where a steward may not be reached by what they come for."""
    for find in named:
        with hub.stewards.begin(Steward(person_id=subject.person_id)) as session:
            here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=subject.zone)
            shut = keeping.shut(find(session), subject, here)
            if shut is not None:
                shut.write_down(session)
        if shut is not None:
            raise OutsideAccessError(shut.sentence)


def require_still_open(hub: Hub, session: Session, subject: Subject, kept: Kept | None) -> None:
    """Raise OutsideAccessError where what was just declared would shut out its own author; nothing of it is kept."""
    here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=subject.zone)
    keeping.require_still_open(kept, subject, here)


def within_reach(
    hub: Hub, session: Session, subject: Subject, submission: UUID, settled: list[Outcome]
) -> list[Outcome]:  # fmt: skip
    """Leave out files whose own tags keep this steward from them: a name may tell what a document is about."""
    here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=subject.zone)
    laws = {one.law_id: one.tags for one in settled}
    within = keeping.reached(keeping.by_submission(session, submission), laws, subject, here)
    return [one for one in settled if one.law_id in within]


def require_oversight_reach(hub: Hub, subject: Subject, slug: str) -> None:
    """Raise OutsideAccessError, written down, where an admin or auditor asks about one dataset from outside."""
    with hub.auditors.begin(Auditor(name=str(subject.person_id))) as session:
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=subject.zone)
        shut = keeping.shut(keeping.by_slug(session, slug), subject, here)
    if shut is not None:
        with hub.services.database.begin(subject.asker) as session:
            shut.write_down(session)
        raise OutsideAccessError(shut.sentence)


def _finding(name: str, value: str) -> Found:
    def found(session: Session) -> Kept | None:
        if not value.isascii() or "\0" in value:  # no name is written so: its route refuses it
            return None
        try:
            return NAMES[name](session, value)
        except ValueError:
            return None

    return found
