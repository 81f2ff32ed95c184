"""System: parts, the walls that hold them, where they stand, and in which versions."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.components.notice import attempt, empty
from ui.components.programs import programs
from ui.language import count, figure, say, size, word
from ui.login import api, me
from ui.plain import heading_html, label
from ui.problems import ApiError
from ui.shapes.keeping import Endpoint, Part

WELL = frozenset({"running", "up", "ok", "ready"})


def show() -> None:
    """Show each part, the ill ones first."""
    st.title(say("nav.system"), anchor=False)
    told = api().system()
    if told.memory_bytes:
        st.caption(f"{count('system.parts', len(told.parts))} · {say('system.memory', size=size(told.memory_bytes))}")
    if told.served:
        served = ", ".join(word("classification", one) for one in told.served)
        st.caption(say("system.served", names=label(served)))
    names = tuple(f"{part.name}: " for part in told.parts)  # said again where each part stands
    for one in (one for one in told.advice if not one.startswith(names)):
        st.warning(label(one, 500), icon=":material/build:")
    if not told.parts:
        empty("system.none")
    for part in sorted(told.parts, key=lambda one: (not one.missing and one.state in WELL, one.name)):
        _part(part)
    if "admin" in me().roles:
        programs()
        _end_sessions()
    _models(told.endpoints)
    for key, facts in (("system.site", told.site), ("system.versions", told.versions)):
        if facts:
            st.subheader(say(key), anchor=False)
            _facts(facts)


def _end_sessions() -> None:
    """Ask whose, say what it does, and do it."""
    with st.expander(say("sessions.title"), icon=":material/logout:"):
        st.caption(say("sessions.what"))
        person = st.text_input(say("sessions.person"), max_chars=120, key="sessions.person").strip()
        if not st.button(say("sessions.do"), disabled=not person, key="sessions.do"):
            return
        with attempt():
            try:
                api().end_sessions(person)
            except ApiError as error:
                if error.slug not in {"absent", "invalid"}:
                    raise
                st.error(say("sessions.nobody"), icon=":material/error:")
            else:
                st.success(say("sessions.done", person=label(person)), icon=":material/check:")


def _part(part: Part) -> None:
    well = part.state in WELL and not part.missing
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(heading_html(part.name), width="content")
            st.badge(
                label(word("state", part.state)),
                icon=":material/check:" if part.state in WELL else ":material/warning:",
                color="green" if part.state in WELL else "red",
            )
            st.badge(
                say("system.walls-hold") if not part.missing else say("system.walls-missing"),
                icon=":material/lock:" if not part.missing else ":material/lock_open:",
                color="green" if not part.missing else "orange",
            )
        facts = []
        if part.memory_bytes is not None:
            facts.append(size(part.memory_bytes))
        if part.restarts:
            facts.append(count("system.restarts", part.restarts))
        if facts:
            st.caption(" · ".join(facts))
        for one in part.missing:
            st.text(f"· {one}")
        if not well:
            st.caption(say("system.next"))
        if part.walls:
            with st.expander(say("system.walls")):
                _facts(part.walls)


def _models(endpoints: tuple[Endpoint, ...]) -> None:
    """Say which model stands where, and where it and what it was made from come from."""
    rows = [
        {
            say("system.model"): model.name,
            say("system.endpoint"): f"{endpoint.name} · {endpoint.jurisdiction}",
            say("system.origins"): ", ".join([*model.origins, *([] if model.known else [say("system.unknown")])]),
        }
        for endpoint in endpoints
        for model in endpoint.models
    ]
    if rows:
        st.subheader(say("system.models"), anchor=False)
        st.dataframe(rows, hide_index=True, alt=say("system.models"))


def _facts(facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        left, right = st.columns([1, 3])
        left.caption(label(str(name)))
        right.text(_text(value))


def _text(value: Any) -> str:  # noqa: ANN401  # whatever the API says of a part
    match value:
        case bool():
            return say("yes") if value else say("no")
        case int() | float():
            return figure(value)
        case dict():
            return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
        case list() | tuple():
            return ", ".join(_text(one) for one in value) or "-"
        case _:
            return "-" if value is None else str(value)
