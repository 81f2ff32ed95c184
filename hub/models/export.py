"""Turns an embedding model into the graph the model server runs, once, in a sealed process of its own.

`python -m hub.models.export SOURCE TARGET` writes model.xml, model.bin and tokenizer.json and prints what it found.
sentence-transformers reads the model; OpenVINO writes the graph; both are checked against each other.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import ModelFileError
from hub.serving.openvino_door import openvino

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_LEAST_COSINE: Final = 0.999
_TIMEOUT_S: Final = 600
_SAMPLES: Final = (
    "Water.",
    "The ministry published the tide tables of the northern harbours for the coming year.",
    "Wie hoch war der Wasserstand im März?",
)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What the exported model needs to be run."""

    dimensions: int
    max_tokens: int


def export_sealed(source: Path, target: Path) -> Exported:
    """Export in a process that reads source, writes target and reaches nothing else."""
    python = [sys.executable, "-P", "-m"]
    with tempfile.TemporaryDirectory(prefix="hub-export-") as scratch:
        seal = [*python, "hub.seal", "model", "--read", str(source), "--write", str(target), "--write", scratch]
        homes = ["--set", f"TMPDIR={scratch}", "--set", f"HOME={scratch}"]
        program = [*python, "hub.models.export", str(source), str(target)]
        done = subprocess.run(  # noqa: S603  # our own program
            [*seal, *homes, "--", *program], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
        )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise ModelFileError(f"The embedding model could not be exported: {reason[0]}")
    return Exported(**json.loads(done.stdout.splitlines()[-1]))


def export(source: Path, target: Path) -> Exported:
    """Write the graph and the tokenizer; ModelFileError when they don't agree with the original."""
    library = openvino()  # first: sentence-transformers may bring it in itself
    model = _read(source, attn_implementation="eager")
    library.save_model(_convert(model), target / "model.xml", compress_to_fp16=False)
    tokenizer = source / "tokenizer.json"
    if not tokenizer.is_file():
        raise ModelFileError("The model has no tokenizer.json (a fast tokenizer). Save it once with transformers.")
    shutil.copyfile(tokenizer, target / "tokenizer.json")
    limit = int(model.max_seq_length or 512)
    _compare(model, target, limit)
    return Exported(dimensions=int(model.get_sentence_embedding_dimension() or 0), max_tokens=limit)


def original(source: Path) -> Callable[[Sequence[str]], list[list[float]]]:
    """Return what sentence-transformers itself makes of texts, with its defaults: the peer our graph is held to."""
    model = _read(source)
    return lambda texts: model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False).tolist()


def _read(source: Path, **options: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(source),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True, **options},
    )


def _convert(model: "SentenceTransformer") -> Any:  # noqa: ANN401  # an openvino.Model
    import torch

    class Whole(torch.nn.Module):
        """Tokens in, one vector of length 1 for each text out."""

        def __init__(self) -> None:
            super().__init__()
            self.parts = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.parts({"input_ids": input_ids, "attention_mask": attention_mask})["sentence_embedding"]
            return torch.nn.functional.normalize(found, p=2, dim=1)

    tokens = torch.ones(2, 8, dtype=torch.long)
    with torch.no_grad():
        return openvino().convert_model(
            Whole().eval(), example_input={"input_ids": tokens, "attention_mask": tokens.clone()}
        )


def _compare(model: "SentenceTransformer", target: Path, limit: int) -> None:
    from hub.serving.embedder import Embedder

    ours = Embedder(target / "model.xml", target / "tokenizer.json", max_tokens=limit, threads=2)
    samples = [*_SAMPLES, " ".join(_SAMPLES) * 40]
    for one, other in zip(model.encode(samples, normalize_embeddings=True), ours.embed(samples), strict=True):
        cosine = float(sum(a * b for a, b in zip(one.tolist(), other, strict=True)))
        if cosine < _LEAST_COSINE:
            raise ModelFileError(f"The exported model disagrees with the original (cosine {cosine:.4f}).")


def main(arguments: Sequence[str]) -> int:
    """Export inside the walls and print the result as one line of JSON."""
    from catalog.errors import DataHubError
    from hub.seal import probe

    source, target = map(Path, arguments)
    try:
        probe.assert_sealed()
        found = export(source, target)
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps({"dimensions": found.dimensions, "max_tokens": found.max_tokens}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
