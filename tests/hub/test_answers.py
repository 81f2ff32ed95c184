"""The wording of refusals and stages, and what an answer promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.vocabulary import RefusalKind
from hub.answers import ELSEWHERE, REFUSALS, from_here, refusal
from hub.listening import SILENCE, Stage
from tests.hub.passages_made import SCOPE


def test_every_kind_has_a_sentence_and_no_sentence_is_without_a_kind() -> None:
    assert set(REFUSALS) == set(RefusalKind)


@pytest.mark.parametrize("kind", RefusalKind)
def test_a_refusal_is_plain_short_and_without_blame(kind: RefusalKind) -> None:
    words = REFUSALS[kind]
    assert words.endswith(".")
    assert len(words) < 200
    assert not {"error", "invalid", "illegal", "failed", "forbidden"} & set(words.lower().split())


@pytest.mark.parametrize(
    ("kind", "next_step"),
    [
        (RefusalKind.NOTHING_FOUND, "Try other words"),
        (RefusalKind.NOT_PERMITTED, "Request access"),
        (RefusalKind.NO_ENDPOINT, "Ask their steward"),
        (RefusalKind.BUDGET, "free to read again"),
        (RefusalKind.NO_CITATION, "`hub search`"),
        (RefusalKind.GUARD, "Ask again"),
        (RefusalKind.DEPENDENCY_DOWN, "`hub status`"),
    ],
)
def test_a_refusal_says_what_to_do_next(kind: RefusalKind, next_step: str) -> None:
    assert next_step in refusal(kind).message


@pytest.mark.parametrize("kind", [RefusalKind.NOTHING_FOUND, RefusalKind.NOT_PERMITTED])
def test_what_may_not_be_known_is_not_hinted_at(kind: RefusalKind) -> None:
    assert "{" not in REFUSALS[kind]
    assert refusal(kind) == refusal(kind)
    assert refusal(kind).message == REFUSALS[kind]


@pytest.mark.parametrize("kind", RefusalKind)
@pytest.mark.parametrize(
    ("rules", "shut"),
    [
        ([], False),
        (["query.site-outside-process-in"], False),
        (["query.site-outside-process-in", "query.session-outside-access-from"], True),
        (["query.person-outside-access-from"], True),
    ],
)
def test_only_what_was_not_found_may_lie_where_one_is_shut_out(
    kind: RefusalKind,
    rules: list[str],
    shut: bool,  # noqa: FBT001  # a table's column
) -> None:
    told = from_here(refusal(kind), replace(SCOPE, refused_for=frozenset(rules)))
    expected = shut and kind in {RefusalKind.NOTHING_FOUND, RefusalKind.NO_CITATION}
    assert (told.shut_from_here, told.message.endswith(ELSEWHERE)) == (expected, expected)
    assert told.message.startswith(REFUSALS[kind])


def test_a_particular_reason_stands_in_front() -> None:
    told = refusal(RefusalKind.GUARD, because="The question is empty.")
    assert told.message == f"The question is empty. {REFUSALS[RefusalKind.GUARD]}"


def test_when_it_refills_is_said_to_the_minute_in_utc() -> None:
    at = datetime(2026, 5, 3, 14, 7, 59, tzinfo=UTC)
    told = refusal(RefusalKind.BUDGET, refills_at=at)
    assert told.message.endswith("It refills at 2026-05-03 14:07 UTC.")
    assert told.refills_at == at
    assert "refills" not in refusal(RefusalKind.BUDGET).message


def test_a_time_of_another_zone_is_said_in_utc() -> None:
    from datetime import timezone

    at = datetime(2026, 5, 3, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert "2026-05-02 23:00 UTC" in refusal(RefusalKind.BUDGET, refills_at=at).message


@pytest.mark.parametrize(
    ("stage", "count", "words"),
    [
        (Stage.CHECKING, 0, "Checking who asks"),
        (Stage.LOOKING, 1, "Looking in 1 dataset"),
        (Stage.LOOKING, 3, "Looking in 3 datasets"),
        (Stage.READING, 1, "Reading 1 passage"),
        (Stage.READING, 20, "Reading 20 passages"),
    ],
)
def test_a_stage_counts_as_people_do(stage: Stage, count: int, words: str) -> None:
    assert stage.words(count) == words


def test_silence_hears_everything_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    SILENCE.stage(Stage.CHECKING)
    SILENCE.piece("y")
    assert capsys.readouterr() == ("", "")
