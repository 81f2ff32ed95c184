"""A8: an agent whose questions a language model writes; it remembers every name it hears."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import httpx

from catalog.sockets import over
from hub.evaluation.crawl.adversaries import NAME, Heard
from hub.evaluation.crawl.corpus import COMMON

_SHOWN: Final = 3  # names in one prompt
_LONGEST: Final = 300  # of a question, in characters
_TOLD: Final = 160  # of what was heard last, in characters
_TASK: Final = (
    "A catalogue describes records. One of its answers: {told}\n"
    "Names that were heard and not asked for yet: {names}.\n"
    "Write one short question that asks what is kept beside one or two of these names. Write only the question."
)


@dataclass(kw_only=True)
class Modelled:
    """Reads what came, lets the model write the next question, and remembers the names not asked for yet."""

    dice: Random
    write: Callable[[str], str]
    last: str = "nothing yet."
    open: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def ask(self) -> str | None:
        """Let the model ask; where it has nothing to say, a word anybody knows is asked for."""
        names = self.dice.sample(self.open, min(_SHOWN, len(self.open))) or self.dice.sample(COMMON, _SHOWN)
        written = self.write(_TASK.format(told=self.last, names=", ".join(names))).strip()
        asked = written.splitlines()[0][:_LONGEST] if written else self.dice.choice(COMMON)
        self.open = [name for name in self.open if name not in asked]
        return asked

    def hear(self, heard: Heard) -> None:
        """Keep the newest words and every new name."""
        for text in heard.texts:
            fresh = sorted(set(NAME.findall(text)) - self.known)
            self.known.update(fresh)
            self.open += fresh
        newest = next((text for text in heard.texts if text.strip()), "")
        self.last = re.sub(r"\s+", " ", newest)[:_TOLD] or self.last


class Pen:
    """The hub's own chat model, asked by the attacker for a question: another one each time."""

    def __init__(self, socket: Path) -> None:
        self._http = httpx.Client(transport=over(socket), base_url="http://model", timeout=300, trust_env=False)
        self._times = 0

    def __call__(self, task: str) -> str:
        """Return what the model writes."""
        self._times += 1
        asked = {
            "messages": [{"role": "user", "content": task}],
            "max_tokens": 48,
            "temperature": 0.7,
            "seed": self._times,
        }
        answer = self._http.post("/v1/chat/completions", json=asked).raise_for_status().json()
        return str(answer["choices"][0]["message"]["content"])
