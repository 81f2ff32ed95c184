"""What is public of a dataset is a list, and its owner looked at it: stale when the list or their words change."""

from dataclasses import replace

import psycopg
import pytest
from psycopg import errors

from catalog import audit, public_metadata
from catalog.amendments import Change, amend
from catalog.db import Database, Steward
from catalog.errors import ConflictError, NotFoundError
from catalog.public_metadata import ENTRIES, WORDS, Audience, PublicMetadata, Review, Source
from catalog.vocabulary import Classification, EventType, Purpose
from tests.catalog.ledger import rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

QUESTIONS = ["How high is the water?"]


@pytest.fixture
def shore(nation: Nation) -> Nation:
    """Sten and Stella keep the ministry's rivers, Olga the office's lakes."""
    nation.person("sten")
    nation.person("stella")
    nation.person("olga", organisation="office")
    nation.dataset("rivers", description="Levels of the rivers.", sample_questions=QUESTIONS, listed=False)
    nation.dataset("lakes", owner="office")
    nation.document("rivers", "levels.txt", ["The river stands at four metres. "])
    return nation


def seen(nation: Nation, stewards: Database, who: str = "sten", slug: str = "rivers") -> PublicMetadata:
    with stewards.begin(Steward(person_id=nation.people[who])) as session:
        return public_metadata.of(session, slug)


def looked(nation: Nation, stewards: Database, digest: str, who: str = "sten", slug: str = "rivers") -> None:
    with stewards.begin(Steward(person_id=nation.people[who])) as session:
        public_metadata.review(session, slug, digest)


def amended(nation: Nation, change: Change) -> None:
    with nation.operator.begin(OPERATOR) as session:
        amend(session, "rivers", change)


def kept(nation: Nation) -> int:
    return int(str(value(nation.database, "SELECT count(*) FROM hub.metadata_reviews")))


# The list.


def test_each_entry_has_a_name_of_its_own_a_sentence_and_a_place_where_it_is_said() -> None:
    assert len({one.name for one in ENTRIES}) == len(ENTRIES)
    assert [one.name for one in ENTRIES if not (one.what.endswith(".") and one.what[0].isupper() and one.at)] == []
    said = [at for one in ENTRIES for at in one.at]
    assert len(set(said)) == len(said)


def test_whoever_may_see_most_comes_first() -> None:
    order = [list(Audience).index(one.sees) for one in ENTRIES]
    assert order == sorted(order)


def test_all_the_owner_wrote_is_reviewed_and_what_makes_it_seen() -> None:
    assert {one.name for one in ENTRIES if one.source is Source.WRITTEN} | {"listed"} == set(WORDS)


def test_what_is_told_of_the_whole_dataset_has_its_value_beside_it(shore: Nation, stewards: Database) -> None:
    told = seen(shore, stewards)
    assert told.values == {
        "title": "Rivers", "description": "Levels of the rivers.", "sample_questions": QUESTIONS, "listed": False,
        "slug": "rivers", "owner": "Ministry", "classification": "internal", "store_in": ["DE"], "process_in": ["DE"],
        "access_from": ["EU"], "forbidden_legal_control": [], "forbidden_model_origins": [], "purposes": ["research"],
        "documents": 1, "pages": 1, "media_types": ["text/plain"], "languages": ["english"],
    }  # fmt: skip
    assert told.review is None
    assert set(told.values) == {one.name for one in ENTRIES if one.sees is Audience.CARD}


def test_figures_are_those_of_everybodys_card_not_of_the_stewards(shore: Nation, stewards: Database) -> None:
    shore.document("rivers", "geheim.txt", ["Der Pegel. "], language="german")
    assert (seen(shore, stewards).values["documents"], seen(shore, stewards).values["pages"]) == (2, 2)
    shore.tag("geheim.txt", classification=Classification.SECRET)
    assert (seen(shore, stewards).values["documents"], seen(shore, stewards).values["languages"]) == (1, ["english"])


def test_the_operator_reads_it_too_but_for_what_is_counted_in_the_text(shore: Nation, stewards: Database) -> None:
    with shore.operator.begin(OPERATOR) as session:
        told = public_metadata.of(session, "rivers", pages=False)
    whole = seen(shore, stewards)
    assert told.digest == whole.digest
    assert told.values == {name: one for name, one in whole.values.items() if name not in {"pages", "languages"}}


def test_nothing_is_counted_of_an_empty_dataset(shore: Nation, stewards: Database) -> None:
    told = seen(shore, stewards, "olga", "lakes").values
    assert (told["documents"], told["pages"], told["media_types"], told["languages"]) == (0, 0, [], [])


# The owner's word.


def test_a_review_says_who_looked_and_is_written_into_the_trail(shore: Nation, stewards: Database) -> None:
    digest = seen(shore, stewards).digest
    looked(shore, stewards, digest)
    found = seen(shore, stewards, "stella").review
    assert found == Review(by="Sten", at=found.at if found else None, current=True)  # type: ignore[arg-type]
    with shore.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=9, types=[EventType.METADATA_REVIEWED])
    assert event.actor == f"person:{shore.people['sten']}"
    assert event.object == f"dataset:{shore.datasets['rivers']}"
    assert (event.dataset_ids, event.detail) == ((shore.datasets["rivers"],), {"digest": digest})


def test_the_newest_review_counts(shore: Nation, stewards: Database) -> None:
    digest = seen(shore, stewards).digest
    for who in ("sten", "stella"):
        looked(shore, stewards, digest, who)
    found = seen(shore, stewards).review
    assert found
    assert found.by == "Stella"
    assert kept(shore) == 2


