"""`/passages/{id}/page`: the page of the original a passage stands on; shown whole, so all of it is charged."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from catalog.audit import AuditEvent, record
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError, TooLargeError
from catalog.pages import MARK_MAX_CHARACTERS, PageCost, page_cost
from catalog.policy.model import Scope
from catalog.vocabulary import Action, ChunkId, EventType, Purpose, RefusalKind
from hub.api.doors import Caller, HubDep, through
from hub.api.hub import Hub
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape
from hub.ask import permitted
from hub.page_reader import PagePicture, called

#: What one disclosure may hold.
MOST_CHUNKS: Final = 200
PNG: Final = "image/png"
_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {PNG: {}},
        "description": "The page, the words of `mark` marked on it.",
        "headers": {
            name: {"description": words, "schema": {"type": "integer"}}
            for name, words in {
                "Page-Number": "Which page of the document it is.",
                "Page-Marked": "How many places are marked.",
                "Page-Charged": "How many characters were new to the caller.",
            }.items()
        },
    }
}
router = APIRouter(tags=["search"], responses=RESPONSES)
PageNumber = Annotated[int | None, Query(ge=1, le=1_000_000, description="The passage's first page, unless told.")]
Mark = Annotated[str, Query(max_length=MARK_MAX_CHARACTERS, description="Words to mark on the page.")]


class PageCostShape(Shape):
    """What showing a page would charge; `characters` of it are new to the caller."""

    page: int
    first_page: int
    last_page: int
    characters: int
    characters_left: int
    fits: bool
    refills_at: datetime | None

    @classmethod
    def of(cls, cost: PageCost) -> "PageCostShape":
        """Return a cost as the API says it."""
        return cls(
            page=cost.page,
            first_page=cost.first_page,
            last_page=cost.last_page,
            characters=cost.cost,
            characters_left=cost.characters_left,
            fits=cost.fits,
            refills_at=cost.refills_at,
        )


@router.get("/passages/{passage_id}/page/cost", dependencies=[through(Action.ASK)])
def cost_of_page(
    passage_id: UUID, purpose: Purpose, hub: HubDep, caller: Caller, page: PageNumber = None
) -> PageCostShape:
    """Say what the page would charge; nothing is charged."""
    return PageCostShape.of(_cost(hub, permitted(caller.subject, purpose, hub.services), ChunkId(passage_id), page))


@router.get(
    "/passages/{passage_id}/page", dependencies=[through(Action.ASK)], response_class=Response, responses=_PICTURE
)
def show_page(  # noqa: PLR0913, PLR0917  # what a caller may say of a page
    passage_id: UUID, purpose: Purpose, hub: HubDep, caller: Caller, page: PageNumber = None, mark: Mark = ""
) -> Response:
    """Show the page a passage stands on; every passage of it is charged, what was read before is free."""
    scope, chunk = permitted(caller.subject, purpose, hub.services), ChunkId(passage_id)
    cost = _cost(hub, scope, chunk, page)
    if not cost.fits:
        _refused(hub, scope, chunk, cost)
        raise BudgetExhaustedError(refills_at=cost.refills_at)
    picture, charged = _shown(hub, scope, chunk, cost, mark)
    figures = {"Page-Number": cost.page, "Page-Marked": picture.marked, "Page-Charged": charged}
    return Response(picture.png, media_type=PNG, headers={name: str(figure) for name, figure in figures.items()})


def _cost(hub: Hub, scope: Scope, chunk: ChunkId, page: int | None) -> PageCost:
    with hub.services.database.begin(scope.subject.asker) as session:
        cost = page_cost(session, scope.decision_id, chunk, page)
    if len(cost.chunk_ids) > MOST_CHUNKS:
        raise TooLargeError("This page holds more passages than can be shown at once.")
    return cost


def _shown(hub: Hub, scope: Scope, chunk: ChunkId, cost: PageCost, mark: str) -> tuple[PagePicture, int]:
    """Charge the page and have it drawn. The reader is called first: what can't be shown should cost nothing."""
    with called(hub.settings.reader_socket) as reader:
        disclosed = disclose(hub.services.database, scope, cost.chunk_ids)
        if disclosed.left_out or disclosed.id is None:  # another reading was faster: what was charged stays read
            raise BudgetExhaustedError(refills_at=disclosed.refills_at)
        picture = reader.picture(asker=scope.asker, disclosure=disclosed.id, chunk=chunk, page=cost.page, mark=mark)
    return picture, sum(passage.charged for passage in disclosed.passages)


def _refused(hub: Hub, scope: Scope, chunk: ChunkId, cost: PageCost) -> None:
    event = AuditEvent(
        type=EventType.QUESTION_REFUSED,
        object=f"page:{chunk}",
        dataset_ids=scope.dataset_ids,
        decision_id=scope.decision_id,
        detail={"kind": RefusalKind.BUDGET, "page": cost.page, "cost": cost.cost, "left": cost.characters_left},
    )
    with hub.services.database.begin(scope.subject.asker) as session:
        record(session, event)
