"""Results of a crawl as they come: a line of JSON each, so that a benchmark cut short goes on where it stopped."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from catalog.errors import ConflictError, DataHubError

Result = dict[str, Any]
Tell = Callable[[int, int, str, Result | None], None]
#: What an attack may break with and leave the next one untouched: the API's or the catalog's word, or none.
_BROKEN: Final = (httpx.HTTPError, DataHubError)


@dataclass(kw_only=True)
class Results:
    """What each attack came to, by its name; kept in a file where one is named."""

    plan: Mapping[str, Any]
    path: Path | None = None
    found: dict[str, Result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    not_run: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take up what the file holds. Raises ConflictError for results of another plan."""
        if self.path is None:
            return
        whole, _, broken_off = (self.path.read_text("utf-8") if self.path.exists() else "").rpartition("\n")
        if broken_off:
            self.path.write_text(f"{whole}\n" if whole else "", "utf-8")
        lines = whole.splitlines()
        if not lines:
            self._write({"plan": self.plan})
            return
        told = [json.loads(line) for line in lines]
        if told[0] != {"plan": json.loads(json.dumps(self.plan))}:
            raise ConflictError("This file holds results of another size or seed. Name another one, or the same sizes.")
        self.found = {one["name"]: one["result"] for one in told[1:]}

    def add(self, name: str, result: Result) -> None:
        """Keep what an attack came to."""
        self.found[name] = result
        self._write({"name": name, "result": result})

    @contextmanager
    def trying(self, name: str) -> Iterator[None]:
        """Run one attack; what breaks it is told by its kind, and the next one begins."""
        try:
            yield
        except _BROKEN as error:
            self.failed[name] = type(error).__name__

    def _write(self, line: Mapping[str, Any]) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
