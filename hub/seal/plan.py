"""One row per process: what it may reach and which walls hold it."""

import os
import site
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import catalog
import hub

AF_UNIX: Final = 1
AF_INET: Final = 2
AF_INET6: Final = 10


@dataclass(frozen=True, kw_only=True)
class Row:
    """How one process is held. The filter is always required; it is the wall without which nothing starts."""

    part: str
    families: tuple[int, ...]  # socket families it may open
    connects: bool  # may it call others, or only be called? (the database trusts its own user's sockets)
    namespace: bool  # a network namespace without interfaces, where the host allows one
    landlock: bool  # only its own files, where the kernel can
    variables: tuple[str, ...]  # prefixes of the environment variables it gets
    sentence: str  # for `hub status`

    @property
    def reaches_network(self) -> bool:
        """True when the row lets it open internet sockets."""
        return any(family in (AF_INET, AF_INET6) for family in self.families)


_LOCALE: Final = ("LANG", "LC_", "TZ", "PATH")

PLAN: Final = {
    row.part: row
    for row in (
        Row(
            part="postgres",
            families=(AF_UNIX,),
            connects=False,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "PG"),
            sentence="the database speaks UNIX sockets only and sees only its own folder",
        ),
        Row(
            part="model",
            families=(AF_UNIX,),
            connects=False,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_MODEL_"),
            sentence="the model server speaks UNIX sockets only and sees only its weights",
        ),
        Row(
            part="parser",
            families=(AF_UNIX,),
            connects=False,
            namespace=True,
            landlock=True,
            variables=_LOCALE,
            sentence="the parser has no network, no secrets, and one throw-away process for each file",
        ),
        Row(
            part="worker",
            families=(AF_UNIX,),
            connects=True,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the worker speaks UNIX sockets only",
        ),
        Row(
            part="worker-s3",
            families=(AF_UNIX, AF_INET, AF_INET6),
            connects=True,
            namespace=False,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the worker may reach the S3 store over TCP: hold it to that address by the host's firewall",
        ),
        Row(
            part="reader",
            families=(AF_UNIX,),
            connects=True,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the reader opens originals for charged pages only; it speaks UNIX sockets only",
        ),
        Row(
            part="reader-s3",
            families=(AF_UNIX, AF_INET, AF_INET6),
            connects=True,
            namespace=False,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the reader may reach the S3 store over TCP: hold it to that address by the host's firewall",
        ),
        Row(
            part="issuer",
            families=(AF_UNIX,),
            connects=False,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_ISSUER_"),
            sentence="the development issuer speaks UNIX sockets only and sees only its own secrets",
        ),
        Row(
            part="keys",
            families=(AF_UNIX,),
            connects=True,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_KEYS_"),
            sentence="the key-fetcher reaches the issuer's socket and writes one file",
        ),
        Row(
            part="api",
            families=(AF_UNIX,),
            connects=True,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the API speaks UNIX sockets only; it can put originals, not read them",
        ),
        Row(
            part="api-s3",
            families=(AF_UNIX, AF_INET, AF_INET6),
            connects=True,
            namespace=False,
            landlock=True,
            variables=(*_LOCALE, "HUB_"),
            sentence="the API may reach the S3 store over TCP: hold it to that address by the host's firewall",
        ),
        Row(
            part="ui",
            families=(AF_UNIX,),
            connects=True,
            namespace=True,
            landlock=True,
            variables=(*_LOCALE, "HUB_UI_", "HUB_API_", "HUB_ISSUER_", "HUB_ANSWER_", "HUB_MAX_UPLOAD_"),
            sentence="the UI speaks UNIX sockets only: to the API and the issuer",
        ),
        Row(
            part="ingress",
            families=(AF_UNIX, AF_INET),
            connects=True,
            namespace=False,
            landlock=True,
            variables=(*_LOCALE, "HUB_INGRESS_"),
            sentence="the ingress is the one listener: it passes bytes on to three sockets and holds no text",
        ),
        Row(
            part="operator",
            families=(AF_UNIX,),
            connects=True,
            namespace=False,
            landlock=False,
            variables=(),
            sentence="an operator's command speaks UNIX sockets only",
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The files a held process may touch; everything else is closed where Landlock holds."""

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    put: tuple[Path, ...] = ()  # files may be added there; what is in them can't be read


def program_paths() -> tuple[Path, ...]:
    """Return what any program needs to run: interpreter, libraries, our packages, and the machine's description."""
    packages = Path(catalog.__file__).parent, Path(hub.__file__).parent, Path(hub.__file__).parent.parent / "ingest"
    interpreter = Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable)).parent.parent
    system = ("/usr", "/bin", "/lib", "/lib64", "/opt", "/proc", "/sys/devices/system", "/sys/fs/cgroup")
    etc = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types", "passwd", "group", "nsswitch.conf")
    devices = ("/dev/urandom", "/dev/random", "/dev/zero")
    found = (*interpreter, *packages, *map(Path, system), *(Path("/etc") / name for name in etc), *map(Path, devices))
    return tuple(dict.fromkeys((*found, *map(Path, site.getsitepackages()))))
