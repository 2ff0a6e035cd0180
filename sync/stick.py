"""What kiosk and server write on a USB stick where there is no network: the same requests and answers, as files.

    hailong/<device>/contents        which requests there are; signed by the kiosk
    hailong/<device>/requests/…      one signed request a file, in the order of their names
    hailong/<device>/answers/…       the server's signed answer, under the name of its request
    hailong/<device>/config/<sha256> the configuration that a receipt names
    hailong/<device>/keys            how the server's keys followed each other, as `GET keys` answers

<device> is the kiosk's id; of a kiosk that was never told its id, the name by its public key (`sync.signature.name_by_key`). Such a
kiosk's first request is its enrolment.

A request or an answer is a few lines of text, an empty line, and the body. docs/wire.md has the format in words.
"""

import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct
from nacl.signing import SigningKey

from sync.entries import Malformed, Name, Seq, Sha256
from sync.signature import answer_text, holds, key_of_name, request_text, sign
from sync.wire import decode, sha256

FOLDER, REQUESTS, ANSWERS, CONFIG, CONTENTS, KEYS = "hailong", "requests", "answers", "config", "contents", "keys"
NO_BOOT = "carried"  # what the clock in a carried batch's header says: when it arrives tells nothing about when it was written
MAX_FILE_BYTES = 1024 * 1024
MAX_CONTENTS_BYTES = 16 * 1024 * 1024
ENTRIES = "/api/v1/entries"
ENROL = "/api/v1/enrol"
SEALED = "/api/v1/sealed/"

_REQUEST, _ANSWER, _CONTENTS = b"hailong request 1", b"hailong answer 1", b"hailong contents 1"
_DEVICE = re.compile(r"d-[0-9A-Za-z]{1,62}")


class Request(NamedTuple):
    """A request as it would be sent; signature: the kiosk's, over method, path and body."""

    method: str
    path: str
    device: str
    signature: str
    body: bytes

    def encode(self) -> bytes:
        """The file."""
        return _with_head(_REQUEST, [self.method, self.path, self.device, self.signature], self.body)


class Answer(NamedTuple):
    """The server's answer to a batch or an enrolment.

    request, request_signature: SHA-256 of the request's body, and the kiosk's signature, which says whose it was, and to what.
    signature: the server's, as in the header of the answer.
    """

    status: int
    request: str
    request_signature: str
    signature: str
    body: bytes

    def encode(self) -> bytes:
        """The file."""
        return _with_head(_ANSWER, [str(self.status), self.request, self.request_signature, self.signature], self.body)

    def is_ours(self, path: str, device_keys: Collection[str], server_keys: Collection[str]) -> bool:
        """Whether our server (one of its keys, hex) answered so to what we (one of our keys) sent to this path."""
        sent, said = request_text("POST", path, self.request), answer_text(self.status, self.request, self.body)
        ours = any(holds(key, self.request_signature, sent) for key in device_keys)
        return ours and any(holds(key, self.signature, said) for key in server_keys)


class Listed(Struct, frozen=True):
    """A file in requests/."""

    name: Name
    bytes: Seq
    sha256: Sha256


class Contents(Struct, frozen=True, kw_only=True):
    """What a kiosk wrote. device: its id, or its name by key. written_at: by its own clock. entries: how many, over all batches."""

    device: Annotated[str, Meta(min_length=1, max_length=66)]
    written_at: datetime
    entries: Seq
    files: list[Listed]

    def encode(self, key: SigningKey) -> bytes:
        """The file, signed by the kiosk."""
        text = msgspec.json.encode(self)
        return _with_head(_CONTENTS, [sign(key, _contents_text(text))], text)


def decode_request(data: bytes) -> Request:
    """The request in a file. Raises `Malformed`."""
    [method, path, device, signature], body = _parted(data, _REQUEST, 4)
    return Request(method, path, device, signature, body)


def decode_answer(data: bytes) -> Answer:
    """The answer in a file. Raises `Malformed`."""
    [status, request, request_signature, signature], body = _parted(data, _ANSWER, 4)
    if not re.fullmatch("[1-5][0-9][0-9]", status):
        raise Malformed(f"no status: {status!r}")
    return Answer(int(status), request, request_signature, signature, body)


def decode_contents(data: bytes, *device_keys: str) -> Contents:
    """The list that a kiosk (by any key, hex, that it has or had) wrote. Raises `Malformed` for any other."""
    [signature], text = _parted(data, _CONTENTS, 1)
    if not any(holds(key, signature, _contents_text(text)) for key in device_keys):
        raise Malformed("the signature does not hold")
    return decode(text, Contents)


def device_folders(stick: Path) -> list[Path]:
    """The folders of kiosks on a stick, by name. Raises OSError."""
    folder = stick / FOLDER
    return sorted(path for path in folder.iterdir() if _is_a_kiosks(path.name) and path.is_dir()) if folder.is_dir() else []


def read_file(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """A file's bytes. Raises `Malformed` when there are more than expected, OSError."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Malformed(f"more than {most} bytes")
    return data


def _is_a_kiosks(name: str) -> bool:
    return bool(_DEVICE.fullmatch(name)) or key_of_name(name) is not None


def _contents_text(text: bytes) -> bytes:
    return f"hailong contents 1\n{sha256(text)}\n".encode()


def _with_head(kind: bytes, lines: list[str], body: bytes) -> bytes:
    return b"\n".join([kind, *(line.encode() for line in lines), b"", body])


def _parted(data: bytes, kind: bytes, lines: int) -> tuple[list[str], bytes]:
    found = data.split(b"\n", lines + 2)
    if len(found) != lines + 3 or found[0] != kind or found[lines + 1]:
        raise Malformed(f"not a file that begins with “{kind.decode()}”")
    try:
        return [line.decode("ascii") for line in found[1 : lines + 1]], found[-1]
    except UnicodeDecodeError as error:
        raise Malformed("not ASCII") from error
