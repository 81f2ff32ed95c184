"""The words of the hub: ids, purposes, classifications, states and event types.

Each member says what it means and, where one exists, which standard it comes from.
The glossary of the project's terms follows DCAT, ODRL, XACML, Cedar and REMS.
"""

from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
DatasetId = NewType("DatasetId", UUID)
DocumentId = NewType("DocumentId", UUID)
VersionId = NewType("VersionId", UUID)
RevisionId = NewType("RevisionId", UUID)
ChunkId = NewType("ChunkId", UUID)
GrantId = NewType("GrantId", UUID)
DecisionId = NewType("DecisionId", UUID)
DisclosureId = NewType("DisclosureId", UUID)
SubmissionId = NewType("SubmissionId", UUID)

#: SHA-256 of a file's bytes, 64 lower-case hexadecimal digits: the address of an original.
Sha256 = NewType("Sha256", str)

#: An ISO 3166-1 alpha-2 or 3166-2 code: `DE`, `CA-QC`.
Jurisdiction = NewType("Jurisdiction", str)


class Classification(StrEnum):
    """Sensitivity of a dataset, lowest first (DCAT `dct:accessRights`; the levels are the hub's own)."""

    PUBLIC = "public"  # may be known by anyone
    INTERNAL = "internal"  # for people of the nation or enterprise
    RESTRICTED = "restricted"  # harm to persons or interests if known
    SECRET = "secret"  # grave harm if known  # noqa: S105 (a level, not a password)

    @property
    def level(self) -> int:
        """0 for public up to 3 for secret; compare by this, never by name."""
        return _LEVELS[self]


#: A decision over many laws asks for these often.
_LEVELS: Final = {level: number for number, level in enumerate(Classification)}


class Purpose(StrEnum):
    """Why data is asked for (ODRL constraint `purpose`; the words follow W3C DPV)."""

    RESEARCH = "research"  # dpv:ResearchAndDevelopment, non-commercial
    STATISTICS = "statistics"  # official statistics
    PUBLIC_SERVICE = "public-service"  # dpv:PublicBenefit: a public task
    PRODUCT_DEVELOPMENT = "product-development"  # dpv:CommercialResearch: a startup's product
    EVALUATION = "evaluation"  # measuring the hub itself
    REVIEW = "review"  # a steward reads a held document


class Role(StrEnum):
    """What a person is here for (NIST RBAC): the issuer's client roles of `hub-api`; a role opens no dataset."""

    RESEARCHER = "researcher"  # asks and searches
    FOUNDER = "founder"  # looks for data a product may be built on
    STEWARD = "steward"  # answers for the datasets of the own organisation
    REVIEWER = "reviewer"  # gives one blind opinion on a request
    ADMIN = "admin"  # runs places, people and policy, never content
    AUDITOR = "auditor"  # reads the ledger and residency, never content


#: What an agent comes as, whatever the person it speaks for may do besides.
AGENT: Final = "agent"
#: What a program with an account of its own comes as.
SERVICE: Final = "service"


class Action(StrEnum):
    """What is done: business verbs (Cedar action)."""

    QUERY = "query"  # ask or search
    INGEST = "ingest"  # store and process a document
    KEEP = "keep"  # see or change what is kept of a dataset: names, states and tags of its documents, never text
    ASK = "ask"  # come to ask, search and read
    RECALL = "recall"  # find one's own questions again, give an agent leave
    BROWSE = "browse"  # see the cards of datasets
    MANAGE = "manage"  # keep one's organisation's datasets and documents
    OVERSEE = "oversee"  # see acts, places and parts
    ADMINISTER = "administer"  # end people's sessions, keep the accounts of programs


class GrantMode(StrEnum):
    """How much of the text a grant opens to the person themselves."""

    ANSWERS = "answers"  # answers with the places of their sources, no passage
    QUOTES = "quotes"  # passages too, within the reading budget
    FULL = "full"  # whole documents, under a ceiling of their own that the owner confirmed
    TRAIN = "train"  # a sealed job reads, no person does; confirmed by the owner


class Form(StrEnum):
    """What text is disclosed for."""

    CONTEXT = "context"  # a model reads it to answer
    READING = "reading"  # a person reads it


class VersionState(StrEnum):
    """Where a document version is in its life."""

    QUARANTINED = "quarantined"  # received, not opened
    HELD = "held"  # waits for a person
    PUBLISHED = "published"  # in the index
    REFUSED = "refused"  # not taken in; its reason says why
    SUPERSEDED = "superseded"  # a newer version is published
    WITHDRAWN = "withdrawn"  # taken out by its owner


