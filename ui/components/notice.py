"""What a person is told when something isn't there: problems, refusals, empty places. Always with the next step."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import streamlit as st

from ui.language import say, when, word
from ui.plain import label
from ui.problems import ApiError, SignedOutError
from ui.shapes.reading import Refusal
from ui.wording import SENTENCES

#: Where a refused token is left for the next run.
REFUSED: Final = "refused-token"


def problem(error: ApiError) -> None:
    """Say what went wrong and what to do, by the problem's slug; the number helps whoever is asked for help."""
    key = f"problem.{error.slug}"
    part = f"part.{error.part}"
    if key in SENTENCES and f"{key}-part" in SENTENCES and part in SENTENCES:
        sentence = say(f"{key}-part", part=say(part))
    else:
        sentence = say(key if key in SENTENCES else "problem.unexpected")
    if error.refills_at:
        sentence += " " + say("refusal.refills", at=when(datetime.fromisoformat(error.refills_at)))
    st.error(sentence, icon=":material/error:")
    for field, message in error.fields.items():
        st.caption(f"{label(field)}: {label(message)}")
    if error.slug in {"invalid", "outside-access"} and not error.fields and error.detail:
        st.caption(label(error.detail, 400))  # it says how to write it, or from where
    if error.request_id:
        st.caption(say("problem.number", number=label(error.request_id)))


@contextmanager
def attempt() -> Iterator[None]:
    """Try something with the API; what fails is said here, and the rest of the screen goes on.

    A token that is refused ends this run and makes the next one renew it: also out of a dialog or a part that
    refreshes by itself, whose runs the script around them never sees.
    """
    try:
        yield
    except SignedOutError as error:
        st.session_state[REFUSED] = error
        st.rerun()
    except ApiError as error:
        problem(error)


def refusal(told: Refusal, purpose: str, key: str) -> None:
    """Say that there is no answer, why as far as this person may know, and what to do next."""
    name = f"refusal.{told.kind}"
    sentence = say(name if name in SENTENCES else "refusal.other", purpose=label(word("purpose", purpose)))
    if told.refills_at:
        sentence += " " + say("refusal.refills", at=when(told.refills_at))
    if told.shut_from_here:
        sentence += " " + say("refusal.shut-from-here")
    st.info(sentence, icon=":material/info:")
    if told.kind == "unknown-zone" and told.message:
        st.caption(label(told.message, 400))  # it names the zone
    if told.datasets_to_request:
        st.caption(say("refusal.ask-for-access"))
        with st.container(horizontal=True):
            for dataset in told.datasets_to_request:
                if st.button(label(dataset.title, 60), key=f"{key}.request.{dataset.slug}", icon=":material/key:"):
                    go("datasets", dataset=dataset.slug)


def empty(key: str, *, action: str | None = None, to: str | None = None) -> None:
    """Say that there is nothing yet, and what to do about it."""
    with st.container(border=True, key=f"empty.{key}"):
        st.markdown(say(key))
        if action and to and to in st.session_state.get("pages", {}) and st.button(say(action), key=f"empty.{key}.go"):
            go(to)


def go(page: str, **query: str) -> None:
    """Walk to another screen."""
    pages = st.session_state.get("pages", {})
    if page in pages:
        st.switch_page(pages[page], query_params=query)
