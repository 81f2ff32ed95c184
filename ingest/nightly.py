"""The residency scan the worker makes each night: rows, originals and labels; what is found waits for the admin."""

from pathlib import Path
from uuid import UUID

from catalog import labels, scan
from catalog.db import Worker
from catalog.errors import DataHubError
from catalog.policy.facts import surroundings
from catalog.vocabulary import DatasetId
from ingest.pipeline import Equipment
from ingest.worker import log

#: The scan works on no dataset: it asks the functions that tell ids and tags of all.
NONE = DatasetId(UUID(int=0))


def scan_residency(equipment: Equipment, labels_dir: Path | None) -> None:
    """Scan, keep what is found and say how much it is; a part that is away is said too, and looked for tomorrow."""
    try:
        with equipment.database.begin(Worker(name=equipment.worker, dataset_id=NONE)) as session:
            here = surroundings(session, equipment.site, sealed=equipment.site.sealed)
            told = list(labels.read(labels_dir)) if labels_dir else []
            found = scan.scan(session, here, store=equipment.objects, labels=told)
            new = scan.keep(session, found, scan.KINDS_BY_LABEL)
    except DataHubError as error:
        log.error("residency.scan-failed", error=type(error).__name__)
        return
    log.info("residency.scanned", found=len(found), new=new)
