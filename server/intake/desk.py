"""What the server knows when a batch comes in: the device, locked, its ledgers' heads, and who works there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from server.devices.models import FormerKey
from server.intake.sql import Statement, on_postgresql, run
from server.problems import ProblemError
from sync import entries, wire

_DEVICE = """
    SELECT d.unit_id, d.counter_id, d.public_key, d.revoked_at IS NOT NULL, u.name, u.time_zone,
           CASE WHEN c.shown <> '' THEN c.shown ELSE u.shown END, c.name, c.on_duty_id, d.canary
    FROM devices_device d JOIN places_counter c ON c.id = d.counter_id JOIN places_unit u ON u.id = d.unit_id
    WHERE d.id = %b
"""
_HEADS = """
    SELECT h.ledger, h.unit_id, u.time_zone, h.device_id, h.counter_id, h.seq, h.digest, h.at
    FROM intake_head h JOIN places_unit u ON u.id = h.unit_id
    WHERE h.ledger IN ({})
"""
_PLACE = """
    SELECT p.unit_id, u.time_zone, p.counter_id
    FROM devices_deviceplace p JOIN places_unit u ON u.id = p.unit_id
    WHERE p.device_id = %b AND p.unit_id = %b AND p.counter_id = %b LIMIT 1
"""
_OFFICERS_OF = "SELECT id, unit_id, name, title, active, photo, pin FROM places_officer WHERE unit_id = %b"
_OFFICERS = """
    SELECT id, unit_id, name, title, active, photo, pin FROM places_officer
    WHERE unit_id IN (SELECT unit_id FROM devices_device WHERE id = %b UNION SELECT unit_id FROM intake_head WHERE ledger = %b)
"""


@dataclass
class Ledger:
    """How far the server holds a ledger; see `server.intake.models.Head`. time_zone: of its unit."""

    ledger: str
    unit_id: str
    time_zone: str
    device_id: str
    counter_id: str | None = None
    seq: int = 0
    digest: str = entries.GENESIS
    at: int | None = None

    def acked(self) -> wire.Acked:
        """The head, as a receipt or a problem says it."""
        return wire.Acked(self.ledger, self.seq, self.digest)


class Worker(NamedTuple):
    """An officer, and the unit where they may be rated. active: still works there. photo, pin: its hash, or empty."""

    id: str
    unit_id: str
    name: str
    title: str
    active: bool
    photo: str
    pin: str


@dataclass
class Desk:
    """The device with its unit and counter, the ledgers known among those asked for, the officers of the units concerned.

    shown: what was changed on the counter's kiosk; see `server.places.models.Unit`. canary: it tries versions first.
    """

    device_id: str
    public_key: str
    revoked: bool
    unit: wire.Place
    time_zone: str
    shown: str
    counter: wire.Place
    on_duty: str | None
    canary: bool
    ledgers: dict[str, Ledger]
    workers: list[Worker]

    def ledger(self, name: str) -> Ledger:
        """The ledger of this name; one that is unknown would be the device's, and empty."""
        return self.ledgers.get(name) or Ledger(name, self.unit.id, self.time_zone, self.device_id)

    def acked(self, name: str) -> wire.Acked:
        """What a receipt says of a ledger: another device's is as unknown as one that was never seen."""
        known = self.ledgers.get(name)
        return known.acked() if known and known.device_id == self.device_id else wire.Acked(name, 0, entries.GENESIS)

    def officers_of(self, unit_id: str) -> set[str]:
        """The ids that may be rated in a unit, those of officers who have left included."""
        return {worker.id for worker in self.workers if worker.unit_id == unit_id}

    def opening(self, name: str, line: bytes) -> Ledger:
        """A new ledger of the device, as its first line binds it: to the counter where the device stands, or once stood.

        Where the line is no valid `opened`, the ledger is of the device's unit, without a counter.
        """
        ledger = Ledger(name, self.unit.id, self.time_zone, self.device_id)
        try:
            entry = entries.decode_entry(line)
        except entries.Malformed:
            return ledger
        if not isinstance(entry, entries.Opened) or entry.ledger != name or not self._has_key(entry.device):
            return ledger
        if (entry.unit, entry.counter) == (self.unit.id, self.counter.id):
            ledger.counter_id = entry.counter
        elif "\0" not in entry.unit + entry.counter:
            [former] = run(Statement(_PLACE, [self.device_id, entry.unit, entry.counter]))
            if former:
                [(ledger.unit_id, ledger.time_zone, ledger.counter_id)] = former
                self._meet(ledger.unit_id)
        return ledger

    def _has_key(self, public_key: str) -> bool:
        """Whether the key is the device's, or was."""
        return public_key == self.public_key or FormerKey.objects.filter(device_id=self.device_id, public_key=public_key).exists()

    def _meet(self, unit_id: str) -> None:
        """Learn who works in another unit."""
        if unit_id != self.unit.id:
            [workers] = run(Statement(_OFFICERS_OF, [unit_id]))
            self.workers += [Worker(*row) for row in workers]

    def roster(self) -> list[wire.Officer]:
        """Who works in the device's unit now."""
        return [
            wire.Officer(worker.id, worker.name, worker.title, worker.photo or None, worker.pin or None)
            for worker in self.workers
            if worker.active and worker.unit_id == self.unit.id
        ]


def lock(device_id: str, ledger: str, others: Collection[str]) -> Desk:
    """Lock the device's row, which is the lock of all its ledgers (clones share it), and read what a batch of `ledger` needs.

    SQLite needs no lock: a transaction there is the only one that writes. Raises `unknown-device`.
    """
    names = list({ledger, *others})
    device, heads, workers = run(
        Statement(_DEVICE + (" FOR UPDATE OF d" if on_postgresql() else ""), [device_id]),
        Statement(_HEADS.format(", ".join(["%b"] * len(names))), names),
        Statement(_OFFICERS, [device_id, ledger]),
    )
    if not device:
        raise ProblemError("unknown-device")
    [(unit_id, counter_id, public_key, revoked, unit_name, time_zone, shown, counter_name, on_duty, canary)] = device
    return Desk(
        device_id=device_id,
        public_key=public_key,
        revoked=bool(revoked),
        unit=wire.Place(unit_id, unit_name),
        time_zone=time_zone,
        shown=shown,
        counter=wire.Place(counter_id, counter_name),
        on_duty=on_duty,
        canary=bool(canary),
        ledgers={row[0]: Ledger(*row) for row in heads},
        workers=[Worker(*row) for row in workers],
    )
