"""What kiosk and server say to each other: batches of entries, receipts, problems, enrolment, the kiosk's configuration."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from sync.entries import MAX_LINE_BYTES, Instant, Malformed, Name, PublicKey, Seconds, Seq, Sha256
from sync.pins import PinHash
from sync.shown import FormAddress, Hours, IdleSeconds, Notices, Reason, Texts, ThanksSeconds, require_reasons
from sync.updates import Update, Updates

MAX_BATCH_LINES = 1000
MAX_BATCH_BYTES = 256 * 1024
MAX_HEADER_BYTES = 64 * 1024
MAX_SEALED_BYTES = 16 * 1024
MAX_WANTED = 50
MAX_ERASE = 100
MAX_PHOTO_BYTES = 256 * 1024

T = TypeVar("T")

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


class Health(Struct, frozen=True, omit_defaults=True):
    """How the kiosk is. waiting: entries not yet acknowledged; disk_free: bytes. update: how the last change of version went."""

    version: Name
    waiting: Seq
    disk_free: Seq
    update: Update | None = None


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
    packer = zlib.compressobj(4, zlib.DEFLATED, 31, strategy=zlib.Z_FILTERED)  # ids are random, and matches in them by chance
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
        raise Malformed(f"the entries have {len(text) - len(head) - 1} bytes; less than {MAX_BATCH_BYTES} are allowed")
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
    config: digest of the configuration in force. wanted, erase: hashes of sealed comments to send, and to delete; at most
    `MAX_WANTED` and `MAX_ERASE` of them, drawn at random where there are more.
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


class Officer(Struct, frozen=True, omit_defaults=True):
    """Who may be rated: stable random id, name and title as shown to citizens. photo: SHA-256 of a JPEG, or None.

    pin: argon2id of the digits with which they sign in at the counter, or None where they cannot.
    """

    id: Name
    name: str
    title: str
    photo: Sha256 | None = None
    pin: PinHash | None = None


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


class KioskConfig(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a kiosk shows. on_duty: id of the officer whom votes are for, or None.

    What follows it is there only where the unit changed it; one that changed nothing has the same bytes as ever. texts: sentences by
    key, then language. reasons: instead of all of `sync.choices.DEFAULT_REASONS`. hours: None where none were told, so always open.
    reception: when citizens are received by the leader. idle_seconds, thanks_seconds: None for the kiosk's own. without_officer: while
    nobody is on duty the counter is rated, or the screen rests. form_address: where the public reaches the server's form for comments.
    technician: hash of the PIN that opens the technician's screen. updates: where its next version comes from; None where the server
    has none.
    """

    unit: Place
    counter: Place
    officers: list[Officer]
    on_duty: Name | None
    texts: Texts = {}
    reasons: list[Reason] = []
    hours: Hours | None = None
    reception: Notices = {}
    idle_seconds: IdleSeconds | None = None
    thanks_seconds: ThanksSeconds | None = None
    without_officer: Literal["rate", "rest"] = "rate"
    form_address: FormAddress | None = None
    technician: PinHash | None = None
    updates: Updates | None = None

    def __post_init__(self) -> None:
        require_reasons(self.reasons)


def sha256(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex characters."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, kind: type[T]) -> T:
    """A struct of this module from its JSON. Raises `Malformed`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
