"""The residency desk: periods, previews, explanations, the report; and the law's own sentences, rule by rule."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "desk.part": ("What to look at", "Was ansehen"),
    "desk.refused": ("Refused", "Abgelehnt"),
    "desk.misplaced": ("Out of place", "Am falschen Ort"),
    "desk.preview": ("What would break if …", "Was bräche, wenn …"),
    "desk.why": ("Why can't they see it?", "Warum nicht sichtbar?"),
    "desk.report": ("Report", "Bericht"),
    "desk.places": ("Places", "Orte"),
    "desk.choose-first": (
        "Choose a dataset first, in the table or in the list above.",
        "Wählen Sie zuerst einen Datensatz, in der Tabelle oder in der Liste oben.",
    ),
    "period.which": ("Period", "Zeitraum"),
    "period.this-month": ("this month", "dieser Monat"),
    "period.last-month": ("last month", "letzter Monat"),
    "period.ever": ("ever", "seit jeher"),
    "period.custom": ("other days", "andere Tage"),
    "period.days": ("From and to, both days included", "Von und bis, beide Tage eingeschlossen"),
    "period.is": ("{since} to {until}, by UTC", "{since} bis {until}, nach UTC"),
    "period.choose": ("Choose the last day too.", "Wählen Sie auch den letzten Tag."),
    "misplaced.what": (
        "Every original, row and backup that lies where its tags don't allow it, as the last nightly scan found it.",
        "Alles, was liegt, wo seine Kennzeichen es nicht erlauben, wie es die letzte nächtliche Prüfung fand.",
    ),
    "misplaced.none": (
        "Everything lies where it may. `hub residency scan` looks again now.",
        "Alles liegt, wo es darf. `hub residency scan` prüft sofort noch einmal.",
    ),
    "misplaced.shown.one": ("{count} thing lies where it may not.", "{count} Fund liegt, wo er nicht darf."),
    "misplaced.shown.many": ("{count} things lie where they may not.", "{count} Funde liegen, wo sie nicht dürfen."),
    "misplaced.next": (
        "Move or erase it, or have its owner change the tags; then `hub residency scan` looks again.",
        "Verlegen oder löschen, oder die Kennzeichen ändern lassen; danach prüft `hub residency scan` erneut.",
    ),
    "misplaced.kind": ("What", "Was"),
    "misplaced.held": ("Rows", "Zeilen"),
    "misplaced.since": ("Found", "Gefunden"),
    "misplaced.seen": ("Last seen", "Zuletzt gesehen"),
    "misplaced.object": ("Id or name", "Kennung oder Name"),
    "kind.object": ("original", "Original"),
    "kind.backup": ("backup", "Sicherung"),
    "kind.file": ("file without a label", "Datei ohne Etikett"),
    "kind.text_revisions": ("text of a document", "Text eines Dokuments"),
    "kind.chunks": ("passages and vectors of a document", "Passagen und Vektoren eines Dokuments"),
    "kind.lexeme_counts": ("words of the index", "Wörter des Index"),
    "kind.index_sizes": ("figures of the index", "Zahlen des Index"),
    "kind.text_traces": ("prints of its text", "Abdrücke des Textes"),
    "kind.turns": ("question and answer", "Frage und Antwort"),
    "preview.of": ("What would be otherwise", "Was anders wäre"),
    "preview.tags": ("the dataset's tags", "die Kennzeichen des Datensatzes"),
    "preview.place": ("where a part of the site stands", "wo ein Teil des Standorts steht"),
    "preview.nothing-made": (
        "This changes nothing: it only says what would follow. A dataset's tags are changed by its owner.",
        "Das ändert nichts: Es sagt nur, was folgen würde. Die Kennzeichen ändert, wem der Datensatz gehört.",
    ),
    "preview.which-part": ("Part", "Teil"),
    "preview.where": ("Where it would stand", "Wo er stünde"),
    "preview.under": ("Law that could compel its operator", "Recht, das seinen Betreiber zwingen könnte"),
    "preview.same": ("These are the tags it has. Change one to see what would follow.",
                     "Das sind die heutigen Kennzeichen. Ändern Sie eines, um zu sehen, was folgt."),
    "preview.same-place": ("It stands there today. Choose another place or law to see what would follow.",
                           "Dort steht er heute. Wählen Sie einen anderen Ort oder ein anderes Recht."),
    "preview.harmless": (
        "Nothing that works today would stop working.",
        "Nichts, was heute geht, ginge dann nicht mehr.",
    ),
    "preview.breaks": ("This would break something:", "Das würde etwas brechen:"),
    "preview.datasets.one": ("{count} dataset would be touched.", "{count} Datensatz wäre betroffen."),
    "preview.datasets.many": ("{count} datasets would be touched.", "{count} Datensätze wären betroffen."),
    "preview.out-of-place": (
        "{documents} ({versions}) would lie where they may not: unreachable until moved or erased.",
        "{documents} ({versions}) lägen dann, wo sie nicht dürfen: unerreichbar, bis sie verlegt oder gelöscht sind.",
    ),
    "preview.already-out-of-place": (
        "{documents} ({versions}) lie where they may not already today.",
        "{documents} ({versions}) liegen schon heute, wo sie nicht liegen dürfen.",
    ),
    "preview.versions.one": ("{count} version", "{count} Fassung"),
    "preview.versions.many": ("{count} versions", "{count} Fassungen"),
    "preview.stranded": (
        "{people} in {place} could no longer ask, of {held} there who hold a live grant.",
        "{people} in {place} könnten nicht mehr fragen, von {held} dort mit gültiger Freigabe.",
    ),
    "preview.endpoints": ("Model servers that would refuse: {names}", "Modellserver, die ablehnen würden: {names}"),
    "preview.refusing": ("Rules that would refuse then and don't today", "Regeln, die dann ablehnten und heute nicht"),
    "preview.already": ("Rules that refuse today already", "Regeln, die schon heute ablehnen"),
    "preview.sure": ("I have seen what breaks and mean it", "Ich habe gesehen, was bricht, und meine es so"),
    "why.what": (
        "The decision as it would be made now, with the rules and the facts behind it. Your look is written down.",
        "Die Entscheidung, wie sie jetzt fiele, mit Regeln und Tatsachen dahinter. Ihre Einsicht wird vermerkt.",
    ),
    "why.what-own": (
        "For somebody whom a grant on this dataset names. Your look is written down.",
        "Für jemanden, den eine Freigabe dieses Datensatzes nennt. Ihre Einsicht wird vermerkt.",
    ),
    "why.person": ("Short name of the person", "Kurzname der Person"),
    "why.purpose": ("Purpose", "Zweck"),
    "why.do": ("Explain it", "Erklären"),
    "why.absent": (
        "There is nobody of that short name here. Check its spelling.",
        "Hier gibt es niemanden mit diesem Kurznamen. Prüfen Sie die Schreibweise.",
    ),
    "why.yes": ("{person} may ask {dataset}", "{person} darf {dataset} fragen"),
    "why.no": ("{person} may not ask {dataset}", "{person} darf {dataset} nicht fragen"),
    "why.rules": ("By which rules", "Nach welchen Regeln"),
    "why.remedies": ("What would change it, all of it together", "Was es ändern würde, alles zusammen"),
    "why.facts": ("From which facts", "Aus welchen Tatsachen"),
    "why.fact": ("Fact", "Tatsache"),
    "why.is": ("Is", "Ist"),
    "report.what": (
        (
            "The board, what was refused, the places with their operators, and every change of tags and places in the "
            "period. The page has a field to sign; all three name the same digest. Each download is written down."
        ),
        (
            "Die Übersicht, was abgelehnt wurde, die Orte mit ihren Betreibern und jede Änderung von Kennzeichen und "
            "Orten im Zeitraum. Die Seite hat ein Feld zum Unterschreiben; alle drei nennen dieselbe Prüfsumme. Jedes "
            "Herunterladen wird vermerkt."
        ),
    ),
    "report.html": ("Page to print and sign", "Seite zum Drucken und Unterschreiben"),
    "report.csv": ("CSV", "CSV"),
    "report.json": ("JSON", "JSON"),
    "ingestion.why": ("Who may ask?", "Wer darf fragen?"),
    "rule.default-deny": ("No rule permits this.", "Keine Regel erlaubt das."),
    "rule.error": ("A rule could not be evaluated.", "Eine Regel konnte nicht ausgewertet werden."),
    "rule.query.under-grant": (
        "A live grant for this purpose covers the dataset.",
        "Eine gültige Freigabe für diesen Zweck deckt den Datensatz.",
    ),
    "rule.query.purpose-not-offered": (
        "The dataset is not offered for this purpose.",
        "Der Datensatz wird für diesen Zweck nicht angeboten.",
    ),
    "rule.query.clearance-too-low": (
        "The person's clearance is below the dataset's classification.",
        "Die Ermächtigung der Person liegt unter der Einstufung des Datensatzes.",
    ),
    "rule.query.person-outside-access-from": (
        "The person's place is not among those the dataset may be accessed from.",
        "Der Ort der Person gehört nicht zu denen, aus denen der Datensatz erreicht werden darf.",
    ),
    "rule.query.site-outside-process-in": (
        "This site does not stand where the dataset may be processed.",
        "Dieser Standort steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.query.endpoint-outside-process-in": (
        "The model endpoint does not stand where the dataset may be processed.",
        "Der Modellserver steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.query.agent-for-another-purpose": (
        "The agent was given leave for another purpose.",
        "Der Agent hat eine Erlaubnis für einen anderen Zweck.",
    ),
    "rule.ingest.store-outside-store-in": (
        "The object store does not stand where the dataset may be stored.",
        "Die Ablage der Originale steht nicht, wo der Datensatz gespeichert werden darf.",
    ),
    "rule.ingest.database-outside-store-in": (
        "The database does not stand where the dataset may be stored.",
        "Die Datenbank steht nicht, wo der Datensatz gespeichert werden darf.",
    ),
    "rule.ingest.worker-outside-process-in": (
        "The worker does not stand where the dataset may be processed.",
        "Die Verarbeitung steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.ingest.endpoint-outside-process-in": (
        "The embedding endpoint does not stand where the dataset may be processed.",
        "Der Modellserver zum Einlesen steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.any.forbidden-legal-control": (
        "A law the dataset forbids can compel an operator of this site.",
        "Ein Recht, das der Datensatz ausschließt, kann einen Betreiber dieses Standorts zwingen.",
    ),
    "rule.any.host-not-sealed": (
        "This host can't hold its processes as the seal demands; only public and internal data are served.",
        "Dieser Rechner kann seine Prozesse nicht abschotten wie verlangt; nur Öffentliches und Internes wird bedient.",
    ),
    "remedy.default-deny": (
        "The owner gives a grant for this purpose; there is no live one.",
        "Die verantwortliche Stelle erteilt eine Freigabe für diesen Zweck; es gibt keine gültige.",
    ),
    "remedy.error": (
        "An admin looks at the rules: one could not be evaluated.",
        "Die Administration prüft die Regeln: eine konnte nicht ausgewertet werden.",
    ),
    "remedy.query.purpose-not-offered": (
        "The owner offers the dataset for this purpose.",
        "Die verantwortliche Stelle bietet den Datensatz für diesen Zweck an.",
    ),
    "remedy.query.clearance-too-low": (
        "The person's organisation attests a higher clearance.",
        "Die Organisation der Person bescheinigt eine höhere Ermächtigung.",
    ),
    "remedy.query.person-outside-access-from": (
        "The person asks from a place the tags allow, or the owner adds theirs to them.",
        "Die Person fragt von einem erlaubten Ort aus, oder die verantwortliche Stelle nimmt ihren auf.",
    ),
    "remedy.query.site-outside-process-in": (
        "The question is asked at a site that stands where the tags allow, or the owner adds this place.",
        "Gefragt wird an einem Standort, der erlaubt ist, oder die verantwortliche Stelle nimmt diesen Ort auf.",
    ),
    "remedy.query.endpoint-outside-process-in": (
        "An admin runs a model server where the tags allow, or the owner adds its place.",
        "Die Administration betreibt einen Modellserver an erlaubtem Ort, oder sein Ort wird aufgenommen.",
    ),
    "remedy.query.agent-for-another-purpose": (
        "The person gives an agent leave for this purpose.",
        "Die Person erlaubt einem Agenten diesen Zweck.",
    ),
    "remedy.any.forbidden-legal-control": (
        "An admin takes an operator whom none of the forbidden laws can compel.",
        "Die Administration wählt einen Betreiber, den keines der ausgeschlossenen Rechte zwingen kann.",
    ),
    "remedy.any.host-not-sealed": (
        "An admin runs the hub on a host that holds the seal; hub doctor says what is missing.",
        "Die Administration betreibt den Hub auf einem Rechner, der abschottet; hub doctor sagt, was fehlt.",
    ),
    "fact.person": ("person", "Person"),
    "fact.person.place": ("the person's place", "Ort der Person"),
    "fact.person.clearance": ("the person's clearance", "Ermächtigung der Person"),
    "fact.grant": ("grant for this purpose", "Freigabe für diesen Zweck"),
    "fact.dataset.classification": ("classification of the dataset", "Einstufung des Datensatzes"),
    "fact.dataset.purposes": ("offered for", "angeboten für"),
    "fact.dataset.store_in": ("may be stored in", "darf gespeichert werden in"),
    "fact.dataset.process_in": ("may be used in", "darf genutzt werden in"),
    "fact.dataset.access_from": ("may be reached from", "darf erreicht werden aus"),
    "fact.dataset.forbidden_legal_control": ("not under the law of", "nicht unter dem Recht von"),
    "fact.site": ("site", "Standort"),
    "fact.store": ("store of originals", "Ablage der Originale"),
    "fact.database": ("database", "Datenbank"),
    "fact.worker": ("worker", "Verarbeitung"),
    "fact.endpoint": ("model server", "Modellserver"),
    "fact.host": ("host", "Rechner"),
}  # fmt: skip
