"""The walls around the picture of a page, taken down one at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

CATALOG: Final = "tests/catalog/test_pages.py"
ROUTE: Final = "tests/hub/api/test_pages.py"
CLIENT: Final = "tests/hub/test_page_reader.py"
READER: Final = "tests/ingest/test_reader.py"
DRAWING: Final = "tests/ingest/test_drawing.py"
PICTURE: Final = "tests/ingest/test_picture.py"


def disclosed_page_sql() -> Iterator[Mutant]:
    """Who is told of an original."""
    file = f"{SQL}/disclosed_page.sql"
    yield mutant("page: anybody's disclosure", file, " AND d.subject_id = hub.subject_id()", "", CATALOG)
    committed = "\n       AND pg_xact_status(d.charged_in::text::xid8) = 'committed'"
    yield mutant("page: before the charge has committed", file, committed, "", CATALOG)
    live = "    v_scope := hub.live_scope(v_disclosure.decision_id, 'reading');\n"
    unchecked = "    SELECT dataset_ids INTO v_scope FROM hub.decisions WHERE id = v_disclosure.decision_id;\n"
    yield mutant("page: decision and grants unchecked", file, live, unchecked, CATALOG)
    yield mutant("page: outside the scope too", file, " AND c.dataset_id = ANY (v_scope)", "", CATALOG)
    yield mutant("page: superseded originals too", file, " AND c.live", "", CATALOG)
    yield mutant("page: withdrawn originals too", file, " AND v.state = 'published'", "", CATALOG)
    yield mutant(
        "page: any page of the document", file, " AND p_page BETWEEN c.first_page AND c.last_page", "", CATALOG
    )
    whole = "AND o.id <> ALL (v_disclosure.chunk_ids)"
    yield mutant("page: one passage opens it", file, whole, "AND NOT o.id <> ALL (array[c.id])", CATALOG, READER)
    touching = "AND p_page BETWEEN o.first_page AND o.last_page"
    yield mutant("page: what goes on overleaf is free", file, touching, "AND p_page = o.last_page", CATALOG)


def page_chunks_sql() -> Iterator[Mutant]:
    """What a page costs."""
    file = f"{SQL}/page_chunks.sql"
    yield mutant("price: outside the scope too", file, " AND c.dataset_id = ANY (v_scope)", "", CATALOG)
    chosen = "WHERE c.id = p_chunk AND c.live"
    yield mutant("price: superseded passages too", file, chosen, "WHERE c.id = p_chunk", CATALOG)
    yield mutant("price: withdrawn passages too", file, " AND v.state = 'published'", "", CATALOG)
    within = "\n       AND coalesce(p_page BETWEEN c.first_page AND c.last_page, true)"
    yield mutant("price: any page of the document", file, within, "", CATALOG)
    held = "v_chunk.page BETWEEN c.first_page AND c.last_page"
    yield mutant("price: what goes on overleaf is free", file, held, "v_chunk.page = c.last_page", CATALOG)
    known = " AND r.person_id = hub.charged_person()"
    yield mutant("price: what others read is free", file, known, "", f"{CATALOG}::{OTHERS}")
    union = "range_agg(hub.passage_spans(c.span_start, c.span_end, c.heading)) AS spans"
    yield mutant("price: nothing is known", file, "held.spans - coalesce(r.spans, '{}')", "held.spans", CATALOG)
    lower = union.replace("c.span_end,", "greatest(c.span_start, c.span_end - 1),")
    yield mutant("price: less than is charged", file, union, lower, CATALOG)


OTHERS: Final = "test_what_another_person_has_read_is_not_free_for_me"


def page_route() -> Iterator[Mutant]:
    """The API's side."""
    file = "hub/api/pages.py"
    yield mutant("page: shown when it was charged in part", file, "disclosed.left_out or ", "", ROUTE)
    dry = "    if not cost.fits:\n"
    yield mutant("page: charged in vain", file, dry, "    if False:\n", ROUTE)
    yield mutant("page: refused without a row", file, "        _refused(hub, scope, chunk, cost)\n", "", ROUTE)
    for name, route in (("page", '"/passages/{passage_id}/page", dep'), ("price", '/page/cost", dep')):
        declared = f"{route}endencies=[through(Action.ASK)]"
        yield mutant(f"{name}: who may only browse", file, declared, declared.replace("ASK", "BROWSE"), ROUTE)
    yield mutant("page: more at once than one disclosure holds", file, " > MOST_CHUNKS", " > 10_000", ROUTE)
    called = "    with called(hub.settings.reader_socket) as reader:\n        disclosed = "
    late = "    if True:\n        reader = None\n        disclosed = "
    yield mutant("page: charged before the reader is called", file, called, late, ROUTE)
    file = "hub/page_reader.py"
    yield mutant("reader: an answer of any length", file, " <= PICTURE_MAX_BYTES", "", CLIENT)
    yield mutant("reader: an answer that broke off", file, "        if len(png) != size:", "        if False:", CLIENT)


def page_reader() -> Iterator[Mutant]:
    """The reader's side, and the sandbox's."""
    file = "ingest/reader.py"
    yield mutant(
        "reader: originals of any size", file, "original.size_bytes > self.max_document_bytes", "False", READER
    )
    yield mutant("reader: a socket for everybody", file, "os.umask(0o177)", "os.umask(0)", READER)
    file = "ingest/drawing.py"
    yield mutant(
        "drawing: any width", file, "width: Annotated[int, Field(ge=1, le=MOST_SIDE_PIXELS)]", "width: int", DRAWING
    )
    yield mutant("drawing: loose numbers", file, ", strict=True)", ")", DRAWING)
    yield mutant("drawing: more than agreed", file, 'extra="forbid"', 'extra="ignore"', DRAWING)
    yield mutant("drawing: loose Base64", file, ", validate=True", "", DRAWING)
    sandbox = "                prove_sealed(incoming.readline(_MAX_GREETING_BYTES))\n"
    unproven = "                incoming.readline(_MAX_GREETING_BYTES)\n"
    yield mutant("drawing: walls unproven", "ingest/sandbox.py", sandbox, unproven, DRAWING)
    yield mutant(
        "png: pixels of any count", "ingest/png.py", " or len(pixels) != width * height * 3", "", PICTURE, DRAWING
    )
    file = "ingest/picture.py"
    yield mutant("picture: annotations are shown", file, "draw_annots=False", "draw_annots=True", PICTURE)
    yield mutant("picture: as large as the page", file, "min(SCALE, side, area)", "min(SCALE, area)", PICTURE)
    yield mutant("picture: nothing is marked", file, "            _insert(page, *box)\n", "            pass\n", PICTURE)


def page_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from disclosed_page_sql()
    yield from page_chunks_sql()
    yield from page_route()
    yield from page_reader()
