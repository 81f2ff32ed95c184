"""`hub doctor` tells a fit machine from one that isn't, and what to do."""

from pathlib import Path

import pytest

from hub.stack import doctor
from hub.stack.doctor import Finding, Verdict, examine, fit, version
from hub.stack.settings import StackSettings


def found(findings: list[Finding], name: str) -> Finding:
    (finding,) = [one for one in findings if one.name == name]
    return finding


def test_this_machine_lacks_nothing_but_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    findings = examine(StackSettings(data_dir=tmp_path / "hub"))
    assert [one.name for one in findings if one.verdict is Verdict.WRONG] == ["models"]
    assert not fit(findings)
    assert all(one.remedy for one in findings if one.verdict is not Verdict.OK)
    assert found(findings, "postgresql").found.startswith("18.")
    assert not (tmp_path / "hub").exists()  # it only looks


@pytest.mark.parametrize(
    ("name", "floors", "floor"),
    [
        ("postgresql", "POSTGRES_FLOORS", {18: "18.99"}),
        ("pgvector", "PGVECTOR_FLOOR", "0.99"),
        ("pillow", "PACKAGE_FLOORS", {"pillow": "99.0"}),
        ("libseccomp", "LIBSECCOMP_FLOOR", "99"),
        ("python", "PYTHON_FLOOR", "3.99"),
    ],
)
def test_below_a_floor_the_machine_is_unfit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, floors: str, floor: object
) -> None:
    monkeypatch.setattr(doctor, floors, floor)
    finding = found(examine(StackSettings(data_dir=tmp_path)), name)
    assert finding.verdict is Verdict.WRONG
    assert finding.remedy


def test_a_missing_wall_is_advice_with_its_consequence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.landlock, "abi", lambda: 0)
    monkeypatch.setattr(doctor, "_user_namespaces", lambda: "this host forbids user namespaces")
    findings = examine(StackSettings(data_dir=tmp_path))
    assert found(findings, "landlock").verdict is Verdict.ADVICE
    assert "only public and internal" in found(findings, "user namespaces").remedy


def test_too_little_disk_is_wrong(tmp_path: Path) -> None:
    finding = found(examine(StackSettings(data_dir=tmp_path, free_disk_min_bytes=1 << 60)), "disk")
    assert finding.verdict is Verdict.WRONG


def test_a_proxy_variable_is_mentioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    finding = found(examine(StackSettings(data_dir=tmp_path)), "proxy variables")
    assert (finding.verdict, "ALL_PROXY" in finding.found) == (Verdict.ADVICE, True)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("18.6", (18, 6)), ("6.18.44-fc", (6, 18, 44)), ("18.6 (Debian)", (18, 6)), ("20251230", (20251230,)), ("x", ())],
)
def test_a_version_is_its_leading_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert version(text) == numbers


def test_versions_compare_as_numbers_not_as_text() -> None:
    assert version("18.10") > version("18.9")
