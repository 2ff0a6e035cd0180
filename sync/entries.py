"""Entries: what a kiosk records, one line of JSON each, written once and never re-encoded.

An entry's digest chains it to the line before:

    digest = SHA-256(previous digest as 64 lower-case hex characters ‖ the line's bytes, without the newline)

so ``printf '%s%s' "$previous" "$line" | sha256sum`` checks any entry. The first line's previous digest is `GENESIS`.
"""

import hashlib
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

GENESIS = "0" * 64
MAX_LINE_BYTES = 4096

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
PublicKey = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=4e9)]
Instant = Annotated[datetime, Meta(tz=True)]


class Malformed(ValueError):
    """Bytes that do not follow this contract; the message says where."""


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


class Change(Entry, frozen=True, kw_only=True, tag="change"):
    """The citizen mended a slip of the finger: the vote says this instead. One a vote, same boot, at most 10 s of uptime after it."""

    vote: UUID
    rating: Literal["satisfied", "dissatisfied"]


class Reasons(Entry, frozen=True, kw_only=True, tag="reasons"):
    """Why the citizen voted so: ids of the reasons that were touched."""

    vote: UUID
    reasons: Annotated[list[Name], Meta(min_length=1, max_length=20)]


class Comment(Entry, frozen=True, kw_only=True, tag="comment"):
    """A written comment lies sealed in a file of its own.

    vote: which it goes with. sealed: SHA-256 of the sealed bytes. key: SHA-256 of the public sealing key, its first 16 characters.
    """

    vote: UUID
    sealed: Sha256
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class Duty(Entry, frozen=True, kw_only=True, tag="duty", omit_defaults=True):
    """Who is on duty at the counter from now on; officer: stable id, or None for nobody.

    assigned: the server's configuration said so; else somebody signed in or out at the counter.
    """

    officer: Name | None
    assigned: bool = False


class Closed(Entry, frozen=True, kw_only=True, tag="closed"):
    """The last entry of a ledger: the kiosk goes on in another."""


AnyEntry = Opened | Started | Vote | Change | Reasons | Comment | Duty | Closed

_entry_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)


def encode_entry(entry: Entry) -> bytes:
    """The entry's line, without newline. Raises `Malformed` when it is over 4 KiB."""
    line = msgspec.json.encode(entry)
    if len(line) > MAX_LINE_BYTES:
        raise Malformed(f"the entry has {len(line)} bytes; {MAX_LINE_BYTES} are allowed")
    return line


def decode_entry(line: bytes) -> AnyEntry:
    """The entry that a line holds. Raises `Malformed` for anything this program cannot interpret."""
    [entry] = decode_entries([line])
    return entry


def decode_entries(lines: Iterable[bytes]) -> list[AnyEntry]:
    """The entries that the lines hold. Raises `Malformed` for anything among them that this program cannot interpret."""
    decode = _entry_decoder.decode
    try:
        return [decode(line) for line in lines]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error


def digest(previous: str, line: bytes) -> str:
    """The chain's next link: SHA-256 over the previous digest (64 hex characters) and the line, as 64 hex characters."""
    return hashlib.sha256(previous.encode("ascii") + line).hexdigest()


def chain(previous: str, lines: Iterable[bytes]) -> list[str]:
    """The digest after each of the lines."""
    sha256 = hashlib.sha256
    digests = []
    for line in lines:
        previous = sha256(previous.encode("ascii") + line).hexdigest()
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
