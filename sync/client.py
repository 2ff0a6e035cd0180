"""What a kiosk asks of its server: signed requests, and answers whose signature was checked."""

from typing import NoReturn

import msgspec
from msgspec.structs import replace
from nacl.signing import SigningKey

from sync.backoff import LONGEST_RETRY_AFTER_SECONDS
from sync.entries import Malformed
from sync.errors import Disagreed, Refused, TryLater
from sync.http import MAX_REPLY_BYTES, Reply, Wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, answer_is_genuine, sign_request
from sync.wire import Enrolment, EnrolRequest, Problem, Receipt, decode, sha256

API = "/api/v1/"
MAX_CONFIG_BYTES = 1024 * 1024
UNREAD = (411, 413)  # answered before the body was read, so signed as to an empty one


class Client:
    """The exchange of one enrolled device.

    device: its id. key: the kiosk's own. server_key: by which (hex) answers of our server are known.
    """

    def __init__(self, wire: Wire, device: str, key: SigningKey, server_key: str) -> None:
        self._wire = wire
        self._device = device
        self._key = key
        self._server_key = server_key

    def send(self, body: bytes) -> Receipt:
        """The receipt for a batch (as `wire.encode_batch` made it). Raises any `ExchangeError`.

        It is for these very bytes, in which the nonce is, so for no other sending of the same entries; and it asks for no
        longer silence than 6 h.
        """
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        reply = self._ask("POST", API + "entries", body, headers)
        try:
            receipt = decode(reply.body, Receipt)
        except Malformed as error:
            raise TryLater("not-our-server", str(error)) from error
        if receipt.request != sha256(body):
            raise TryLater("not-our-server", "a receipt for another request")
        return replace(receipt, next_seconds=min(receipt.next_seconds, LONGEST_RETRY_AFTER_SECONDS))

    def config(self, digest: str) -> bytes:
        """The configuration of that SHA-256, checked by it. Raises any `ExchangeError`."""
        reply = self._ask("GET", f"{API}config/{digest}", b"", {}, MAX_CONFIG_BYTES)
        if sha256(reply.body) != digest:
            raise TryLater("not-our-server", "a configuration of another name")
        return reply.body

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        signature = sign_request(self._key, method, path, body)
        reply = self._wire.ask(method, path, body, {DEVICE_HEADER: self._device, SIGNATURE_HEADER: signature, **headers}, max_bytes)
        heard = b"" if reply.status in UNREAD else body
        signed = answer_is_genuine(self._server_key, reply.headers.get(SIGNATURE_HEADER, ""), reply.status, heard, reply.body)
        if not signed:
            raise TryLater("not-our-server", f"an unsigned answer {reply.status}")
        if reply.status != 200:
            _raise_problem(reply)
        return reply


def enrol(wire: Wire, key: SigningKey, code: str, version: str) -> Enrolment:
    """What the server says of a kiosk that shows it a one-time code. Raises `TryLater` or `Refused`.

    The server's key is learnt from this answer, so the answer can only be checked against itself: HTTPS must say whom we asked.
    """
    request = msgspec.json.encode(EnrolRequest(code=code, key=key.verify_key.encode().hex(), version=version))
    path = API + "enrol"
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sign_request(key, "POST", path, request)}
    reply = wire.ask("POST", path, request, headers)
    if reply.status != 200:
        _raise_problem(reply)
    try:
        answer = decode(reply.body, Enrolment)
    except Malformed as error:
        raise TryLater("not-our-server", str(error)) from error
    if not answer_is_genuine(answer.signing_key, reply.headers.get(SIGNATURE_HEADER, ""), reply.status, request, reply.body):
        raise TryLater("not-our-server", "the answer's signature does not hold")
    return answer


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
