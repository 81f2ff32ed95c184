"""`hub eval documents`: hands a manifest's files in and compares what became of each, text included."""

from collections.abc import Callable, Sequence
from pathlib import Path

from catalog.chunks import of_document
from catalog.disclosure import Passage, disclose
from catalog.errors import SettingsError
from catalog.progress import Progress
from catalog.vocabulary import DocumentId, Purpose
from hub.ask import permitted
from hub.evaluation.corpus import Corpus, document_names, take_in, withdraw
from hub.evaluation.documents import Got, Row, evaluate, needs_no_ocr, read_manifest
from hub.local import services
from hub.services import Services

#: disclose() takes at most this many chunks at once.
BATCH = 200


def evaluate_manifest(manifest: Path, tell: Callable[[Progress], None]) -> dict[str, object]:
    """Take every file of the manifest in and return rows, those as expected, and each miss.

    Raises SettingsError when a file of the manifest is not there.
    """
    if not manifest.is_file():
        raise SettingsError(f"There is no manifest {manifest}.")
    rows = read_manifest(manifest)
    files = [(row.path, manifest.parent / row.path) for row in rows]
    if missing := [name for name, path in files if not path.is_file()]:
        raise SettingsError(f"The manifest names {len(missing)} files that are not there, for example {missing[0]}.")
    corpus = take_in(manifest.parent.name, files, tell)
    try:
        with services() as hub:
            outcome = _outcomes(corpus, hub)
            result = evaluate(manifest, outcome)
    finally:
        withdraw(corpus)
    readable = {row.path for row in rows if needs_no_ocr(row)}
    missed = {miss["path"] for miss in result["unexpected"]}
    return {**result, "needing_no_ocr": {"rows": len(readable), "as_expected": len(readable - missed)}}


def _outcomes(corpus: Corpus, hub: Services) -> Callable[[Row], Got]:
    settled = {one.name: one for one in corpus.outcomes}
    ids = {name: document for document, name in document_names(corpus).items()}

    def outcome(row: Row) -> Got:
        one = settled.get(row.path)
        if one is None:
            return Got(state="missing")
        text = read_whole(ids[row.path], corpus, hub) if one.state == "published" else None
        return Got(state=one.state, reason=one.reason, detail=one.detail, text=text)

    return outcome


def read_whole(document_id: DocumentId, corpus: Corpus, hub: Services) -> str:
    """Return a document's text, disclosed under the evaluation grant and put together by its spans."""
    scope = permitted(corpus.subject, Purpose.EVALUATION, hub)
    with hub.database.begin(scope.asker) as session:
        chunk_ids = of_document(session, scope.decision_id, document_id)
    passages: list[Passage] = []
    for first in range(0, len(chunk_ids), BATCH):
        scope = permitted(corpus.subject, Purpose.EVALUATION, hub)
        passages += disclose(hub.database, scope, chunk_ids[first : first + BATCH]).passages
    return _joined(passages)


def _joined(passages: Sequence[Passage]) -> str:
    text, end = "", 0
    for passage in sorted(passages, key=lambda p: p.span_start):
        fresh = max(0, end - passage.span_start)
        text += ("\n" if passage.span_start > end else "") + passage.body[fresh:]
        end = max(end, passage.span_end)
    return text
