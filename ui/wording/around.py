"""Around every screen: signing in, the menu, Home."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "app.name": ("Sovereign Data Hub", "Sovereign Data Hub"),
    "landing.what": (
        "Ask questions of documents that stay in their jurisdiction, and read the sentence each answer rests on.",
        (
            "Stellen Sie Fragen an Dokumente, die ihr Rechtsgebiet nicht verlassen, und lesen Sie den Satz, auf dem "
            "jede Antwort beruht."
        ),
    ),
    "landing.sign-in": ("Sign in", "Anmelden"),
    "landing.how": (
        "You sign in with the account of your organisation. What you ask and read is recorded for auditors.",
        (
            "Sie melden sich mit dem Konto Ihrer Organisation an. Was Sie fragen und lesen, wird für die Prüfung "
            "aufgezeichnet."
        ),
    ),
    "landing.issuer-down": (
        "The sign-in service does not answer. Wait a minute and try again. What you typed is kept for ten minutes.",
        (
            "Der Anmeldedienst antwortet nicht. Warten Sie eine Minute und versuchen Sie es erneut. Was Sie "
            "geschrieben haben, bleibt zehn Minuten erhalten."
        ),
    ),
    "landing.leaving": ("Signing you out …", "Sie werden abgemeldet …"),
    "landing.leaving-stays": (
        "If this stays, load the page again: until the sign-in page is there, you are signed in.",
        "Bleibt das stehen, laden Sie die Seite neu: Bis die Anmeldeseite erscheint, sind Sie angemeldet.",
    ),
    "landing.again": ("Try again", "Erneut versuchen"),
    "frame.language": ("Language", "Sprache"),
    "frame.to-dark": ("Switch to dark colours", "Zu dunklen Farben wechseln"),
    "frame.to-light": ("Switch to light colours", "Zu hellen Farben wechseln"),
    "frame.sign-out": ("Sign out", "Abmelden"),
    "frame.unsealed": (
        "This host can't hold every part behind its walls: only public and internal data are served.",
        "Dieser Rechner kann nicht jeden Teil abschotten: Nur öffentliche und interne Daten werden bereitgestellt.",
    ),
    "nav.home": ("Home", "Start"),
    "nav.ask": ("Ask", "Fragen"),
    "nav.search": ("Search", "Suchen"),
    "nav.datasets": ("Datasets", "Datensätze"),
    "nav.ingestion": ("Bring in", "Einbringen"),
    "nav.residency": ("Residency", "Datenstandorte"),
    "nav.audit": ("Audit", "Prüfung"),
    "nav.system": ("System", "System"),
    "home.title": ("Hello, {name}", "Guten Tag, {name}"),
    "home.no-role": (
        "Your account has no role here yet. Ask the administrator of your organisation for one.",
        "Ihr Konto hat hier noch keine Rolle. Bitten Sie die Verwaltung Ihrer Organisation darum.",
    ),
    "home.no-grant": (
        (
            "You hold no grant yet, so there is nothing you may ask. See which datasets exist and ask their steward "
            "for access."
        ),
        (
            "Sie haben noch keine Zugriffsfreigabe und können daher nichts fragen. Sehen Sie nach, welche Datensätze "
            "es gibt, und bitten Sie die verantwortliche Stelle um Zugang."
        ),
    ),
    "home.reviews": (
        "No request waits for your opinion. Until one comes, you can see which datasets exist.",
        "Kein Antrag wartet auf Ihre Stellungnahme. Bis dahin können Sie ansehen, welche Datensätze es gibt.",
    ),
    "home.recent": ("Your latest questions", "Ihre letzten Fragen"),
    "home.open": ("Open", "Öffnen"),
    "home.steward": ("Your datasets", "Ihre Datensätze"),
    "home.waiting.one": ("{count} document waits", "{count} Dokument wartet"),
    "home.waiting.many": ("{count} documents wait", "{count} Dokumente warten"),
    "home.refused-month.one": ("{count} request refused this month", "{count} Anfrage in diesem Monat abgelehnt"),
    "home.refused-month.many": ("{count} requests refused this month", "{count} Anfragen in diesem Monat abgelehnt"),
    "home.ill.one": ("{count} part needs attention", "{count} Teil braucht Aufmerksamkeit"),
    "home.ill.many": ("{count} parts need attention", "{count} Teile brauchen Aufmerksamkeit"),
    "home.all-up": ("All {count} parts run behind their walls", "Alle {count} Teile laufen abgeschottet"),
    "home.to-datasets": ("See the datasets", "Datensätze ansehen"),
    "home.to-ingestion": ("Bring documents in", "Dokumente einbringen"),
    "home.to-residency": ("Open the board", "Übersicht öffnen"),
    "home.to-system": ("See the parts", "Teile ansehen"),
    "yes": ("yes", "ja"),
    "no": ("no", "nein"),
}
