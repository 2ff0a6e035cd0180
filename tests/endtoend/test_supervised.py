"""What a supervisor hears of a real window, and what it writes down for an update: systemd's end of the socket is ours."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.proof import read_proof
from kiosk.supervisor import ALIVE, READY
from tests.kiosk.test_supervisor import Systemd
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import ROOT, SATISFIED_COLOUR, Kiosk

pytestmark = pytest.mark.endtoend

PATIENCE_SECONDS = 3


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """Whatever is started from now on has it for its supervisor."""
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", str(PATIENCE_SECONDS * 1_000_000))
    one = Systemd(address)
    yield one
    one.close()


def test_a_kiosk_is_ready_with_its_first_screen_and_alive_until_it_ends_and_proves_its_version(systemd: Systemd, enrolled: Kiosk) -> None:
    enrolled.start_blindly()
    wait_until(lambda: systemd.heard() != [], "it is ready")
    assert systemd.so_far == [READY]
    enrolled.wait_for_question()
    time.sleep(PATIENCE_SECONDS)
    assert systemd.heard().count(ALIVE) >= 2
    proven = read_proof(enrolled.data)
    assert proven is not None
    assert (proven.first_screen, proven.exchange) == (True, False), "its server is out of reach"


def test_a_window_that_says_what_to_mend_is_ready_and_alive_too(systemd: Systemd, enrolled: Kiosk) -> None:
    enrolled.settings.write_text("colour = 1\n")
    enrolled.start_blindly()
    wait_until(lambda: ALIVE in systemd.heard(), "it is alive")
    assert systemd.so_far[0] == READY


def test_a_window_that_stands_still_is_silent(systemd: Systemd, display: VirtualDisplay) -> None:
    """Without our own guard, which would end it before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endtoend.failing_window", "bare-blocks", "2"], cwd=ROOT, env=display.environment
    )
    try:
        wait_until(lambda: display.pixel(640, 400) == SATISFIED_COLOUR, "the window is shown")
        wait_until(lambda: ALIVE in systemd.heard(), "it is alive")
        display.tap(640, 400)
        time.sleep(0.5)
        systemd.heard()
        time.sleep(PATIENCE_SECONDS)
        assert process.poll() is None
        assert systemd.heard() == []
    finally:
        process.kill()
        process.wait()
