"""After warming, reading a document loads nothing more: behind the walls nothing could be loaded."""
# ruff: noqa: RUF001  # other scripts have letters that look like ours

import json
import subprocess
import sys

PROGRAM = """
import json, sys
from ingest import parse
from tests.ingest import made
parse.warm()
warmed = set(sys.modules)
import docx
document = docx.Document()
document.add_heading('Water', level=2)
document.add_paragraph('Spare part', style='List Number')
document.add_table(rows=2, cols=2).cell(0, 0).text = 'cell'
document.sections[0].header.paragraphs[0].text = 'header'
texts = {
    'a.docx': made.word(document),
    'a.pdf': made.pdf(['A page.', 'Another one.'], outline=[('A page.', 0)]),
    'a.html': '<meta charset=koi8-r><h2>Насос</h2><ol><li>a<li>b</ol><pre>x</pre><a href=x>y</a>'.encode('koi8-r'),
    'b.txt': ('几乎所有栉水母都是食肉动物。' * 20).encode('gb18030'),
    'c.txt': ('พรรคแรงงาน พรรคการเมือง ' * 20).encode('cp874'),
    'd.txt': 'wide'.encode('utf-32'),
    'a.md': b'# Water', 'a.csv': b'a;b', 'a.png': made.png(1, 1), 'a.zip': made.archive({'a': b'b'}),
    'bad.docx': made.bare_docx('<nothing/>'), 'bad.pdf': b'%PDF-1.4', 'locked.pdf': made.locked_pdf(),
}
answers = {name: parse.serve_one({'name': name}, data) for name, data in texts.items()}
print(json.dumps({'loaded': sorted(set(sys.modules) - warmed), 'torch': 'torch' in sys.modules,
                  'read': [name for name, answer in answers.items() if 'text' in answer]}))
"""


def test_reading_loads_nothing_that_was_not_warmed_and_never_torch() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120)
    seen = json.loads(ended.stdout.splitlines()[-1])
    assert [name for name in seen["loaded"] if not name.startswith(("tests.", "encodings."))] == []
    assert not seen["torch"]
    assert seen["read"] == ["a.docx", "a.pdf", "a.html", "b.txt", "c.txt", "d.txt", "a.md", "a.csv"]
