"""A district: real kiosks and the real server in one process, to which anything may happen, and what must hold afterwards."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kiosk.storage.retention import KEPT_DAYS
from sync.entries import Change, Vote, decode_entry
from tests.faults.centre import Centre, Line, Loss
from tests.faults.invariants import Verdict
from tests.faults.stand import RATINGS, Citizens, Crashed, Stand, copy, power_goes

if TYPE_CHECKING:
    from server.intake.verify import Fault

MOST_KIOSKS = 4
LOSSES: tuple[Loss, ...] = ("lost request", "lost reply", "late", "twice")


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
        self._has_twins = False
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
            self._has_twins = True
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
            self._has_twins = True
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
        """Whether it says that a ledger follows one of which the server has a clone's end: true where a disk was cloned or put back.

        The device's flag may not say so: what tells it can come in any order, and intake does not look back.
        """
        return "its parent" in fault.what and self._has_twins

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
