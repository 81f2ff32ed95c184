"""The stage of a crawl: the real API beside a throw-away hub, what writes its answers, and people with tokens."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum

import httpx

from catalog.embedding import EmbeddingClient
from catalog.settings import load
from catalog.sockets import over
from hub.evaluation.bench import ground as people
from hub.evaluation.bench.beside import Person, api_beside
from hub.evaluation.crawl import ground
from hub.evaluation.crawl.agent import Pen
from hub.evaluation.crawl.attack import Colluder
from hub.evaluation.crawl.ground import Embed, Plot
from hub.evaluation.crawl.mouth import Filtered, Mouth, Speaker
from hub.identity.development import DevelopmentKey
from hub.local import data_folder
from hub.stack.settings import StackSettings


class Generator(StrEnum):
    """What writes the answers."""

    ECHO = "echo"  # repeats a sentence, or all of the context for who commands it: no model gives away more
    LOCAL = "local"  # the hub's own chat model, and its own embedding model beside it


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The API that is attacked."""

    http: httpx.Client
    key: DevelopmentKey
    issuer: str
    seed: int
    records: int
    searching: bool
    embed: Embed = ground.counted

    def speaker(self, plot: Plot, slug: str, organisation: str, arm: str) -> Colluder:
        """Return someone new who may read the plot."""
        subject = ground.person(plot, slug, organisation)
        person = Person(subject, self.key, self.issuer)
        mouth: Mouth = Speaker(http=self.http, headers=person.headers, questions=not self.searching)
        return Colluder(organisation=organisation, mouth=Filtered(behind=mouth) if arm == "prompt filter" else mouth)

    @staticmethod
    def pen() -> Pen:
        """Return the hub's chat model, as what the attacker writes with."""
        return Pen(data_folder().model_socket)


@contextmanager
def stage(*, seed: int, records: int, searching: bool, generator: Generator = Generator.ECHO) -> Iterator[Stage]:
    """Open the real API with its model beside the throw-away hub."""
    key = DevelopmentKey(data_folder().secrets_dir / "crawl-key.json")
    people.organisation("crawl-owner")
    echo = generator is Generator.ECHO
    with (
        api_beside(key, 0.0 if echo else None) as (socket, _),
        closing(EmbeddingClient(data_folder().model_socket)) as embedder,
        httpx.Client(transport=over(socket), base_url="http://localhost", timeout=300, trust_env=False) as http,
    ):
        yield Stage(
            http=http,
            key=key,
            issuer=load(StackSettings).issuer_url,
            seed=seed,
            records=records,
            searching=searching,
            embed=ground.counted if echo else embedder.embed_documents,
        )
