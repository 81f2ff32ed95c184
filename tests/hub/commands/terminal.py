"""`hub …` in this process: the real `main`, with what it said and its exit code."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hub.cli import run


@dataclass(frozen=True, kw_only=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # any JSON value
        return json.loads(self.out)


def hub(root: Path, *arguments: str, **variables: str) -> Said:
    """Run one command about the hub in `root`."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    environment = {"HUB_DATA_DIR": str(root), **variables}
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["hub", *arguments]),
        patch.dict("os.environ", environment),
    ):
        try:
            run()  # not main(): walls can't be taken down from the process of the tests
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Said(code=code, out=out.getvalue(), err=err.getvalue())


def done(said: Said) -> Said:
    """The same, when it went well."""
    assert said.code == 0, said
    return said
