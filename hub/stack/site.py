"""Which jurisdiction this site stands in: told once at the first start, kept in the data folder, never guessed."""

from dataclasses import asdict, dataclass

from catalog.errors import SettingsError
from catalog.residency import place
from hub.stack.folder import DataFolder, read_json, write_private


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the hub stands."""

    site: str
    jurisdiction: str


def settle(folder: DataFolder, *, site: str | None, jurisdiction: str | None) -> Site:
    """Return the site as told now or before. SettingsError when it was never told, or is told differently now."""
    known = read_json(folder.root / "site.json")
    if jurisdiction is not None:
        place(jurisdiction)
    if not known and jurisdiction is None:
        raise SettingsError(
            "The hub must know where it stands, and there is no default. "
            "Say it once, by ISO 3166 code: hub up --jurisdiction DE"
        )
    if known and jurisdiction not in (None, known["jurisdiction"]):
        raise SettingsError(
            f"This data folder belongs to a site in {known['jurisdiction']}, not {jurisdiction}: its data were taken "
            "in under that law. Use a data folder of its own for another site (HUB_DATA_DIR)."
        )
    found = Site(
        site=site or known.get("site", "main"),
        jurisdiction=str(known.get("jurisdiction", jurisdiction)),
    )
    if known != {**known, **asdict(found)}:
        write_private(folder.root / "site.json", {**known, **asdict(found)})
    return found


def read_site(folder: DataFolder) -> Site | None:
    """Return the site, None before the first start."""
    known = read_json(folder.root / "site.json")
    return Site(site=known["site"], jurisdiction=known["jurisdiction"]) if known else None
