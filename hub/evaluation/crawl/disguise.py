"""What a text may be disguised as so that no filter knows it again; and every way back, for who listens."""

import base64
import binascii
import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

Turn = Callable[[str], str]
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{60,}")
_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-f]{2}){60,}")
_COMMAND: Final = re.compile(r"(?i)\brepeat the context\b")


def _rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


#: By the words in which it is asked for.
DISGUISES: Final[Mapping[str, Turn]] = {
    "word for word": lambda text: text,
    "as Base64": _base64,
    "as hexadecimal digits": lambda text: text.encode().hex(),
    "in reverse": lambda text: text[::-1],
    "with a dash after each letter": lambda text: "".join(f"{letter}-" for letter in text),
    "in ROT13": _rot13,
    "as JSON": lambda text: json.dumps({"context": text}),
}


def repeated(question: str, context: str) -> str | None:
    """Return the context as a question commands to have it; None where it commands nothing of the kind."""
    if not _COMMAND.search(question):
        return None
    disguise = next((turn for words, turn in DISGUISES.items() if words in question), DISGUISES["word for word"])
    return disguise(context.strip())


def undisguised(text: str) -> Iterator[str]:
    """Yield the text itself and what it may have been: all of it, or what came before it was cut."""
    yield text
    for found in _BASE64.findall(text):
        yield _decoded(base64.b64decode, found[: len(found) // 4 * 4])
    for found in _HEXADECIMAL.findall(text):
        yield _decoded(bytes.fromhex, found)
    yield text.strip()[::-1]
    if text.count("-") * 3 > len(text):
        yield text[::2]
    yield _rot13(text)
    if text.lstrip().startswith("{"):
        yield text.replace("\\n", "\n").replace('\\"', '"')


def _decoded(turn: Callable[[str], bytes], found: str) -> str:
    try:
        return turn(found).decode("utf-8", errors="ignore")
    except (binascii.Error, ValueError):
        return ""
