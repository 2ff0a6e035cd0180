"""One exchange with the server over HTTP. The only module that knows requests."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NoReturn

import msgspec
import requests
from nacl.signing import SigningKey
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from sync.errors import Disagreed, Refused, TryLater
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, answer_is_genuine, sign_request
from sync.wire import (
    Enrolment,
    EnrolRequest,
    Malformed,
    Problem,
    Receipt,
    decode,
    sha256,
)

API = "/api/v1/"
CONNECT_SECONDS, READ_SECONDS = 5, 30
WHOLE_REPLY_SECONDS = 60.0
MAX_REPLY_BYTES = 64 * 1024
MAX_CONFIG_BYTES = 1024 * 1024
BUSY = (429, 503)
UNREAD = (411, 413)  # answered before the body was read, so signed as to an empty one


class Reply:
    """A whole answer, read within the limits."""

    def __init__(self, status: int, headers: requests.structures.CaseInsensitiveDict[str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def after_seconds(self) -> float | None:
        """Retry-After (RFC 9110, section 10.2.3) in seconds, or None where it is missing or senseless."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return float(value)
        try:
            return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None


class Wire:
    """HTTP as we want it: no redirects, no proxies from the environment, a deadline over the whole reply.

    server: its address, without a path. ca_file: certificates to trust instead of the system's, or None.
    """

    def __init__(self, server: str, ca_file: Path | None = None) -> None:
        self._server = server.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        if ca_file is not None:
            self._session.verify = str(ca_file)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        """The server's whole answer, of any status but BUSY. Raises `TryLater`, signed or not when the server is busy."""
        deadline = time.monotonic() + WHOLE_REPLY_SECONDS
        try:
            with self._session.request(
                method,
                self._server + path,
                data=body,
                headers={"Accept-Encoding": "identity", **headers},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                received = bytearray()
                while chunk := response.raw.read1(8192):
                    received += chunk
                    if len(received) > max_bytes:
                        raise TryLater("not-our-server", f"an answer of more than {max_bytes} bytes")
                    if time.monotonic() > deadline:
                        raise TryLater("cut-short", f"no whole answer within {WHOLE_REPLY_SECONDS:.0f} s")
                reply = Reply(response.status_code, response.headers, bytes(received))
        except (RequestException, HTTPError, OSError) as error:
            raise TryLater("unreachable", type(error).__name__) from error
        if reply.status in BUSY:
            raise TryLater("busy", str(reply.status), reply.after_seconds)
        return reply

    def close(self) -> None:
        self._session.close()


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
        """The receipt for a batch (as `wire.encode_batch` made it). Raises any `ExchangeError`."""
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        reply = self._ask("POST", API + "entries", body, headers)
        try:
            receipt = decode(reply.body, Receipt)
        except Malformed as error:
            raise TryLater("not-our-server", str(error)) from error
        if receipt.request != sha256(body):
            raise TryLater("not-our-server", "a receipt for another request")
        return receipt

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
