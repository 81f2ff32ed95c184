"""The stage of a crawl: the real API beside a throw-away hub, an echo for its model, and people with tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from catalog.settings import load
from hub.evaluation.bench import ground as people
from hub.evaluation.bench.beside import Person, api_beside
from hub.evaluation.crawl import ground
from hub.evaluation.crawl.attack import Colluder
from hub.evaluation.crawl.ground import Plot
from hub.evaluation.crawl.mouth import Filtered, Mouth, Speaker
from hub.identity.development import DevelopmentKey
from hub.local import data_folder
from hub.stack.settings import StackSettings


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The API that is attacked."""

    http: httpx.Client
    key: DevelopmentKey
    issuer: str
    seed: int
    records: int
    searching: bool

    def speaker(self, plot: Plot, slug: str, organisation: str, arm: str) -> Colluder:
        """Return someone new who may read the plot."""
        subject = ground.person(plot, slug, organisation)
        person = Person(subject, self.key, self.issuer)
        mouth: Mouth = Speaker(http=self.http, headers=person.headers, questions=not self.searching)
        return Colluder(organisation=organisation, mouth=Filtered(behind=mouth) if arm == "prompt filter" else mouth)


@contextmanager
def stage(*, seed: int, records: int, searching: bool) -> Iterator[Stage]:
    """Open the real API with the echo as its model, beside the throw-away hub."""
    key = DevelopmentKey(data_folder().secrets_dir / "crawl-key.json")
    people.organisation("crawl-owner")
    with api_beside(key, 0.0) as (socket, _):
        transport = httpx.HTTPTransport(uds=str(socket))
        with httpx.Client(transport=transport, base_url="http://localhost", timeout=60, trust_env=False) as http:
            yield Stage(
                http=http,
                key=key,
                issuer=load(StackSettings).issuer_url,
                seed=seed,
                records=records,
                searching=searching,
            )
