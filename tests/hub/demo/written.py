"""The demo's files, written once for each test process, and what the real parser reads of them."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub.demo.files import write_files
from ingest.parse import serve_one

TYPES = {
    ".pdf": "application/pdf", ".md": "text/markdown", ".txt": "text/plain", ".csv": "text/csv", ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@cache
def written() -> dict[str, bytes]:
    """Name → bytes; names are unique over all datasets."""
    return {name: content for folder in by_dataset().values() for name, content in folder.items()}


@cache
def by_dataset() -> dict[str, dict[str, bytes]]:
    with TemporaryDirectory() as folder:
        count = write_files(Path(folder))
        found = {
            dataset.name: {path.name: path.read_bytes() for path in sorted(dataset.iterdir())}
            for dataset in sorted(Path(folder).iterdir())
        }
    assert count == sum(map(len, found.values()))
    return found


@cache
def read(name: str) -> dict[str, Any]:
    return read_bytes(name, written()[name])


def read_bytes(name: str, content: bytes) -> dict[str, Any]:
    return serve_one({"name": name, "media_type": TYPES[Path(name).suffix], "bytes": len(content)}, content)


def text_of(name: str) -> str:
    return " ".join(re.findall(r"\S+", str(read(name))))


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text.replace("\\n", " ")).lower()
