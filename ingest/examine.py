"""Judges bytes before any parser sees them: what they are, and whether they may be read. Runs inside the sandbox."""

from catalog.errors import PermanentError
from catalog.vocabulary import RefusalReason
from ingest import filetypes, hostile


def examine(data: bytes, name: str, limits: hostile.Limits) -> str:
    """Return the kind of a file the hub reads; refuse the hostile, locked, corrupt, mislabelled and unsupported."""
    head = data[: filetypes.HEAD_BYTES]
    kind = filetypes.by_magic(head)
    if kind == "zip":
        kind = _examine_archive(data, limits)
    elif kind == "ole":
        kind = filetypes.of_compound(data)
        if kind == "encrypted":
            raise PermanentError(RefusalReason.ENCRYPTED, "an office file with a password")
    elif kind is not None:
        hostile.check_picture(kind, head, limits)
    elif filetypes.looks_like_text(head):
        kind = filetypes.of_text(head, name)
        if kind == "xml":
            hostile.check_xml(data, any_doctype=False)
    if kind is None:
        raise PermanentError(RefusalReason.UNSUPPORTED, filetypes.extension(name) or "unknown")
    if filetypes.breaks_its_promise(kind, name):
        raise PermanentError(RefusalReason.WRONG_TYPE, f"named {filetypes.extension(name)}, is {kind}")
    if kind not in filetypes.SUPPORTED:
        raise PermanentError(RefusalReason.UNSUPPORTED, kind)
    return kind


def _examine_archive(data: bytes, limits: hostile.Limits) -> str:
    with hostile.open_archive(data, limits) as archive:
        names = archive.namelist()
        mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
        kind = filetypes.of_zip(names, mimetype)
        if kind not in {"zip", "pages"}:
            hostile.check_parts(archive)
        return kind
