"""What a person is told when something isn't there: what happened, and what to do next."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "refusal.nothing-found": (
        "I found nothing on this in the datasets you may ask for {purpose}. Try other words, or another purpose.",
        (
            "Dazu habe ich in den Datensätzen, die Sie für {purpose} fragen dürfen, nichts gefunden. Versuchen Sie "
            "andere Wörter oder einen anderen Zweck."
        ),
    ),
    "refusal.not-permitted": (
        (
            "There is no dataset you may ask for {purpose}. Ask the steward of a dataset for access, or choose another "
            "purpose."
        ),
        (
            "Es gibt keinen Datensatz, den Sie für {purpose} fragen dürfen. Bitten Sie eine verantwortliche Stelle um "
            "Zugang oder wählen Sie einen anderen Zweck."
        ),
    ),
    "refusal.no-endpoint": (
        (
            "You hold a grant for {purpose}, but no model of this hub stands where those datasets may be processed. "
            "Ask their steward, or the operator of this hub."
        ),
        (
            "Sie haben eine Freigabe für {purpose}, aber kein Modell dieses Hubs steht dort, wo diese Datensätze "
            "verarbeitet werden dürfen. Fragen Sie ihre verantwortliche Stelle oder den Betreiber dieses Hubs."
        ),
    ),
    "refusal.outside-access": (
        (
            "You hold a grant for {purpose}, but those datasets may not be read from where you are. Ask from a network "
            "that stands where they may be, or ask their steward."
        ),
        (
            "Sie haben eine Freigabe für {purpose}, aber von hier aus dürfen diese Datensätze nicht gelesen werden. "
            "Fragen Sie aus einem Netz, das an erlaubtem Ort steht, oder fragen Sie ihre verantwortliche Stelle."
        ),
    ),
    "refusal.shut-from-here": (
        (
            "Not everything you hold a grant for may be read from where you are: from a network that stands where it "
            "may be, there may be an answer."
        ),
        (
            "Nicht alles, wofür Sie eine Freigabe haben, darf von hier aus gelesen werden: aus einem Netz an erlaubtem "
            "Ort gibt es vielleicht eine Antwort."
        ),
    ),
    "refusal.unknown-zone": (
        (
            "This hub does not know where the network you come in through stands, so nothing is read from it. Come in "
            "by an address of this hub that is known, or tell its operator."
        ),
        (
            "Dieser Hub weiß nicht, wo das Netz steht, durch das Sie kommen; darum wird nichts gelesen. Kommen Sie "
            "über eine bekannte Adresse dieses Hubs, oder sagen Sie es seinem Betreiber."
        ),
    ),
    "refusal.budget": (
        "Your reading budget for these datasets is used up. What you have read already stays free to read again.",
        (
            "Ihr Lesekontingent für diese Datensätze ist aufgebraucht. Was Sie schon gelesen haben, bleibt kostenlos "
            "lesbar."
        ),
    ),
    "refusal.no-citation": (
        (
            "I found passages that touch on this, but none that states the answer, so I won't guess. Ask more "
            "precisely, choose another purpose, or read the passages under Search."
        ),
        (
            "Ich habe Textstellen dazu gefunden, aber keine, in der die Antwort steht; raten möchte ich nicht. Fragen "
            "Sie genauer, wählen Sie einen anderen Zweck oder lesen Sie die Textstellen unter Suchen."
        ),
    ),
    "refusal.guard": (
        "I can't take this as a question. Ask it in plain words, in a few sentences.",
        "Das kann ich nicht als Frage annehmen. Fragen Sie in einfachen Worten, in wenigen Sätzen.",
    ),
    "refusal.dependency-down": (
        "A part the answer needs is not running, so nothing was answered or charged. Try again in a few minutes.",
        (
            "Ein Teil, den die Antwort braucht, läuft nicht; nichts wurde beantwortet oder angerechnet. Versuchen Sie "
            "es in einigen Minuten erneut."
        ),
    ),
    "refusal.other": (
        "There is no answer to this. Ask in other words.",
        "Darauf gibt es keine Antwort. Fragen Sie anders.",
    ),
    "refusal.refills": ("It refills on {at}.", "Es füllt sich wieder am {at}."),
    "refusal.ask-for-access": (
        "You can ask the steward of one of these for access:",
        "Um Zugang bitten können Sie die verantwortliche Stelle von:",
    ),
    "problem.signed-out": (
        "Your sign-in is not accepted any more. Sign out and in again.",
        "Ihre Anmeldung wird nicht mehr anerkannt. Melden Sie sich ab und wieder an.",
    ),
    "problem.clock": (
        "The clocks of this hub and of its sign-in service disagree, so nobody can sign in. Tell the hub's operator.",
        (
            "Die Uhren dieses Hubs und seines Anmeldedienstes gehen verschieden, daher kann sich niemand anmelden. "
            "Sagen Sie es dem Betreiber."
        ),
    ),
    "problem.not-allowed": (
        "Your role may not do this. Someone with the right role can.",
        "Ihre Rolle darf das nicht. Jemand mit der passenden Rolle kann es tun.",
    ),
    "problem.outside-access": (
        "This dataset may not be reached from where you are, so nothing was shown or changed.",
        "Von hier aus darf dieser Datensatz nicht erreicht werden; nichts wurde gezeigt oder geändert.",
    ),
    "problem.absent": (
        "There is nothing here under that name, or nothing you may see. Go back and choose from the list.",
        (
            "Unter diesem Namen gibt es hier nichts, oder nichts, was Sie sehen dürfen. Gehen Sie zurück und wählen "
            "Sie aus der Liste."
        ),
    ),
    "problem.conflict": (
        "Someone else was quicker, or it is there already. Load the page again and look.",
        "Jemand war schneller, oder es ist schon da. Laden Sie die Seite neu und sehen Sie nach.",
    ),
    "problem.invalid": (
        "Something in what you entered can't be taken. Mend what is named below and send it again.",
        "Etwas an der Eingabe kann nicht angenommen werden. Berichtigen Sie, was unten steht, und senden Sie erneut.",
    ),
    "problem.reason-needed": (
        "Say in a short sentence why you read the ledger: ten characters at least.",
        "Sagen Sie in einem kurzen Satz, warum Sie das Register lesen: mindestens zehn Zeichen.",
    ),
    "problem.too-large": (
        "This is larger than the hub takes. Split it, or bring it in with `hub ingest`.",
        "Das ist größer, als der Hub annimmt. Teilen Sie es auf oder bringen Sie es mit `hub ingest` ein.",
    ),
    "problem.budget": (
        "Your reading budget is used up. What you have read already stays free to read again.",
        "Ihr Lesekontingent ist aufgebraucht. Was Sie schon gelesen haben, bleibt kostenlos lesbar.",
    ),
    "problem.unavailable": (
        "A part of the hub does not answer. Nothing you typed is lost; try again in a minute.",
        (
            "Ein Teil des Hubs antwortet nicht. Nichts Geschriebenes geht verloren; versuchen Sie es in einer Minute "
            "erneut."
        ),
    ),
    "problem.unavailable-part": (
        "A part of the hub does not answer: {part}. Nothing you typed is lost; try again in a minute.",
        (
            "Ein Teil des Hubs antwortet nicht: {part}. Nichts Geschriebenes geht verloren; versuchen Sie es in einer "
            "Minute erneut."
        ),
    ),
    "part.audit": ("the audit trail, so nothing was done", "das Prüfregister, daher wurde nichts getan"),
    "part.database": ("the database", "die Datenbank"),
    "part.issuer": ("the sign-in service", "der Anmeldedienst"),
    "part.keys": ("the sign-in service's keys", "die Schlüssel des Anmeldedienstes"),
    "part.model": ("the model server", "der Modellserver"),
    "part.policy": ("the rules, so nothing is permitted", "das Regelwerk, daher ist nichts erlaubt"),
    "part.reader": ("the reader of originals", "der Leser der Originale"),
    "part.registrar": ("the registrar of programs", "die Stelle für Dienstkonten"),
    "part.store": ("the store of originals", "die Ablage der Originale"),
    "problem.slow": (
        "This took too long and was stopped. Try again in a minute, or ask for less at once.",
        (
            "Das hat zu lange gedauert und wurde beendet. Versuchen Sie es in einer Minute erneut oder fragen Sie "
            "weniger auf einmal."
        ),
    ),
    "problem.unexpected": (
        "Something went wrong that should not. Try again; if it stays, tell the administrator the number below.",
        (
            "Etwas ist schiefgegangen, das nicht sollte. Versuchen Sie es erneut; bleibt es, nennen Sie der Verwaltung "
            "die Nummer unten."
        ),
    ),
    "problem.number": ("Number for whoever helps you: {number}", "Nummer für die, die Ihnen helfen: {number}"),
}
