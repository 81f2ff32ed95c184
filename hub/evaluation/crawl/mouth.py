"""How an adversary speaks: as a person with a real token, through the API; and what a filter on prompts hears."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx

from catalog.vocabulary import Purpose
from hub.evaluation.crawl.adversaries import Heard

#: The second defence people build: refuse a question that looks like an attack.
_SUSPICIOUS: Final = re.compile(
    r"(?i)\b(ignore|disregard|forget)\b.*\b(told|instructions|above)\b|\brepeat\b|\bverbatim\b|word for word|base64|"
    r"rot13|\bcontext\b|system prompt|everything (above|you know)"
)


class Mouth(Protocol):
    """Asks one question and hears all of the response."""

    def say(self, question: str) -> Heard:
        """Ask."""


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A person at the API. `questions`: asks the model; otherwise searches."""

    http: httpx.Client
    headers: Callable[[], Mapping[str, str]]
    questions: bool
    purpose: Purpose = Purpose.EVALUATION
    limit: int = 5

    def say(self, question: str) -> Heard:
        """Ask or search, and hear everything that came, an unchecked draft too."""
        if self.questions:
            body: dict[str, Any] = {"question": question, "purpose": str(self.purpose)}
            return _events(self.http.post("/questions", json=body, headers=dict(self.headers())))
        body = {"query": question, "purpose": str(self.purpose), "limit": self.limit}
        return _found(self.http.post("/search", json=body, headers=dict(self.headers())))


@dataclass(frozen=True, kw_only=True)
class Filtered:
    """The same behind a filter on prompts."""

    behind: Mouth

    def say(self, question: str) -> Heard:
        """Refuse what looks like an attack."""
        return Heard(refused="filter") if _SUSPICIOUS.search(question) else self.behind.say(question)


def _found(response: httpx.Response) -> Heard:
    response.raise_for_status()
    said = response.json()
    refusal = said["refusal"]
    if refusal is None and not said["items"] and said["left_out"]:
        return Heard(refused="budget")
    return Heard(
        texts=tuple(item["body"] for item in said["items"]), refused=refusal["kind"] if refusal is not None else None
    )


def _events(response: httpx.Response) -> Heard:
    response.raise_for_status()
    texts, refused, draft = [], None, ""
    for block in response.text.strip().split("\n\n"):
        if block.startswith(":"):
            continue
        name, _, data = block.partition("\n")
        told = json.loads(data.removeprefix("data: "))
        match name.removeprefix("event: "):
            case "piece":
                draft += told["text"]
            case "refusal":
                refused = told["kind"]
            case "answer":
                texts += [told["text"], *(passage["body"] for passage in told["passages"])]
                texts += [citation["quote"] for citation in told["citations"]]
    return Heard(texts=(draft, *texts), refused=refused)
