"""Bringing a folder in: hand each file to the API, then watch what becomes of it until nothing waits."""

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from ui.components.notice import attempt, problem
from ui.components.own_tags import ask_own_tags
from ui.components.progress_row import progress_row
from ui.language import count, reason, say, word
from ui.login import api
from ui.plain import label, shortened
from ui.problems import ApiError, SignedOutError
from ui.settings import settings
from ui.shapes.holding import Dataset, Submission

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

RUNNING: Final = "kept.submission"
SAID: Final = "upload.said"
ROUND: Final = "upload.round"
EVERY_S: Final = 1.0


def bring_in(card: Dataset) -> None:
    """Take a folder or files, send them, watch."""
    st.caption(say("upload.what", size=settings().max_upload_mib))
    how = st.segmented_control(
        say("upload.how"),
        ["files", "folder"],
        default="files",
        format_func=lambda one: say(f"upload.{one}"),
        key="upload.kind",
        required=True,
        label_visibility="collapsed",
    )
    turn = st.session_state.setdefault(ROUND, 0)
    dropped = st.file_uploader(
        say("upload.drop"), accept_multiple_files="directory" if how == "folder" else True, key=f"upload.{how}.{turn}"
    )
    st.html(f'<p class="hub-not-taken" role="alert">{say("upload.not-taken", size=settings().max_upload_mib)}</p>')
    files = dropped if isinstance(dropped, list) else []
    with st.expander(say("own.upload"), expanded=False):
        declared = ask_own_tags(card, None, f"upload.{card.slug}")
    if files and st.button(say("upload.send", count=len(files)), type="primary", icon=":material/upload:"):
        _send(card, files, declared)
    _said()
    running = st.session_state.get(RUNNING)
    if running and running[0] == card.slug:
        _watch(running[1])


def _said() -> None:
    """Say what the last hand-over met."""
    unchanged, faults = st.session_state.get(SAID, (0, []))
    if unchanged:
        st.caption(count("upload.unchanged", unchanged))
    for name, error in faults:
        st.text(name)
        problem(error)


def _send(card: Dataset, files: list["UploadedFile"], declared: dict[str, Any]) -> None:
    """Send one after another; one that is not taken is named and the others go on."""
    submission: str | None = None
    unchanged = 0
    faults: list[tuple[str, ApiError]] = []
    bar = st.progress(0.0, text=say("upload.sending", done=0, files=len(files)))
    for done, one in enumerate(files):
        bar.progress(done / len(files), text=say("upload.sending", done=done, files=len(files)))
        try:
            taken = api().submit(card.slug, one.name, one, submission, declared)
        except SignedOutError:
            raise
        except ApiError as error:
            faults.append((one.name, error))
            continue
        submission = taken.submission_id
        unchanged += taken.unchanged
    bar.empty()
    if submission:
        st.session_state[RUNNING] = (card.slug, submission)
    st.session_state[SAID] = (unchanged, [(shortened(name, 80), error) for name, error in faults])
    # Another key empties the drop zone, and with it the memory that held the files.
    st.session_state[ROUND] += 1
    st.rerun()


def _watch(submission: str) -> None:
    over = st.session_state.get(f"finished.{submission}")

    def look() -> None:
        with attempt():
            told = api().submission(submission)
            finished = progress_row(told)
            _outcomes(told)
            if finished and not over:
                st.session_state[f"finished.{submission}"] = True
                st.rerun()

    st.fragment(look, run_every=None if over else EVERY_S)()
    if over:
        st.success(say("upload.finished"), icon=":material/task_alt:")


def _outcomes(told: Submission) -> None:
    for one in told.outcomes:
        if one.state not in {"refused", "held"}:
            continue
        st.text(one.name)
        st.caption(label(f"{word('state', one.state)}: {reason(one.reason)}"))
