"""Every sentence the sign-in pages say, in English and German."""

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, str]

ENGLISH: Final[Words] = {
    "lang": "en",
    "sign_in": "Sign in",
    "to": "to {client}",
    "name": "Name",
    "password": "Password",
    "people": "People of the demo",
    "people_hint": "Choose who you are; all share the password that “make run” printed.",
    "wrong": "Name and password don't fit. Check both and try again.",
    "too_many": "There were too many wrong passwords. Try again in {wait} seconds.",
    "device": "Connect a terminal",
    "device_hint": "Type the code your terminal shows.",
    "code": "Code",
    "next": "Continue",
    "code_unknown": "That code is not known or has ended. Check it, or start again in the terminal.",
    "confirm": "Does your terminal show this code?",
    "confirm_hint": "{client} then acts as {person} until you sign out. Say no if you did not start this yourself.",
    "yes": "Yes, connect it",
    "no": "No",
    "other_person": "Sign in as someone else",
    "connected": "Connected",
    "connected_hint": "Go back to your terminal. You can close this page.",
    "denied": "Not connected",
    "denied_hint": "Nothing was allowed. You can close this page.",
    "sign_out": "Sign out",
    "sign_out_hint": "You are signed in as {person}.",
    "signed_out": "You are signed out",
    "signed_out_hint": "You can close this page.",
    "trouble": "That did not work",
    "bad_request": "This address is not complete. Go back to where you came from and sign in again.",
    "bad_client": "The program that sent you here is not known. Go back and sign in again.",
    "bad_redirect": "The program that sent you here wants to be answered at an address that is not its own.",
    "foreign_form": "This form was sent from another site, so nothing was done. Open the page again.",
    "development": "Development issuer: for this machine only.",
    "researcher": "Researcher",
    "founder": "Startup founder",
    "steward": "Data steward",
    "reviewer": "Reviewer",
    "admin": "Administrator",
    "auditor": "Auditor",
}

GERMAN: Final[Words] = {
    "lang": "de",
    "sign_in": "Anmelden",
    "to": "bei {client}",
    "name": "Name",
    "password": "Passwort",
    "people": "Personen der Demo",
    "people_hint": "Wählen Sie, wer Sie sind; alle haben das Passwort, das „make run“ gezeigt hat.",
    "wrong": "Name und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.",
    "too_many": "Das Passwort war zu oft falsch. Versuchen Sie es in {wait} Sekunden wieder.",
    "device": "Ein Terminal verbinden",
    "device_hint": "Geben Sie den Code ein, den Ihr Terminal zeigt.",
    "code": "Code",
    "next": "Weiter",
    "code_unknown": "Dieser Code ist unbekannt oder abgelaufen. Prüfen Sie ihn, oder beginnen Sie im Terminal neu.",
    "confirm": "Zeigt Ihr Terminal diesen Code?",
    "confirm_hint": "{client} handelt dann als {person}, bis Sie sich abmelden. "
    "Sagen Sie nein, wenn Sie das nicht selbst begonnen haben.",
    "yes": "Ja, verbinden",
    "no": "Nein",
    "other_person": "Als jemand anderes anmelden",
    "connected": "Verbunden",
    "connected_hint": "Gehen Sie zurück zum Terminal. Diese Seite können Sie schließen.",
    "denied": "Nicht verbunden",
    "denied_hint": "Es wurde nichts erlaubt. Diese Seite können Sie schließen.",
    "sign_out": "Abmelden",
    "sign_out_hint": "Sie sind als {person} angemeldet.",
    "signed_out": "Sie sind abgemeldet",
    "signed_out_hint": "Diese Seite können Sie schließen.",
    "trouble": "Das ging nicht",
    "bad_request": "Diese Adresse ist nicht vollständig. Gehen Sie zurück und melden Sie sich noch einmal an.",
    "bad_client": "Das Programm, das Sie hierher geschickt hat, ist unbekannt. Gehen Sie zurück und beginnen Sie neu.",
    "bad_redirect": "Das Programm, das Sie hierher geschickt hat, will die Antwort an einer fremden Adresse.",
    "foreign_form": "Dieses Formular kam von einer fremden Seite; es ist nichts geschehen. Öffnen Sie die Seite neu.",
    "development": "Entwicklungs-Anmeldung: nur für diesen Rechner.",
    "researcher": "Forschung",
    "founder": "Gründung",
    "steward": "Datenverantwortung",
    "reviewer": "Gutachten",
    "admin": "Verwaltung",
    "auditor": "Prüfung",
}


def words_for(asked: str, accepted: str) -> Words:
    """Return the words of `ui_locales`, else of the browser's Accept-Language; English when neither says German."""
    ranked = asked.split() or [one.partition(";")[0] for one in accepted.split(",")]
    first = next((one.strip().lower()[:2] for one in ranked if one.strip().lower()[:2] in {"de", "en"}), "en")
    return GERMAN if first == "de" else ENGLISH
