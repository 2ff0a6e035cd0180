"""The window outlives an exception, and a supervisor hears of what it does not outlive."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import GROUND_COLOUR, ROOT, SATISFIED_COLOUR

pytestmark = pytest.mark.endtoend

RESTART_EXIT = 75  # what a supervisor's unit says; kiosk.ui.guard cannot be imported without a display
FROZEN_SECONDS, ON_A_BUSY_MACHINE = 2.0, 8.0
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def start(display: VirtualDisplay, log: Path) -> Iterator[Start]:
    """Starts the failing window, and waits until it is shown."""
    started: list[subprocess.Popen[bytes]] = []

    def one(how: str, frozen_seconds: float = FROZEN_SECONDS) -> "subprocess.Popen[bytes]":
        with log.open("wb") as output:
            words = [sys.executable, "-m", "tests.endtoend.failing_window", how, str(frozen_seconds)]
            started.append(subprocess.Popen(words, cwd=ROOT, env=display.environment, stdout=output, stderr=output))
        wait_until(lambda: shown(display) == SATISFIED_COLOUR, "the window is shown")
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.wait()


def shown(display: VirtualDisplay) -> tuple[int, int, int]:
    return display.pixel(640, 400)


def logged(log: Path, times: int, words: str = "in the window") -> bool:
    return log.read_text().count(words) == times


@pytest.mark.parametrize("how", ["raises", "raises-in-the-clock"])
def test_an_exception_leads_back_to_the_first_screen_and_the_third_in_a_minute_ends_it(
    start: Start, display: VirtualDisplay, log: Path, how: str
) -> None:
    process = start(how)
    for number in (1, 2):
        display.tap(640, 400)
        wait_until(partial(logged, log, number), "it is logged")
        wait_until(lambda: shown(display) == SATISFIED_COLOUR, "the first screen is shown again")
    display.tap(640, 400)
    assert process.wait(20) == RESTART_EXIT
    assert "failing_window.py" in log.read_text()


def test_what_the_exception_says_is_not_logged(start: Start, display: VirtualDisplay, log: Path) -> None:
    start("raises")
    display.tap(640, 400)
    wait_until(lambda: "ValueError in the window" in log.read_text(), "it is logged")
    assert log.read_text().count("citizen's words") == log.read_text().count('raise ValueError("a citizen\'s words")')


def test_where_the_first_screen_fails_too_it_ends(start: Start, display: VirtualDisplay, log: Path) -> None:
    process = start("cannot-go-home")
    display.tap(640, 400)
    assert process.wait(20) == RESTART_EXIT
    assert "the first screen cannot be shown" in log.read_text()


def test_a_window_that_stands_still_tells_all_stacks_and_ends(start: Start, display: VirtualDisplay, log: Path) -> None:
    process = start("blocks")
    display.tap(640, 400)
    assert process.wait(30) == RESTART_EXIT
    assert "on_touch_down" in log.read_text()
    assert log.read_text().count("hread 0x") >= 2


def test_a_window_that_stands_still_with_pythons_lock_ends_too(start: Start, display: VirtualDisplay, log: Path) -> None:
    process = start("keeps-the-lock")
    display.tap(640, 400)
    assert process.wait(40) == 1
    assert "Timeout" in log.read_text()


def test_a_window_that_is_only_slow_goes_on(start: Start, display: VirtualDisplay, log: Path) -> None:
    process = start("slow", ON_A_BUSY_MACHINE)
    for number in (1, 2, 3):
        display.tap(640, 400)
        wait_until(partial(logged, log, number, "it was slow"), "the touch was answered")
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_machine_that_slept_is_not_taken_for_frozen(start: Start) -> None:
    process = start("slow")
    time.sleep(1)
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(4)
    os.kill(process.pid, signal.SIGCONT)
    time.sleep(2.5)
    assert process.poll() is None


@pytest.mark.parametrize(("how", "code"), [("bare-raises", 1), ("bare-blocks", None)])
def test_without_the_guard_an_exception_ends_it_and_a_block_lasts(
    start: Start, display: VirtualDisplay, how: str, code: int | None
) -> None:
    """The control."""
    process = start(how)
    display.tap(640, 400)
    wait_until(lambda: process.poll() is not None or shown(display) == GROUND_COLOUR or how == "bare-blocks", "it went wrong")
    time.sleep(4)
    assert process.poll() == code
