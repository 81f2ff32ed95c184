"""What an S3 server may say, and the sentence each becomes; what an address is, and what passes for an original."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from catalog.addresses import PIECE_BYTES, address_of, copy_hashing, verifying
from catalog.errors import ConflictError, DataHubError, DependencyError, NotFoundError
from catalog.objects import S3Store
from catalog.vocabulary import Sha256

WORDS = b"the original"
ADDRESS = Sha256(hashlib.sha256(WORDS).hexdigest())


def said(code: str) -> S3Error:
    return S3Error(
        response=urllib3.response.HTTPResponse(), code=code, message="secret words", resource="r", request_id="1",
        host_id="h", bucket_name="b", object_name=ADDRESS,
    )  # fmt: skip


class Client:
    """An S3 client whose every call ends the same way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Callable[..., Any]:
        def call(*_: object, **__: object) -> None:
            raise self._error

        return call


def acts(error: Exception) -> dict[str, Callable[[], object]]:
    store = S3Store(Client(error), "b", place="there")  # type: ignore[arg-type]  # a stand-in

    def read() -> None:
        with store.open(ADDRESS) as file:
            file.read()

    return {
        "put": lambda: store.put(io.BytesIO(WORDS)),
        "open": read,
        "has": lambda: store.has(ADDRESS),
        "remove": lambda: store.remove(ADDRESS),
        "prepare": store.prepare_bucket,
    }


GONE: dict[str, Exception] = {
    "refused": urllib3.exceptions.MaxRetryError(urllib3.HTTPConnectionPool("h"), "/"),
    "slow": urllib3.exceptions.ReadTimeoutError(urllib3.HTTPConnectionPool("h"), "/", "late"),
    "cut": urllib3.exceptions.ProtocolError("cut"),
    "reset": ConnectionResetError(),
    "broken": InvalidResponseError(502, "text/html", "<html>secret words</html>"),
    "failing": ServerError("secret words", 500),
    "other": MinioException("secret words"),
}


@pytest.mark.parametrize("name", GONE)
@pytest.mark.parametrize("act", ["put", "open", "has", "remove", "prepare"])
def test_a_server_that_is_away_or_broken_is_said_in_the_same_words(name: str, act: str) -> None:
    with pytest.raises(DependencyError, match="can't be reached") as refused:
        acts(GONE[name])[act]()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "SlowDown", "Other"])
@pytest.mark.parametrize("act", ["put", "open", "has", "prepare"])
def test_what_a_server_refuses_is_named_by_its_code_and_nothing_else(code: str, act: str) -> None:
    with pytest.raises(DependencyError, match=code) as refused:
        acts(said(code))[act]()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchObject", "NoSuchVersion"])
def test_an_original_that_is_not_there_is_not_found(code: str) -> None:
    assert acts(said(code))["has"]() is False
    for act in ("open", "remove"):
        with pytest.raises(NotFoundError):
            acts(said(code))[act]()


@pytest.mark.parametrize("code", ["AccessDenied", "ObjectLocked", "InvalidRequest"])
def test_an_original_under_retention_is_not_let_go(code: str) -> None:
    with pytest.raises(ConflictError, match="does not let go"):
        acts(said(code))["remove"]()


@pytest.mark.parametrize("code", ["NoSuchBucket", "InternalError"])
@pytest.mark.parametrize("act", ["put", "open", "has", "remove"])
def test_a_missing_bucket_is_the_store_s_trouble_and_no_missing_original(code: str, act: str) -> None:
    with pytest.raises(DataHubError, match=code) as refused:
        acts(said(code))[act]()
    assert not isinstance(refused.value, NotFoundError)


@pytest.mark.parametrize(
    "name",
    [
        "", "a", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "../" * 20 + "abcd", "a" * 63 + "/", "a" * 63 + "\n",
        "a" * 64 + "\n", "\x00" * 64, "a" * 32 + "/" + "a" * 31, " " + "a" * 63, "\u0660" * 64,
        "a" * 64 + "?versionId=1",
    ],
)  # fmt: skip
def test_a_name_that_is_no_address_never_reaches_a_store(name: str) -> None:
    with pytest.raises(NotFoundError):
        address_of(name)
    assert ADDRESS not in name


@given(st.binary(max_size=5_000), st.integers(1, 700))
@settings(max_examples=80, deadline=None)
def test_what_is_copied_is_addressed_and_read_back_whatever_the_size_of_the_steps(data: bytes, step: int) -> None:
    target = io.BytesIO()
    stored = copy_hashing(io.BytesIO(data), target)
    assert (stored.sha256, stored.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    kept = io.BytesIO(target.getvalue())
    with verifying(kept.read, stored.sha256) as file:
        assert b"".join(iter(lambda: file.read(step), b"")) == data


@given(st.binary(min_size=1, max_size=300), st.data())
@settings(max_examples=80, deadline=None)
def test_one_turned_bit_is_refused_at_the_end(data: bytes, drawn: st.DataObject) -> None:
    spoilt = bytearray(data)
    spoilt[drawn.draw(st.integers(0, len(data) - 1))] ^= 1 << drawn.draw(st.integers(0, 7))
    with pytest.raises(DependencyError, match="damaged"):
        verifying(io.BytesIO(bytes(spoilt)).read, hashlib.sha256(data).hexdigest()).read()


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda _: b""])
def test_an_original_too_short_or_too_long_is_damaged(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DependencyError, match="damaged"):
        verifying(io.BytesIO(change(WORDS)).read, ADDRESS).read()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_sizes_around_a_piece_are_whole(size: int) -> None:
    data = b"x" * size
    target = io.BytesIO()
    assert copy_hashing(io.BytesIO(data), target).size_bytes == size
    assert target.getvalue() == data


def test_a_source_that_breaks_off_is_said_in_words() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(DependencyError, match="Input/output error"):
        copy_hashing(Broken(), io.BytesIO())
