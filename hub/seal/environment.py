"""What a held process finds in its environment: an allow-list, and the offline switches of every library we use."""

from collections.abc import Mapping
from typing import Final

from hub.seal.plan import Row

#: Libraries that phone home or download by default are told not to; the walls hold even if one doesn't listen.
OFFLINE: Final = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "true",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
    "VLLM_NO_USAGE_STATS": "1",
    "ANONYMIZED_TELEMETRY": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}

#: llama.cpp's threads sleep while they wait: spinning, they starve each other on a busy machine (1 s becomes 10 s).
PATIENT: Final = {"OMP_WAIT_POLICY": "passive"}

#: glibc gives each thread a heap of its own and keeps it: two for all of them hold what is idle below its limit.
SPARING: Final = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}

PROXIES: Final = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy")


def cleaned(environment: Mapping[str, str], row: Row) -> dict[str, str]:
    """Return the variables the row allows, without any proxy, with the offline switches."""
    kept = {
        name: value
        for name, value in environment.items()
        if name.startswith(row.variables) and name.lower() not in PROXIES
    }
    return {**kept, **OFFLINE, **PATIENT, **SPARING}
