"""What is public of a dataset: each entry of the hub's list in words, and the owner's word that they looked."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "ingestion.public": ("What is public", "Was öffentlich ist"),
    "public.about": (
        (
            "All of this is told without a character being charged. Nothing of it is made from a document's text: "
            "text, headings and titles come with what is read, and are charged."
        ),
        (
            "All das wird mitgeteilt, ohne dass ein Zeichen verbucht wird. Nichts davon stammt aus dem Text der "
            "Dokumente: Text, Überschriften und Titel kommen mit dem Gelesenen und werden verbucht."
        ),
    ),
    "public.none": ("Nobody has looked at this yet.", "Das hat noch niemand durchgesehen."),
    "public.stale": (
        "{who} looked at this on {at}. It has changed since.",
        "{who} hat das am {at} durchgesehen. Seither hat es sich geändert.",
    ),
    "public.current": (
        "{who} looked at this on {at}. Nothing of it has changed since.",
        "{who} hat das am {at} durchgesehen. Seither hat sich nichts daran geändert.",
    ),
    "public.mend": (
        (
            "Does something stand here that should not? Change the words under “Card and tags”; withdraw a file whose "
            "name says too much, and hand it in under another."
        ),
        (
            "Steht hier etwas, das nicht hier stehen sollte? Ändern Sie die Worte unter „Karte und Kennzeichen“; "
            "ziehen Sie eine Datei zurück, deren Name zu viel sagt, und reichen Sie sie unter einem anderen ein."
        ),
    ),
    "public.do": ("I have looked at this", "Ich habe das durchgesehen"),
    "public.done": ("Noted, with your name and the time.", "Vermerkt, mit Ihrem Namen und der Zeit."),
    "public.names": ("They stand under “Documents”.", "Sie stehen unter „Dokumente“."),
    "public.yes": ("yes", "ja"),
    "public.no": ("no", "nein"),
    "sees.card": ("Whoever sees the card", "Wer die Karte sieht"),
    "sees.card.listed": (
        "Everyone who is signed in: the dataset is listed.",
        "Alle Angemeldeten: Der Datensatz ist verzeichnet.",
    ),
    "sees.card.unlisted": (
        "Whoever was ever given access, and you: the dataset is not listed.",
        "Wer je Zugang erhalten hat, und Sie: Der Datensatz ist nicht verzeichnet.",
    ),
    "sees.grant": ("Whoever has access, besides", "Wer Zugang hat, außerdem"),
    "sees.grant.what": (
        "With what they search, ask and read: of each document or passage its own.",
        "Mit dem, was sie suchen, fragen und lesen: zu jedem Dokument und jeder Textstelle.",
    ),
    "sees.steward": ("You and your colleagues, besides", "Sie und Ihre Kolleginnen und Kollegen, außerdem"),
    "sees.steward.what": ("In the list of documents.", "In der Liste der Dokumente."),
    "shown.title": ("What people call the dataset", "Wie der Datensatz heißt"),
    "shown.description": ("What its owner says it holds", "Was er laut Beschreibung enthält"),
    "shown.sample_questions": ("Questions for a first try", "Fragen zum Ausprobieren"),
    "shown.listed": ("Whether everyone who is signed in sees the card", "Ob alle Angemeldeten die Karte sehen"),
    "shown.slug": ("The name programs know it by", "Unter welchem Namen Programme ihn kennen"),
    "shown.owner": ("The organisation answerable for it", "Die verantwortliche Stelle"),
    "shown.classification": ("How sensitive it is", "Wie schutzbedürftig er ist"),
    "shown.store_in": ("Where it may be stored", "Wo er gespeichert werden darf"),
    "shown.process_in": ("Where a model may read it", "Wo ein Modell ihn lesen darf"),
    "shown.access_from": ("Where people may be who ask it", "Wo Menschen sein dürfen, die ihn fragen"),
    "shown.forbidden_legal_control": (
        "Whose law must not reach an operator",
        "Wessen Recht keinen Betreiber erreichen darf",
    ),
    "shown.forbidden_model_origins": (
        "Where no model may come from that reads it",
        "Woher kein Modell kommen darf, das ihn liest",
    ),
    "shown.purposes": ("What it is offered for", "Wofür er angeboten wird"),
    "shown.documents": ("How many documents are published in it", "Wie viele Dokumente veröffentlicht sind"),
    "shown.pages": ("How many pages they have together", "Wie viele Seiten sie zusammen haben"),
    "shown.media_types": ("Which types of file there are", "Welche Arten von Dateien es gibt"),
    "shown.languages": ("Which languages they are in", "In welchen Sprachen sie sind"),
    "shown.document_name": (
        "The name and folder a file was handed in under",
        "Name und Ordner, unter denen eine Datei eingereicht wurde",
    ),
    "shown.document_type": ("The type of the file", "Die Art der Datei"),
    "shown.document_version": ("Which version of the document it is", "Die wievielte Fassung des Dokuments es ist"),
    "shown.published_at": ("When that version was published", "Wann diese Fassung veröffentlicht wurde"),
    "shown.label": (
        "The tags that hold for a document, its own or its dataset's",
        "Die Kennzeichen, die für ein Dokument gelten: eigene oder die des Datensatzes",
    ),
    "shown.ids": (
        "Numbers made by chance that name a document or a passage",
        "Zufällige Nummern für ein Dokument oder eine Textstelle",
    ),
    "shown.page_numbers": ("On which pages a passage stands", "Auf welchen Seiten eine Textstelle steht"),
    "shown.span": (
        "From which to which character of its document a passage reaches",
        "Vom wievielten bis zum wievielten Zeichen des Dokuments eine Textstelle reicht",
    ),
    "shown.page_characters": (
        "How many characters of a page are new to whoever asks for its picture",
        "Wie viele Zeichen einer Seite für die neu sind, die ihr Bild sehen wollen",
    ),
    "shown.hits": (
        "How many passages fit a search, by dataset and type of file",
        "Wie viele Textstellen zu einer Suche passen, nach Datensatz und Art der Datei",
    ),
    "shown.left_out": (
        "How many passages that fit were not shown",
        "Wie viele passende Textstellen nicht gezeigt wurden",
    ),
    "shown.document_pages": (
        "How many pages were read from a document",
        "Wie viele Seiten aus einem Dokument gelesen wurden",
    ),
    "shown.document_state": (
        "What became of a file, and why it was refused or held",
        "Was aus einer Datei wurde, und warum sie abgelehnt oder zurückgehalten wurde",
    ),
    "shown.document_size": ("How many bytes a file has", "Wie groß eine Datei ist"),
    "shown.handed_in_at": (
        "When a file was handed in, and when that was settled",
        "Wann eine Datei eingereicht wurde, und wann das entschieden war",
    ),
    "shown.document_tags": (
        "A document's own tags, where it is stricter than its dataset",
        "Eigene Kennzeichen eines Dokuments, wo es strenger ist als sein Datensatz",
    ),
    "shown.out_of_place": (
        "By which rules a document may not lie where it lies",
        "Nach welchen Regeln ein Dokument nicht liegen darf, wo es liegt",
    ),
    "home.public-none": (
        "Nobody has looked at what is public of it.",
        "Was davon öffentlich ist, hat noch niemand durchgesehen.",
    ),
    "home.public-stale": (
        "What is public of it has changed since somebody looked at it.",
        "Was davon öffentlich ist, hat sich seit der Durchsicht geändert.",
    ),
    "home.to-public": ("Look at it", "Durchsehen"),
    "event.metadata.reviewed": ("what is public looked at", "Öffentliches durchgesehen"),
}
