"""A kiosk without its window: real ledger, courier and client, in this process."""

from pathlib import Path
from typing import Literal

from kiosk import __version__
from kiosk.clocks import Clocks
from kiosk.comments import Comments
from kiosk.enrolment import Identity, device_key, load_identity, store_enrolment
from kiosk.facts import Facts
from kiosk.photos import Photos
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.storage.ledger import Binding, Ledger
from sync.client import Client, enrol
from sync.courier import Courier, Step
from sync.entries import Vote, uuid7
from sync.errands import Errands
from sync.http import Wire
from sync.sealing import Written
from sync.wire import Receipt

MOST_EXCHANGES = 200


class Tablet:
    """An enrolled kiosk. `cast` keeps the ids of the votes that were thanked for. ledger: the class, for broken ones.

    authorities: certificates to trust instead of the system's, or None.
    """

    def __init__(self, folder: Path, address: str, code: str, ledger: type[Ledger] = Ledger, authorities: Path | None = None) -> None:
        self.data = folder
        self._authorities = authorities
        self._address = address
        self._clocks = Clocks()
        self.cast: set[str] = set()
        self.ledger = ledger(folder, self._clocks)
        self.enrol(code)

    def enrol(self, code: str) -> None:
        """Enrol, for the first time or again, and go on as the device that the server names."""
        enrolment = enrol(Wire(self._address, self._authorities), device_key(self.data), code, __version__)
        store_enrolment(self.data, enrolment)
        self.ledger.bind(Binding(self.identity.public_key, enrolment.unit.id, enrolment.counter.id))
        self.roster = Roster(self.data, enrolment.unit, enrolment.counter)
        self.facts = Facts(self.data, self._clocks, self.ledger, self.roster, lambda: None)
        self.sealed = Sealed(self.data, self.ledger.held)
        self._comments = Comments(self.ledger.append, self.sealed, lambda: enrolment.sealing_key)
        client = Client(Wire(self._address, self._authorities), enrolment.device, self.identity.key, enrolment.signing_key)
        errands = Errands(self.sealed, client)
        self._photos = Photos(self.roster.photos, lambda: self.roster.officers, client.photo, lambda: None)

        def run_errands(receipt: Receipt) -> None:
            errands.run(receipt)
            self._photos.run()

        self._courier = Courier(self.ledger, client, self.facts, self.facts.note, errands=run_errands)

    @property
    def identity(self) -> Identity:
        identity = load_identity(self.data)
        assert identity is not None
        return identity

    def vote(self, rating: Literal["satisfied", "dissatisfied"] = "satisfied") -> None:
        """One citizen, who is thanked when this returns."""
        vote = self.last_vote = uuid7()
        self.ledger.append(lambda now: Vote(id=vote, at=now.at, up=now.up, boot=now.boot, officer=None, rating=rating))
        self.cast.add(str(vote))

    def comment(self, text: str) -> str:
        """What the citizen who voted last wrote; the SHA-256 of its sealed bytes."""
        return self._comments.record(self.last_vote, Written(text=text, language="vi"))

    def exchange(self) -> Step:
        """One round of the courier."""
        step = self._courier.run_once()
        self.facts.note(step)
        return step

    def drain(self) -> Step:
        """Rounds until nothing waits, or nothing moves; without waiting in between."""
        for _ in range(MOST_EXCHANGES):
            step = self.exchange()
            if step.outcome != "received" or not self.ledger.waiting():
                return step
        raise AssertionError(f"{self.ledger.waiting()} entries still wait after {MOST_EXCHANGES} exchanges: {step}")

    def close(self) -> None:
        self.ledger.close()
