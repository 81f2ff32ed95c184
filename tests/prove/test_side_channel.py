"""What a person may not see doesn't show in how long an answer takes: two hubs alike but for that, asked in turn."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from catalog.cards import cards
from catalog.db import Asker
from catalog.vocabulary import Purpose
from hub.ask import permitted
from hub.evaluation.leak.models import WRITER, Words
from hub.search import Found, search
from hub.services import Services
from hub.settings import ApiSettings
from hub.stack.postgres import PostgresFolder
from tests.fixtures.ground import WHOLE, Ground
from tests.fixtures.nation import MODEL, Nation, nation_in
from tests.fixtures.postgres import database_of_its_own

REQUESTS = 1_000
WARM_UP = 50
MOST = 1.05
HIDDEN_DATASETS = 200
HIDDEN_DOCUMENTS = 2_000
OWN = [f"The river {name} rises in the hills and falls into the sea." for name in ("Aare", "Elbe", "Oder", "Rhine")]


@pytest.fixture
def alike(cluster: PostgresFolder, grounds: Callable[[str], Ground]) -> Iterator[tuple[Nation, Nation]]:
    """Ada's hub, and Ada's hub with two hundred datasets beside that she may not know of."""
    with ExitStack() as opened:
        databases = [database_of_its_own(cluster, grounds("nation").database) for _ in range(2)]
        both = [opened.enter_context(nation_in(opened.enter_context(database))) for database in databases]
        for nation in both:
            nation.person("ada")
            for number in range(5):
                nation.dataset(f"own-{number}", budget=WHOLE)
                nation.grant("ada", f"own-{number}", share=1)  # type: ignore[arg-type]
                for document in range(10):
                    nation.document(f"own-{number}", f"{document}.txt", [f"{one} {document}." for one in OWN])
        for number in range(HIDDEN_DATASETS):
            both[1].dataset(f"hidden-{number}", listed=False, budget=WHOLE)
            for document in range(HIDDEN_DOCUMENTS // HIDDEN_DATASETS):
                both[1].document(f"hidden-{number}", f"{document}.txt", [f"{one} {number} {document}." for one in OWN])
        for nation in both:
            with nation.database.connect(autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        yield both[0], both[1]


def services(nation: Nation) -> Services:
    nowhere = Path("/nowhere")
    settings = ApiSettings(**nation.site.model_dump(), database_socket_dir=nowhere, model_socket=nowhere)
    return Services(database=nation.api, embedder=Words(MODEL), writer=WRITER, settings=settings)


def asked(nation: Nation) -> dict[str, Callable[[], object]]:
    """What Ada does, by name."""
    subject, hub = nation.subject("ada"), services(nation)

    def looks() -> object:
        with nation.api.begin(Asker(person_id=subject.person_id, zone="zone")) as session:
            return [one.slug for one in cards(session)]

    def searches() -> object:
        found = search("Where does the river rise?", subject, Purpose.RESEARCH, hub, 5)
        assert isinstance(found, Found)
        return len(found.passages), sorted(found.facets.datasets.values())

    return {
        "decide": lambda: len(permitted(subject, Purpose.RESEARCH, hub).dataset_ids),
        "cards": looks,
        "search": searches,
    }


@pytest.mark.prove
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("what", ["decide", "cards", "search"])
def test_the_median_of_a_thousand_answers_is_the_same_beside_two_hundred_hidden_datasets(
    alike: tuple[Nation, Nation], what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    alone, beside = (asked(nation)[what] for nation in alike)
    for _ in range(WARM_UP):
        assert alone() == beside()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(2 * REQUESTS):
        began = perf_counter()
        (alone, beside)[number % 2]()
        times[number % 2].append(perf_counter() - began)
    medians = [median(one) * 1_000 for one in times]
    ratio = medians[1] / medians[0]
    with capfd.disabled():
        print(f"\n{what}: {medians[0]:.2f} ms alone, {medians[1]:.2f} ms beside: {ratio:.3f}", flush=True)  # noqa: T201
    assert 1 / MOST <= ratio <= MOST
