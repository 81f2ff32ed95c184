"""Run inside a part by the tests of the walls: does what its arguments say and prints what happened as JSON."""

import ctypes
import ctypes.util
import errno
import json
import mmap
import os
import socket
import sys
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)

#: Numbers on x86_64; `call` is made with arguments that do nothing where it is allowed.
CALLS = {
    "ptrace": (101, 99),
    "unshare": (272, 0x10000000),
    "setns": (308, -1, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "bpf": (321, 99, 0, 0),
    "io_uring_setup": (425, 0, 0),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
    "userfaultfd": (323, 1 << 30),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "keyctl": (250, 99),
    "kexec_load": (246, 0, 1 << 20, 0, 0),
    "clone into a user namespace": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
}


def open_socket(family: str) -> str:
    kind = socket.SOCK_RAW if family in {"AF_NETLINK", "AF_PACKET"} else socket.SOCK_STREAM
    kind = socket.SOCK_SEQPACKET if family == "AF_ALG" else kind
    try:
        socket.socket(getattr(socket, family), kind).close()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "open"


def connect_unix(path: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(path)
        except OSError as error:
            return errno.errorcode[error.errno or 0]
    return "connected"


def send_unix(path: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(b"x", path)
        except OSError as error:
            return errno.errorcode[error.errno or 0]
    return "sent"


def open_wide_socket() -> str:
    """The family with a bit above 32 set: the kernel cuts it off, a careless filter doesn't."""
    result = LIBC.syscall(ctypes.c_long(41), ctypes.c_long((1 << 32) | 2), ctypes.c_long(1), ctypes.c_long(0))
    return "open" if result >= 0 else errno.errorcode[ctypes.get_errno()]


def call(name: str) -> str:
    number, *arguments = CALLS[name]
    result = LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(value) for value in arguments))
    if result == 0 and name.startswith("clone into"):
        os._exit(0)
    return "allowed" if result >= 0 else errno.errorcode[ctypes.get_errno()]


def foreign_abi() -> str:
    """socket(AF_INET, SOCK_STREAM, 0) by the 32-bit entry: `int 0x80` with eax 359."""
    code = bytes.fromhex("53b867010000bb02000000b90100000031d2cd805bc3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return str(ctypes.CFUNCTYPE(ctypes.c_int)(address)())


def x32_abi() -> str:
    """socket() by its x32 number."""
    LIBC.syscall(ctypes.c_long(0x40000000 + 41), ctypes.c_long(2), ctypes.c_long(1), ctypes.c_long(0))
    return errno.errorcode[ctypes.get_errno()]


def read(path: str) -> str:
    try:
        Path(path).read_bytes()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "read"


def write(path: str) -> str:
    try:
        Path(path).write_text("x", encoding="utf-8")
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "written"


def status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: value.strip() for name, value in found.items()}


def descriptors() -> list[str]:
    return sorted(path.name for path in Path("/proc/self/fd").iterdir() if path.exists())


def environment() -> dict[str, str]:
    return dict(os.environ)


def identity() -> dict[str, str]:
    return {
        "net": str(Path("/proc/self/ns/net").readlink()),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
