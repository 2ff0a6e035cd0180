"""T14: the tablet's clock says whatever it likes, towards a real server behind real HTTPS."""

import random
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from kiosk import RELEASED
from kiosk.clocks import Clocks, Moment
from sync.client import Client
from sync.entries import Entry, decode_entry, to_the_millisecond, uuid7
from sync.http import Wire
from tests.faults import scale
from tests.faults.report import report
from tests.faults.wired import Place, WiredKiosk
from tests.sync.hostile import listening, read_message

DAY = timedelta(days=1)
WALLS = {"1970": datetime(1970, 1, 1, 0, 5, tzinfo=UTC), "2038": datetime(2038, 1, 20, tzinfo=UTC)}
AHEAD = {"right": timedelta(0), "a day ahead": DAY, "a day behind": -DAY}
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)


class WrongClocks(Clocks):
    """A wall clock that is set at will; an uptime that begins anew with each boot."""

    def __init__(self, wall: str) -> None:
        self.wall = wall
        self.boot()

    def boot(self) -> None:
        """The tablet was switched off and on."""
        self.boot_id = uuid7().hex
        self._since = time.monotonic() - 100

    def now(self) -> Moment:
        at = WALLS.get(self.wall) or datetime.now(UTC) + AHEAD[self.wall]
        return Moment(to_the_millisecond(at), round(time.monotonic() - self._since, 3), self.boot_id)


@contextmanager
def https_before(place: Place, folder: Path, *, expired: bool) -> Iterator[tuple[str, Path]]:
    """The server's address behind HTTPS, and whom to trust; the certificate may have expired a year ago."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = datetime.now(UTC) + (-365 if expired else 365) * DAY
    authority.issue_cert("127.0.0.1", not_before=end - 730 * DAY, not_after=end).configure_cert(context)

    def talk(kiosk: socket.socket) -> None:
        while True:
            request = read_message(kiosk)
            with socket.create_connection(("127.0.0.1", place.port)) as server:
                server.sendall(request)
                kiosk.sendall(read_message(server))

    with listening(talk, context) as (port, _):
        yield f"https://127.0.0.1:{port}", folder / "ca.pem"


def vote_while_the_clock_jumps(kiosk: WiredKiosk, clocks: WrongClocks, chance: random.Random) -> None:
    """Some votes; before each the wall clock may be set, and the tablet started again."""
    for _ in range(chance.randrange(2, 9)):
        if chance.random() < 0.5:
            clocks.wall = chance.choice([*WALLS, *AHEAD])
        if chance.random() < 0.3:
            clocks.boot()
        kiosk.vote()


def can_only_be_estimated(entries: list[Entry], sending_boot: str) -> list[bool]:
    """Of another boot than the one that sends, and with a wall time to come, before 2025, or before an entry that is known."""
    low, estimated = BEGINNING, []
    for entry in entries:
        uptime_says = entry.boot == sending_boot
        estimated.append(not uptime_says and not low <= entry.at <= datetime.now(UTC))
        if not estimated[-1]:
            low = max(low, datetime.now(UTC) - timedelta(hours=1) if uptime_says else entry.at)
    return estimated


@pytest.mark.fault("T14")
def test_whatever_the_clock_says_all_is_taken_in_order_and_what_can_only_be_estimated_is_marked(tmp_path: Path, place: Place) -> None:
    total = scale.how_many(ci=20, long=400)
    lost = doubled = 0
    for number in scale.watched("T14", range(total)):
        chance = scale.chance("T14", number)
        folder = tmp_path / str(number)
        folder.mkdir()
        clocks = WrongClocks(chance.choice([*WALLS, *AHEAD]))
        kiosk = WiredKiosk(folder, place, clocks)
        vote_while_the_clock_jumps(kiosk, clocks, chance)
        with https_before(place, folder, expired=clocks.wall in WALLS) as (address, ca_file):
            wire = Wire(address, ca_file, released=RELEASED, now=lambda clocks=clocks: clocks.now().at)  # type: ignore[misc]
            kiosk.towards(Client(wire, place.enrolment.device, place.key, place.enrolment.signing_key))
            kiosk.drain(60)
            wire.close()
        missing, twice = kiosk.look_at_all()
        lost, doubled = lost + missing, doubled + twice
        rows = kiosk.ask("SELECT at, estimated FROM intake_vote WHERE ledger = ? ORDER BY seq", kiosk.name)
        expected = can_only_be_estimated([decode_entry(line) for line, _ in kiosk.journal()], clocks.boot_id)
        kiosk.ledger.close()
        assert [bool(estimated) for _, estimated in rows] == expected[1:], (scale.SEED, number)
        assert [at for at, _ in rows] == sorted(at for at, _ in rows), (scale.SEED, number)
    report("T14", cases=total, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)
