"""T15: the network breaks at any byte, between a real kiosk without a window and a real server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.client import Client
from sync.http import MAX_REPLY_BYTES, Reply, Wire
from sync.watch import Limits, Watch
from tests.faults import scale
from tests.faults.proxy import KINDS, WAITING, BrokenNetwork, Fault, Kind
from tests.faults.report import report
from tests.faults.wired import Place, WiredKiosk, tallies_are_votes

PATIENT, HASTY = Limits(10, 10, 20), Limits(0.3, 0.3, 0.4)
EACH_BYTE: tuple[Kind, ...] = ("reset in request", "reset in reply", "half-close of reply", "flip in reply")
BYTES = 4000  # more than any request or reply here has


class Credulous(Client):
    """The control: believes whatever looks like an answer."""

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        return self._wire.ask(method, path, body, headers, max_bytes)


class Line:
    """A kiosk, its watch, and the network behind it."""

    def __init__(self, folder: Path, place: Place, network: BrokenNetwork, kind: type[Client]) -> None:
        self.network = network
        self.watch = Watch(PATIENT)
        self.wire = Wire(f"http://127.0.0.1:{network.port}", watch=self.watch)
        enrolment = place.enrolment
        self.kiosk = WiredKiosk(folder, place)
        self.kiosk.towards(kind(self.wire, enrolment.device, place.key, enrolment.signing_key))

    def meet(self, fault: Fault) -> str:
        """One exchange that meets a fault; what the courier made of it."""
        self.network.set(fault)
        self.watch.limits = HASTY if fault.kind in WAITING else PATIENT
        step = self.kiosk.exchange(self.watch.limits.whole_seconds)
        self.kiosk.look()
        return step.outcome

    def recover(self) -> tuple[int, int]:
        """The network is well again: everything arrives. How many votes are lost and doubled."""
        self.network.set(Fault("none"))
        self.watch.limits = PATIENT
        self.kiosk.drain(PATIENT.whole_seconds)
        return self.kiosk.look_at_all()


@contextmanager
def a_line(folder: Path, place: Place, kind: type[Client] = Client) -> Iterator[Line]:
    with BrokenNetwork(place.port) as network:
        line = Line(folder, place, network, kind)
        try:
            yield line
        finally:
            line.wire.close()
            line.kiosk.ledger.close()


def cases() -> list[Fault]:
    """Each kind by turns and at random bytes, those that a byte matters to more often; all bytes in the long column."""
    chance = scale.chance("T15")
    total = scale.how_many(ci=300, long=3000)
    kinds = [*KINDS, *EACH_BYTE * 8]
    drawn = [Fault(kinds[number % len(kinds)], chance.randrange(BYTES)) for number in range(total)]
    chance.shuffle(drawn)
    return drawn + ([Fault(kind, at) for kind in EACH_BYTE for at in range(2000)] if scale.LONG else [])


@pytest.mark.fault("T15")
def test_whatever_the_network_does_at_whatever_byte_each_vote_arrives_once(tmp_path: Path, place: Place) -> None:
    chance = scale.chance("T15", "votes")
    faults = cases()
    outcomes: dict[str, set[str]] = {}
    with a_line(tmp_path, place) as line:
        for fault in scale.watched("T15", faults):
            line.kiosk.vote(chance.randrange(1, 4))
            outcomes.setdefault(fault.kind, set()).add(line.meet(fault))
            if chance.random() < 0.3:
                line.meet(Fault("none"))
        lost, doubled = line.recover()
        right = tallies_are_votes(line.kiosk)
        statuses = set(line.network.statuses)
    report("T15", cases=len(faults), lost=lost, doubled=doubled, control="believing unsigned answers: taken for received, and was not")
    assert (lost, doubled, right) == (0, 0, True)
    assert not [status for status in statuses if status >= 500]
    for kind in ("refuse", "black hole", "reset in reply", "drip", "delay", "reorder", "replay alone", "forge"):
        assert "received" not in outcomes.get(kind, set()), kind


@pytest.mark.fault("T15")
def test_a_client_that_believes_unsigned_answers_takes_for_received_what_is_not(tmp_path: Path, place: Place) -> None:
    """The control of the above."""
    with a_line(tmp_path, place, Credulous) as line:
        line.kiosk.vote(3)
        with pytest.raises(AssertionError, match="I1"):
            line.meet(Fault("forge"))