class RefusalReason(StrEnum):
    """Why a file was not taken in; a person reads `reason: detail`."""

    EMPTY = "empty"  # no bytes, or no text after parsing
    UNSUPPORTED = "unsupported"  # a known type the hub can't read yet; detail = the type
    WRONG_TYPE = "wrong type"  # content disagrees with the name
    ENCRYPTED = "encrypted"  # needs a password
    CORRUPT = "corrupt"  # can't be read
    HOSTILE = "hostile"  # bomb, traversal, entity expansion …
    TOO_LARGE = "too large"  # over the upload limit
    TOO_SLOW = "too slow"  # over the parser's time
    NOT_ALLOWED_HERE = "not allowed here"  # tags disagree with this site; detail = the rule's id
    SCANNED = "scanned"  # a picture of text: needs OCR
    FAILED = "failed"  # unknown failure, kept for a person
    NOT_RELEASED = "not released"  # it was held, and its steward refused it


class HoldReason(StrEnum):
    """Why a version waits for its steward; a person reads `reason: detail`."""

    UNLABELLED = "unlabelled"  # a tag of its dataset stands for no place
    LOOSER = "looser"  # its own tags are not within its dataset's any more
    MARKED = "marked"  # what is printed in it asks for a stricter classification


class EventType(StrEnum):
    """What an audit event records: `source.past-participle`."""

    DATASET_REGISTERED = "dataset.registered"
    DOCUMENT_SUBMITTED = "document.submitted"
    DOCUMENT_PUBLISHED = "document.published"
    DOCUMENT_REFUSED = "document.refused"
    DOCUMENT_HELD = "document.held"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    DOCUMENT_TAGGED = "document.tagged"
    DOCUMENT_RELEASED = "document.released"
    DATASET_WITHDRAWN = "dataset.withdrawn"
    DATASET_AMENDED = "dataset.amended"
    METADATA_REVIEWED = "metadata.reviewed"  # by its dataset's owner
    PERSON_REGISTERED = "person.registered"
    ACCOUNT_LINKED = "account.linked"
    INCREASE_ASKED = "increase.asked"
    INCREASE_DECIDED = "increase.decided"
    BAIT_MARKED = "bait.marked"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    CEILING_CHANGED = "ceiling.changed"
    BUDGETS_RAISED = "budgets.raised"  # an older copy of the database was put back
    ORGANISATION_REGISTERED = "organisation.registered"
    PLACE_RETIRED = "place.retired"
    PLACE_REGISTERED = "place.registered"
    POLICY_EXPLAINED = "policy.explained"
    RESIDENCY_REFUSED = "residency.refused"
    RESIDENCY_REPORTED = "residency.reported"
    RESIDENCY_PREVIEWED = "residency.previewed"
    RESIDENCY_SCANNED = "residency.scanned"
    BACKUP_MADE = "backup.made"
    BACKUP_REMOVED = "backup.removed"
    GROUP_CHANGED = "group.changed"
    GRANT_GIVEN = "grant.given"
    GRANT_REVOKED = "grant.revoked"
    DECISION_MADE = "decision.made"
    PASSAGES_SEARCHED = "passages.searched"
    PASSAGES_DISCLOSED = "passages.disclosed"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_REFUSED = "question.refused"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 (an event's name)
    MODEL_REGISTERED = "model.registered"
    MODELS_PLACED = "models.placed"
    DOOR_REFUSED = "door.refused"
    AUDIT_CONSULTED = "audit.consulted"
    FEEDBACK_GIVEN = "feedback.given"
    SESSION_ENDED = "session.ended"
    AGENT_ADMITTED = "agent.admitted"
    SERVICE_REGISTERED = "service.registered"
    SERVICE_REKEYED = "service.rekeyed"
    SERVICE_REMOVED = "service.removed"


class PlaceKind(StrEnum):
    """What stands in a place (a site and its parts each have one)."""

    SITE = "site"
    STORE = "store"
    DATABASE = "database"
    WORKER = "worker"
    ENDPOINT = "endpoint"
    ZONE = "zone"  # the network people come in through, at the ingress


class ModelKind(StrEnum):
    """What a model does."""

    EMBEDDING = "embedding"
    CHAT = "chat"


class Door(StrEnum):
    """Where residency is enforced."""

    OBJECT = "object"  # bytes are put into a store
    INDEX = "index"  # text and vectors are written into the database, by a worker
    MODEL = "model"  # a model reads: embedding or answering
    SESSION = "session"  # a person asks, from a place, at a site
    SITE = "site"  # anything at all, where a law can reach an operator


class RefusalKind(StrEnum):
    """Why a question got no answer."""

    NOTHING_FOUND = "nothing-found"  # the person may ask, nothing fits
    NOT_PERMITTED = "not-permitted"  # no dataset for this person and purpose
    NO_ENDPOINT = "no-endpoint"  # granted, but no model of this hub stands where the datasets may be processed
    OUTSIDE_ACCESS = "outside-access"  # granted, but not to be read from where the person or their session is
    UNKNOWN_ZONE = "unknown-zone"  # the network zone they come in through is not registered
    BUDGET = "budget"  # the reading budget is used up
    NO_CITATION = "no-citation"  # the model's draft could not be tied to a passage
    GUARD = "guard"  # the question itself was refused
    STOPPED = "stopped"  # the person stopped it
    DEPENDENCY_DOWN = "dependency-down"  # a part the answer needs is not there
