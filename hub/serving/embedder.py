"""Texts to vectors: the exported graph by OpenVINO, the words by tokenizers; torch is not loaded here."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.serving.openvino_door import openvino

_BATCH: Final = 16
#: Batches are as wide as a multiple of this: OpenVINO keeps memory for each shape it has met, so there are few.
_WIDTH_STEP: Final = 16


def _has_bf16() -> bool:
    """Say whether the processor multiplies bfloat16 by itself."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


class Embedder:
    """One loaded model. Safe to call from several threads; batches of different callers alternate."""

    def __init__(self, graph: Path, tokenizer: Path, *, max_tokens: int, threads: int) -> None:
        from tokenizers import Tokenizer

        self._words = Tokenizer.from_file(str(tokenizer))
        self._words.enable_truncation(max_length=max_tokens)
        self._words.no_padding()
        self._max_tokens = max_tokens
        settings = {
            "INFERENCE_NUM_THREADS": str(threads),
            "NUM_STREAMS": "1",
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if _has_bf16() else "f32",
        }
        compiled = openvino().Core().compile_model(str(graph), "CPU", settings)
        self._request = compiled.create_infer_request()
        self._output = compiled.output(0)
        self._lock = Lock()
        self.dimensions = int(compiled.output(0).get_partial_shape()[1].get_length())

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 for each text, in the order given."""
        encoded = [found.ids for found in self._words.encode_batch(list(texts))]
        order = sorted(range(len(encoded)), key=lambda position: len(encoded[position]))
        vectors: list[list[float]] = [[] for _ in encoded]
        for start in range(0, len(order), _BATCH):
            positions = order[start : start + _BATCH]
            for position, vector in zip(positions, self._run([encoded[p] for p in positions]), strict=True):
                vectors[position] = vector.tolist()
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> int:
        """How many word pieces are read of these texts."""
        return sum(len(found.ids) for found in self._words.encode_batch(list(texts)))

    def _run(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        width = min(-(-max(map(len, batch)) // _WIDTH_STEP) * _WIDTH_STEP, self._max_tokens)
        tokens = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, ids in enumerate(batch):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        with self._lock:
            results: Any = self._request.infer({"input_ids": tokens, "attention_mask": mask})
            found: NDArray[np.float32] = np.array(results[self._output], dtype=np.float32)
        normed: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return normed
