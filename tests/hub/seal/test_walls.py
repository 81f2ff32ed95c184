"""Which walls hold is said as it is, with the reason and the remedy when one doesn't."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.errors import UnsealedError
from hub.seal import filter as syscall_filter
from hub.seal import landlock, namespaces, probe
from hub.seal.environment import OFFLINE, PROXIES, cleaned
from hub.seal.plan import PLAN, program_paths
from hub.seal.walls import Walls, read_walls
from tests.hub.fakes.sealed_server import PYTHON


def test_a_host_without_namespaces_is_reported_and_the_filter_still_holds(tmp_path: Path) -> None:
    """Inside the operator's filter a part can't enter a namespace: as on a host that forbids them."""
    report = tmp_path / "walls.json"
    look = "from hub.seal import probe; print(probe.look().sealed)"
    launch = [*PYTHON, "hub.seal"]
    result = subprocess.run(
        [*launch, "operator", "--", *launch, "model", "--report", str(report), "--", sys.executable, "-P", "-c", look],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert result.stdout.strip() == "True"
    walls = read_walls(report)
    assert walls is not None
    assert (walls.namespace, walls.filter, walls.as_planned) == (False, True, False)
    assert any("namespaces" in sentence for sentence in walls.missing)


def test_a_held_part_reports_every_wall_of_its_row(tmp_path: Path) -> None:
    report = tmp_path / "walls.json"
    subprocess.run([*PYTHON, "hub.seal", "parser", "--report", str(report), "--", "/bin/true"], check=True, timeout=30)
    walls = read_walls(report)
    assert walls is not None
    assert (walls.part, walls.filter, walls.landlock) == ("parser", True, landlock.abi())


def test_a_part_that_never_reported_has_no_walls_to_show(tmp_path: Path) -> None:
    assert read_walls(tmp_path / "absent.json") is None
    (tmp_path / "cut.json").write_text('{"part": "mod', encoding="utf-8")
    assert read_walls(tmp_path / "cut.json") is None


def test_walls_survive_being_written_and_read(tmp_path: Path) -> None:
    walls = Walls(part="model", filter=True, namespace=False, landlock=7, capabilities=True, missing=("why",))
    with (tmp_path / "walls.json").open("w", encoding="utf-8") as file:
        walls.save(file)
    assert read_walls(tmp_path / "walls.json") == walls


def test_the_switch_that_forbids_namespaces_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = tmp_path / "switch"
    switch.write_text("1\n", encoding="ascii")
    monkeypatch.setattr(namespaces, "_SWITCHES", ((str(tmp_path / "absent"), "1", "no"), (str(switch), "1", "a=0")))
    assert "sysctl -w a=0" in namespaces.why_not(OSError(errno.EPERM, "Operation not permitted"))
    switch.write_text("0\n", encoding="ascii")
    assert "container" in namespaces.why_not(OSError(errno.EPERM, "Operation not permitted"))


def test_this_process_is_not_sealed_and_the_probe_says_which_doors_are_open() -> None:
    with pytest.raises(UnsealedError, match=r"tcp over ipv4.*hub up"):
        probe.assert_sealed()
    assert "no system-call filter" in probe.look().open_doors


def test_a_program_that_is_not_there_is_a_sentence_and_not_a_traceback() -> None:
    result = subprocess.run(
        [*PYTHON, "hub.seal", "operator", "--", "/no/such/program"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 78
    assert "operator can't be started" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_service_user_that_is_not_there_is_named() -> None:
    result = subprocess.run(
        [*PYTHON, "hub.seal", "postgres", "--user", "nobody-by-that-name", "--", "/bin/true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 78
    assert "nobody-by-that-name" in result.stderr
    assert "HUB_SERVICE_USER" in result.stderr


def test_a_missing_library_is_a_sentence_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: object) -> None:
        raise RuntimeError("Unable to find libseccomp")

    monkeypatch.setattr(syscall_filter.Filter, "__init__", absent)
    with pytest.raises(UnsealedError, match="libseccomp2"):
        syscall_filter.base((1,))


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_variable_never_reaches_a_part_whatever_its_row_allows(name: str) -> None:
    for row in PLAN.values():
        found = cleaned({name: "http://x", name.upper(): "http://x", "HUB_DATA_DIR": "d", "PATH": "/bin"}, row)
        assert name not in {variable.lower() for variable in found}


def test_every_part_gets_the_offline_switches_and_they_can_not_be_overridden() -> None:
    for row in PLAN.values():
        assert cleaned({"HF_HUB_OFFLINE": "0"}, row).items() >= OFFLINE.items()


def test_only_who_reaches_the_store_gets_its_keys() -> None:
    given = {"HUB_S3_SECRET_KEY": "canary"}
    told = {part for part, row in PLAN.items() if "canary" in cleaned(given, row).values()}
    assert told == {f"{part}{how}" for part in ("worker", "reader", "api") for how in ("", "-s3")}


def test_the_plan_names_every_part_once_with_a_sentence() -> None:
    assert {"postgres", "model", "parser", "worker", "operator"} <= set(PLAN)
    assert all(row.sentence and row.part == part for part, row in PLAN.items())
    reach = {part for part, row in PLAN.items() if row.reaches_network}
    assert reach == {"worker-s3", "reader-s3", "api-s3", "ingress"}


def test_no_path_a_program_may_read_holds_the_data_folder() -> None:
    root = Path(__file__).resolve().parents[3]
    assert not any((root / ".hub").is_relative_to(path) for path in program_paths())


def test_an_unknown_part_is_refused() -> None:
    result = subprocess.run(
        [*PYTHON, "hub.seal", "nonsense", "--", "/bin/true"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert json.dumps("nonsense").strip('"') in result.stderr
