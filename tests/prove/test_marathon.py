"""A million disclosures by mixed adversaries, and not one above the bound; goes on where the last run stopped."""

import json
import os
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.architecture.code import ROOT
from tests.fixtures.nation import Nation
from tests.prove.marathon import Round

#: How many in all, and where what was done is written down.
WANTED = int(os.environ.get("HUB_PROVE_DISCLOSURES", "1000000"))
STATE = Path(os.environ.get("HUB_PROVE_STATE", str(ROOT / ".hub" / "proof-bound.json")))
A_ROUND = 2_400


def test_a_few_rounds_stay_within_the_bound(nation: Nation) -> None:
    """The same in small, in every run."""
    for seed in range(2):
        made = Round(nation=nation, dice=Random(seed))  # noqa: S311  # repeatable on purpose
        made.lay()
        made.run(240)
        assert made.violations() == []
        assert made.strikes == 240
        assert sum(made.characters().values()) > 0


def test_the_oracle_sees_what_was_not_charged_and_what_is_too_much(nation: Nation) -> None:
    made = Round(nation=nation, dice=Random(1))  # noqa: S311  # repeatable on purpose
    made.lay()
    made.got = {(person, chunk) for person in made.behind for chunk in made.chunks}
    told = " ".join(made.violations())
    assert "a person got" in told
    assert "all got" in told
    assert "0 charged" in told


@pytest.mark.prove
@pytest.mark.timeout(40_000)
def test_a_million_disclosures_and_no_violation(nation: Nation, capfd: pytest.CaptureFixture[str]) -> None:
    state: dict[str, Any] = {"seed": 20_260, "rounds": 0, "disclosures": 0, "violations": [], "seconds": 0.0}
    if STATE.exists():
        state = json.loads(STATE.read_text(encoding="utf-8"))
    STATE.parent.mkdir(parents=True, exist_ok=True)
    while state["disclosures"] < WANTED:
        began = time.monotonic()
        made = Round(nation=nation, dice=Random(f"{state['seed']} {state['rounds']}"))  # noqa: S311  # repeatable
        made.lay()
        made.run(A_ROUND)
        state["violations"] += made.violations()
        state["rounds"] += 1
        state["disclosures"] += made.strikes
        state["seconds"] = round(state["seconds"] + time.monotonic() - began, 1)
        STATE.write_text(json.dumps(state), encoding="utf-8")
        with capfd.disabled():
            told = f"{state['disclosures']:,} disclosures, {len(state['violations'])} violations"
            print(f"\rseed {state['seed']}: {told}", end="", flush=True)  # noqa: T201  # a person waits
    assert state["violations"] == []
