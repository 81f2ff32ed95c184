"""`/documents`: stewards hand files in and watch what becomes of them; never a word of a document."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from catalog import documents, intake, jobs, out_of_place, withdrawals
from catalog.addresses import Stored
from catalog.db import Steward
from catalog.document_tags import DocumentTags
from catalog.errors import DependencyError, NotFoundError, TooLargeError
from catalog.policy import keeping
from catalog.policy.facts import surroundings
from catalog.policy.model import Subject
from catalog.progress import outcomes, progress
from catalog.vocabulary import Action, DatasetId, DocumentId, SubmissionId
from hub.api import cursors
from hub.api.document_shapes import DocumentState, DocumentStates, HandedIn, OutcomeShape, SubmissionState
from hub.api.document_tags import Declared
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import TEXT, Cursor, Reason, Slug
from hub.api.hub import Hub
from hub.api.parts import sentence
from hub.api.problems import RESPONSES
from hub.api.reach import within_reach
from hub.submit import require, ruling_here

router = APIRouter(tags=["documents"], responses=RESPONSES)

Name = Annotated[str, Query(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f\\]+$", description="Its path.")]


class Withdrawal(BaseModel):
    """Why a document is taken out; kept in the trail, so no words of the document."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Replaced by the new rules."}]}
    )
    reason: Reason


class Position(cursors.Position):
    """Where a page of documents ends."""

    name: Annotated[str, Field(pattern=TEXT)]


RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file's bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/documents", dependencies=[through(Action.MANAGE)])
def list_documents(
    *, dataset: Slug, hub: HubDep, caller: Caller, cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> DocumentStates:  # fmt: skip
    """Return the documents of a dataset of the steward's organisation, by name, but for those out of their reach."""
    position = cursors.decode(cursor, Position)
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        found = intake.of_dataset(session, dataset, after=position.name if position else "", limit=limit + 1)
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed, zone=caller.subject.zone)
        refused = out_of_place.laws(session, here)
        laws = {one.law_id: one.tags for one in found}
        within = keeping.reached(keeping.by_slug(session, dataset), laws, caller.subject, here)
    shown = [one for one in found[:limit] if one.law_id in within]
    items = [DocumentState.of(one, refused.get((one.dataset_id, one.law_id), ())) for one in shown]
    more = cursors.encode(Position(name=found[limit - 1].name)) if len(found) > limit else None
    return DocumentStates(items=items, next=more)


@router.post("/documents", status_code=202, dependencies=[through(Action.MANAGE)], openapi_extra=RAW)
async def hand_in(  # noqa: PLR0913  # a file is these facts
    *, request: Request, dataset: Slug, name: Name, hub: HubDep, caller: Caller, tags: Declared,
    submission: UUID | None = None,
) -> HandedIn:  # fmt: skip
    """Receive one file onto the disk, then into the store and the queue; all of it or nothing.

    Tags that are declared with it make the document stricter than its dataset, at once.
    """
    allowed = partial(_allowed, hub=hub, subject=caller.subject, tags=tags)
    dataset_id = await run_in_threadpool(allowed, dataset, name)
    most = hub.settings.max_upload_bytes
    _refuse_declared(request, most)
    with _place_for_files(), tempfile.TemporaryFile(dir=hub.settings.incoming_dir) as file:
        await _spool(request.stream(), file, most)
        file.seek(0)
        stored = await run_in_threadpool(hub.store.put, file)
    file_of = partial(_register, hub=hub, subject=caller.subject, submission=submission, tags=tags)
    return await run_in_threadpool(file_of, dataset_id, name, stored)


@router.get("/documents/submissions/{submission_id}", dependencies=[through(Action.MANAGE)])
def watch(submission_id: UUID, hub: HubDep, caller: Caller) -> SubmissionState:
    """Say how far a submission has come, and why files were refused; documents out of their reach are only counted."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        key = SubmissionId(submission_id)
        _, started_at = intake.submission_of(session, key)
        state = progress(session, key)
        settled = within_reach(hub, session, caller.subject, submission_id, outcomes(session, key))
        pages = intake.pages_of_submission(session, key)
    return SubmissionState(
        files=state.submitted + state.unchanged,
        unchanged=state.unchanged,
        published=state.published,
        held=state.held,
        refused=state.refused,
        waiting=state.waiting,
        pages=pages,
        started_at=started_at,
        outcomes=[
            OutcomeShape(
                name=one.name,
                state=one.state,
                reason=f"{one.reason}: {one.detail}" if one.reason and one.detail else one.reason,
            )
            for one in settled
        ],
    )


@router.post("/documents/{document_id}/withdrawal", status_code=204, dependencies=[through(Action.MANAGE)])
def withdraw(document_id: UUID, body: Withdrawal, hub: HubDep, caller: Caller) -> None:
    """Take a document out: from now on no passage of it is disclosed, and the trail keeps the reason."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        withdrawals.withdraw(session, DocumentId(document_id), reason=body.reason)


def _allowed(dataset: str, name: str, *, hub: Hub, subject: Subject, tags: DocumentTags) -> DatasetId:
    """Return the dataset when its tags and the file's allow this site to take it in: before the first byte is read."""
    with hub.stewards.begin(Steward(person_id=subject.person_id)) as session:
        dataset_id = intake.dataset_of(session, dataset)
        ruling = ruling_here(session, dataset_id, hub.settings, tags, [name])
    require(ruling)
    return dataset_id


@contextmanager
def _place_for_files() -> Iterator[None]:
    """Say of a disk or a store that is gone or full that it is the store, not that the file is absent."""
    try:
        yield
    except (OSError, NotFoundError) as error:
        raise DependencyError(sentence("store")) from error


def _refuse_declared(request: Request, most: int) -> None:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise TooLargeError(_too_large(most))


async def _spool(stream: AsyncIterator[bytes], file: IO[bytes], most: int) -> None:
    received = 0
    async for piece in stream:
        received += len(piece)
        if received > most:
            raise TooLargeError(_too_large(most))
        await run_in_threadpool(file.write, piece)


def _too_large(most: int) -> str:
    return (
        f"A file may have at most {most / 1e9:g} GB. Nothing of it was kept; split it, or hand it in by `hub ingest`."
    )


def _register(  # noqa: PLR0913  # a file is these facts
    dataset_id: DatasetId, name: str, stored: Stored, *, hub: Hub, subject: Subject, submission: UUID | None,
    tags: DocumentTags,
) -> HandedIn:  # fmt: skip
    with hub.stewards.begin(Steward(person_id=subject.person_id)) as session:
        if submission is None:
            key = documents.open_submission(session, dataset_id)
        else:
            key = SubmissionId(submission)
            if intake.submission_of(session, key)[0] != dataset_id:
                raise NotFoundError
        submitted = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=key,
            name=name,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            tags=tags,
        )
        if not submitted.unchanged:
            jobs.enqueue(session, version_id=submitted.version_id, dataset_id=dataset_id)
    return HandedIn(
        submission_id=key,
        document_id=submitted.document_id,
        unchanged=submitted.unchanged,
        size_bytes=stored.size_bytes,
    )
