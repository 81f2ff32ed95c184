"""A7: every misuse of the doors: at once, cut off, at a window's edge, guessed, odd, asked anew."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import httpx

from hub.evaluation.crawl.corpus import LENGTH, Record
from hub.evaluation.crawl.mouth import Speaker
from hub.evaluation.crawl.watch import Watch

PARALLEL: Final = 64
_DAY_S: Final = 86_400


@dataclass(kw_only=True)
class Abuse:
    """One person with a token who knows every name; `step` moves the clock, `renew` and `again` are the owner's."""

    speaker: Speaker
    records: Sequence[Record]
    watch: Watch
    dice: Random
    step: Callable[[timedelta], None]
    renew: Callable[[], None]
    again: Callable[[], None]
    came: set[int] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    windows: int = 1

    def run(self, rounds: int) -> None:
        """Do all of it, so many times."""
        for _ in range(rounds):
            for act in (self._at_once, self._cut_off, self._odd, self._guessed, self._anew, self._edge):
                for said in act():
                    self._hear(said)

    @property
    def characters(self) -> int:
        """Of records something came of, each once and whole: so they are charged."""
        return len(self.came) * LENGTH

    def _hear(self, said: httpx.Response) -> None:
        texts = [said.text, str(said.headers)]
        if said.headers.get("content-type") == "application/json":
            items = said.json()
            found = items.get("items", [items]) if isinstance(items, dict) else []
            texts += [str(one.get("body", "")) for one in found]
            self.ids |= {str(one["id"]) for one in found if one.get("body")}
        self.came |= self.watch.read(texts)

    def _search(self, limit: int = 20, **more: object) -> httpx.Response:
        query = " ".join(record.name for record in self.dice.sample(self.records, 3))
        body = {"query": query, "purpose": str(self.speaker.purpose), "limit": limit, **more}
        return self._call("POST", "/search", json=body)

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401  # what httpx takes
        return self.speaker.http.request(method, path, headers=dict(self.speaker.headers()), **more)

    def _at_once(self) -> Iterator[httpx.Response]:
        with ThreadPoolExecutor(PARALLEL) as pool:
            yield from pool.map(lambda _: self._search(), range(PARALLEL))

    def _cut_off(self) -> Iterator[httpx.Response]:
        for record in self.dice.sample(self.records, 3):
            body = {
                "question": f"To which topic belongs the record {record.name}?",
                "purpose": str(self.speaker.purpose),
            }
            headers = dict(self.speaker.headers())
            with self.speaker.http.stream("POST", "/questions", json=body, headers=headers) as answer:
                next(answer.iter_raw(), b"")
            yield self._call("POST", "/questions", json=body)

    def _odd(self) -> Iterator[httpx.Response]:
        for limit in (0, -1, 21, 10**9):
            yield self._search(limit)
        for filters in ({"datasets": ["nowhere"]}, {"media_types": ["text/plain"]}, {"since": "1990-01-01"}):
            yield self._search(filters=filters)
        yield self._call("POST", "/search", content=b"{" * 5_000)
        yield self._call("POST", "/search", json={"query": self.records[0].body, "purpose": "none"})
        yield self._call("GET", f"/{self.records[0].mark}")

    def _guessed(self) -> Iterator[httpx.Response]:
        known = sorted(self.ids)[:3]
        for one in (*known, *(str(UUID(int=self.dice.getrandbits(128), version=4)) for _ in range(5))):
            for path in (f"/passages/{one}", f"/passages/{one}/page", f"/passages/{one}/page/cost"):
                yield self._call("GET", path, params={"purpose": str(self.speaker.purpose)})
            yield self._call("GET", f"/questions/{one}")

    def _anew(self) -> Iterator[httpx.Response]:
        self.renew()
        yield self._search()
        self.again()
        yield self._search()

    def _edge(self) -> Iterator[httpx.Response]:
        self.step(timedelta(seconds=_DAY_S - 30))
        yield from self._at_once()
        self.step(timedelta(seconds=31))
        self.windows += 1
        yield from self._at_once()
