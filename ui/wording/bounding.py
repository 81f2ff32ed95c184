"""What is left to read, asking for more, the owner's ceiling, and what was noticed."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "meter.left": ("{left} of {of} characters left to read", "Noch {left} von {of} Zeichen zu lesen"),
    "meter.refills": ("It refills on {at}.", "Es füllt sich wieder am {at}."),
    "meter.never": (
        "It does not refill by itself. What you have read stays free to read again.",
        "Von selbst füllt es sich nicht. Was Sie gelesen haben, bleibt kostenlos lesbar.",
    ),
    "meter.asked": (
        "You asked for {count} characters more; the owner has not decided yet.",
        "Sie haben um {count} Zeichen mehr gebeten; die verantwortliche Stelle hat noch nicht entschieden.",
    ),
    "meter.refused": (
        "The owner refused your last request on {at}.",
        "Die verantwortliche Stelle hat Ihre letzte Bitte am {at} abgelehnt.",
    ),
    "meter.more": ("Ask for more", "Um mehr bitten"),
    "more.title": ("Ask to read more", "Um mehr Lesekontingent bitten"),
    "more.what": (
        "The dataset's owner reads your reason and decides. You see the decision here.",
        "Die verantwortliche Stelle liest Ihre Begründung und entscheidet. Die Entscheidung sehen Sie hier.",
    ),
    "more.characters": ("How many characters more?", "Wie viele Zeichen mehr?"),
    "more.reason": ("What do you need it for?", "Wofür brauchen Sie es?"),
    "more.do": ("Send it to the owner", "An die verantwortliche Stelle senden"),
    "more.done": ("Sent. The owner decides.", "Gesendet. Die verantwortliche Stelle entscheidet."),
    "step-up.title": ("People who ask to read more", "Bitten um mehr Lesekontingent"),
    "step-up.read": ("Has read {read} characters so far ({share}).", "Bisher gelesen: {read} Zeichen ({share})."),
    "step-up.then": (
        "Asks for {more} more. Can ever reach {now} of the dataset now, {then} after a yes ({count} characters).",
        "Bittet um {more} mehr. Erreichbar sind jetzt {now} des Datensatzes, nach einem Ja {then} ({count} Zeichen).",
    ),
    "step-up.bounded": (
        "Your limits or your ceiling hold: not all that was asked for becomes readable.",
        "Ihre Grenzen oder Ihre Obergrenze halten: Nicht alles Erbetene wird lesbar.",
    ),
    "step-up.no-grant": (
        "Their access has ended meanwhile, so there is nothing to widen.",
        "Der Zugang ist inzwischen beendet; es gibt nichts zu erweitern.",
    ),
    "step-up.grant": ("Grant", "Gewähren"),
    "step-up.refuse": ("Refuse", "Ablehnen"),
    "step-up.granted": ("Granted. It holds at once.", "Gewährt. Es gilt sofort."),
    "step-up.refused": ("Refused. They see it where they asked.", "Abgelehnt. Es steht dort, wo gebeten wurde."),
    "ceiling.title": ("How much can ever be read", "Wie viel je gelesen werden kann"),
    "ceiling.empty": (
        "There is no document in it yet, so there is nothing to bound. Bring documents in first.",
        "Noch ist kein Dokument darin, es gibt also nichts zu begrenzen. Bringen Sie zuerst Dokumente ein.",
    ),
    "ceiling.now": (
        (
            "It holds {size} characters. One account can ever read {account}, one organisation {organisation}, all "
            "together {together} ({share})."
        ),
        (
            "Er enthält {size} Zeichen. Ein Konto kann je {account} lesen, eine Organisation {organisation}, alle "
            "zusammen {together} ({share})."
        ),
    ),
    "ceiling.read": ("{read} of these {of} were read so far", "{read} von diesen {of} wurden bisher gelesen"),
    "ceiling.copied": (
        "{count} characters stood in another dataset before; reading them counts against that one's ceiling, too.",
        "{count} Zeichen standen zuvor in einem anderen Datensatz; gelesen zählen sie auch auf dessen Obergrenze.",
    ),
    "ceiling.copied-closed": (
        (
            "{count} characters can't be read by anyone new: the text stood in another dataset before, whose ceiling "
            "is reached. Only that dataset's owner can raise it."
        ),
        (
            "{count} Zeichen kann niemand Neues lesen: Der Text stand zuvor in einem anderen Datensatz, dessen "
            "Obergrenze erreicht ist. Nur dessen verantwortliche Stelle kann sie anheben."
        ),
    ),
    "ceiling.share": (
        "All organisations together may ever read at most",
        "Alle Organisationen zusammen dürfen je höchstens lesen",
    ),
    "ceiling.raises": (
        "With {share}, {then} characters can be read for good; until now {now}. What was read can't be taken back.",
        (
            "Mit {share} können {then} Zeichen für immer gelesen werden; bisher {now}. Gelesenes lässt sich nicht "
            "zurückholen."
        ),
    ),
    "ceiling.lowers": (
        "With {share}, {then} characters can be read. What was read already stays read.",
        "Mit {share} können {then} Zeichen gelesen werden. Was gelesen ist, bleibt gelesen.",
    ),
    "ceiling.confirm": (
        "I answer for this dataset and mean it: {then} characters may be read.",
        "Ich verantworte diesen Datensatz und meine es so: {then} Zeichen dürfen gelesen werden.",
    ),
    "ceiling.do": ("Set it to {share}", "Auf {share} setzen"),
    "ceiling.done": ("The ceiling is set. It holds at once.", "Die Obergrenze ist gesetzt. Sie gilt sofort."),
    "nav.alerts": ("Alerts", "Hinweise"),
    "alerts.what": (
        "What no honest reading does, noticed where it was read. It stops nobody; the reading budgets do.",
        "Was kein ehrliches Lesen tut, bemerkt beim Lesen. Es hält niemanden auf; das tun die Lesekontingente.",
    ),
    "alerts.which": ("Show", "Zeigen"),
    "alerts.open": ("To look at", "Anzusehen"),
    "alerts.all": ("All", "Alle"),
    "alerts.none": ("Nothing was noticed.", "Nichts wurde bemerkt."),
    "alerts.none-open": ("Nothing is left to look at.", "Nichts ist mehr anzusehen."),
    "alert.bait": ("A bait was read", "Ein Köder wurde gelesen"),
    "alert.novelty": ("Nothing but new text", "Nichts als neuer Text"),
    "alerts.bait": (
        "{passages} of {baits} that no honest question reaches.",
        "{passages} aus {baits}, die keine ehrliche Frage erreicht.",
    ),
    "alerts.novelty": (
        "Half a window spent: {new} of {passages} were new to them, {characters} characters.",
        "Ein halbes Zeitfenster verbraucht: {new} von {passages} waren neu, {characters} Zeichen.",
    ),
    "alerts.other": ("See the ledger for what was read.", "Was gelesen wurde, steht im Register."),
    "alerts.acts": ("The acts on this dataset", "Vorgänge zu diesem Datensatz"),
    "alerts.note": ("What was it? The note is kept.", "Was war es? Die Notiz wird aufbewahrt."),
    "alerts.example": ("Asked them: a planned review", "Nachgefragt: eine geplante Durchsicht"),
    "alerts.do": ("Acknowledge", "Zur Kenntnis nehmen"),
    "alerts.done": ("Noted. The alert stays in the list.", "Vermerkt. Der Hinweis bleibt in der Liste."),
    "alerts.acknowledged": ("looked at by {who}, {at}", "angesehen von {who}, {at}"),
    "home.alerts.one": ("{count} alert to look at", "{count} Hinweis anzusehen"),
    "home.alerts.many": ("{count} alerts to look at", "{count} Hinweise anzusehen"),
    "home.to-alerts": ("Look at them", "Ansehen"),
    "unit.passage.one": ("{count} passage", "{count} Textstelle"),
    "unit.passage.many": ("{count} passages", "{count} Textstellen"),
    "event.increase.asked": ("asked to read more", "um mehr Lesekontingent gebeten"),
    "event.increase.decided": ("request to read more decided", "über mehr Lesekontingent entschieden"),
    "event.bait.marked": ("document made a bait", "Dokument zum Köder gemacht"),
    "event.ceiling.changed": ("ceiling changed", "Obergrenze geändert"),
    "event.budgets.raised": (
        "budgets raised to what was charged before an older copy was put back",
        "Budgets auf das angehoben, was vor dem Einspielen einer älteren Kopie verbraucht war",
    ),
    "event.alert.acknowledged": ("alert looked at", "Hinweis angesehen"),
    "event.account.linked": ("account linked to a person", "Konto einer Person zugeordnet"),
}
