"""No model reads a dataset that forbids where it, or one it was made from, comes from; of unknown ones, none does."""

from collections.abc import Iterable
from contextlib import nullcontext

import pytest
from sqlalchemy.orm import Session

from catalog import models
from catalog.ancestry import Ancestor, ServedModel
from catalog.db import Worker
from catalog.errors import OutOfPlaceError
from catalog.vocabulary import DatasetId, ModelKind
from hub.submit import ruling_here
from ingest.tag import permit
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import may_ingest, may_query, read
from tests.spec.test_violations import PLACES, TAGS, Row, kept

#: Rows: where a model at the site's endpoint comes from > what it was made from; `?` is unknown, `none` no model told.
#: Datasets are named by the origins they forbid.
READS = """
             | any | cn                        | us                        | us-ca                     | eu
    DE       | yes | yes                       | yes                       | yes                       | model-of-forbidden-origin
    CN       | yes | model-of-forbidden-origin | yes                       | yes                       | yes
    GB>CN    | yes | model-of-forbidden-origin | yes                       | yes                       | yes
    GB>GB>US | yes | yes                       | model-of-forbidden-origin | yes                       | yes
    US-CA    | yes | yes                       | model-of-forbidden-origin | model-of-forbidden-origin | yes
    GB>FR    | yes | yes                       | yes                       | yes                       | model-of-forbidden-origin
    ?        | yes | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin
    GB>?     | yes | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin
    none     | yes | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin | model-of-forbidden-origin
"""  # noqa: E501  # a table
FORBIDDEN: dict[str, list[str]] = {"any": [], "cn": ["CN"], "us": ["US"], "us-ca": ["US-CA"], "eu": ["EU"]}


def told(kind: ModelKind, row: str) -> ServedModel:
    origin, *made_from = (None if code == "?" else code for code in row.split(">"))
    ancestry = tuple(Ancestor(name=f"ancestor {number}", origin=code) for number, code in enumerate(made_from))
    digest = kind.encode().hex().ljust(64, "0")
    return ServedModel(name=str(kind), kind=kind, sha256=digest, origin=origin, ancestry=ancestry)


def serve(nation: Nation, served: Iterable[ServedModel]) -> None:
    with nation.operator.begin(OPERATOR) as session:
        models.serve(session, "endpoint", served)


@pytest.fixture
def choosy(nation: Nation) -> Nation:
    nation.person("ada")
    for slug, origins in FORBIDDEN.items():
        nation.dataset(slug, forbidden_model_origins=origins)
        nation.grant("ada", slug)
    return nation


@pytest.mark.parametrize("kind", ModelKind)
def test_no_model_of_a_forbidden_origin_answers(choosy: Nation, kind: ModelKind) -> None:
    """Whichever of the two it is; the other comes from a place nobody here forbids."""
    (other,) = set(ModelKind) - {kind}
    found = {}
    for row in read(READS):
        serve(choosy, [] if row == "none" else [told(kind, row), told(other, "GB")])
        found[row] = may_query(choosy, "ada", FORBIDDEN)
    assert found == read(READS)


def test_no_embedder_of_a_forbidden_origin_reads_a_document(choosy: Nation) -> None:
    found = {}
    for row in read(READS):
        serve(choosy, [] if row == "none" else [told(ModelKind.EMBEDDING, row)])
        found[row] = may_ingest(choosy, FORBIDDEN)
    assert found == read(READS)


def test_where_the_chat_model_comes_from_is_no_matter_when_a_document_is_taken_in(choosy: Nation) -> None:
    serve(choosy, [told(ModelKind.EMBEDDING, "GB"), told(ModelKind.CHAT, "CN")])
    assert may_ingest(choosy, FORBIDDEN) == dict.fromkeys(FORBIDDEN, "yes")
    assert may_query(choosy, "ada", ["cn"]) == {"cn": "model-of-forbidden-origin"}


def test_a_model_from_where_a_dataset_forbids_it_is_refused_with_one_row_each(nation: Nation) -> None:
    """Every origin by every forbidden one, when asked, handed in and published."""
    nation.person("ada")
    for one in TAGS:
        nation.dataset(f"no-model-of-{one.lower()}", forbidden_model_origins=[one])
        nation.grant("ada", f"no-model-of-{one.lower()}")
    for origin in PLACES:
        serve(nation, [told(ModelKind.EMBEDDING, origin)])
        refused = {f"no-model-of-{one.lower()}" for one, inside in TAGS.items() if origin in inside}
        scope = nation.scope("ada")
        assert kept(nation) == origin_rows("query", refused)
        assert {slug for slug, one in nation.datasets.items() if one in scope.dataset_ids} == {
            *nation.datasets
        } - refused
        for slug, dataset in nation.datasets.items():
            with nation.operator.begin(OPERATOR) as session:
                ruling_here(session, dataset, nation.site)
            with nation.worker.begin(Worker(name="test", dataset_id=dataset)) as session:
                assert_published(session, dataset, nation, allowed=slug not in refused)
        assert kept(nation) == origin_rows("ingest", refused)


def origin_rows(action: str, refused: set[str]) -> list[Row]:
    rule = f"{action}.model-of-forbidden-origin"
    return sorted(("model", rule, "forbidden_model_origins", "endpoint", slug) for slug in refused)


def assert_published(session: Session, dataset: DatasetId, nation: Nation, *, allowed: bool) -> None:
    with nullcontext() if allowed else pytest.raises(OutOfPlaceError, match=r"ingest\.model-of-forbidden-origin"):
        permit(session, dataset, nation.site)
