"""A model as an endpoint serves it, and where it, and what it was made from, comes from: values, no tables."""

from dataclasses import dataclass

from catalog.residency import enclosing
from catalog.vocabulary import ModelKind


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """A model another one was made from; None for an origin nobody knows."""

    name: str
    origin: str | None


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """A model as an endpoint serves it: its maker's place, and what it was made from; None for what nobody knows."""

    name: str
    kind: ModelKind
    sha256: str
    origin: str | None
    ancestry: tuple[Ancestor, ...] | None

    @property
    def known(self) -> bool:
        """Whether it is known of the model and of everything it was made from where it comes from."""
        return self.origin is not None and self.ancestry is not None and all(one.origin for one in self.ancestry)

    @property
    def origins(self) -> frozenset[str]:
        """Every place it or an ancestor comes from, each with the country it lies in."""
        said = (self.origin, *(one.origin for one in self.ancestry or ()))
        return frozenset(code for one in said if one for code in enclosing(one))
