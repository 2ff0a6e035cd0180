"""The contract between kiosk and server: entries as lines, batches, receipts, the kiosk's configuration.

An entry is one line of JSON, written once on the kiosk and never re-encoded. Its digest chains it to the line before:

    digest = SHA-256(previous digest as 64 lower-case hex characters ‖ the line's bytes, without the newline)

so ``printf '%s%s' "$previous" "$line" | sha256sum`` checks any entry. The first line's previous digest is `GENESIS`.
"""

import hashlib
import os
import time
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

GENESIS = "0" * 64
MAX_LINE_BYTES = 4096
MAX_BATCH_LINES = 500
MAX_BATCH_BYTES = 256 * 1024
MAX_HEADER_BYTES = 64 * 1024

T = TypeVar("T")

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
PublicKey = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=4e9)]
Instant = Annotated[datetime, Meta(tz=True)]


class Malformed(ValueError):
    """Bytes that do not follow this contract; the message says where."""


# --- entries ---------------------------------------------------------------------------------------------------------


class Entry(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every entry carries.

    id: UUIDv7, the entry's identity wherever it is carried. at: the kiosk's wall clock, a remark only.
    up: seconds since boot, counting sleep (CLOCK_BOOTTIME). boot: the kernel's boot id, within which `up` may be compared.
    """

    id: UUID
    at: Instant
    up: Seconds
    boot: Name


class Parent(Struct, frozen=True):
    """Where a ledger that was not the first branched off."""

    ledger: Name
    seq: Seq
    digest: Sha256


class Opened(Entry, frozen=True, kw_only=True, tag="opened"):
    """Line 1 of every ledger: binds it to one device key, unit and counter."""

    ledger: Name
    device: PublicKey
    unit: Name
    counter: Name
    parent: Parent | None
    reason: Literal["new", "moved", "forked", "recovered", "pruned"]


class Started(Entry, frozen=True, kw_only=True, tag="started"):
    """The kiosk's program started."""

    version: Name


class Vote(Entry, frozen=True, kw_only=True, tag="vote"):
    """One citizen's answer. officer: stable id, or None where nobody is on duty at the counter."""

    officer: Name | None
    rating: Literal["satisfied", "dissatisfied"]


AnyEntry = Opened | Started | Vote

_entry_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


def encode_entry(entry: Entry) -> bytes:
    """The entry's line, without newline. Raises `Malformed` when it is over 4 KiB."""
    line = msgspec.json.encode(entry)
    if len(line) > MAX_LINE_BYTES:
        raise Malformed(f"the entry has {len(line)} bytes; {MAX_LINE_BYTES} are allowed")
    return line


def decode_entry(line: bytes) -> AnyEntry:
    """The entry that a line holds. Raises `Malformed` for anything this program cannot interpret."""
    try:
        return _entry_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error


def digest(previous: str, line: bytes) -> str:
    """The chain's next link: SHA-256 over the previous digest (64 hex characters) and the line, as 64 hex characters."""
    return hashlib.sha256(previous.encode("ascii") + line).hexdigest()


def chain(previous: str, lines: Iterable[bytes]) -> list[str]:
    """The digest after each of the lines."""
    digests = []
    for line in lines:
        previous = hashlib.sha256(previous.encode("ascii") + line).hexdigest()
        digests.append(previous)
    return digests


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, the rest random."""
    milliseconds = max(0, time.time_ns() // 1_000_000) & (2**48 - 1)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def to_the_millisecond(at: datetime) -> datetime:
    """The instant in UTC, as precisely as entries carry it."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


# --- batches ---------------------------------------------------------------------------------------------------------


class Clock(Struct, frozen=True):
    """A reading of the kiosk's clocks."""

    at: Instant
    up: Seconds
    boot: Name


class Genuine(Struct, frozen=True):
    """The last server time whose signature held, and the uptime at which it came."""

    time: Instant
    up: Seconds
    boot: Name


class Held(Struct, frozen=True):
    """A ledger that the kiosk holds: entries floor+1 … last are on its disk, acked are known to be on the server."""

    ledger: Name
    floor: Seq
    last: Seq
    acked: Seq


class Health(Struct, frozen=True):
    """How the kiosk is. waiting: entries not yet acknowledged; disk_free: bytes."""

    version: Name
    waiting: Seq
    disk_free: Seq


class BatchHeader(Struct, frozen=True, kw_only=True):
    """The first line of a batch.

    The entries that follow are first, first+1, … of `ledger`; `previous` is the digest of first-1. Without entries the
    batch is a hello. nonce: random, so that no two requests are the same bytes.
    """

    ledger: Name
    first: Annotated[int, Meta(ge=1, le=2**53)]
    previous: Sha256
    ledgers: Annotated[list[Held], Meta(max_length=200)]
    clock: Clock
    genuine: Genuine | None
    health: Health
    nonce: Name


class Batch(Struct, frozen=True):
    """A header and the lines of its entries, each as bytes without newline."""

    header: BatchHeader
    lines: Sequence[bytes]


_header_decoder = msgspec.json.Decoder(BatchHeader)


def encode_batch(batch: Batch) -> bytes:
    """The body of `POST entries`: NDJSON, gzipped (RFC 1952, without a time, so equal batches are equal bytes)."""
    text = b"\n".join([msgspec.json.encode(batch.header), *batch.lines, b""])
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()


def decode_batch(body: bytes) -> Batch:
    """The batch in a body. Raises `Malformed` for anything but one gzip member within the limits."""
    limit = MAX_HEADER_BYTES + MAX_BATCH_BYTES
    unpacker = zlib.decompressobj(31)
    try:
        text = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise Malformed(f"not gzip: {error}") from error
    if len(text) > limit:
        raise Malformed(f"unpacks to more than {limit} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("not exactly one whole gzip member")
    head, *lines = text.split(b"\n")
    if not lines or lines.pop() != b"":
        raise Malformed("the last line does not end with a newline")
    if len(lines) > MAX_BATCH_LINES:
        raise Malformed(f"{len(lines)} entries; {MAX_BATCH_LINES} are allowed")
    if len(text) - len(head) > MAX_BATCH_BYTES:
        raise Malformed(f"the entries have more than {MAX_BATCH_BYTES} bytes")
    if max(map(len, lines), default=0) > MAX_LINE_BYTES:
        raise Malformed(f"an entry has more than {MAX_LINE_BYTES} bytes")
    try:
        return Batch(_header_decoder.decode(head), lines)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"header: {error}") from error


# --- answers ---------------------------------------------------------------------------------------------------------


class Acked(Struct, frozen=True):
    """What the server holds of a ledger without a gap: its highest seq, and the digest there."""

    ledger: Name
    acked: Seq
    digest: Sha256


class Receipt(Struct, frozen=True, kw_only=True):
    """The signed answer to a batch.

    request: SHA-256 of the request's body. time: the server's. next_seconds: when the server would like to hear again.
    config: digest of the configuration in force. wanted, erase: hashes of sealed comments to send, and to delete.
    """

    request: Sha256
    nonce: Name
    time: Instant
    ledgers: list[Acked]
    next_seconds: Annotated[float, Meta(ge=0)]
    config: Sha256
    wanted: list[Sha256] = []
    erase: list[Sha256] = []


PROBLEM_TYPE = "urn:hailong:problem:"


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused: an RFC 9457 problem document.

    type: `PROBLEM_TYPE` and one of the codes of docs/wire.md. at: for `gap` and `forked`, where the server stands.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    at: Acked | None = None

    @property
    def code(self) -> str:
        return self.type.removeprefix(PROBLEM_TYPE)


# --- enrolment and configuration -------------------------------------------------------------------------------------


class Place(Struct, frozen=True):
    """A unit or a counter: stable random id, and the name that people read."""

    id: Name
    name: str


class Officer(Struct, frozen=True):
    """Who may be rated: stable random id, name and title as shown to citizens."""

    id: Name
    name: str
    title: str


class EnrolRequest(Struct, frozen=True):
    """A one-time code for one counter, and the kiosk's Ed25519 public key."""

    code: Annotated[str, Meta(max_length=40)]
    key: PublicKey
    version: Name


class Enrolment(Struct, frozen=True, kw_only=True):
    """The answer to `EnrolRequest`: who the kiosk is from now on, and the keys by which it knows its server."""

    device: Name
    signing_key: PublicKey
    sealing_key: PublicKey
    unit: Place
    counter: Place
    config: Sha256


class KioskConfig(Struct, frozen=True, kw_only=True):
    """What a kiosk shows. on_duty: id of the officer whom votes are for, or None."""

    unit: Place
    counter: Place
    officers: list[Officer]
    on_duty: Name | None


def sha256(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex characters."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, kind: type[T]) -> T:
    """A struct of this module from its JSON. Raises `Malformed`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
