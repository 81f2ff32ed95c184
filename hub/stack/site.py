"""Which jurisdiction this site stands in: told once at the first start, kept in the data folder, never guessed."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from catalog.errors import SettingsError
from catalog.residency import place
from catalog.vocabulary import PlaceKind
from hub.stack.folder import DataFolder, read_json, write_private


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the hub stands, who operates it, and whose law can reach that operator."""

    site: str
    jurisdiction: str
    operator: str
    legal_control: tuple[str, ...]

    def place(self, kind: PlaceKind) -> str:
        """Return the name under which a part of this site is registered as a place."""
        return self.site if kind is PlaceKind.SITE else f"{self.site}-{kind.value}"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What `hub up` was told; None was not."""

    site: str | None = None
    jurisdiction: str | None = None
    operator: str | None = None
    legal_control: tuple[str, ...] | None = None


def site_variables(site: Site) -> dict[str, str]:
    """Return the variables of catalog's SiteSettings, but for the seal's, which its launcher tells."""
    kinds = (PlaceKind.DATABASE, PlaceKind.STORE, PlaceKind.WORKER, PlaceKind.ENDPOINT, PlaceKind.ZONE)
    return {"HUB_SITE": site.site, **{f"HUB_{kind.name}_PLACE": site.place(kind) for kind in kinds}}


def settle(folder: DataFolder, told: Told) -> Site:
    """Return the site as told now or before. SettingsError when it was never told, or is told differently now."""
    known = read_site(folder)
    for code in (told.jurisdiction, *(told.legal_control or ())):
        if code is not None:
            place(code)
    if known is None:
        found = _first(told)
    else:
        _refuse_to_move(known, told)
        found = replace(
            known,
            operator=told.operator or known.operator,
            legal_control=told.legal_control or known.legal_control,
        )
    if found != known:
        write_private(_file(folder), asdict(found))
    return found


def read_site(folder: DataFolder) -> Site | None:
    """Return the site, None before the first start."""
    known = read_json(_file(folder))
    if not known:
        return None
    return Site(
        site=str(known["site"]),
        jurisdiction=str(known["jurisdiction"]),
        operator=str(known["operator"]),
        legal_control=tuple(known["legal_control"]),
    )


def _first(told: Told) -> Site:
    if told.jurisdiction is None:
        raise SettingsError(
            "The hub must know where it stands, and there is no default. "
            "Say it once, by ISO 3166 code: hub up --jurisdiction DE"
        )
    return Site(
        site=told.site or "main",
        jurisdiction=told.jurisdiction,
        operator=told.operator or "this site's operator",
        legal_control=told.legal_control or (told.jurisdiction.partition("-")[0],),
    )


def _refuse_to_move(known: Site, told: Told) -> None:
    if told.jurisdiction not in (None, known.jurisdiction) or told.site not in (None, known.site):
        raise SettingsError(
            f"This data folder belongs to the site '{known.site}' in {known.jurisdiction}: its data were taken in "
            "under that law. Use a data folder of its own for another site (HUB_DATA_DIR)."
        )


def _file(folder: DataFolder) -> Path:
    return folder.root / "site.json"
