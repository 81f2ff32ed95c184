"""What the law says: what a change would break, and why somebody may or may not."""

from ui.shapes.base import Shape


class Refusing(Shape):
    """A rule that would refuse, or refuses already."""

    rule: str
    reason: str = ""
    door: str = ""
    tag: str = ""
    place: str = ""
    already: bool = False


class Stranded(Shape):
    """People of one place who could no longer ask."""

    jurisdiction: str
    people: int
    held: int


class Effect(Shape):
    """What would become of one dataset."""

    slug: str
    title: str
    breaks: bool
    documents: int = 0
    versions: int = 0
    out_of_place: bool = False
    already_out_of_place: bool = False
    refusing: tuple[Refusing, ...] = ()
    stranded: tuple[Stranded, ...] = ()
    endpoints: tuple[str, ...] = ()


class Preview(Shape):
    """The datasets a change would touch."""

    items: tuple[Effect, ...] = ()


class Rule(Shape):
    """A rule that decided."""

    rule: str
    reason: str = ""


class Fact(Shape):
    """A fact it was decided from."""

    fact: str
    value: str


class Remedy(Shape):
    """What would have to change."""

    rule: str
    change: str


class Explanation(Shape):
    """What would be decided now."""

    permitted: bool
    rules: tuple[Rule, ...] = ()
    facts: tuple[Fact, ...] = ()
    remedies: tuple[Remedy, ...] = ()
