"""A document's own tags: each at least as strict as its dataset's; where one is left out, the dataset's holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import SettingsError
from catalog.residency import Groups, place, require_possible, residency, shared, within
from catalog.vocabulary import Classification

RESIDENCIES: Final = ("store_in", "process_in", "access_from")
#: What a document may declare beyond its dataset; its purposes are the dataset's.
OWN: Final = ("classification", *RESIDENCIES, "forbidden_legal_control")


@dataclass(frozen=True, kw_only=True)
class DocumentTags:
    """What a document declares; None: as its dataset."""

    classification: Classification | None = None
    store_in: tuple[str, ...] | None = None
    process_in: tuple[str, ...] | None = None
    access_from: tuple[str, ...] | None = None
    forbidden_legal_control: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        """Whether it declares anything."""
        return any(value is not None for value in vars(self).values())

    def declared(self) -> dict[str, Any]:
        """Return what is declared, as it stands in a row or a trail."""
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        return {name: value for name, value in plain.items() if value is not None}


NONE: Final = DocumentTags()


def tags(**given: Any) -> DocumentTags:  # noqa: ANN401  # the fields of DocumentTags, as a request or a row has them
    """Return declared tags: an absent or empty list declares nothing."""
    lists = {name: tuple(given[name]) or None for name in OWN[1:] if given.get(name) is not None}
    level = given.get("classification")
    return DocumentTags(**lists, classification=Classification(level) if level else None)


def checked(dataset: Mapping[str, Any], own: DocumentTags, known: Groups) -> DocumentTags:
    """Return tags sorted and without repeats; SettingsError for what is unknown, impossible or looser."""
    level = Classification(dataset["classification"])
    if own.classification is not None and own.classification.level < level.level:
        allowed = " or ".join(one for one in Classification if one.level >= level.level)
        raise SettingsError(
            f"A document may only be stricter than its dataset, which is {level}; {own.classification} is not. "
            f"Write {allowed}, or leave the classification out: the dataset's holds then."
        )
    lists: dict[str, tuple[str, ...] | None] = {}
    for name in RESIDENCIES:
        codes = getattr(own, name)
        lists[name] = None if codes is None else _within(name, residency(codes, known), dataset[name], known)
    laws = own.forbidden_legal_control
    if laws is not None:
        lists["forbidden_legal_control"] = _forbidding(laws, dataset["forbidden_legal_control"])
    found = DocumentTags(**lists, classification=own.classification)
    require_possible(effective(dataset, found, known), known)
    return found


def _within(name: str, codes: Sequence[str], limit: Sequence[str], known: Groups) -> tuple[str, ...]:
    if not within(codes, limit, known):
        raise SettingsError(
            f"A document may only be stricter than its dataset: {name} {', '.join(codes)} does not lie within "
            f"{', '.join(limit)}. Write ISO 3166 codes inside it, such as DE or DE-BY, or a group inside it; "
            f"or leave {name} out: the dataset's holds then."
        )
    return tuple(codes)


def _forbidding(laws: Sequence[str], least: Sequence[str]) -> tuple[str, ...]:
    named = {place(code) for code in laws}
    if missing := sorted(set(least) - named):
        raise SettingsError(
            f"A document may only be stricter than its dataset, which forbids the law of {', '.join(missing)} too. "
            f"Write forbidden_legal_control {', '.join(sorted(named | set(least)))}, or leave it out."
        )
    return tuple(sorted(named))


def effective(dataset: Mapping[str, Any], own: DocumentTags, known: Groups) -> dict[str, Any]:
    """Return the tags that hold for a document: of each, the stricter; residencies are what both allow.

    A dataset re-tagged since may be stricter than its document: nothing becomes looser by that.
    """
    levels = [Classification(dataset["classification"]), own.classification or Classification.PUBLIC]
    held: dict[str, Any] = {"classification": max(levels, key=lambda one: one.level)}
    for name in RESIDENCIES:
        codes = getattr(own, name)
        held[name] = tuple(dataset[name]) if codes is None else shared((dataset[name], codes), known)
    laws = {*dataset["forbidden_legal_control"], *(own.forbidden_legal_control or ())}
    return held | {"forbidden_legal_control": tuple(sorted(laws))}


def stricter(one: DocumentTags, other: DocumentTags, known: Groups) -> DocumentTags:
    """Return what two declarations say together: of each tag the stricter; SettingsError where no place is left."""
    merged = dict(vars(one))
    for name, value in vars(other).items():
        mine = merged[name]
        if value is None or mine is None:
            merged[name] = mine if value is None else value
        elif name == "classification":
            merged[name] = max(mine, value, key=lambda level: level.level)
        elif name == "forbidden_legal_control":
            merged[name] = tuple(sorted({*mine, *value}))
        else:
            merged[name] = shared((mine, value), known)
            if not merged[name]:
                raise SettingsError(
                    f"The document has {name} {', '.join(mine)} already, and {', '.join(value)} leaves no place of it. "
                    "Change its tags first: `hub document tag`."
                )
    return DocumentTags(**merged)
