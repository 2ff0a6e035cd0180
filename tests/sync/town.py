"""A town of kiosks and their server, to which anything may happen, and the one promise that must hold afterwards."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from kiosk.storage.ledger import Binding
from kiosk.storage.retention import KEPT_DAYS
from sync.entries import GENESIS, Opened, chain, decode_entry
from tests.kiosk.conftest import BINDING
from tests.sync.conftest import Bench
from tests.sync.memory_server import MemoryServer

COUNTERS = [BINDING, Binding(BINDING.device, BINDING.unit, "c-2"), Binding(BINDING.device, BINDING.unit, "c-3")]


class Town:
    """Kiosk 0 is the first; others are clones of its disk. Each action takes a number, and makes of it what it can."""

    def __init__(self, folder: Path, server: MemoryServer, bench: type[Bench] = Bench) -> None:
        self.folder = folder
        self.server = server
        self.day = date(2026, 11, 23)
        self.pruned: set[bytes] = set()  # a server that is put back behind these may lack them for ever
        self.kiosks = [bench(folder / "kiosk-0", server)]

    def vote(self, number: int) -> None:
        self._one(number).vote(1 + number % 7)

    def exchange(self, number: int) -> None:
        self._one(number).run()

    def restart(self, number: int) -> None:
        self._one(number).restart()

    def move(self, number: int) -> None:
        kiosk = self._one(number)
        kiosk.binding = COUNTERS[number % len(COUNTERS)]
        kiosk.ledger.move(kiosk.binding)

    def clone(self, number: int) -> None:
        if len(self.kiosks) < 3:
            self._copy(self._one(number).folder, copy := self.folder / f"kiosk-{len(self.kiosks)}")
            self.kiosks.append(type(self.kiosks[0])(copy, self.server, self._one(number).binding))

    def image(self, number: int) -> None:
        """An image of a disk is taken."""
        kiosk = self._one(number)
        self._copy(kiosk.folder, kiosk.folder.with_suffix(".image"))

    def roll_back(self, number: int) -> None:
        """The last image of a disk is put back."""
        kiosk = self._one(number)
        if kiosk.folder.with_suffix(".image").exists():
            kiosk.ledger.close()
            self._copy(kiosk.folder.with_suffix(".image"), kiosk.folder)
            kiosk.start()

    def restore(self, number: int) -> None:
        """The server's backup is put back: an end of each ledger that it has seen."""
        for ledger, ends in list(self.server.ends.items()):
            self.server.restore(ledger, [0, *ends][number % (len(ends) + 1)])

    def prune(self, number: int) -> None:
        """Years pass: what is acknowledged now may leave."""
        kiosk = self._one(number)
        before = Counter(kiosk.lines())
        for _ in range(2):
            kiosk.ledger.keep_house(self.day)
            self.day += timedelta(days=KEPT_DAYS)
        self.pruned |= set(before - Counter(kiosk.lines()))

    def check(self) -> None:
        """After a few quiet exchanges of each kiosk the server has every entry that is on a disk, and nothing waits."""
        before = [set(kiosk.lines()) for kiosk in self.kiosks]
        for _ in range(3):
            for kiosk in self.kiosks:
                kiosk.run()
        at_server = {decode_entry(line).id for lines in self.server.lines.values() for line in lines}
        for kiosk, lines in zip(self.kiosks, before, strict=True):
            assert lines <= set(kiosk.lines()), "the kiosk lost entries"
            kept = [decode_entry(line) for line in kiosk.lines() if line not in self.pruned]
            missing = [entry for entry in kept if not isinstance(entry, Opened) and entry.id not in at_server]
            assert not missing, f"the server lacks {missing}"
            assert kiosk.ledger.waiting() == 0
            self._check_chains(kiosk)

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.ledger.close()

    def _check_chains(self, kiosk: Bench) -> None:
        rows = kiosk.ledger._connection.execute("SELECT number, floor, floor_digest FROM ledgers").fetchall()
        for row in rows:
            entries = kiosk.ledger._connection.execute(
                "SELECT line, digest FROM entries WHERE number = ? ORDER BY seq", (row["number"],)
            ).fetchall()
            assert [entry["digest"] for entry in entries] == chain(row["floor_digest"], [entry["line"].encode() for entry in entries])
            assert row["floor"] > 0 or row["floor_digest"] == GENESIS

    def _one(self, number: int) -> Bench:
        return self.kiosks[number % len(self.kiosks)]

    def _copy(self, source: Path, target: Path) -> None:
        """A disk as it was at one moment."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
