"""`/documents/…`: a steward makes a document stricter than its dataset, and decides one that is held; unread."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from catalog import document_laws, holds
from catalog.db import Steward
from catalog.document_tags import DocumentTags, tags
from catalog.policy import keeping
from catalog.vocabulary import Action, Classification, DocumentId
from hub.api.datasets import Place
from hub.api.doors import Caller, HubDep, through
from hub.api.fields import Reason
from hub.api.problems import RESPONSES
from hub.api.reach import require_still_open

router = APIRouter(tags=["documents"], responses=RESPONSES)

Some = Annotated[list[Place] | None, Field(max_length=60)]
Asked = Annotated[list[Place], Query(max_length=60, description="Stricter than the dataset's; none: the dataset's.")]


class OwnTags(BaseModel):
    """A document's own tags, each at least as strict as its dataset's; what is left out is the dataset's."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"classification": "secret", "access_from": ["DE"]}]}
    )
    classification: Classification | None = None
    store_in: Some = None
    process_in: Some = None
    access_from: Some = None
    forbidden_legal_control: Some = None

    def declared(self) -> DocumentTags:
        """Return them as the catalog has them."""
        return tags(**vars(self))


class Release(BaseModel):
    """Why a held document may go on, and with which tags of its own; the reason is kept, so no words of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "Marked by mistake.", "tags": {"classification": "secret"}}]},
    )
    reason: Reason
    tags: OwnTags | None = None


class HoldRefusal(BaseModel):
    """Why a held document is refused; kept, so no words of the document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Not for this hub."}]})
    reason: Reason


def _declared(
    classification: Annotated[Classification | None, Query(description="None: the dataset's.")] = None,
    store_in: Asked = [],  # noqa: B006  # read only
    process_in: Asked = [],  # noqa: B006  # read only
    access_from: Asked = [],  # noqa: B006  # read only
    forbidden_legal_control: Asked = [],  # noqa: B006  # read only
) -> DocumentTags:
    return tags(
        classification=classification,
        store_in=store_in,
        process_in=process_in,
        access_from=access_from,
        forbidden_legal_control=forbidden_legal_control,
    )


#: What is declared with a file that is handed in.
Declared = Annotated[DocumentTags, Depends(_declared)]


@router.post("/documents/{document_id}/tags", status_code=204, dependencies=[through(Action.MANAGE)])
def retag(document_id: UUID, body: OwnTags, hub: HubDep, caller: Caller) -> None:
    """Put these in place of a document's own tags, at once; none at all: those of its dataset hold."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        document_laws.retag(session, DocumentId(document_id), body.declared())
        require_still_open(hub, session, caller.subject, keeping.by_document(session, document_id))


@router.post("/documents/{document_id}/release", status_code=204, dependencies=[through(Action.MANAGE)])
def release(document_id: UUID, body: Release, hub: HubDep, caller: Caller) -> None:
    """Let a held document go on into the index, with tags of its own or as it is declared."""
    declared = body.tags.declared() if body.tags else DocumentTags()
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        holds.release(session, DocumentId(document_id), reason=body.reason, tags=declared)
        require_still_open(hub, session, caller.subject, keeping.by_document(session, document_id))


@router.post("/documents/{document_id}/refusal", status_code=204, dependencies=[through(Action.MANAGE)])
def refuse(document_id: UUID, body: HoldRefusal, hub: HubDep, caller: Caller) -> None:
    """Refuse a held document for good."""
    with hub.stewards.begin(Steward(person_id=caller.subject.person_id)) as session:
        holds.refuse(session, DocumentId(document_id), reason=body.reason)
