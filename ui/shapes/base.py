"""What every answer of the API shares."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An answer of the API: read only; a field that is not named here is not an error."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(Shape):
    """A thing with an address and a name."""

    slug: str
    name: str


class Titled(Shape):
    """A dataset, where only its title is shown."""

    slug: str
    title: str
