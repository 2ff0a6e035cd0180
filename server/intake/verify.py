"""Walking the archive: whether every chain is whole, signed by whom it says, and what was published of it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date
from itertools import chain as both
from itertools import groupby
from typing import NamedTuple

from django.db import models

from server.devices.models import Device, FormerKey
from server.intake import publish
from server.intake.archive import digest_at
from server.intake.models import Batch, Head, PublishedDay, Vote
from server.places.models import Unit
from sync import entries, wire
from sync.signature import request_is_genuine

PATH = "/api/v1/entries"


class Fault(NamedTuple):
    """Something that does not hold. where: a ledger's name, or a unit and day."""

    where: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.seq}  {self.what}"


def chains(progress: Callable[[int, int], None]) -> Iterator[Fault]:
    """The faults of all ledgers. progress: called with the number of batches walked, and of all."""
    heads = {head.ledger: head for head in Head.objects.all()}  # first, for the archive may grow meanwhile
    keys = _keys()
    total, walked = Batch.objects.count(), 0
    seen = set()
    rows = Batch.objects.order_by("ledger", "unit_id", "last").iterator(chunk_size=64)
    for ledger, batches in groupby(rows, key=lambda row: row.ledger):
        chain = Chain(ledger, heads.get(ledger))
        for row in batches:
            yield from chain.walk(row, keys[row.device_id])
            walked += 1
            progress(walked, max(total, walked))
        yield from chain.end()
        seen.add(ledger)
    for ledger in sorted(heads.keys() - seen):
        yield Fault(ledger, heads[ledger].seq, "the archive has nothing of it")


def _keys() -> defaultdict[str, set[str]]:
    """The keys of each device, the former ones included."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for device, key in both(
        Device.objects.values_list("id", "public_key"), FormerKey.objects.order_by().values_list("device_id", "public_key")
    ):
        keys[device].add(key)
    return keys


class Chain:
    """One ledger, walked batch by batch."""

    def __init__(self, ledger: str, head: Head | None) -> None:
        self._ledger = ledger
        self._head = head
        self._unit: str | None = None
        self._seq = 0
        self._digests = {0: entries.GENESIS}
        self._opened_by: str | None = None
        self._counter: str | None = None

    def walk(self, row: Batch, keys: Collection[str]) -> Iterator[Fault]:
        """The faults of the next batch. keys: which the device that sent it has and had."""
        body = bytes(row.body)
        if not request_is_genuine(row.device_key, row.signature, "POST", PATH, body):
            yield Fault(self._ledger, row.first, "the signature does not hold: the bytes were changed")
        try:
            batch = wire.decode_batch(body)
        except entries.Malformed as error:
            yield Fault(self._ledger, row.first, f"the bytes were changed: {error}")
            return
        header = batch.header
        if (header.ledger, header.first, header.first + len(batch.lines) - 1) != (row.ledger, row.first, row.last):
            yield Fault(self._ledger, row.first, f"the batch says {header.ledger}:{header.first} and has {len(batch.lines)} entries")
            return
        if self._unit is None:
            self._unit, self._counter = row.unit_id, row.counter_id
            yield from self._open(batch)
        elif (row.unit_id, row.counter_id) != (self._unit, self._counter):
            yield Fault(self._ledger, row.first, "it is kept under another unit or counter than what lies before")
        if row.device_key not in (*keys, self._opened_by):
            yield Fault(self._ledger, row.first, "signed by a key that is not the device's")
        yield from self._follow(row, batch)

    def _open(self, batch: wire.Batch) -> Iterator[Fault]:
        try:
            entry = entries.decode_entry(batch.lines[0])
        except entries.Malformed:
            return
        if isinstance(entry, entries.Opened):
            self._opened_by = entry.device
            if entry.parent is not None:
                yield from self._link(entry.parent)

    def _link(self, parent: entries.Parent) -> Iterator[Fault]:
        head = Head.objects.filter(pk=parent.ledger, seq__gte=parent.seq).first()
        if head is not None:
            try:
                same = digest_at(head.unit_id, parent.ledger, parent.seq) == parent.digest
            except (Batch.DoesNotExist, entries.Malformed, IndexError):
                return  # the fault is the parent's, and named there
            if not same:
                yield Fault(self._ledger, 1, f"a fork: its parent {parent.ledger} has another digest at {parent.seq}")

    def _follow(self, row: Batch, batch: wire.Batch) -> Iterator[Fault]:
        digests = dict(enumerate(entries.chain(batch.header.previous, batch.lines), row.first))
        if row.first > self._seq + 1:
            yield Fault(self._ledger, self._seq + 1, f"a gap: entries {self._seq + 1} to {row.first - 1} are missing")
        else:
            before = row.first - 1
            same = (
                self._digests.get(before) == batch.header.previous
                and digests.get(self._seq, self._digests[self._seq]) == self._digests[self._seq]
            )
            if not same:
                yield Fault(self._ledger, row.first, "a fork: it does not follow from what lies before")
        if digests[row.last] != row.digest:
            yield Fault(self._ledger, row.last, "the digest kept beside the batch is another")
        head = self._head
        if head is not None and digests.get(head.seq, head.digest) != head.digest:
            yield Fault(self._ledger, head.seq, "the head's digest is another")
        self._digests = {seq: digest for seq, digest in (self._digests | digests).items() if seq > row.last - wire.MAX_BATCH_LINES - 1}
        self._seq = row.last

    def end(self) -> Iterator[Fault]:
        """The faults that show once all batches were walked."""
        if self._head is None:
            yield Fault(self._ledger, self._seq, "it has no head")
        elif self._seq < self._head.seq:
            yield Fault(self._ledger, self._seq + 1, f"a gap: entries {self._seq + 1} to {self._head.seq} are missing")
        elif (self._head.unit_id, self._head.counter_id) != (self._unit, self._counter):
            yield Fault(self._ledger, self._head.seq, "the head says another unit or counter than the archive")


def counted_twice() -> Iterator[Fault]:
    """The votes that count in more than one unit. A vote's key has its unit, so the database does not prevent it."""
    ids = Vote.objects.values("id").annotate(units=models.Count("unit_id")).filter(units__gt=1).values_list("id", flat=True)
    for vote in Vote.objects.filter(id__in=ids).order_by("id", "unit_id"):
        yield Fault(vote.ledger, vote.seq, f"vote {vote.id} counts in {vote.unit_id}, and in another unit as well")


