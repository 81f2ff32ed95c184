"""A million comparisons of what came with what may: not one differs; goes on where the last run stopped."""

import os
from pathlib import Path

import pytest

from hub.evaluation.leak.run import SEED, Tally, run
from hub.evaluation.leak.world import Databases
from tests.architecture.code import ROOT

#: How many in all, and where what was done is written down.
WANTED = int(os.environ.get("HUB_PROVE_COMPARISONS", "1000000"))
STATE = Path(os.environ.get("HUB_PROVE_LEAK_STATE", str(ROOT / ".hub" / "proof-leak.json")))


@pytest.mark.prove
@pytest.mark.timeout(40_000)
def test_a_million_comparisons_show_no_difference(databases: Databases, capfd: pytest.CaptureFixture[str]) -> None:
    def show(tally: Tally) -> None:
        with capfd.disabled():
            told = f"{tally.done:,} comparisons, {tally.differences} differences"
            print(f"\rseed {SEED}: {told}", end="", flush=True)  # noqa: T201  # a person waits

    tally = run(databases, wanted=WANTED, seed=SEED, path=STATE, tell=show)
    with capfd.disabled():
        print(f"\n{dict(tally.comparisons)}")  # noqa: T201
    assert tally.told == []
