"""A running hub with a quoting model server, one for each test process, in which each test makes what it needs."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub.commands.terminal import Said, done, hub
from tests.hub.stack import small_stack

NOTICE = """# Harbour rules

Inside the {mark} breakwaters no {mark} boat may {mark} go faster {mark} than five knots {mark}.
Throwing waste {mark} is punished {mark} with a {mark} fine of 350 euros {mark} here.
"""  # every town its own words: what is a copy of another town's notice is charged there too
ASKED = "How many euros is throwing waste punished with?"


@dataclass(frozen=True, kw_only=True)
class Town:
    """A dataset, a person who may ask it, and one who may not, under names no other test has."""

    root: Path
    mark: str

    @property
    def dataset(self) -> str:
        return f"harbour-{self.mark}"

    @property
    def ada(self) -> str:
        return f"ada-{self.mark}"

    @property
    def mia(self) -> str:
        return f"mia-{self.mark}"

    def hub(self, *arguments: str, **variables: str) -> Said:
        return hub(self.root, *arguments, **{"HUB_AUDIT_REASON": "A test reads the trail", **variables})

    def ask(self, *more: str, question: str = ASKED, person: str | None = None) -> Said:
        return self.hub("ask", question, "--as", person or self.ada, *more)

    def register(self) -> None:
        place = ("--jurisdiction", "DE")
        done(self.hub("person", "organisation", f"board-{self.mark}", "--name", "Water Board", *place))
        for slug in (self.ada, self.mia):
            more = ("--organisation", f"board-{self.mark}", "--clearance", "internal", *place)
            done(self.hub("person", "add", slug, "--name", slug.title(), *more))
        tags = ["--store-in", "DE", "--process-in", "DE", "--access-from", "EU", "--purpose", "research"]
        tags += ["--classification", "internal", "--ceiling", "1", "--owner", f"board-{self.mark}"]
        done(self.hub("dataset", "add", self.dataset, "--title", f"Harbour {self.mark}", *tags))


@pytest.fixture(scope="session")
def running_hub() -> Iterator[Path]:
    with small_stack.running() as root:
        yield root


@pytest.fixture
def town(running_hub: Path) -> Town:
    """People and a dataset, no grant, no document."""
    made = Town(root=running_hub, mark=secrets.token_hex(3))
    made.register()
    return made


@pytest.fixture(scope="module")
def told(running_hub: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town whose notice is published and which Ada may ask; shared by the tests of a module."""
    made = Town(root=running_hub, mark=secrets.token_hex(3))
    made.register()
    done(made.hub("grant", "add", made.dataset, "--purpose", "research", "--person", made.ada, "--share", "1"))
    folder = tmp_path_factory.mktemp("notices")
    (folder / "rules.md").write_text(NOTICE.format(mark=made.mark))
    done(made.hub("ingest", str(folder), "--dataset", made.dataset))
    return made
