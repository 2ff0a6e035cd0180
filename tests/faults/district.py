"""A district: real kiosks and the real server in one process, to which anything may happen, and what must hold afterwards."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch
from uuid import UUID

from kiosk import contact, rotation
from kiosk.clocks import Clocks, Moment
from kiosk.enrolment import device_key, load_identity
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import transaction
from kiosk.storage.retention import KEPT_DAYS
from sync.courier import Courier, Step
from sync.entries import Change, Vote, chain, decode_entry, uuid7
from tests.faults.centre import Centre, Line, Loss
from tests.faults.invariants import Verdict

if TYPE_CHECKING:
    from server.intake.verify import Fault

VERSION = "0.1.0"
MOST_ROUNDS = 100
MOST_KIOSKS = 4
LOSSES: tuple[Loss, ...] = ("lost request", "lost reply", "late", "twice")
Rating = Literal["satisfied", "dissatisfied"]
RATINGS: list[Rating] = ["satisfied", "dissatisfied"]


class Crashed(BaseException):
    """The power went. No `except Exception` stops it."""


@contextmanager
def power_goes(at: int, *, committed: bool) -> Iterator[None]:
    """At the so-manieth transaction, before its commit or behind it."""
    left, ends = [at], transaction.__exit__

    def cut(self: transaction, kind: object, error: object, trace: object) -> None:
        left[0] -= 1
        if left[0] or kind is not None:
            ends(self, kind, error, trace)
            return
        ends(self, None if committed else Crashed, error, trace)
        raise Crashed

    with patch.object(transaction, "__exit__", cut):
        yield


@dataclass
class Citizens:
    """Who said what. cast: each vote, and what it may be counted as; thanked: the votes that were thanked for."""

    chance: random.Random
    cast: dict[UUID, set[Rating]] = field(default_factory=dict)
    thanked: set[UUID] = field(default_factory=set)


class Stand:
    """A kiosk without its window, on a disk of its own. pruned: what left it because it was old."""

    def __init__(self, folder: Path, line: Line, citizens: Citizens) -> None:
        self.folder = folder
        self.line = line
        self.citizens = citizens
        self.pruned: set[bytes] = set()
        self.start()

    def start(self) -> None:
        clocks = Clocks()
        self.ledger = Ledger(self.folder, clocks)
        identity = load_identity(self.folder)
        assert identity is not None
        former = frozenset(rotation.former_keys(self.folder))
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
        self.roster = Roster(self.folder, identity.unit, identity.counter)
        self.facts = Facts(self.folder, clocks, self.ledger, self.roster, lambda: None)
        self._contact = contact.Contact(self.line, self.folder, None, VERSION)  # type: ignore[arg-type]
        self._courier = Courier(self.ledger, self._contact, self.facts, self.facts.note, lambda low, high: high)

    def vote(self, *, change: bool = False) -> None:
        """One citizen, who may take another answer at once."""
        vote, (rating, other) = uuid7(), self.citizens.chance.sample(RATINGS, 2)
        self.citizens.cast[vote] = {rating}

        def say(now: Moment) -> Vote:
            officer = self.roster.officer
            return Vote(id=vote, at=now.at, up=now.up, boot=now.boot, officer=officer.id if officer else None, rating=rating)

        self.ledger.append(say)
        self.citizens.thanked.add(vote)
        if change:
            self.citizens.cast[vote] = {rating, other}
            self.ledger.append(lambda now: Change(id=uuid7(), at=now.at, up=now.up, boot=now.boot, vote=vote, rating=other))

    def exchange(self) -> Step:
        """Until the courier pauses; no answer may take anything from the disk."""
        before = self.lines()
        for _ in range(MOST_ROUNDS):
            step = self._courier.run_once()
            self.facts.note(step)
            if step.wait_seconds > 0:
                assert before <= self.lines(), "I6: entries are gone from the kiosk"
                return step
        raise AssertionError(f"the kiosk asks on and on: {step}")

    def restart(self) -> None:
        self.ledger.close()
        self.start()

    def crash(self, tear: int = 0) -> None:
        """The disk as it is at this moment, and what comes of it. tear: so many bytes of the journal's last line did not get there."""
        dead = self.folder.with_suffix(".dead")
        copy(self.folder, dead)
        self.ledger.close()
        copy(dead, self.folder)
        if tear:
            newest = max(self.folder.glob("journal/l-*/*.tsv"), key=lambda file: file.stat().st_mtime_ns)
            with newest.open("r+b") as file:
                size = newest.stat().st_size
                last = size - len(newest.read_bytes().splitlines(keepends=True)[-1]) if size else 0
                file.truncate(max(last, size - tear))
        self.start()

    def rotate(self) -> None:
        """A technician asks for another key; it is handed over at the next exchange."""
        rotation.prepare(self.folder)

    def enrol(self, code: str) -> None:
        """A technician enrols it again."""
        contact.enrol(self.line, self.folder, device_key(self.folder), code, VERSION)  # type: ignore[arg-type]
        self.restart()

    def device(self) -> str:
        identity = load_identity(self.folder)
        assert identity is not None
        assert identity.enrolment is not None
        return identity.enrolment.device

    def faults(self) -> Iterator[str]:
        """Where a chain on the disk does not hold."""
        ask = self.ledger._connection.execute
        for ledger in ask("SELECT number, ledger, floor, floor_digest FROM ledgers").fetchall():
            rows = ask("SELECT line, digest FROM entries WHERE number = ? ORDER BY seq", (ledger["number"],)).fetchall()
            if [row["digest"] for row in rows] != chain(ledger["floor_digest"], [row["line"].encode() for row in rows]):
                yield f"the chain of {ledger['ledger']} does not hold"

    def lines(self) -> set[bytes]:
        """Every entry on the disk."""
        return set(self.rows())

    def rows(self) -> list[bytes]:
        """Every entry as often as ledgers of the disk have it: the first of them offers it no more when another carries it on."""
        return [line.encode() for (line,) in self.ledger._connection.execute("SELECT line FROM entries")]


