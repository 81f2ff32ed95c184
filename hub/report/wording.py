"""What the printed report says, in each language."""

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """What a report can be read in."""

    ENGLISH = "en"
    GERMAN = "de"


SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "title": ("Residency report", "Bericht zur Datenresidenz"),
    "hub": ("Hub", "Hub"),
    "period": ("Period", "Zeitraum"),
    "until": ("{since} to {until} (UTC; the last day is no part of it)",
              "{since} bis {until} (UTC; der letzte Tag zählt nicht mit)"),
    "policy": ("Law in force (version)", "Geltendes Regelwerk (Version)"),
    "made": ("Made", "Erstellt"),
    "digest": ("SHA-256 of the JSON report", "SHA-256 des JSON-Berichts"),
    "cut": ("This report is cut: the period holds more entries than fit. Choose a shorter one.",
            "Dieser Bericht ist gekürzt: Der Zeitraum enthält mehr Einträge. Wählen Sie einen kürzeren."),
    "how": ("Board and places are those of the moment it was made; refusals and changes are those of the period.",
            "Übersicht und Orte gelten für den Zeitpunkt der Erstellung; Ablehnungen und Änderungen für den Zeitraum."),
    "board": ("Where each dataset is stored, used and reached from",
              "Wo jeder Datensatz gespeichert, genutzt und erreicht wird"),
    "dataset": ("Dataset", "Datensatz"),
    "classification": ("Classification", "Einstufung"),
    "tags": ("The tags allow", "Die Kennzeichen erlauben"),
    "stored": ("Stored", "Gespeichert"),
    "processed": ("Used", "Genutzt"),
    "accessed": ("Reached from", "Erreicht aus"),
    "refused": ("Requests refused", "Abgelehnte Anfragen"),
    "allowed": ("allowed", "erlaubt"),
    "not-allowed": ("not allowed", "nicht erlaubt"),
    "people": ("people: {count}", "Menschen: {count}"),
    "violations": ("What residency refused", "Was wegen des Ortes abgelehnt wurde"),
    "no-violations": ("Nothing was refused because of a place in this period.",
                      "In diesem Zeitraum wurde nichts wegen eines Ortes abgelehnt."),
    "findings": ("What lies where it may not, as last looked for", "Was liegt, wo es nicht darf, nach letzter Prüfung"),
    "no-findings": ("Everything lies where it may.", "Alles liegt, wo es darf."),
    "found": ("Found (UTC)", "Gefunden (UTC)"),
    "backup": ("backup", "Sicherung"),
    "file": ("file without a label", "Datei ohne Etikett"),
    "text_revisions": ("text of a document", "Text eines Dokuments"),
    "chunks": ("passages and vectors of a document", "Passagen und Vektoren eines Dokuments"),
    "lexeme_counts": ("words of the index", "Wörter des Index"),
    "index_sizes": ("figures of the index", "Zahlen des Index"),
    "text_traces": ("prints of a text", "Abdrücke eines Textes"),
    "turns": ("question and answer", "Frage und Antwort"),
    "at": ("When (UTC)", "Wann (UTC)"),
    "door": ("Door", "Tür"),
    "place": ("Place", "Ort"),
    "tag": ("Tag", "Kennzeichen"),
    "rule": ("Rule", "Regel"),
    "who": ("Who", "Wer"),
    "places": ("Places and their operators", "Orte und ihre Betreiber"),
    "kind": ("What stands there", "Was dort steht"),
    "jurisdiction": ("Jurisdiction", "Rechtsgebiet"),
    "operator": ("Operator", "Betreiber"),
    "law": ("Law that can compel it", "Recht, das ihn zwingen kann"),
    "changes": ("Tags, places and groups that were changed", "Geänderte Kennzeichen, Orte und Gruppen"),
    "no-board": ("No dataset is registered.", "Kein Datensatz ist registriert."),
    "no-places": ("No place is registered.", "Kein Ort ist registriert."),
    "no-changes": ("Nothing was changed in this period.", "In diesem Zeitraum wurde nichts geändert."),
    "what": ("What", "Was"),
    "which": ("Which", "Welcher"),
    "how-changed": ("How", "Wie"),
    "signature": ("Signature", "Unterschrift"),
    "name": ("Name", "Name"),
    "function": ("Function", "Funktion"),
    "date": ("Date and place", "Datum und Ort"),
    "sign": ("Signature", "Unterschrift"),
    "store_in": ("stored in", "gespeichert in"),
    "process_in": ("used in", "genutzt in"),
    "access_from": ("reached from", "erreicht aus"),
    "forbidden_legal_control": ("no law of", "kein Recht von"),
    "forbidden_model_origins": ("no model from", "kein Modell aus"),
    "purposes": ("purposes", "Zwecke"),
    "public": ("public", "öffentlich"),
    "internal": ("internal", "intern"),
    "restricted": ("restricted", "eingeschränkt"),
    "secret": ("secret", "geheim"),
    "site": ("site", "Standort"),
    "store": ("store of originals", "Ablage der Originale"),
    "database": ("database", "Datenbank"),
    "worker": ("worker", "Verarbeitung"),
    "endpoint": ("model server", "Modellserver"),
    "zone": ("network zone", "Netzzone"),
    "object": ("store of originals", "Ablage der Originale"),
    "index": ("index", "Index"),
    "model": ("model", "Modell"),
    "session": ("person", "Person"),
    "dataset.registered": ("dataset registered", "Datensatz registriert"),
    "dataset.amended": ("dataset changed", "Datensatz geändert"),
    "dataset.withdrawn": ("dataset withdrawn", "Datensatz zurückgezogen"),
    "place.registered": ("place registered or changed", "Ort registriert oder geändert"),
    "place.retired": ("place retired", "Ort stillgelegt"),
    "group.changed": ("group changed", "Gruppe geändert"),
}  # fmt: skip


