"""Who may sign in at the peers: one person a role."""

from typing import Any

ORGANISATIONS = {
    "ada": ("coast-institute", "Coast Institute"),
    "luc": ("coast-institute", "Coast Institute"),
    "mia": ("tidewise", "Tidewise"),
    "sten": ("water-board", "Water Board"),
    "rosa": ("ministry-of-health", "Ministry of Health"),
    "anton": ("hub-office", "Hub Office"),
    "ines": ("court-of-audit", "Court of Audit"),
}
PEOPLE: dict[str, tuple[str, str, str, list[str], list[str]]] = {
    "ada": ("Ada Lind", "DE", "secret", ["researcher"], ["research", "statistics"]),
    "luc": ("Luc Perrin", "FR", "secret", ["researcher"], ["research"]),
    "mia": ("Mia Sander", "DE", "internal", ["founder"], []),
    "sten": ("Sten Brandt", "DE", "secret", ["steward"], ["public-service"]),
    "rosa": ("Rosa Keller", "DE", "secret", ["reviewer"], []),
    "anton": ("Anton Weiss", "DE", "internal", ["admin"], []),
    "ines": ("Ines Duarte", "DE", "secret", ["auditor"], []),
}


def me(slug: str) -> dict[str, Any]:
    name, jurisdiction, clearance, roles, purposes = PEOPLE[slug]
    organisation = ORGANISATIONS[slug]
    return {
        "id": f"00000000-0000-0000-0000-{slug:0>12}",
        "slug": slug,
        "name": name,
        "organisation": {"slug": organisation[0], "name": organisation[1]},
        "jurisdiction": jurisdiction,
        "clearance": clearance,
        "roles": roles,
        "purposes": purposes,
        "token_ends_at": "2030-01-01T00:00:00Z",
        "site": {"name": "Berlin", "jurisdiction": "DE"},
        "sealed": True,
        "unsealed_because": [],
    }
