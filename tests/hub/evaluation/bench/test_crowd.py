"""What stands in for a model while a crowd asks, and the people of the crowd."""

import asyncio
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from catalog.policy.model import Subject
from catalog.vocabulary import Classification, PersonId
from hub.evaluation.bench.beside import Person
from hub.evaluation.bench.doors import _asked
from hub.evaluation.bench.echo import CountedWords, Echo
from hub.identity import TokenRules, Verifier
from hub.identity.development import DevelopmentKey

PROMPT = (
    "[1] Bench\nThe gauge4 of the river stands at 31 centimetres. "
    "The gauge41 of the river stands at 290 centimetres.\n\n"
    "Question: At how many centimetres stands gauge41 of the river?\n\nAnswer."
)


def said(echo: Echo, prompt: str) -> str:
    async def whole() -> str:
        asked: dict[str, object] = {"messages": [{"role": "user", "content": prompt}]}
        return "".join([piece["choices"][0]["delta"].get("content", "") async for piece in echo.stream(asked)])

    return asyncio.run(whole()).strip()


def test_the_echo_repeats_the_sentence_that_was_asked_for() -> None:
    assert said(Echo(0), PROMPT) == "The gauge41 of the river stands at 290 centimetres."
    assert said(Echo(0), "Question: Who?") == "none"
    whole: dict[str, Any] = Echo(0).complete({"messages": [{"role": "user", "content": PROMPT}]})
    assert "290" in whole["choices"][0]["message"]["content"]


def test_the_echo_takes_as_long_as_it_is_told() -> None:
    began = time.monotonic()
    said(Echo(0.3), PROMPT)
    assert 0.29 <= time.monotonic() - began < 2


def test_texts_that_share_words_are_near_each_other() -> None:
    near, far, asked = CountedWords().embed(["the gauge4 of the river", "salt and bread", "gauge4 river"])
    products = [sum(a * b for a, b in zip(one, asked, strict=True)) for one in (near, far)]
    assert products[0] > 0.4
    assert products[1] < 0.1
    assert sum(a * a for a in near) == pytest.approx(1)


def test_a_person_of_the_crowd_carries_a_token_the_api_takes(tmp_path: Path) -> None:
    subject = Subject(person_id=PersonId(UUID(int=7)), jurisdiction="DE", clearance=Classification.INTERNAL)
    key = DevelopmentKey(tmp_path / "key.json")
    person = Person(subject, key, "http://127.0.0.1:1/realms/hub")
    first, second = (person.headers()["Authorization"] for _ in range(2))
    rules = TokenRules(issuer="http://127.0.0.1:1/realms/hub", audience="hub-api", clients=frozenset({"hub-ui"}))
    assert Verifier(key.public_keys(), rules).verify(first.removeprefix("Bearer ")) == subject
    assert first == second


def test_many_threads_at_once_carry_one_token_and_none_of_them_an_empty_one(tmp_path: Path) -> None:
    subject = Subject(person_id=PersonId(UUID(int=7)), jurisdiction="DE", clearance=Classification.INTERNAL)
    key = DevelopmentKey(tmp_path / "key.json")
    for _ in range(20):
        person = Person(subject, key, "x")
        with ThreadPoolExecutor(16) as pool:
            carried = set(pool.map(lambda _, one=person: one.headers()["Authorization"], range(64)))
        assert len(carried) == 1
        assert carried != {"Bearer "}


def test_where_nobody_answers_every_question_is_an_error(tmp_path: Path) -> None:
    subject = Subject(person_id=PersonId(UUID(int=7)), jurisdiction="DE", clearance=Classification.INTERNAL)
    crowd = [Person(subject, DevelopmentKey(tmp_path / "key.json"), "x") for _ in range(3)]
    told: list[tuple[int, int]] = []
    found = asyncio.run(_asked(tmp_path / "no.sock", crowd, 7, model_s=0, tell=lambda *one: told.append(one)))
    assert (found["errors"], found["questions"]) == (7, 7)
    assert [done for done, _ in told] == list(itertools.islice(itertools.count(1), 7))