#: The rules of residency in German; in English they say their own reason.
RULES: Final[dict[str, str]] = {
    "query.person-outside-access-from": (
        "Der Ort der Person gehört nicht zu denen, aus denen der Datensatz erreicht werden darf."
    ),
    "query.session-outside-access-from": (
        "Die Netzzone, aus der die Sitzung kommt, ist nicht registriert oder steht nicht, von wo der Datensatz "
        "erreicht werden darf."
    ),
    "keep.person-outside-access-from": (
        "Der Ort der verantwortlichen Person gehört nicht zu denen, aus denen der Datensatz erreicht werden darf."
    ),
    "keep.session-outside-access-from": (
        "Die Netzzone der verantwortlichen Person ist nicht registriert oder steht nicht, von wo der Datensatz "
        "erreicht werden darf."
    ),
    "query.site-outside-process-in": "Dieser Standort steht nicht, wo der Datensatz genutzt werden darf.",
    "query.endpoint-outside-process-in": "Der Modellserver steht nicht, wo der Datensatz genutzt werden darf.",
    "ingest.store-outside-store-in": "Die Ablage der Originale steht nicht, wo der Datensatz gespeichert werden darf.",
    "ingest.database-outside-store-in": "Die Datenbank steht nicht, wo der Datensatz gespeichert werden darf.",
    "ingest.worker-outside-process-in": "Die Verarbeitung steht nicht, wo der Datensatz genutzt werden darf.",
    "ingest.endpoint-outside-process-in": (
        "Der Modellserver zum Einlesen steht nicht, wo der Datensatz genutzt werden darf."
    ),
    "query.model-of-forbidden-origin": (
        "Ein Modell dort, oder eines, aus dem es entstand, kommt von einem Ort, den der Datensatz ausschließt, oder "
        "niemand hat gesagt, woher es kommt."
    ),
    "ingest.model-of-forbidden-origin": (
        "Das Modell zum Einlesen, oder eines, aus dem es entstand, kommt von einem Ort, den der Datensatz ausschließt, "
        "oder niemand hat gesagt, woher es kommt."
    ),
    "query.store-outside-store-in": (
        "Es liegt in einer Ablage, wo der Datensatz nicht gespeichert werden darf: verschlossen, bis es verlegt oder "
        "gelöscht ist."
    ),
    "query.database-outside-store-in": (
        "Es liegt in einer Datenbank, wo der Datensatz nicht gespeichert werden darf: verschlossen, bis es verlegt "
        "oder gelöscht ist."
    ),
    "any.forbidden-legal-control": (
        "Ein Recht, das der Datensatz ausschließt, kann einen Betreiber dieses Standorts zwingen."
    ),
}


def rule(language: Language, name: str, reason: str) -> str:
    """Return a rule's sentence; of one that has none in that language, its own reason."""
    return RULES.get(name, reason) if language is Language.GERMAN else reason


def say(language: Language, key: str, **values: object) -> str:
    """Return a sentence; what has none is said as it is."""
    found = SENTENCES.get(key)
    if found is None:
        return key
    return found[list(Language).index(language)].format_map(values)
