"""Brings OpenVINO in without its telemetry, which would send from the first import on."""

import sys
from typing import Any


def openvino() -> Any:  # noqa: ANN401  # the module; it comes without types
    """Import the library; its telemetry package can't be imported any more in this process, a stub stands in."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # Python's way to say "not importable"
    import openvino as library  # type: ignore[import-untyped]

    return library
