"""The law in words: rules as sentences, what a change would break, and why somebody may or may not."""

from collections.abc import Iterable, Sequence

import streamlit as st

from ui.language import count, say, word
from ui.plain import label
from ui.shapes.law import Effect, Explanation, Fact, Refusing
from ui.wording import SENTENCES


def effect(told: Effect) -> None:
    """Show what other tags, or another place, would break of one dataset."""
    if not told.breaks:
        st.success(say("preview.harmless"), icon=":material/check_circle:")
    else:
        st.warning(say("preview.breaks"), icon=":material/rule:")
    for line in _lines(told):
        st.markdown(f"- {line}")
    _rules("preview.refusing", [one for one in told.refusing if not one.already])
    already = [one for one in told.refusing if one.already]
    if already:
        with st.expander(say("preview.already")):
            _list(already)


def effects(told: Sequence[Effect]) -> None:
    """Show what another place of a part would break, dataset by dataset."""
    if not told:
        st.success(say("preview.harmless"), icon=":material/check_circle:")
        return
    st.markdown(f"**{count('preview.datasets', len(told))}**")
    for one in told:
        with st.expander(label(one.title), expanded=len(told) == 1):
            effect(one)


def _lines(told: Effect) -> Iterable[str]:
    if told.out_of_place:
        key = "preview.already-out-of-place" if told.already_out_of_place else "preview.out-of-place"
        documents, versions = count("unit.document", told.documents), count("preview.versions", told.versions)
        yield say(key, documents=documents, versions=versions)
    for one in told.stranded:
        people = count("unit.person", one.people)
        yield say("preview.stranded", people=people, place=label(one.jurisdiction), held=one.held)
    if told.endpoints:
        yield say("preview.endpoints", names=label(", ".join(told.endpoints)))


def _rules(key: str, rules: Sequence[Refusing]) -> None:
    if rules:
        st.markdown(f"**{say(key)}**")
        _list(rules)


def _list(rules: Sequence[Refusing]) -> None:
    for one in rules:
        where = f" · {label(one.place)}" if one.place else ""
        st.markdown(f"- {label(sentence('rule', one.rule, one.reason))}  \n  {label(one.rule)}{where}")


def explanation(told: Explanation, person: str, what: str) -> None:
    """Show why a person may or may not ask a dataset or read a document, what would change it, and the facts."""
    with st.container(border=True):
        st.badge(
            say("why.yes" if told.permitted else "why.no", person=label(person), what=label(what)),
            icon=":material/check:" if told.permitted else ":material/block:",
            color="green" if told.permitted else "red",
        )
        st.markdown(f"**{say('why.rules')}**")
        for rule in told.rules:
            st.markdown(f"- {label(sentence('rule', rule.rule, rule.reason))}  \n  {label(rule.rule)}")
        if told.remedies:
            st.markdown(f"**{say('why.remedies')}**")
        for remedy in told.remedies:
            st.markdown(f"- {label(sentence('remedy', remedy.rule, remedy.change))}")
        st.markdown(f"**{say('why.facts')}**")
        st.dataframe(
            [{say("why.fact"): _fact(one.fact), say("why.is"): _value(one)} for one in told.facts],
            hide_index=True,
            alt=say("why.facts"),
        )


def sentence(group: str, rule: str, told: str) -> str:
    """Return a rule's sentence in the person's language; of a rule this UI doesn't know, as the hub says it."""
    return say(f"{group}.{rule}") if f"{group}.{rule}" in SENTENCES else told


def _fact(name: str) -> str:
    return say("fact.grant") if name.startswith("grant for ") else word("fact", name)


def _value(one: Fact) -> str:
    """Say a value in the person's words where it is one of a vocabulary."""
    if one.fact.endswith(("classification", "clearance")):
        return word("classification", one.value)
    if one.fact == "document.state":
        return word("state", one.value)
    if one.fact.endswith("purposes"):
        return ", ".join(word("purpose", purpose) for purpose in one.value.split(", "))
    return one.value
