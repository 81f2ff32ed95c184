"""The law's own sentences, rule by rule, and who would have to change what."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "rule.default-deny": (
        "No rule permits this.",
        "Keine Regel erlaubt das.",
    ),
    "rule.error": (
        "A rule could not be evaluated.",
        "Eine Regel konnte nicht ausgewertet werden.",
    ),
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
    "rule.query.session-outside-access-from": (
        (
            "The network zone the session comes from is not registered, or does not stand where the dataset may be "
            "accessed from."
        ),
        (
            "Die Netzzone, aus der die Sitzung kommt, ist nicht registriert oder steht nicht, von wo der Datensatz "
            "erreicht werden darf."
        ),
    ),
    "rule.keep.by-its-keeper": (
        "Whoever answers for a dataset sees and changes what is kept of its documents, never their text.",
        (
            "Wer für einen Datensatz verantwortlich ist, sieht und ändert, was zu seinen Dokumenten festgehalten ist, "
            "nie ihren Text."
        ),
    ),
    "rule.keep.person-outside-access-from": (
        "The place of whoever keeps the dataset is not among those it may be accessed from.",
        "Der Ort der verantwortlichen Person gehört nicht zu denen, aus denen der Datensatz erreicht werden darf.",
    ),
    "rule.keep.session-outside-access-from": (
        (
            "The network zone of whoever keeps the dataset is not registered, or does not stand where it may be "
            "accessed from."
        ),
        (
            "Die Netzzone der verantwortlichen Person ist nicht registriert oder steht nicht, von wo der Datensatz "
            "erreicht werden darf."
        ),
    ),
    "rule.query.site-outside-process-in": (
        "This site does not stand where the dataset may be processed.",
        "Dieser Standort steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.query.endpoint-outside-process-in": (
        "The model endpoint does not stand where the dataset may be processed.",
        "Der Modellserver steht nicht, wo der Datensatz genutzt werden darf.",
    ),
    "rule.query.model-of-forbidden-origin": (
        (
            "A model at this endpoint, or one it was made from, comes from where the dataset forbids, or nobody "
            "said from where."
        ),
        (
            "Ein Modell dort, oder eines, aus dem es entstand, kommt von einem Ort, den der Datensatz "
            "ausschließt, oder niemand hat gesagt, woher es kommt."
        ),
    ),
    "rule.query.store-outside-store-in": (
        ("It lies in an object store outside where the dataset may be stored: shut until it is moved or erased."),
        (
            "Es liegt in einer Ablage, wo der Datensatz nicht gespeichert werden darf: verschlossen, bis es "
            "verlegt oder gelöscht ist."
        ),
    ),
    "rule.query.database-outside-store-in": (
        "It lies in a database outside where the dataset may be stored: shut until it is moved or erased.",
        (
            "Es liegt in einer Datenbank, wo der Datensatz nicht gespeichert werden darf: verschlossen, bis es "
            "verlegt oder gelöscht ist."
        ),
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
    "rule.ingest.model-of-forbidden-origin": (
        (
            "A model at this endpoint, or one it was made from, comes from where the dataset forbids, or nobody "
            "said from where."
        ),
        (
            "Das Modell zum Einlesen, oder eines, aus dem es entstand, kommt von einem Ort, den der Datensatz "
            "ausschließt, oder niemand hat gesagt, woher es kommt."
        ),
    ),
    "rule.any.forbidden-legal-control": (
        "A law the dataset forbids can compel an operator of this site.",
        "Ein Recht, das der Datensatz ausschließt, kann einen Betreiber dieses Standorts zwingen.",
    ),
    "rule.any.host-not-sealed": (
        "This host can't hold its processes as the seal demands; only public and internal data are served.",
        (
            "Dieser Rechner kann seine Prozesse nicht abschotten wie verlangt; nur Öffentliches und Internes wird "
            "bedient."
        ),
    ),
    "remedy.default-deny": (
        "The owner gives a grant for this purpose; there is no live one.",
        "Die verantwortliche Stelle erteilt eine Freigabe für diesen Zweck; es gibt keine gültige.",
    ),
    "remedy.document-not-published": (
        "Its steward publishes it: no version of this document is published.",
        "Die zuständige Person veröffentlicht es: Von diesem Dokument ist keine Fassung veröffentlicht.",
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
    "remedy.query.session-outside-access-from": (
        "The person comes in through a network zone that stands where the tags allow, or the owner adds its place.",
        "Die Person kommt durch eine Netzzone, die an erlaubtem Ort steht, oder deren Ort wird aufgenommen.",
    ),
    "remedy.keep.person-outside-access-from": (
        "The steward acts from a place the tags allow, or the operator changes the tag.",
        "Die verantwortliche Person handelt von erlaubtem Ort aus, oder der Betreiber ändert das Merkmal.",
    ),
    "remedy.keep.session-outside-access-from": (
        "The steward comes in through a network zone the tags allow, or the operator changes the tag.",
        "Die verantwortliche Person kommt durch eine erlaubte Netzzone, oder der Betreiber ändert das Merkmal.",
    ),
    "remedy.query.site-outside-process-in": (
        "The question is asked at a site that stands where the tags allow, or the owner adds this place.",
        ("Gefragt wird an einem Standort, der erlaubt ist, oder die verantwortliche Stelle nimmt diesen Ort auf."),
    ),
    "remedy.query.endpoint-outside-process-in": (
        "An admin runs a model server where the tags allow, or the owner adds its place.",
        "Die Administration betreibt einen Modellserver an erlaubtem Ort, oder sein Ort wird aufgenommen.",
    ),
    "remedy.query.model-of-forbidden-origin": (
        ("An admin runs a model whose origin is known and allowed, or the owner allows where this one comes from."),
        ("Die Administration betreibt ein Modell bekannter und erlaubter Herkunft, oder seine Herkunft wird erlaubt."),
    ),
    "remedy.query.store-outside-store-in": (
        "An admin moves the store to where the tags allow, or the owner adds its place.",
        "Die Administration verlegt die Ablage an einen erlaubten Ort, oder ihr Ort wird aufgenommen.",
    ),
    "remedy.query.database-outside-store-in": (
        "An admin moves the database to where the tags allow, or the owner adds its place.",
        "Die Administration verlegt die Datenbank an einen erlaubten Ort, oder ihr Ort wird aufgenommen.",
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
}
