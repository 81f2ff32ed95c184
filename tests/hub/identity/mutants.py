"""A module of ours with one check taken out, to see that a test notices."""

import inspect
import sys
import types


def mutant(of: types.ModuleType, snippet: str, instead: str) -> types.ModuleType:
    """The module with one piece of its source replaced."""
    source = inspect.getsource(of)
    assert source.count(snippet) == 1, f"{snippet!r} stands {source.count(snippet)} times in the source"
    module = types.ModuleType(f"mutant_of_{of.__name__.rpartition('.')[2]}")
    sys.modules[module.__name__] = module
    exec(compile(source.replace(snippet, instead), "mutant", "exec"), module.__dict__)  # noqa: S102  # our own source
    return module
