"""What a kiosk asks of its server: signed requests, and answers whose signature was checked."""

from collections.abc import Sequence
from typing import NoReturn, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from nacl.signing import SigningKey

from sync.backoff import LONGEST_RETRY_AFTER_SECONDS
from sync.entries import Malformed
from sync.errors import Disagreed, OtherKey, Refused, TryLater
from sync.http import MAX_REPLY_BYTES, Reply, Wire
from sync.keys import KeyChange, KeyChanges, KeyRequest, KeyTaken, follow
from sync.signature import DEVICE_HEADER, NEW_SIGNATURE_HEADER, SIGNATURE_HEADER, answer_is_genuine, sign_request
from sync.wire import MAX_PHOTO_BYTES, Enrolment, EnrolRequest, Problem, Receipt, decode, sha256

T = TypeVar("T")

API = "/api/v1/"
MAX_CONFIG_BYTES = 1024 * 1024
UNREAD = (411, 413)  # answered before the body was read, so signed as to an empty one


class Client:
    """The exchange of one enrolled device.

    device: its id. key: the kiosk's own. server_keys: by any of which (hex) answers of our server are known.
    """

    def __init__(self, wire: Wire, device: str, key: SigningKey, *server_keys: str) -> None:
        self._wire = wire
        self._device = device
        self._key = key
        self._server_keys = server_keys

    def send(self, body: bytes) -> Receipt:
        """The receipt for a batch (as `wire.encode_batch` made it). Raises any `ExchangeError`.

        It is for these very bytes, in which the nonce is, so for no other sending of the same entries; and it asks for no
        longer silence than 6 h.
        """
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        reply = self._ask("POST", API + "entries", body, headers)
        receipt = _decoded(reply, Receipt)
        if receipt.request != sha256(body):
            raise TryLater("not-our-server", "a receipt for another request")
        return replace(receipt, next_seconds=min(receipt.next_seconds, LONGEST_RETRY_AFTER_SECONDS))

    def config(self, digest: str) -> bytes:
        """The configuration of that SHA-256, checked by it. Raises any `ExchangeError`."""
        reply = self._ask("GET", f"{API}config/{digest}", b"", {}, MAX_CONFIG_BYTES)
        if sha256(reply.body) != digest:
            raise TryLater("not-our-server", "a configuration of another name")
        return reply.body

    def photo(self, name: str) -> bytes:
        """The photo of that SHA-256, checked by it. Raises any `ExchangeError`."""
        reply = self._ask("GET", f"{API}photos/{name}", b"", {}, MAX_PHOTO_BYTES)
        if sha256(reply.body) != name:
            raise TryLater("not-our-server", "a photo of another name")
        return reply.body

    def put_sealed(self, sealed: str, body: bytes) -> None:
        """Hand over a sealed comment; sealed: the SHA-256 of body. Raises any `ExchangeError`."""
        self._ask("PUT", f"{API}sealed/{sealed}", body, {"Content-Type": "application/octet-stream"})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        signature = sign_request(self._key, method, path, body)
        reply = self._wire.ask(method, path, body, {DEVICE_HEADER: self._device, SIGNATURE_HEADER: signature, **headers}, max_bytes)
        return _believed(reply, body, self._server_keys)


class HandOver(Struct, frozen=True):
    """A kiosk's new key follows its old one (hex): the request's body, and its signatures by both."""

    old: str
    new: str
    body: str
    by_old: str
    by_new: str


def signed_hand_over(old: SigningKey, new: SigningKey) -> HandOver:
    """The request by which the new key follows the old one; it may be sent any number of times."""
    request = KeyRequest(old.verify_key.encode().hex(), new.verify_key.encode().hex())
    body = msgspec.json.encode(request)
    by_old, by_new = (sign_request(key, "POST", API + "keys", body) for key in (old, new))
    return HandOver(request.old, request.new, body.decode("ascii"), by_old, by_new)


def hand_over(wire: Wire, change: HandOver, server_keys: Sequence[str]) -> KeyTaken:
    """The device that took the new key. Raises `TryLater` or `Refused`."""
    body = change.body.encode("ascii")
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: change.by_old, NEW_SIGNATURE_HEADER: change.by_new}
    reply = _believed(wire.ask("POST", API + "keys", body, headers), body, server_keys)
    return _decoded(reply, KeyTaken)


def key_changes(wire: Wire, trusted: str) -> list[KeyChange]:
    """The links from a trusted signing key to the server's present one. Raises `TryLater` where there are none."""
    reply = wire.ask("GET", API + "keys", b"", {})
    links = follow(trusted, _decoded(reply, KeyChanges).changes)
    _believed(reply, b"", [links[-1].signing_key if links else trusted])
    return links


def enrol_request(key: SigningKey, code: str, version: str) -> bytes:
    """The body of `POST enrol`."""
    return msgspec.json.encode(EnrolRequest(code=code, key=key.verify_key.encode().hex(), version=version))


def enrol(wire: Wire, key: SigningKey, code: str, version: str, server_keys: Sequence[str] = ()) -> Enrolment:
    """What the server says of a kiosk that shows it a one-time code. Raises `TryLater` or `Refused`.

    server_keys: by one of which the answer must be signed. Where they are not known, the server's key is learnt from this answer,
    so the answer can only be checked against itself: HTTPS must say whom we asked.
    """
    request = enrol_request(key, code, version)
    path = API + "enrol"
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign_request(key, "POST", path, request)}
    reply = wire.ask("POST", path, request, headers)
    if not server_keys and reply.status != 200:
        _raise_problem(reply)
    if not server_keys:
        server_keys = [_decoded(reply, Enrolment).signing_key]
    return _decoded(_believed(reply, request, server_keys), Enrolment)


def _believed(reply: Reply, request: bytes, server_keys: Sequence[str]) -> Reply:
    """A 200 that one of the keys signed as the answer to this request's body. Raises any `ExchangeError`."""
    signature = reply.headers.get(SIGNATURE_HEADER, "")
    heard = b"" if reply.status in UNREAD else request
    if not any(answer_is_genuine(key, signature, reply.status, heard, reply.body) for key in server_keys):
        if signature:
            raise OtherKey(reply.status)
        raise TryLater("not-our-server", f"an unsigned answer {reply.status}")
    if reply.status != 200:
        _raise_problem(reply)
    return reply


def _decoded(reply: Reply, kind: type[T]) -> T:
    try:
        return decode(reply.body, kind)
    except Malformed as error:
        raise TryLater("not-our-server", str(error)) from error


def _raise_problem(reply: Reply) -> NoReturn:
    try:
        problem = decode(reply.body, Problem)
    except Malformed as error:
        raise TryLater("not-our-server", f"an answer {reply.status} that is no problem document") from error
    if problem.code in ("gap", "forked") and problem.at is not None:
        raise Disagreed(forked=problem.code == "forked", at=problem.at)
    if reply.status >= 500:
        raise TryLater("busy", str(reply.status), reply.after_seconds)
    raise Refused(reply.status, problem.code, problem.detail, reply.after_seconds)
