"""`hub eval retrieval`: ranks a judged corpus through decision, search and disclosure, mode by mode."""

import csv
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from catalog.chunks import SearchMode
from catalog.disclosure import disclose
from catalog.errors import SettingsError
from catalog.policy.model import Scope
from catalog.progress import Progress
from catalog.vocabulary import Purpose
from hub.ask import permitted
from hub.evaluation.corpus import Corpus, document_names, take_in, withdraw
from hub.evaluation.metrics import ndcg, recall
from hub.local import services
from hub.retrieve import candidates
from hub.services import Services

#: Chunks asked for, so that 100 documents are among them; what disclosure reads of each query.
CHUNKS_PER_QUERY = 400
DISCLOSED_PER_QUERY = 10
#: A decision lives 30 s; a new one is made well before.
DECISION_REFRESH_S = 15.0


@dataclass(frozen=True, kw_only=True)
class JudgedSet:
    """A corpus, its queries, and which documents answer each."""

    name: str
    documents: Mapping[str, str]
    queries: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]


def read_set(folder: Path) -> JudgedSet:
    """Read `corpus.jsonl`, `queries.jsonl`, `qrels.tsv`; queries without a judgment are left out.

    Raises SettingsError when a file is missing.
    """
    for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
        if not (folder / name).is_file():
            raise SettingsError(f"{folder} has no {name}. The folder needs corpus.jsonl, queries.jsonl and qrels.tsv.")
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            judged[row["query-id"]][row["corpus-id"]] = int(row["score"])
    documents = {
        row["_id"]: "\n\n".join(part for part in (row.get("title", ""), row["text"]) if part)
        for row in _lines(folder / "corpus.jsonl")
    }
    queries = {row["_id"]: row["text"] for row in _lines(folder / "queries.jsonl") if row["_id"] in judged}
    return JudgedSet(name=folder.name, documents=documents, queries=queries, judged=judged)


def evaluate(
    judged: JudgedSet,
    modes: Sequence[SearchMode],
    *,
    depth: int,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, object]:
    """Take the corpus in, ask every query in every mode, and return the mean measures."""

    def settling(state: Progress) -> None:
        tell("Taking in", state.submitted - state.waiting, state.submitted)

    with _files(judged) as files:
        corpus = take_in(judged.name, files, settling)
    try:
        with services() as hub:
            results = {mode: _ask_all(judged, corpus, hub, mode, depth, tell) for mode in modes}
    finally:
        withdraw(corpus)
    return {
        "set": judged.name,
        "documents": sum(one.state == "published" for one in corpus.outcomes),
        "queries": len(judged.queries),
        "modes": {str(mode): measures for mode, measures in results.items()},
    }


def _ask_all(  # noqa: PLR0913, PLR0917  # one run is these facts
    judged: JudgedSet,
    corpus: Corpus,
    hub: Services,
    mode: SearchMode,
    depth: int,
    tell: Callable[[str, int, int], None],
) -> dict[str, float]:
    names = {document: name.removesuffix(".txt") for document, name in document_names(corpus).items()}
    ids = dict(_numbered(judged))
    scope, made_at = _scope(corpus, hub)
    measures: dict[str, list[float]] = defaultdict(list)
    for number, (query, words) in enumerate(judged.queries.items(), start=1):
        if time.monotonic() - made_at > DECISION_REFRESH_S:
            scope, made_at = _scope(corpus, hub)
        found = candidates(words, scope, hub, limit=CHUNKS_PER_QUERY, mode=mode)
        disclose(hub.database, scope, [one.chunk_id for one in found[:DISCLOSED_PER_QUERY]])
        ranked = list(dict.fromkeys(ids[names[one.document_id]] for one in found))[:depth]
        right = judged.judged[query]
        measures["ndcg@10"].append(ndcg(ranked, right, depth=10))
        measures["recall@10"].append(recall(ranked, right, depth=10))
        measures["recall@100"].append(recall(ranked, right, depth=100))
        tell(f"Asking ({mode})", number, len(judged.queries))
    return {name: round(fmean(values), 4) for name, values in measures.items()}


def _scope(corpus: Corpus, hub: Services) -> tuple[Scope, float]:
    return permitted(corpus.subject, Purpose.EVALUATION, hub), time.monotonic()


def _numbered(judged: JudgedSet) -> Iterator[tuple[str, str]]:
    """Yield a file name without its ending for each document id: ids may hold what file names can't."""
    for number, document in enumerate(judged.documents):
        yield f"{number:07d}", document


@contextmanager
def _files(judged: JudgedSet) -> Iterator[list[tuple[str, Path]]]:
    with TemporaryDirectory(prefix="hub-eval-") as folder:
        made = []
        for name, document in _numbered(judged):
            path = Path(folder) / f"{name}.txt"
            path.write_text(judged.documents[document], encoding="utf-8")
            made.append((path.name, path))
        yield made


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
