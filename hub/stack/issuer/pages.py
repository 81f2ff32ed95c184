"""The sign-in pages: plain HTML without a script, in the hub's look, light and dark."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from hub.stack.issuer.wording import Words

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --ground: #f3f5f7; --line: #8c959f;
  --accent: #0b57a4; --on-accent: #fff; --wrong: #a4200b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf0; --soft: #a9b4bf; --paper: #1a1f25; --ground: #101418;
  --line: #6f7b87; --accent: #8cc2ff; --on-accent: #0b1a2b; --wrong: #ffab9e; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 27rem; margin: 0 auto; padding: 2rem 1.25rem; }
.card { background: var(--paper); border-radius: .75rem; padding: 1.5rem; box-shadow: 0 1px 3px #0003; }
.hub { font-weight: 600; margin: 0 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 1.75rem 0 .25rem; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
.wrong { color: var(--wrong); font-weight: 600; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; min-height: 2.75rem; margin-top: 1.25rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .5rem; }
button.second { margin-top: .75rem; color: var(--accent); background: transparent; }
a { color: var(--accent); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
ul a { display: block; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
  color: inherit; text-decoration: none; }
ul a:hover, ul a[aria-current] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
ul small { display: block; color: var(--soft); font-size: .875rem; }
.big { font: 600 1.75rem/1.5 ui-monospace, monospace; letter-spacing: .1em; text-align: center; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 1.5rem; font-size: .875rem; color: var(--soft); text-align: center; }
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def page(words: Words, title: str, body: str, *, status: int = 200, sends_to: Iterable[str] = ()) -> HTMLResponse:
    """Return a page; `sends_to` are the origins its form may end at (browsers count redirects after a form)."""
    text = (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · Sovereign Data Hub</title><link rel="icon" href="data:,"><style>{STYLE}</style>'
        f'</head><body><main><p class="hub">Sovereign Data Hub</p><div class="card"><h1>{escape(title)}</h1>{body}'
        f"</div><footer>{escape(words['development'])}</footer></main></body></html>"
    )
    targets = " ".join(("'self'", *sends_to))
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )
    return HTMLResponse(text, status, headers={"Content-Security-Policy": policy})


def sentence(text: str, *, kind: str = "soft") -> str:
    """Return a paragraph; one that says what is wrong is read out at once."""
    alert = ' role="alert"' if kind == "wrong" else ""
    return f'<p class="{kind}"{alert}>{escape(text)}</p>'


def form(action: str, inner: str, *, method: str = "post") -> str:
    """Return a form."""
    return f'<form method="{method}" action="{escape(action)}">{inner}</form>'


def field(name: str, label: str, value: str = "", *, more: str = "") -> str:
    """Return a labelled input; `more` are further attributes, written by us."""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" required {more}>'
    )


def button(label: str, *, answer: str = "", second: bool = False) -> str:
    """Return a button; with `answer` it says which of two was pressed."""
    named = f' name="answer" value="{answer}"' if answer else ""
    return f'<button type="submit"{named}{" class=second" if second else ""}>{escape(label)}</button>'
