"""`/residency`: where each dataset is stored, processed and accessed from; for admins and auditors."""

from datetime import datetime

from fastapi import APIRouter

from catalog import board, places
from catalog.board import BoardRow, Cell, Origin
from catalog.db import Auditor
from catalog.places import Place
from catalog.policy.facts import surroundings
from catalog.vocabulary import Action, Classification
from hub.api.doors import Caller, HubDep, through
from hub.api.problems import RESPONSES
from hub.api.shapes import Shape

router = APIRouter(tags=["oversight"], responses=RESPONSES)


class PlaceShape(Shape):
    """A registered place."""

    name: str
    kind: str
    jurisdiction: str
    operator: str
    legal_control: list[str]

    @classmethod
    def of(cls, place: Place) -> "PlaceShape":
        """Return it as the API says it."""
        return cls(
            name=place.name,
            kind=place.kind,
            jurisdiction=place.jurisdiction,
            operator=place.operator,
            legal_control=sorted(place.legal_control),
        )


class CellShape(Shape):
    """One place on a dataset's row; `rules` name what forbids it."""

    place: str
    kind: str
    jurisdiction: str
    allowed: bool
    rules: list[str]

    @classmethod
    def of(cls, cell: Cell) -> "CellShape":
        """Return it as the API says it."""
        place = cell.place
        return cls(
            place=place.name,
            kind=place.kind,
            jurisdiction=place.jurisdiction,
            allowed=cell.allowed,
            rules=list(cell.rules),
        )


class OriginShape(Shape):
    """One place people ask from."""

    jurisdiction: str
    people: int
    allowed: bool
    rules: list[str]
    refused_this_month: int

    @classmethod
    def of(cls, origin: Origin) -> "OriginShape":
        """Return it as the API says it."""
        return cls(
            jurisdiction=origin.jurisdiction,
            people=origin.people,
            allowed=origin.allowed,
            rules=list(origin.rules),
            refused_this_month=origin.refused,
        )


class Cells(Shape):
    """Where one dataset is stored, processed and accessed from."""

    stored: list[CellShape]
    processed: list[CellShape]
    accessed: list[OriginShape]


class BoardRowShape(Shape):
    """One dataset on the board."""

    slug: str
    title: str
    classification: Classification
    store_in: list[str]
    process_in: list[str]
    access_from: list[str]
    forbidden_legal_control: list[str]
    forbidden_model_origins: list[str]
    cells: Cells
    refused_this_month: int
    out_of_place: int

    @classmethod
    def of(cls, row: BoardRow) -> "BoardRowShape":
        """Return it as the API says it."""
        return cls(
            slug=row.slug,
            title=row.title,
            classification=row.classification,
            store_in=list(row.store_in),
            process_in=list(row.process_in),
            access_from=list(row.access_from),
            forbidden_legal_control=list(row.forbidden_legal_control),
            forbidden_model_origins=list(row.forbidden_model_origins),
            cells=Cells(
                stored=[CellShape.of(cell) for cell in row.stored],
                processed=[CellShape.of(cell) for cell in row.processed],
                accessed=[OriginShape.of(origin) for origin in row.accessed],
            ),
            refused_this_month=sum(origin.refused for origin in row.accessed),
            out_of_place=row.out_of_place,
        )


class Board(Shape):
    """Datasets by places, and every registered place."""

    datasets: list[BoardRowShape]
    places: list[PlaceShape]
    since: datetime


@router.get("/residency", dependencies=[through(Action.OVERSEE)])
def residency_board(hub: HubDep, caller: Caller) -> Board:
    """Say where each dataset is stored, processed and accessed from, and whether its tags allow it."""
    with hub.auditors.begin(Auditor(name=str(caller.subject.person_id))) as session:
        since = board.start_of_month(session)
        here = surroundings(session, hub.settings, sealed=hub.settings.sealed)
        rows = board.board(session, here, since=since)
        every_place = places.every(session)
    return Board(
        datasets=[BoardRowShape.of(row) for row in rows],
        places=[PlaceShape.of(one) for one in every_place],
        since=since,
    )
