"""What the server is not known to hold, written on a USB stick: the same signed requests that the network would carry.

Reads journal, sealed comments and `status.json`, not the database, so that the kiosk may run meanwhile. Where nobody knows how
far the server is, everything is written: an entry counts once, however often it comes.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nacl.signing import SigningKey

from kiosk import __version__
from kiosk.carried import stick_name, take_from
from kiosk.clocks import Clocks
from kiosk.enrolment import load_identity
from kiosk.provisioning import Provision
from kiosk.status import Status, read_status
from kiosk.storage.journal import Journal, Record
from sync.client import enrol_request
from sync.entries import GENESIS, Malformed
from sync.files import write_whole
from sync.signature import sign_request
from sync.stick import CONTENTS, ENROL, ENTRIES, FOLDER, MAX_FILE_BYTES, NO_BOOT, REQUESTS, SEALED, Contents, Listed, Request, read_file
from sync.wire import MAX_BATCH_BYTES, MAX_BATCH_LINES, Acked, Batch, BatchHeader, Clock, Health, Held, encode_batch, sha256

MOST_LEDGERS = 200
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StickFault(Exception):
    """error: what happened. full: no room is left; else it cannot be written or read back (perhaps it was pulled out)."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error
        self.full = error.errno in _FULL


class Written(NamedTuple):
    """What is on the stick now, read back and compared. answers: how many receipts were taken from it.

    enrolled: whether who we are was taken from it. secret: whether the secret of the provisioning file is on it.
    """

    entries: int
    comments: int
    answers: int = 0
    enrolled: bool = False
    secret: bool = False


def export(data: Path, stick: Path, provision: Provision | None, clocks: Clocks, progress: Callable[[int], None]) -> Written:
    """Take from the stick what the server wrote for us, and write what is pending; before it our enrolment, while we have no id.

    data: the data folder. stick: a folder that exists. provision: of kiosk.toml, or None. progress: is told how many entries are
    written so far. Raises `StickFault`, LookupError for a kiosk that is neither enrolled nor provisioned, and `Refused` where the
    stick says that the server refuses us: then nothing is written, and the next time it is.
    """
    before = load_identity(data, provision)
    try:
        identity, said = take_from(stick, data, provision, clocks.now().at)
        secret = provision.secret if provision and not identity.enrolment else None
        stands = [at for one in said for at in one.stands]
        written = _write(data, stick / FOLDER / stick_name(identity), identity.key, secret, clocks, stands, progress)
    except OSError as error:
        with suppress(OSError):
            for torn in (stick / FOLDER).rglob("*.new"):
                torn.unlink()
        raise StickFault(error) from error
    enrolled = identity.enrolment is not None and (before is None or before.enrolment is None)
    return written._replace(answers=len(said), enrolled=enrolled, secret=secret is not None)


def _write(
    data: Path,
    folder: Path,
    key: SigningKey,
    secret: str | None,
    clocks: Clocks,
    stands: Iterable[Acked],
    progress: Callable[[int], None],
) -> Written:
    (folder / REQUESTS).mkdir(parents=True, exist_ok=True)
    for old in [folder / CONTENTS, *(folder / REQUESTS).iterdir()]:
        old.unlink(missing_ok=True)
    listed: list[Listed] = []
    entries = comments = 0

    def put(method: str, path: str, body: bytes, kind: str) -> None:
        signature = sign_request(key, method, path, body)
        content = Request(method, path, folder.name, signature, body).encode()
        listed.append(Listed(f"{len(listed) + 1:06d}-{kind}", len(content), sha256(content)))
        write_whole(folder / REQUESTS / listed[-1].name, content)

    if secret is not None:
        put("POST", ENROL, enrol_request(key, secret, __version__), "enrol")
    for batch in _batches(data, read_status(data), list(stands), clocks):
        put("POST", ENTRIES, encode_batch(batch), "entries")
        entries += len(batch.lines)
        progress(entries)
    for path in sorted((data / "sealed").glob("?" * 64)):
        body = path.read_bytes()
        if sha256(body) == path.name:
            put("PUT", SEALED + path.name, body, "sealed")
            comments += 1
    contents = Contents(device=folder.name, written_at=clocks.now().at, entries=entries, files=listed)
    write_whole(folder / CONTENTS, contents.encode(key))
    _read_back(folder / REQUESTS, listed)
    return Written(entries, comments)


def _read_back(folder: Path, listed: Iterable[Listed]) -> None:
    """A stick that lies is found now, not at the server."""
    for one in listed:
        path = folder / one.name
        if hasattr(os, "posix_fadvise"):  # from the stick, not from memory
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            same = sha256(read_file(path, MAX_FILE_BYTES)) == one.sha256
        except Malformed:
            same = False
        if not same:
            raise OSError(errno.EIO, "what was written is not what can be read", str(path))


class _Offer(NamedTuple):
    """What a ledger offers. previous: the digest at `held.acked`, behind which the records are."""

    held: Held
    previous: str
    records: list[Record]


def _batches(data: Path, status: Status | None, stands: list[Acked], clocks: Clocks) -> Iterator[Batch]:
    offers = _offers(data / "journal", status, stands)
    waiting = sum(offer.held.last - offer.held.acked for offer in offers)
    now = clocks.now()
    for offer in offers:
        previous = offer.previous
        for part in _parts(offer.records):
            header = BatchHeader(
                ledger=offer.held.ledger,
                first=part[0].seq,
                previous=previous,
                ledgers=[offer.held for offer in offers[-MOST_LEDGERS:]],
                clock=Clock(now.at, now.up, NO_BOOT),
                genuine=status.genuine if status else None,
                health=Health(__version__, waiting, shutil.disk_usage(data).free),
                nonce=secrets.token_hex(16),
            )
            yield Batch(header, [record.line for record in part])
            previous = part[-1].digest


def _offers(journals: Path, status: Status | None, stands: list[Acked]) -> list[_Offer]:
    """All ledgers of the journal, the oldest first. (Their names begin with the time when they were opened.)"""
    known = {held.ledger: held for held in status.ledgers} if status else {}
    ended = list(known)[:-1]  # they take no more entries; what lies behind `last` is offered in another ledger
    folders = sorted(path for path in journals.iterdir() if path.is_dir() and "." not in path.name) if journals.is_dir() else []
    return [_offer(folder, known.get(folder.name), folder.name in ended, stands) for folder in folders]


def _offer(folder: Path, known: Held | None, ended: bool, stands: list[Acked]) -> _Offer:
    journal = Journal(folder)
    records = [record for record in journal.records(0) if known is None or not ended or record.seq <= known.last]
    floor, at_floor = (journal.floor.seq, journal.floor.digest) if journal.floor else (0, GENESIS)
    digests = {floor: at_floor, **{record.seq: record.digest for record in records}}
    acked = known.acked if known and known.acked in digests else floor
    for at in stands:
        if at.ledger == folder.name and digests.get(at.acked) == at.digest:
            acked = at.acked
    held = Held(folder.name, floor, max(digests), acked)
    return _Offer(held, digests[acked], [record for record in records if record.seq > acked])


def _parts(records: list[Record]) -> Iterator[list[Record]]:
    """As much as a batch may hold, again and again."""
    part: list[Record] = []
    room = MAX_BATCH_BYTES - 1
    for record in records:
        room -= len(record.line) + 1
        if part and (room < 0 or len(part) == MAX_BATCH_LINES):
            yield part
            part, room = [], MAX_BATCH_BYTES - 1 - len(record.line) - 1
        part.append(record)
    if part:
        yield part
