"""Asking, searching, reading."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "purpose.choose": ("I ask for", "Ich frage zum Zweck"),
    "purpose.only": ("You ask for the purpose: {purpose}", "Sie fragen zum Zweck: {purpose}"),
    "ask.begin": (
        "Ask in your own words. The answer shows, for each claim, the sentence it rests on.",
        "Fragen Sie in eigenen Worten. Die Antwort zeigt zu jeder Aussage den Satz, auf dem sie beruht.",
    ),
    "ask.placeholder": ("Your question", "Ihre Frage"),
    "ask.new": ("New conversation", "Neues Gespräch"),
    "ask.history": ("Your earlier questions", "Ihre früheren Fragen"),
    "ask.no-history": ("You have not asked anything yet.", "Sie haben noch nichts gefragt."),
    "ask.reopening": ("Reading the conversation again", "Das Gespräch wird wieder gelesen"),
    "ask.answered": ("answered", "beantwortet"),
    "ask.refused": ("no answer", "keine Antwort"),
    "ask.stopped": (
        "You stopped this answer. What was written has not been checked against its sources.",
        "Sie haben diese Antwort angehalten. Das Geschriebene wurde nicht an den Quellen geprüft.",
    ),
    "ask.too-long": (
        "Your question has {count} characters; at most {most} can be asked. It is kept below: shorten it.",
        (
            "Ihre Frage hat {count} Zeichen; höchstens {most} können gefragt werden. Sie steht noch unten: "
            "Kürzen Sie sie."
        ),
    ),
    "ask.gone": (
        "This answer rests on passages you may not read any more. Ask again to see what you may read today.",
        (
            "Diese Antwort beruht auf Textstellen, die Sie nicht mehr lesen dürfen. Fragen Sie erneut, um zu sehen, "
            "was Sie heute lesen dürfen."
        ),
    ),
    "ask.again": ("Ask again", "Erneut fragen"),
    "ask.close": ("Close", "Schließen"),
    "ask.copy": ("Copy with citations", "Mit Quellen kopieren"),
    "ask.useful": ("Was this useful?", "War das hilfreich?"),
    "ask.feedback-thanks": ("Thank you. Your opinion is recorded.", "Danke. Ihre Einschätzung ist festgehalten."),
    "ask.feedback-note": ("What would have helped? (optional)", "Was hätte geholfen? (freiwillig)"),
    "ask.feedback-failed": (
        "Your opinion could not be recorded. Try again in a minute.",
        "Ihre Einschätzung konnte nicht festgehalten werden. Versuchen Sie es in einer Minute erneut.",
    ),
    "ask.left-out.one": (
        "{count} more passage was found; your reading budget does not hold it today.",
        "{count} weitere Textstelle wurde gefunden; Ihr Lesekontingent reicht heute nicht dafür.",
    ),
    "ask.left-out.many": (
        "{count} more passages were found; your reading budget does not hold them today.",
        "{count} weitere Textstellen wurden gefunden; Ihr Lesekontingent reicht heute nicht dafür.",
    ),
    "ask.apart.one": (
        "{count} more passage fits, but no model may process it together with these. Search shows it to you.",
        "{count} weitere Textstelle passt, darf aber kein Modell mit diesen verarbeiten. Die Suche zeigt sie.",
    ),
    "ask.apart.many": (
        "{count} more passages fit, but no model may process them together with these. Search shows them to you.",
        "{count} weitere Textstellen passen, darf aber kein Modell mit diesen verarbeiten. Die Suche zeigt sie.",
    ),
    "ask.cut": (
        "It ends here: of such documents no longer stretch is repeated word for word. Open a source to read on.",
        "Hier endet sie: Aus solchen Dokumenten wird nicht mehr am Stück wiedergegeben. Öffnen Sie eine Quelle.",
    ),
    "copy.text": ("Text", "Text"),
    "copy.as": ("Format", "Format"),
    "stage.checking": ("Checking what you may ask", "Es wird geprüft, was Sie fragen dürfen"),
    "stage.looking": ("Looking in your datasets", "Ihre Datensätze werden durchsucht"),
    "stage.reading": ("Reading passages", "Textstellen werden gelesen"),
    "stage.writing": ("Writing (a draft, not checked yet)", "Es wird geschrieben (ein Entwurf, noch ungeprüft)"),
    "stage.checking.one": ("Checking {count} dataset", "{count} Datensatz wird geprüft"),
    "stage.checking.many": ("Checking {count} datasets", "{count} Datensätze werden geprüft"),
    "stage.looking.one": ("Looking in {count} dataset", "{count} Datensatz wird durchsucht"),
    "stage.looking.many": ("Looking in {count} datasets", "{count} Datensätze werden durchsucht"),
    "stage.reading.one": ("Reading {count} passage", "{count} Textstelle wird gelesen"),
    "stage.reading.many": ("Reading {count} passages", "{count} Textstellen werden gelesen"),
    "stage.writing.one": (
        "Writing from {count} passage (a draft, not checked yet)",
        "Es wird aus {count} Textstelle geschrieben (ein Entwurf, noch ungeprüft)",
    ),
    "stage.writing.many": (
        "Writing from {count} passages (a draft, not checked yet)",
        "Es wird aus {count} Textstellen geschrieben (ein Entwurf, noch ungeprüft)",
    ),
    "passage.page": ("page {page}", "Seite {page}"),
    "passage.pages": ("pages {first}-{last}", "Seiten {first}-{last}"),
    "passage.version": ("version {version} of {date}", "Fassung {version} vom {date}"),
    "passage.charged.one": (
        "Reading this took {count} character of your budget.",
        "Das Lesen hat {count} Zeichen Ihres Kontingents gekostet.",
    ),
    "passage.charged.many": (
        "Reading this took {count} characters of your budget.",
        "Das Lesen hat {count} Zeichen Ihres Kontingents gekostet.",
    ),
    "passage.earlier": ("Earlier in this passage", "Davor in dieser Textstelle"),
    "passage.later": ("Later in this passage", "Danach in dieser Textstelle"),
    "passage.not-shown": (
        "Your access is for answers only: where this stands is told, its words are not.",
        "Ihr Zugang gilt nur für Antworten: Wo es steht, wird gesagt, der Wortlaut nicht.",
    ),
    "passage.which-page": ("Page", "Seite"),
    "passage.show-page": ("Show the page", "Seite zeigen"),
    "passage.page-costs": (
        "The picture shows the whole page: what else stands on it is taken from your reading budget.",
        "Das Bild zeigt die ganze Seite: Was sonst darauf steht, wird von Ihrem Lesekontingent abgezogen.",
    ),
    "passage.fetching-page": ("Drawing the page", "Die Seite wird gezeichnet"),
    "passage.picture-of": ("Picture of page {page}, the passage marked", "Bild der Seite {page}, die Stelle markiert"),
    "search.label": ("What are you looking for?", "Wonach suchen Sie?"),
    "search.placeholder": ("Words or a question, then Enter", "Wörter oder eine Frage, dann Eingabetaste"),
    "search.begin": (
        "Type what you look for and press Enter. Each passage shown counts against your reading budget once.",
        (
            "Schreiben Sie, wonach Sie suchen, und drücken Sie die Eingabetaste. Jede gezeigte Textstelle zählt einmal "
            "auf Ihr Lesekontingent."
        ),
    ),
    "search.searching": ("Looking in your datasets", "Ihre Datensätze werden durchsucht"),
    "search.dates": ("Published between", "Veröffentlicht zwischen"),
    "search.from": ("From", "Von"),
    "search.to": ("To", "Bis"),
    "search.in-datasets": ("In datasets", "In Datensätzen"),
    "search.in-types": ("Kinds of document", "Arten von Dokumenten"),
    "search.nothing": (
        "Nothing fits. Try other words, take a filter away, or ask for another purpose.",
        "Nichts passt. Versuchen Sie andere Wörter, entfernen Sie einen Filter oder wählen Sie einen anderen Zweck.",
    ),
    "search.found.one": ("{count} passage, the best first", "{count} Textstelle"),
    "search.found.many": ("{count} passages, the best first", "{count} Textstellen, die beste zuerst"),
}