def days(day: date | None) -> Iterator[Fault]:
    """The faults of what was published on one day, or on all days (None)."""
    zones = dict(Unit.objects.values_list("id", "time_zone"))
    before: PublishedDay | None = None
    for row in PublishedDay.objects.order_by("unit_id", "day").iterator(chunk_size=64):
        earlier = before if before is not None and before.unit_id == row.unit_id else None
        if day in (None, row.day):
            yield from _published(row, earlier, zones[row.unit_id])
        before = row


def _published(row: PublishedDay, before: PublishedDay | None, zone: str) -> Iterator[Fault]:
    where = f"{row.unit_id} {row.day}"
    if publish.digest_of(row.previous, row.heads) != row.digest:
        yield Fault(where, 0, "the published hash is another")
    if row.previous != (entries.GENESIS if before is None else before.digest):
        yield Fault(where, 0, "it does not follow from the published day before")
    try:
        heads = publish.from_text(row.heads)
    except ValueError:
        yield Fault(where, 0, "the published heads cannot be read")
        return
    for ledger, head in heads.items():
        try:
            same = digest_at(row.unit_id, ledger, head.seq) == head.digest
        except (Batch.DoesNotExist, entries.Malformed, IndexError):
            same = False
        if not same:
            yield Fault(ledger, head.seq, f"it is not what was published on {row.day}")
    since = None if before is None else publish.end_of(before.day, zone)
    for ledger, found in publish.heads_between(row.unit_id, since, publish.end_of(row.day, zone)).items():
        if ledger not in heads or found.seq > heads[ledger].seq:
            yield Fault(ledger, found.seq, f"archived as of {row.day}, but it was not there when that day was published")
