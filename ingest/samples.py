"""Tiny documents the parser is warmed with: whatever a library loads lazily is loaded before the walls close."""

import io


def docx() -> bytes:
    """Return a heading, a numbered paragraph and a table."""
    from docx import Document

    document = Document()
    document.add_heading("A", level=1)
    document.add_paragraph("The first paragraph of a sample.", style="List Number")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "1"
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def pdf() -> bytes:
    """Return a page with one line of text, written by hand: making one with a library would load a renderer."""
    stream = b"BT /F1 12 Tf 20 20 Td (The first line of a sample.) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, part) for at, part in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"
