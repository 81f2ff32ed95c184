"""Every wall that is taken down is noticed: each mutant makes a test of the normal run fail."""

import queue
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.prove.copied import ALL, Copy, Ran
from tests.prove.mutant import Mutant, text_of
from tests.prove.mutants import MUTANTS

SIDE_BY_SIDE = 2
BY_NAME = {mutant.name: mutant for mutant in MUTANTS}


@pytest.fixture(scope="module")
def copies() -> Iterator["queue.Queue[Copy]"]:
    with tempfile.TemporaryDirectory(prefix="hub-mutants-") as folder:
        made: queue.Queue[Copy] = queue.Queue()
        for number in range(SIDE_BY_SIDE):
            made.put(Copy.make(Path(folder) / str(number)))
        yield made


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, copies: "queue.Queue[Copy]") -> Iterator[dict[str, Future[list[Ran]]]]:
    """All selected mutants under way, some side by side, in the order they are asked for."""
    selected = [
        item.callspec.params["name"] for item in request.session.items if "name" in getattr(item, "callspec", NO).params
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield {name: pool.submit(run, copies, BY_NAME[name]) for name in selected}
        pool.shutdown(cancel_futures=True)


class NO:
    """An item without parameters."""

    params: dict[str, str] = {}  # noqa: RUF012  # empty for good


def run(copies: "queue.Queue[Copy]", mutant: Mutant) -> list[Ran]:
    copy = copies.get()
    try:
        with copy.changed(mutant.file, mutant.before, mutant.after):
            return [copy.run(test) for test in mutant.tests]
    finally:
        copies.put(copy)


def test_names_are_unique_and_every_mutant_changes_something() -> None:
    assert len(BY_NAME) == len(MUTANTS) > 90
    assert [mutant.name for mutant in MUTANTS if mutant.before == mutant.after or not mutant.tests] == []


def test_what_a_mutant_changes_is_still_there_once() -> None:
    """A changed line needs its mutant changed, or the proof quietly ends."""
    assert [mutant.name for mutant in MUTANTS if text_of(mutant.file).count(mutant.before) != 1] == []


@pytest.mark.prove
def test_what_runs_is_the_copy_also_inside_the_walls(copies: "queue.Queue[Copy]") -> None:
    copy = copies.get()
    try:
        for said in copy.imported_from():
            assert said.count(str(copy.root)) == 3, said
    finally:
        copies.put(copy)


@pytest.mark.prove
@pytest.mark.timeout(ALL)
def test_unchanged_every_one_of_these_tests_passes(copies: "queue.Queue[Copy]") -> None:
    copy = copies.get()
    try:
        ran = copy.run(
            *sorted({test for mutant in MUTANTS for test in mutant.tests}), workers=SIDE_BY_SIDE, seconds=ALL
        )
        assert ran.passed, ran.said
    finally:
        copies.put(copy)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", BY_NAME)
def test_it_is_noticed(name: str, runs: dict[str, Future[list[Ran]]], capfd: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    results = runs[name].result()
    noticed = all(ran.failed for ran in results)
    with capfd.disabled():
        waited = time.monotonic() - began
        broken = not all(ran.failed or ran.passed for ran in results)
        word = "killed" if noticed else "BROKEN" if broken else "SURVIVED"
        by = ", ".join(ran.failed or "nothing" for ran in results)
        print(f"\n{word:8} {name} (+{waited:.0f} s) by {by}", end="", flush=True)  # noqa: T201
    assert noticed, "\n".join(
        f"{test}: {ran.said[-1500:]}" for test, ran in zip(BY_NAME[name].tests, results, strict=True)
    )