class District:
    """Kiosk by kiosk as enrolled; others are clones of their disks. Each action takes a number, and makes of it what it can."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.citizens = Citizens(random.Random(seed))
        self.folder = folder
        self.centre = Centre(folder / "server")
        self.line = Line()
        self.day = date(2030, 1, 1)
        self.gone: set[UUID] = set()
        self._moves: list[tuple[str, str]] = []
        self._backed_up = 0
        self._pruned: dict[Path, set[bytes]] = {}  # of each image
        self.kiosks = [Stand(place, self.line, self.citizens) for place in sorted(folder.glob("kiosk-?"))]

    # --- what may happen ---------------------------------------------------------------------------------------------

    def vote(self, number: int) -> None:
        for _ in range(1 + number % 7):
            self._one(number).vote()

    def change(self, number: int) -> None:
        self._one(number).vote(change=True)

    def exchange(self, number: int) -> None:
        self._one(number).exchange()

    def lose(self, number: int) -> None:
        """Something happens to the first request of an exchange."""
        self.line.loss = LOSSES[number // MOST_KIOSKS % len(LOSSES)]
        self._one(number).exchange()
        self.line.loss = "none"

    def arrive(self, number: int) -> None:
        """A request that was kept back arrives after all; nobody waits for the answer."""
        if self.line.late:
            self.line.deliver(self.line.late.pop(number % len(self.line.late)))

    def restart(self, number: int) -> None:
        self._one(number).restart()

    def crash(self, number: int) -> None:
        """The power goes while a citizen votes."""
        self._crash(number, self._one(number).vote, tear=number % 5 * 40)

    def crash_in_exchange(self, number: int) -> None:
        self._crash(number, self._one(number).exchange)

    def move(self, number: int) -> None:
        """An administrator puts the device at another counter; the kiosk learns of it by its next exchange."""
        from server.places.models import Counter as Desk

        counters = list(Desk.objects.order_by("name"))
        self._move_to(self._one(number).device(), counters[number // MOST_KIOSKS % len(counters)].pk)

    def clone(self, number: int) -> None:
        if len(self.kiosks) < MOST_KIOSKS:
            original = self._one(number)
            copy(original.folder, folder := self.folder / f"kiosk-{len(self.kiosks)}")
            clone = Stand(folder, self.line, self.citizens)
            clone.pruned |= original.pruned
            self.kiosks.append(clone)

    def image(self, number: int) -> None:
        """An image of a disk is taken."""
        kiosk = self._one(number)
        copy(kiosk.folder, kiosk.folder.with_suffix(".image"))
        self._pruned[kiosk.folder] = set(kiosk.pruned)

    def roll_back(self, number: int) -> None:
        """The last image of a disk is put back; what came later is on that disk no more."""
        kiosk = self._one(number)
        image = kiosk.folder.with_suffix(".image")
        if image.exists():
            self.gone |= votes_in(kiosk.lines())
            kiosk.ledger.close()
            copy(image, kiosk.folder)
            kiosk.start()
            kiosk.pruned = set(self._pruned[kiosk.folder])

    def back_up(self, number: int) -> None:
        self.centre.keep()
        self._backed_up = len(self._moves)

    def restore(self, number: int) -> None:
        """The server's last backup is put back; an administrator enters again where kiosks were put since."""
        if self.centre.put_back():
            moves, self._moves = self._moves[self._backed_up :], self._moves[: self._backed_up]
            for device, counter in moves:
                self._move_to(device, counter)

    def prune(self, number: int) -> None:
        """Years pass, in which the kiosk reaches its server: what is acknowledged may leave, if it counts."""
        kiosk = self._one(number)
        left = set[bytes]()
        for _ in range(2):
            if kiosk.exchange().outcome == "received":
                before = Counter(kiosk.rows())
                kiosk.ledger.keep_house(self.day)
                self.day += timedelta(days=KEPT_DAYS)
                left |= set(before - Counter(kiosk.rows()))
        kiosk.pruned |= left
        self.gone |= votes_in(left) & self.counted().keys()

    def rotate(self, number: int) -> None:
        self._one(number).rotate()

    def rotate_server(self, number: int) -> None:
        from django.conf import settings
        from django.utils import timezone

        from server import keys

        keys.rotate(settings.KEYS, timezone.now())

    def rebuild(self, number: int) -> None:
        from server.intake.rebuild import rebuild

        rebuild(lambda done, total: None)

    # --- what must hold ----------------------------------------------------------------------------------------------

    def heal(self) -> bool:
        """Nothing fails any more, and people do what is theirs; whether everything then comes to rest."""
        self.line.loss = "none"
        for _ in range(12):
            steps = [kiosk.exchange() for kiosk in self.kiosks]
            refused = [kiosk for kiosk, step in zip(self.kiosks, steps, strict=True) if step.outcome == "refused"]
            for kiosk in refused:
                kiosk.enrol(self._code(kiosk))
            accepted = self._accept()
            if not (refused or accepted or any(kiosk.ledger.waiting() for kiosk in self.kiosks)):
                return True
        return False

    def judge(self) -> Verdict:
        """What is lost, doubled or wrong, once all is well again."""
        from server.intake import rebuild, verify
        from server.intake.models import Quarantine
        from server.intake.models import Vote as Counted

        wrong = [] if self.heal() else ["the kiosks do not come to rest"]
        counted, cast = self.counted(), self.citizens.cast
        disks = [kiosk.lines() - kiosk.pruned for kiosk in self.kiosks]
        living = set().union(*map(votes_in, disks))
        lost = (living | self.citizens.thanked - self.gone) - counted.keys()
        changes = {entry.vote: entry.rating for disk in disks for entry in map(decode_entry, disk) if isinstance(entry, Change)}
        wrong += [f"I3: {vote} counts and was not cast" for vote in counted.keys() - cast.keys()]
        for vote, satisfied in counted.items():
            said = {changes[vote]} if vote in changes else cast.get(vote, set())
            if RATINGS[not satisfied] not in said:
                wrong.append(f"{vote} counts as {RATINGS[not satisfied]}, and said {said}")
        wrong += [f"I4: {fault}" for fault in verify.chains(lambda done, total: None) if not self._is_known_fork(fault)]
        wrong += [f"I4: {fault}" for kiosk in self.kiosks for fault in kiosk.faults()]
        wrong += [f"in quarantine: {row}" for row in Quarantine.objects.exclude(reason="wrong-opened")]
        kept = derived()
        tallied = [sum(row["satisfied"] + row["dissatisfied"] for row in kept[table]) for table in ("OfficerDay", "UnitHour")]
        doubled = sum(max(0, count - len(counted)) for count in (Counted.objects.count(), *tallied))
        wrong += [f"I2: {count} tallied of {len(counted)}" for count in tallied if count != len(counted)]
        rebuild.rebuild(lambda done, total: None)
        wrong += [f"rebuilt, {table} differs" for table, rows in derived().items() if rows != kept[table]]
        return Verdict(len(lost), doubled, tuple(wrong), len(self.citizens.thanked))

    def counted(self) -> dict[UUID, bool]:
        """The votes that the server counts, and whether each is satisfied."""
        from server.intake.models import Vote as Counted

        return dict(Counted.objects.values_list("id", "satisfied"))

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.ledger.close()

    def _move_to(self, device_id: str, counter_id: str) -> None:
        from server.devices.models import Device
        from server.places.models import Counter as Desk

        device = Device.objects.get(pk=device_id)
        device.counter = Desk.objects.get(pk=counter_id)
        device.unit = device.counter.unit
        device.save()
        self._moves.append((device_id, counter_id))

    def _accept(self) -> bool:
        """A person looks at what is in quarantine since a restored server forgot where a kiosk stood."""
        from django.utils import timezone

        from server.intake.decisions import Line as Place
        from server.intake.decisions import decide, refold
        from server.intake.models import Decision, Quarantine

        rows = [Place(row.ledger, row.seq) for row in Quarantine.objects.filter(reason="ledger-not-opened")]
        decide(rows, Decision.Verdict.ACCEPT, "Hạnh", timezone.now())
        return bool(refold(timezone.now()))

    def _is_known_fork(self, fault: "Fault") -> bool:
        """Whether it says that a ledger follows one of which the server has a clone's end, which the device's flag says as well."""
        from server.devices.models import Device

        return "its parent" in fault.what and Device.objects.filter(flag="forked").exists()

    def _code(self, kiosk: Stand) -> str:
        from django.utils import timezone

        from server.devices.enrolment import new_code
        from server.devices.models import Device

        return new_code(Device.objects.get(pk=kiosk.device()).counter, timezone.now())

    def _crash(self, number: int, act: Callable[[], object], tear: int = 0) -> None:
        kiosk = self._one(number)
        happened = False
        try:
            with power_goes(1 + number % 3, committed=number % 2 == 0):
                act()
        except Crashed:
            happened = True
        kiosk.crash(tear if happened and number % 2 else 0)

    def _one(self, number: int) -> Stand:
        return self.kiosks[number % len(self.kiosks)]


def votes_in(lines: Iterable[bytes]) -> set[UUID]:
    """The votes that these entries are."""
    return {entry.id for entry in map(decode_entry, lines) if isinstance(entry, Vote)}


def derived() -> dict[str, list[dict[str, Any]]]:
    """Everything that the server derives from its archive, row by row."""
    from server.intake.rebuild import DERIVED

    def plain(row: dict[str, Any]) -> dict[str, Any]:
        return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}

    return {table.__name__: sorted(map(plain, table._default_manager.values()), key=repr) for table in DERIVED}


def copy(source: Path, target: Path) -> None:
    """A disk as it is at this moment."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