@pytest.mark.parametrize(
    "change", [{"title": "Streams"}, {"description": "Streams too."}, {"listed": True}], ids=lambda one: next(iter(one))
)
def test_other_words_make_a_review_stale(shore: Nation, stewards: Database, change: dict[str, str | bool]) -> None:
    before = seen(shore, stewards).digest
    looked(shore, stewards, before)
    amended(shore, Change(**change))  # type: ignore[arg-type]
    after = seen(shore, stewards)
    assert after.digest != before
    assert after.review
    assert (after.review.by, after.review.current) == ("Sten", False)


def test_other_sample_questions_make_a_review_stale(shore: Nation, stewards: Database) -> None:
    looked(shore, stewards, seen(shore, stewards).digest)
    run(shore.database, "UPDATE hub.datasets SET sample_questions = '{Why?}' WHERE slug = 'rivers'")
    found = seen(shore, stewards).review
    assert found
    assert not found.current


def test_another_list_makes_every_review_stale(
    shore: Nation, stewards: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(shore, stewards, seen(shore, stewards).digest)
    first, *rest = ENTRIES
    for other in (
        (first, *rest[:-1]),
        (replace(first, sees=Audience.GRANT), *rest),
        (replace(first, at=("x",)), *rest),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(public_metadata, "ENTRIES", other)
            found = seen(shore, stewards).review
            assert found
            assert not found.current
    found = seen(shore, stewards).review
    assert found
    assert found.current


def test_neither_figures_nor_tags_make_a_review_stale(shore: Nation, stewards: Database) -> None:
    looked(shore, stewards, seen(shore, stewards).digest)
    shore.document("rivers", "two.txt", ["Another river. "], language="german")
    amended(shore, Change(classification=Classification.RESTRICTED, purposes=[Purpose.STATISTICS], store_in=["EU"]))
    found = seen(shore, stewards).review
    assert found
    assert found.current


def test_what_was_changed_since_one_looked_is_not_reviewed(shore: Nation, stewards: Database) -> None:
    digest = seen(shore, stewards).digest
    amended(shore, Change(title="Streams"))
    with pytest.raises(ConflictError, match=r"has changed since you looked\. Look at it again"):
        looked(shore, stewards, digest)
    assert kept(shore) == 0


@pytest.mark.parametrize("slug", ["lakes", "never-was"])
def test_what_is_anothers_looks_absent(shore: Nation, stewards: Database, slug: str) -> None:
    digest = seen(shore, stewards, "olga", "lakes").digest
    with pytest.raises(NotFoundError):
        seen(shore, stewards, "sten", slug)
    with pytest.raises(NotFoundError):
        looked(shore, stewards, digest, "sten", slug)


def test_a_withdrawn_dataset_is_absent(shore: Nation, stewards: Database) -> None:
    run(shore.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    with pytest.raises(NotFoundError):
        seen(shore, stewards)


# What the database itself holds, whoever has taken the stewards' connection over.

ADDED = """INSERT INTO hub.metadata_reviews (dataset_id, person_id, digest) VALUES (%s, %s, repeat('a', 64))"""


def acting(nation: Nation, connection: psycopg.Connection, who: str) -> None:
    connection.execute("SELECT set_config('hub.subject', %s, true)", [str(nation.people[who])])


@pytest.mark.parametrize(("slug", "person"), [("lakes", "sten"), ("rivers", "stella"), ("lakes", "olga")])
def test_nobody_reviews_what_another_organisation_owns_nor_in_anothers_name(
    shore: Nation, slug: str, person: str
) -> None:
    with shore.database.connect("hub_steward") as connection:
        acting(shore, connection, "sten")
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(ADDED, [shore.datasets[slug], shore.people[person]])


def test_whoever_runs_the_hub_reviews_nothing_for_an_owner(shore: Nation) -> None:
    with (
        shore.database.connect("hub_operator") as connection,
        pytest.raises(errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute(ADDED, [shore.datasets["rivers"], shore.people["sten"]])


def test_another_organisations_review_is_not_told(shore: Nation, stewards: Database) -> None:
    looked(shore, stewards, seen(shore, stewards).digest)
    asked = "SELECT person FROM hub.metadata_review(%s)"
    told = {}
    for who in ("stella", "olga"):
        with shore.database.connect("hub_steward") as connection:
            acting(shore, connection, who)
            told[who] = connection.execute(asked, [shore.datasets["rivers"]]).fetchall()
    assert told == {"stella": [("Sten",)], "olga": []}
    with shore.database.connect("hub_operator") as connection:
        assert connection.execute(asked, [shore.datasets["rivers"]]).fetchall() == [("Sten",)]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE hub.metadata_reviews SET reviewed_at = now()", "DELETE FROM hub.metadata_reviews",
     "TRUNCATE hub.metadata_reviews"],
    ids=["update", "delete", "truncate"],
)  # fmt: skip
def test_a_review_is_written_once(shore: Nation, stewards: Database, statement: str) -> None:
    looked(shore, stewards, seen(shore, stewards).digest)
    with pytest.raises(psycopg.DatabaseError, match="append-only"), shore.database.connect() as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    assert kept(shore) == 1


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO hub.metadata_reviews (reviewed_at) VALUES (now())", "SELECT digest FROM hub.metadata_reviews"],
    ids=["say when", "read"],
)
def test_a_steward_can_not_say_when_nor_read_the_table(shore: Nation, statement: str) -> None:
    with shore.database.connect("hub_steward") as connection:
        acting(shore, connection, "sten")
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
            connection.execute(statement)  # type: ignore[call-overload]


def test_row_security_is_on_and_forced(shore: Nation) -> None:
    """Like its siblings': the very role that owns the table sees by a policy alone, and adds nothing."""
    secured = rows(
        shore.database,
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'hub.metadata_reviews'::regclass",
    )
    assert secured == [(True, True)]
