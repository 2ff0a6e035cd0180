"""What systemd hears of the kiosk: a real datagram socket."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.supervisor import ALIVE, READY, Supervisor


class Systemd:
    """Its end of the socket. so_far: all that was ever heard."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self.so_far: list[bytes] = []

    def heard(self) -> list[bytes]:
        """What has come since it was asked last."""
        said = []
        while True:
            try:
                said.append(self._socket.recv(4096))
            except BlockingIOError:
                self.so_far += said
                return said

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["in a folder", "abstract"])
def address(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    return str(tmp_path / "notify") if request.param == "in a folder" else f"@hailong-test-{tmp_path.name}-{time.monotonic_ns()}"


@pytest.fixture
def systemd(address: str) -> Iterator[Systemd]:
    one = Systemd("\0" + address[1:] if address.startswith("@") else address)
    yield one
    one.close()


def test_it_hears_when_the_kiosk_is_ready_and_then_that_it_lives_three_times_within_its_patience(systemd: Systemd, address: str) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "300000", "WATCHDOG_PID": "1"})
    supervisor.ready()
    assert systemd.heard() == [READY]
    supervisor.alive()
    supervisor.alive()
    assert systemd.heard() == [ALIVE]
    time.sleep(0.11)
    supervisor.alive()
    assert systemd.heard() == [ALIVE]


def test_without_a_watchdog_it_hears_of_the_start_only(systemd: Systemd, address: str) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": address})
    supervisor.ready()
    supervisor.alive()
    assert systemd.heard() == [READY]


def test_where_nobody_listens_nothing_fails_and_it_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Supervisor({}).ready()
    assert caplog.messages == []
    supervisor = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nobody"), "WATCHDOG_USEC": "1"})
    supervisor.ready()
    supervisor.alive()
    assert len(caplog.messages) == 1
