"""A dataset's card and tags: made once with all of them; a change shows whom it touches before it is made."""

import re
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ui.components.law import effect
from ui.components.notice import attempt
from ui.language import count, say, word
from ui.login import api
from ui.plain import label
from ui.shapes.holding import Dataset

CLASSIFICATIONS: Final = ("public", "internal", "restricted", "secret")
PURPOSES: Final = ("research", "statistics", "public-service", "product-development", "evaluation")
#: What a residency is usually made of; any other code can be typed.
PLACES: Final = ("DE", "FR", "EU", "EEA", "AT", "BE", "CH", "DK", "ES", "IT", "LU", "NL", "PL", "SE")
REQUIRED: Final = ("title", "store_in", "process_in", "access_from", "purposes")
#: What decides; the rest of a card is told and decides nothing.
TAGS: Final = (
    "classification", "store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins",
    "purposes",
)  # fmt: skip
CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,7}")


def create() -> None:
    """Ask for a new dataset's card and tags."""

    @st.dialog(say("create.title"), width="medium")
    def dialog() -> None:
        st.caption(say("create.what"))
        fields = _fields(None)
        missing = [key for key in REQUIRED if not fields[key]]
        if missing:
            st.caption(say("create.missing", fields=", ".join(say(f"tags.{key}") for key in missing)))
        if st.button(say("create.do"), type="primary", disabled=bool(missing), icon=":material/add:"):
            _make(fields)

    dialog()


def _make(fields: dict[str, Any]) -> None:
    with attempt():
        made = api().create_dataset(fields)
        st.query_params["dataset"] = made.slug
        st.rerun()


def edit(card: Dataset) -> None:
    """Change the card; what the change touches is shown before it is made."""
    fields = _fields(card)
    changed = {key: value for key, value in fields.items() if value != _now(card, key)}
    if not changed:
        st.caption(say("edit.nothing"))
        return
    missing = [key for key in REQUIRED if not fields[key]]
    if missing:
        st.caption(say("create.missing", fields=", ".join(say(f"tags.{key}") for key in missing)))
        return
    with attempt():
        sure = _effect(card, changed)
        if st.button(say("edit.do"), type="primary", disabled=not sure, icon=":material/check:"):
            api().change_dataset(card.slug, changed)
            st.toast(say("edit.done"))
            st.rerun()


def _effect(card: Dataset, changed: Mapping[str, Any]) -> bool:
    """Say what a change would do; what breaks something is confirmed. Return whether it may be made."""
    names = ", ".join(say(f"tags.{key}") for key in changed)
    tags = {key: value for key, value in changed.items() if key in TAGS}
    told = api().own_preview(card.slug, tags) if tags else None
    documents = told.documents if told else api().would_touch(card.slug).documents
    said = say("edit.effect", fields=names, affected=count("unit.document", documents))
    if told is None:
        st.warning(said, icon=":material/rule:")
        return True
    st.markdown(said)
    effect(told)
    return not told.breaks or st.checkbox(say("preview.sure"), key=f"sure.{card.slug}.{sorted(tags.items())}")


def _now(card: Dataset, key: str) -> Any:  # noqa: ANN401  # a field of the card
    value = getattr(card, key)
    return list(value) if isinstance(value, tuple) else value


def _fields(card: Dataset | None) -> dict[str, Any]:
    """Ask for every tag; each has one sentence that says what it does."""
    at = card.slug if card else "new"
    fields: dict[str, Any] = {
        "title": st.text_input(
            say("tags.title"), value=card.title if card else "", max_chars=120, key=f"kept.{at}.title"
        ).strip(),
        "description": st.text_area(
            say("tags.description"),
            value=card.description if card else "",
            max_chars=1200,
            key=f"kept.{at}.description",
        ).strip(),
        "classification": st.pills(
            say("tags.classification"),
            CLASSIFICATIONS,
            default=card.classification if card and card.classification in CLASSIFICATIONS else "internal",
            format_func=lambda one: label(word("classification", one)),
            required=True,
            key=f"{at}.classification",
        ),
    }
    for key in ("store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins"):
        fields[key] = codes(key, list(getattr(card, key)) if card else [], at)
    fields["purposes"] = st.pills(
        say("tags.purposes"),
        PURPOSES,
        selection_mode="multi",
        default=[one for one in card.purposes if one in PURPOSES] if card else None,
        format_func=lambda one: label(word("purpose", one)),
        key=f"{at}.purposes",
    )
    fields["listed"] = st.toggle(say("tags.listed"), value=card.listed if card else False, key=f"{at}.listed")
    st.caption(say("tags.listed.what"))
    return fields


def codes(key: str, now: list[str], at: str) -> list[str]:
    """Ask for codes of places or groups; what is no code is said and left out."""
    chosen = st.multiselect(
        say(f"tags.{key}"),
        list(dict.fromkeys([*now, *PLACES])),
        default=now,
        help=say(f"tags.{key}.what"),
        accept_new_options=True,
        placeholder=say("tags.placeholder"),
        key=f"{at}.{key}",
    )
    wrong = [one for one in chosen if not CODE.fullmatch(one.upper())]
    if wrong:
        st.caption(say("tags.no-code", code=label(wrong[0])))
    return [one.upper() for one in chosen if one not in wrong]
