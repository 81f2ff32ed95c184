"""What the hub's things are made from: the tags that hold for each source, and which may not lie at a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import document_tags
from catalog.breach import Breach
from catalog.places import Place
from catalog.policy.facts import lying_breaches
from catalog.policy.model import Surroundings
from catalog.residency import Groups
from catalog.vocabulary import DatasetId, VersionId

_TAGS: Final = (
    "store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins", "purposes",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Stricter:
    """Versions of documents under equal tags of their own; `since`: when the first text of theirs was read, if any."""

    dataset_id: DatasetId
    version_ids: Sequence[VersionId]
    since: datetime | None
    tags: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What may not lie at a place: datasets, and versions stricter than theirs, each with what forbids it."""

    datasets: Mapping[DatasetId, Breach]
    stricter: Sequence[tuple[Stricter, Breach]] = ()

    @cached_property
    def versions(self) -> Mapping[VersionId, Breach]:
        """Versions that may not lie there by tags of their own."""
        return {version: breach for one, breach in self.stricter for version in one.version_ids}

    def forbids(self, datasets: Iterable[DatasetId], versions: Iterable[VersionId] = ()) -> Breach | None:
        """Return what forbids something made from these, None when it may lie there."""
        found = (self.datasets.get(one) for one in datasets)
        own = (self.versions.get(one) for one in versions)
        return next((breach for breach in (*found, *own) if breach), None)

    def forbids_copy(self, datasets: Sequence[DatasetId], made_at: datetime | None) -> Breach | None:
        """Return what forbids a copy of these datasets as they were then, whatever tags they had; None: at any time."""
        held = (
            breach
            for one, breach in self.stricter
            if one.dataset_id in datasets and one.since and (made_at is None or one.since <= made_at)
        )
        return self.forbids(datasets) or next(held, None)


def effective_tags(session: Session) -> Mapping[DatasetId, Mapping[str, Any]]:
    """Return the tags that hold for each dataset, withdrawn ones too: the one place where a scan learns of tags."""
    columns = ("id", "slug", "classification", *_TAGS)
    rows = session.execute(select(func.hub.scanned_datasets().table_valued(*columns))).mappings()
    return {DatasetId(row["id"]): dict(row) for row in rows}


def stricter_tags(session: Session, tags: Mapping[DatasetId, Mapping[str, Any]], known: Groups) -> list[Stricter]:
    """Return the tags that hold for documents with tags of their own, those of each law with its versions."""
    told = func.hub.scanned_laws().table_valued("dataset_id", "version_ids", "since", *document_tags.OWN)
    return [
        Stricter(
            dataset_id=DatasetId(row["dataset_id"]),
            version_ids=row["version_ids"],
            since=row["since"],
            tags={
                **tags[row["dataset_id"]],
                **document_tags.effective(tags[row["dataset_id"]], document_tags.tags(**row), known),
            },
        )
        for row in session.execute(select(told)).mappings()
    ]


def may_not_lie(
    tags: Mapping[DatasetId, Mapping[str, Any]], here: Surroundings, place: Place, stricter: Iterable[Stricter] = ()
) -> Sources:
    """Decide which datasets, and which versions stricter than theirs, may not lie at a place."""
    found = {key: lying_breaches(one, here, place) for key, one in tags.items()}
    own = [(one, lying_breaches(one.tags, here, place)) for one in stricter]
    return Sources(
        datasets={key: breaches[0] for key, breaches in found.items() if breaches},
        stricter=[(one, breaches[0]) for one, breaches in own if breaches],
    )
