"""What a device says it holds, beside what the server has of it: what is still on its way, and what is lost."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec

from server.devices.models import Device
from server.intake.models import Batch, Head
from server.places.models import Counter, Unit
from sync import wire
from sync.entries import Malformed, Opened, decode_entry

SHOWN = 20

_Held = list[wire.Held]


class Stock(NamedTuple):
    """Entries that the server does not have. waiting: they are on the device, as far as it said; lost: it has let go of them.

    told: whether the device ever said what it holds. If not, waiting is what it said was waiting, which may have come since.
    """

    waiting: int
    lost: int
    told: bool

    @property
    def missing(self) -> int:
        """Both."""
        return self.waiting + self.lost


class LedgerRow(NamedTuple):
    """A ledger of a device. seq: how far the server has it. held: what the device said of it, or None. place: its counter and unit,
    or None where it was not validly opened. opened: its first entry, or None.
    """

    name: str
    seq: int
    held: wire.Held | None
    place: str | None
    opened: Opened | None

    @property
    def stock(self) -> Stock:
        """What of it is missing."""
        return _stock([self.held] if self.held else [], {self.name: self.seq})

    @property
    def first_lost(self) -> int:
        """The first entry that nobody has, if any is."""
        return self.seq + 1

    @property
    def reason(self) -> str:
        """Why it was begun, in words."""
        return _REASONS.get(self.opened.reason, self.opened.reason) if self.opened else "không mở đúng cách"


_REASONS = {
    "new": "sổ đầu tiên",
    "moved": "máy chuyển quầy",
    "forked": "tách nhánh: ổ đĩa bị nhân bản hoặc khôi phục từ bản sao cũ",
    "recovered": "dữ liệu trên máy hỏng, đã cứu lại",
    "pruned": "tách nhánh, các mục cũ đã được dọn khỏi máy",
}


def held_by(device: Device) -> list[wire.Held]:
    """The ledgers of the device, as it said itself when it was heard last."""
    return msgspec.json.decode(device.held, type=_Held) if device.held else []


def stocks(devices: Iterable[Device]) -> dict[str, Stock]:
    """What is missing of each of the devices, by their ids."""
    every = {device: held_by(device) for device in devices}
    names = {held.ledger for ledgers in every.values() for held in ledgers}
    heads = {(head.device_id, head.ledger): head.seq for head in Head.objects.filter(pk__in=names)}
    found = {}
    for device, ledgers in every.items():
        known = {held.ledger: heads.get((device.pk, held.ledger), 0) for held in ledgers}
        found[device.pk] = _stock(ledgers, known) if ledgers else Stock(device.waiting, 0, told=False)
    return found


def ledgers_of(device: Device) -> tuple[list[LedgerRow], int]:
    """The device's ledgers, the newest first, at most `SHOWN`; and how many there are beyond."""
    held = {one.ledger: one for one in held_by(device)}
    heads = {head.ledger: head for head in Head.objects.filter(device_id=device.pk)}
    names = sorted({*held, *heads}, key=lambda name: (name not in heads, heads[name].at or 0 if name in heads else 0), reverse=True)
    shown = names[:SHOWN]
    places, opened = _places([heads[name] for name in shown if name in heads]), _opened([heads[name] for name in shown if name in heads])
    rows = [LedgerRow(name, heads[name].seq if name in heads else 0, held.get(name), places.get(name), opened.get(name)) for name in shown]
    return rows, len(names) - len(shown)


def _stock(ledgers: Collection[wire.Held], seqs: Mapping[str, int]) -> Stock:
    lost = sum(max(0, one.floor - seqs[one.ledger]) for one in ledgers)
    waiting = sum(max(0, one.last - max(one.floor, seqs[one.ledger])) for one in ledgers)
    return Stock(waiting, lost, told=True)


def _places(heads: Collection[Head]) -> dict[str, str]:
    """Counter and unit of each ledger that was validly opened."""
    counters = dict(Counter.objects.filter(pk__in={head.counter_id for head in heads}).values_list("id", "name"))
    units = dict(Unit.objects.filter(pk__in={head.unit_id for head in heads}).values_list("id", "name"))
    return {
        head.ledger: f"{counters.get(head.counter_id, head.counter_id)}, {units.get(head.unit_id, head.unit_id)}"
        for head in heads
        if head.counter_id is not None
    }


def _opened(heads: Collection[Head]) -> dict[str, Opened]:
    """The first entry of each ledger where that is a valid one."""
    units, names = {head.unit_id for head in heads}, {head.ledger for head in heads}
    found = {}
    for batch in Batch.objects.filter(unit_id__in=units, ledger__in=names, first=1):
        try:
            entry = decode_entry(wire.decode_batch(bytes(batch.body)).lines[0])
        except Malformed:
            continue
        if isinstance(entry, Opened):
            found[batch.ledger] = entry
    return found
