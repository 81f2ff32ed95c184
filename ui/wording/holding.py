"""Datasets, access, and bringing documents in."""

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "badge.stored": ("stored: {places}", "gespeichert: {places}"),
    "badge.processed": ("used in: {places}", "genutzt in: {places}"),
    "datasets.none": (
        "No dataset is listed yet. Stewards list theirs when they bring them in.",
        "Noch ist kein Datensatz verzeichnet. Verantwortliche Stellen verzeichnen sie beim Einbringen.",
    ),
    "datasets.no-match": (
        "No dataset fits. Take a word or the filter away.",
        "Kein Datensatz passt. Entfernen Sie ein Wort oder den Filter.",
    ),
    "datasets.filter": ("Filter by words", "Nach Wörtern filtern"),
    "datasets.which": ("Show", "Zeigen"),
    "datasets.all": ("All", "Alle"),
    "datasets.mine": ("I may ask", "Ich darf fragen"),
    "datasets.other": ("No access yet", "Noch kein Zugang"),
    "datasets.details": ("Details", "Einzelheiten"),
    "datasets.back": ("All datasets", "Alle Datensätze"),
    "datasets.no-access": ("no access yet", "noch kein Zugang"),
    "datasets.access": ("you may ask: {purposes}", "Sie dürfen fragen: {purposes}"),
    "datasets.until": ("until {date}", "bis {date}"),
    "datasets.left": ("{count} characters left to read", "noch {count} Zeichen zu lesen"),
    "datasets.purposes": ("Offered for", "Angeboten für"),
    "datasets.access-from": ("May be reached from", "Erreichbar aus"),
    "datasets.legal-control": ("Not under the law of", "Nicht unter dem Recht von"),
    "datasets.model-origins": ("No model from", "Kein Modell aus"),
    "datasets.languages": ("Languages", "Sprachen"),
    "datasets.types": ("Kinds of document", "Arten von Dokumenten"),
    "datasets.samples": ("Questions it can answer", "Fragen, die er beantworten kann"),
    "datasets.request": ("Request access", "Zugang beantragen"),
    "datasets.manage": ("Bring in and edit", "Einbringen und bearbeiten"),
    "request.title": ("Request access", "Zugang beantragen"),
    "request.what": (
        "Access to **{title}** is decided by **{owner}**. For now, ask by letter or mail, outside this hub.",
        (
            "Über den Zugang zu **{title}** entscheidet **{owner}**. Derzeit geht der Antrag per Brief oder Mail, "
            "außerhalb dieses Hubs."
        ),
    ),
    "request.offered": (
        "It is offered for: {purposes}. It may be reached from: {places}.",
        "Angeboten wird er für: {purposes}. Erreichbar ist er aus: {places}.",
    ),
    "request.letter": (
        "I ask for access to the dataset “{title}”.\nPurpose ({purposes}): …\nWhat I want to find out: …\nUntil: …",
        "Ich bitte um Zugang zum Datensatz „{title}“.\nZweck ({purposes}): …\nWas ich herausfinden möchte: …\nBis: …",
    ),
    "request.then": (
        "Once it is granted, the dataset shows “you may ask” here, without any further step of yours.",
        "Sobald er erteilt ist, steht beim Datensatz „Sie dürfen fragen“; mehr müssen Sie nicht tun.",
    ),
    "ingestion.dataset": ("Dataset", "Datensatz"),
    "ingestion.create": ("New dataset", "Neuer Datensatz"),
    "ingestion.no-dataset": (
        "Your organisation has no dataset here yet. Make one with “New dataset”; then you can bring documents in.",
        (
            "Ihre Organisation hat hier noch keinen Datensatz. Legen Sie mit „Neuer Datensatz“ einen an; dann können "
            "Sie Dokumente einbringen."
        ),
    ),
    "ingestion.what": ("What to do", "Was tun"),
    "ingestion.bring": ("Bring in", "Einbringen"),
    "ingestion.documents": ("Documents", "Dokumente"),
    "ingestion.card": ("Card and tags", "Karte und Kennzeichen"),
    "ingestion.no-documents": (
        "Nothing has been brought in yet. Choose “Bring in” and drop a folder.",
        "Noch wurde nichts eingebracht. Wählen Sie „Einbringen“ und legen Sie einen Ordner ab.",
    ),
    "ingestion.state": ("State", "Zustand"),
    "ingestion.refused-of": (
        "{refused} of {files} documents refused: {why}",
        "{refused} von {files} Dokumenten abgelehnt: {why}",
    ),
    "ingestion.more.one": ("{count} more; filter to see it.", "{count} weiteres; filtern Sie, um es zu sehen."),
    "ingestion.more.many": ("{count} more; filter to see them.", "{count} weitere; filtern Sie, um sie zu sehen."),
    "ingestion.version": ("version {version}", "Fassung {version}"),
    "ingestion.withdraw": ("Withdraw", "Zurückziehen"),
    "withdraw.title": ("Withdraw a document", "Ein Dokument zurückziehen"),
    "withdraw.what": (
        (
            "Nobody can find, ask or read it from this moment on. The record that it was here remains. This can't be "
            "undone; the file can be brought in again."
        ),
        (
            "Ab sofort kann es niemand mehr finden, fragen oder lesen. Der Nachweis, dass es hier war, bleibt. Das "
            "lässt sich nicht rückgängig machen; die Datei kann erneut eingebracht werden."
        ),
    ),
    "withdraw.reason": ("Why? The reason is recorded.", "Warum? Der Grund wird festgehalten."),
    "withdraw.do": ("Withdraw it", "Zurückziehen"),
    "withdraw.done": ("The document is withdrawn.", "Das Dokument ist zurückgezogen."),
    "ingestion.tag": ("Make stricter", "Strenger machen"),
    "ingestion.release": ("Release", "Freigeben"),
    "ingestion.refuse": ("Refuse", "Ablehnen"),
    "ingestion.out-of-place": (
        "It lies where it may not any more: nobody reaches it until it is moved or erased.",
        "Es liegt, wo es nicht mehr liegen darf: Niemand erreicht es, bis es verlegt oder gelöscht ist.",
    ),
    "own.upload": ("Stricter than the dataset", "Strenger als der Datensatz"),
    "own.what": (
        "A document may only be stricter than its dataset. What you leave empty is as in the dataset.",
        "Ein Dokument darf nur strenger sein als sein Datensatz. Was leer bleibt, gilt wie im Datensatz.",
    ),
    "own.has": ("Stricter than its dataset: {tags}", "Strenger als sein Datensatz: {tags}"),
    "own.title": ("Tags of its own", "Eigene Kennzeichen"),
    "own.at-once": (
        "They hold at once, also for what is being read now. Empty: its dataset's hold again.",
        "Sie gelten sofort, auch für das, was gerade gelesen wird. Leer: Es gelten wieder die des Datensatzes.",
    ),
    "own.do": ("Set them", "Setzen"),
    "own.done": ("The document's tags are changed.", "Die Kennzeichen des Dokuments sind geändert."),
    "release.title": ("Release a held document", "Ein zurückgehaltenes Dokument freigeben"),
    "release.what": (
        "It goes on into the index, under these tags or as it is declared. Nobody has read it so far.",
        "Es geht weiter in den Index, mit diesen Kennzeichen oder wie angegeben. Bisher hat es niemand gelesen.",
    ),
    "release.reason": ("Why? The reason is recorded.", "Warum? Der Grund wird festgehalten."),
    "release.do": ("Release it", "Freigeben"),
    "release.done": ("The document goes on.", "Das Dokument geht weiter."),
    "refuse.title": ("Refuse a held document", "Ein zurückgehaltenes Dokument ablehnen"),
    "refuse.what": (
        "It is not taken in. The record that it was handed in remains.",
        "Es wird nicht aufgenommen. Der Nachweis, dass es eingereicht wurde, bleibt.",
    ),
    "refuse.reason": ("Why? The reason is recorded.", "Warum? Der Grund wird festgehalten."),
    "refuse.do": ("Refuse it", "Ablehnen"),
    "refuse.done": ("The document is refused.", "Das Dokument ist abgelehnt."),
    "upload.what": (
        (
            "PDF, Word, HTML, Markdown, CSV and text, up to {size} MB a file here; larger ones by `hub ingest`. Scans "
            "and spreadsheets are refused for now."
        ),
        (
            "PDF, Word, HTML, Markdown, CSV und Text, hier bis {size} MB je Datei; größere mit `hub ingest`. Scans und "
            "Tabellenmappen werden vorerst abgelehnt."
        ),
    ),
    "upload.how": ("What to bring in", "Was einbringen"),
    "upload.files": ("Files", "Dateien"),
    "upload.folder": ("A folder", "Ein Ordner"),
    "upload.drop": ("Drop them here", "Hier ablegen"),
    "upload.not-taken": (
        (
            "A file marked red was not taken: it is over {size} MB, or the connection broke. Take it out of the list; "
            "larger files go in by hub ingest. The others stay."
        ),
        (
            "Eine rot markierte Datei wurde nicht angenommen: Sie hat über {size} MB, oder die Verbindung brach ab. "
            "Nehmen Sie sie aus der Liste; größere Dateien kommen mit hub ingest hinein. Die übrigen bleiben."
        ),
    ),
    "upload.send": ("Bring in {count}", "{count} einbringen"),
    "upload.sending": ("Handing in {done} of {files}", "{done} von {files} übergeben"),
    "upload.unchanged.one": (
        "{count} was here already, unchanged; it was passed over.",
        "{count} war unverändert schon hier und wurde übergangen.",
    ),
    "upload.unchanged.many": (
        "{count} were here already, unchanged; they were passed over.",
        "{count} waren unverändert schon hier und wurden übergangen.",
    ),
    "upload.finished": (
        "Nothing waits any more. Published documents can be asked now.",
        "Nichts wartet mehr. Veröffentlichte Dokumente können jetzt gefragt werden.",
    ),
    "progress.done": ("{done} of {files} done", "{done} von {files} fertig"),
    "progress.published.one": ("{count} published", "{count} veröffentlicht"),
    "progress.published.many": ("{count} published", "{count} veröffentlicht"),
    "progress.refused.one": ("{count} refused", "{count} abgelehnt"),
    "progress.refused.many": ("{count} refused", "{count} abgelehnt"),
    "progress.held.one": ("{count} waits for a person", "{count} wartet auf einen Menschen"),
    "progress.held.many": ("{count} wait for a person", "{count} warten auf einen Menschen"),
    "progress.rate": ("{rate} a minute", "{rate} je Minute"),
    "progress.eta": ("about {minutes} min left", "noch etwa {minutes} Min."),
    "create.title": ("New dataset", "Neuer Datensatz"),
    "create.what": (
        "The tags decide who may ask it and where it may be stored and used. They hold from the first document on.",
        (
            "Die Kennzeichen entscheiden, wer ihn fragen und wo er gespeichert und genutzt werden darf. Sie gelten vom "
            "ersten Dokument an."
        ),
    ),
    "create.missing": ("Still missing: {fields}", "Es fehlt noch: {fields}"),
    "create.do": ("Create", "Anlegen"),
    "edit.nothing": ("Nothing is changed.", "Nichts ist geändert."),
    "edit.effect": (
        "This changes: {fields}. The next decision is made under it, for {affected}.",
        "Das ändert: {fields}. Die nächste Entscheidung fällt danach, betroffen: {affected}.",
    ),
    "edit.do": ("Change it", "Ändern"),
    "edit.done": ("Changed.", "Geändert."),
    "tags.title": ("Title", "Titel"),
    "tags.description": ("What it holds", "Was er enthält"),
    "tags.classification": ("Classification", "Einstufung"),
    "tags.store_in": ("May be stored in", "Darf gespeichert werden in"),
    "tags.store_in.what": ("Places or groups, such as DE or EU.", "Orte oder Gruppen, etwa DE oder EU."),
    "tags.process_in": ("May be used in", "Darf genutzt werden in"),
    "tags.process_in.what": (
        "Where a model may read it, such as DE or EU.",
        "Wo ein Modell ihn lesen darf, etwa DE oder EU.",
    ),
    "tags.access_from": ("May be reached from", "Darf erreicht werden aus"),
    "tags.access_from.what": ("Where people may be who ask it.", "Wo Menschen sein dürfen, die ihn fragen."),
    "tags.forbidden_legal_control": ("Not under the law of", "Nicht unter dem Recht von"),
    "tags.forbidden_legal_control.what": (
        "Places whose law must not be able to compel an operator, such as US.",
        "Orte, deren Recht einen Betreiber nicht zwingen können darf, etwa US.",
    ),
    "tags.placeholder": ("Choose, or write a code", "Wählen oder ein Kürzel schreiben"),
    "tags.forbidden_model_origins": ("No model from", "Kein Modell aus"),
    "tags.forbidden_model_origins.what": (
        "Places no model that reads it may come from, nor a model that one was made from.",
        "Orte, aus denen kein Modell stammen darf, das ihn liest, und keines, aus dem es gemacht wurde.",
    ),
    "tags.purposes": ("Offered for", "Angeboten für"),
    "tags.listed": ("Listed", "Verzeichnet"),
    "tags.listed.what": (
        "A listed dataset shows its card to everyone who is signed in. One that isn't looks as if it were not there.",
        (
            "Die Karte eines verzeichneten Datensatzes sehen alle Angemeldeten. Ein anderer sieht aus, als gäbe es ihn "
            "nicht."
        ),
    ),
    "tags.no-code": ("{code} is no code of a place, such as DE.", "{code} ist kein Ortskürzel wie DE."),
}
