"""The plan as a table: every row's walls and sentence, and what a held process finds in its environment."""

import socket
from pathlib import Path

import pytest

from hub.seal.environment import OFFLINE, PROXIES, cleaned
from hub.seal.plan import AF_INET, AF_INET6, AF_UNIX, PLAN, program_paths
from hub.seal.probe import DOORS

#: part → families, may it call others, namespace, Landlock, its sentence
TABLE: dict[str, tuple[set[int], bool, bool, bool, str]] = {
    "postgres": (
        {AF_UNIX}, False, True, True, "the database speaks UNIX sockets only and sees only its own folder",
    ),
    "model": (
        {AF_UNIX}, False, True, True, "the model server speaks UNIX sockets only and sees only its weights",
    ),
    "parser": (
        {AF_UNIX}, False, True, True,
        "the parser has no network, no secrets, and one throw-away process for each file",
    ),
    "worker": ({AF_UNIX}, True, True, True, "the worker speaks UNIX sockets only"),
    "worker-s3": (
        {AF_UNIX, AF_INET, AF_INET6}, True, False, True,
        "the worker may reach the S3 store over TCP: hold it to that address by the host's firewall",
    ),
    "issuer": (
        {AF_UNIX}, False, True, True, "the development issuer speaks UNIX sockets only and sees only its own secrets",
    ),
    "keys": ({AF_UNIX}, True, True, True, "the key-fetcher reaches the issuer's socket and writes one file"),
    "reader": (
        {AF_UNIX}, True, True, True,
        "the reader opens originals for charged pages only; it speaks UNIX sockets only",
    ),
    "reader-s3": (
        {AF_UNIX, AF_INET, AF_INET6}, True, False, True,
        "the reader may reach the S3 store over TCP: hold it to that address by the host's firewall",
    ),
    "api": ({AF_UNIX}, True, True, True, "the API speaks UNIX sockets only; it can put originals, not read them"),
    "api-s3": (
        {AF_UNIX, AF_INET, AF_INET6}, True, False, True,
        "the API may reach the S3 store over TCP: hold it to that address by the host's firewall",
    ),
    "ui": ({AF_UNIX}, True, True, True, "the UI speaks UNIX sockets only: to the API and the issuer"),
    "ingress": (
        {AF_UNIX, AF_INET}, True, False, True,
        "the ingress is the one listener: it passes bytes on to three sockets and holds no text",
    ),
    "operator": ({AF_UNIX}, True, False, False, "an operator's command speaks UNIX sockets only"),
}  # fmt: skip
CORPUS = ("postgres", "model", "parser", "worker", "reader", "api", "ui")


def test_the_plan_has_these_rows_and_no_others() -> None:
    assert set(PLAN) == set(TABLE)


@pytest.mark.parametrize("part", TABLE)
def test_a_row_says_how_its_process_is_held(part: str) -> None:
    row = PLAN[part]
    found = set(row.families), row.connects, row.namespace, row.landlock, row.sentence
    assert found == TABLE[part]
    assert row.part == part


@pytest.mark.parametrize("part", CORPUS)
def test_what_touches_text_on_one_machine_reaches_no_network(part: str) -> None:
    assert not PLAN[part].reaches_network
    assert PLAN[part].namespace


@pytest.mark.parametrize("part", ["postgres", "model", "parser"])
def test_what_is_only_asked_calls_nobody(part: str) -> None:
    assert not PLAN[part].connects


@pytest.mark.parametrize("part", TABLE)
def test_a_sentence_is_one_and_can_be_read_aloud(part: str) -> None:
    sentence = PLAN[part].sentence
    assert sentence == sentence.strip()
    assert not sentence.endswith(".")
    assert 20 < len(sentence) < 120


def test_the_numbers_of_the_families_are_the_system_s() -> None:
    assert (AF_UNIX, AF_INET, AF_INET6) == (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)


def test_the_probe_tries_every_family_but_the_one_that_stays_on_the_machine() -> None:
    tried = {door[0] for door in DOORS.values()}
    assert socket.AF_UNIX not in tried
    assert tried >= {AF_INET, AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK, socket.AF_ALG}


FULL = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/root",
    "HUB_DATABASE_PASSWORD": "word",
    "HUB_MODEL_THREADS": "2",
    "HUB_S3_SECRET_KEY": "key",
    "AWS_SECRET_ACCESS_KEY": "key",
    "PGPASSWORD": "word",
    "LD_PRELOAD": "/evil.so",
    "LD_LIBRARY_PATH": "/evil",
    "PYTHONPATH": "/evil",
    "PYTHONSTARTUP": "/evil.py",
    **dict.fromkeys((*PROXIES, *map(str.upper, PROXIES)), "http://127.0.0.1:9"),
}


@pytest.mark.parametrize("part", TABLE)
@pytest.mark.parametrize("name", ["HOME", "AWS_SECRET_ACCESS_KEY", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH"])
def test_no_part_finds_what_it_was_not_given(part: str, name: str) -> None:
    assert name not in cleaned(FULL, PLAN[part])


@pytest.mark.parametrize("part", TABLE)
def test_no_part_finds_a_proxy(part: str) -> None:
    assert not [name for name in cleaned(FULL, PLAN[part]) if name.lower() in PROXIES]


@pytest.mark.parametrize("part", TABLE)
def test_every_part_is_told_to_stay_off_the_network(part: str) -> None:
    assert OFFLINE.items() <= cleaned({"HF_HUB_OFFLINE": "0", **FULL}, PLAN[part]).items()


@pytest.mark.parametrize(
    ("part", "secrets"),
    [
        ("parser", set()),
        ("operator", set()),
        ("model", set()),
        ("postgres", {"PGPASSWORD"}),
        ("worker", {"HUB_DATABASE_PASSWORD", "HUB_S3_SECRET_KEY"}),
        ("worker-s3", {"HUB_DATABASE_PASSWORD", "HUB_S3_SECRET_KEY"}),
    ],
)
def test_secrets_go_to_whom_they_belong(part: str, secrets: set[str]) -> None:
    words = {name for name in cleaned(FULL, PLAN[part]) if "PASSWORD" in name or "KEY" in name}
    assert words == secrets


def test_what_every_program_may_read_holds_no_secret_and_no_home() -> None:
    paths = program_paths()
    assert Path("/usr") in paths
    closed = (Path("/"), Path("/etc"), Path("/home"), Path("/root"), Path("/tmp"), Path("/var"))  # noqa: S108  # closed
    assert not set(closed) & set(paths)
    assert not [path for path in paths if path.name in {"shadow", "sudoers", ".ssh"}]
