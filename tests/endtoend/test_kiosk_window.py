"""The kiosk's real window, with a real pointer and keys, and no server."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.enrolment import device_key, store_enrolment
from sync.entries import decode_entry
from sync.wire import Enrolment, Place
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import GROUND_COLOUR, ROOT, Kiosk, free_port

pytestmark = pytest.mark.endtoend


@pytest.fixture
def kiosk(display: VirtualDisplay, tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk that was enrolled once, and whose server is out of reach."""
    kiosk = Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}", display, thanks_seconds=1)
    device_key(kiosk.data)
    place = Place("x-1", "Quầy 1")
    store_enrolment(
        kiosk.data,
        Enrolment(device="d-1", signing_key="0" * 64, sealing_key="0" * 64, unit=place, counter=place, config="0" * 64),
    )
    with kiosk:
        yield kiosk


def votes(kiosk: Kiosk) -> list[str]:
    """The ratings in the journal, in order."""
    lines = [line.split(b"\t")[1] for file in sorted(kiosk.data.glob("journal/l-*/*.tsv")) for line in file.read_bytes().splitlines()]
    return [msgspec.to_builtins(decode_entry(line))["rating"] for line in lines if b'"kind":"vote"' in line]


def wait_for_thanks(kiosk: Kiosk) -> None:
    wait_until(lambda: kiosk.display.pixel(*kiosk.forehead) == GROUND_COLOUR, "the thanks are shown")


def test_the_window_covers_the_screen_without_a_window_manager(kiosk: Kiosk) -> None:
    corners = {kiosk.display.pixel(x, y) for x in (0, 1279) for y in (0, 799)}
    assert corners == {GROUND_COLOUR}


def test_the_vote_is_in_the_journal_before_the_thanks_are_on_the_screen(kiosk: Kiosk) -> None:
    for number in range(1, 6):
        kiosk.wait_for_question()
        kiosk.display.tap(*kiosk.dissatisfied)
        wait_for_thanks(kiosk)
        assert len(votes(kiosk)) == number


def test_a_finger_shows_on_the_card_at_once_and_sliding_off_cancels(kiosk: Kiosk) -> None:
    edge = (49, 520)  # the left border of the left card
    before = kiosk.display.pixel(*edge)
    kiosk.display.press(*kiosk.satisfied)
    wait_until(lambda: kiosk.display.pixel(*edge) != before, "the border darkens")
    kiosk.display.release(640, 20)
    wait_until(lambda: kiosk.display.pixel(*edge) == before, "the border is as before")
    assert votes(kiosk) == []


def test_a_touch_that_began_on_the_thanks_does_not_act_on_the_question(kiosk: Kiosk) -> None:
    kiosk.display.tap(*kiosk.satisfied)
    wait_for_thanks(kiosk)
    kiosk.display.press(*kiosk.dissatisfied)
    kiosk.wait_for_question()
    kiosk.display.release(*kiosk.dissatisfied)
    kiosk.vote(satisfied=True)
    assert votes(kiosk) == ["satisfied", "satisfied"]


def test_impatient_taps_are_one_vote(kiosk: Kiosk) -> None:
    x, y = kiosk.satisfied
    kiosk.display._pointer("mousemove", str(x), str(y), "click", "--repeat", "5", "--delay", "10", "1")
    wait_for_thanks(kiosk)
    kiosk.wait_for_question()
    assert votes(kiosk) == ["satisfied"]


def test_other_buttons_and_the_wheel_do_nothing(kiosk: Kiosk) -> None:
    x, y = kiosk.satisfied
    for button in "2345":
        kiosk.display._pointer("mousemove", str(x), str(y), "click", button)
    kiosk.vote(satisfied=False)
    assert votes(kiosk) == ["dissatisfied"]


def test_no_key_closes_or_changes_the_kiosk(kiosk: Kiosk) -> None:
    kiosk.display.key("Escape", "F1", "F5", "F11", "ctrl+q", "ctrl+c", "ctrl+w", "alt+F4", "ctrl+e", "ctrl+s", "Return", "Tab", "space")
    kiosk.vote(satisfied=True)
    assert kiosk.runs


def test_a_termination_signal_ends_it_cleanly(kiosk: Kiosk) -> None:
    kiosk.vote(satisfied=True)
    assert kiosk.stop() == 0
    assert not list(kiosk.data.glob("ledger.db-wal"))


def test_the_config_file_in_the_home_folder_decides_nothing(kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.stop()
    home = tmp_path / "home"
    (home / ".kivy").mkdir(parents=True)
    (home / ".kivy" / "config.ini").write_text("[graphics]\nwidth = 333\nheight = 333\nfullscreen = 0\n[kivy]\nexit_on_escape = 1\n")
    kiosk._environment.update(HOME=str(home), KCFG_GRAPHICS_ROTATION="90", KIVY_METRICS_DENSITY="3")
    kiosk.start()
    kiosk.display.key("Escape")
    kiosk.vote(satisfied=True)
    assert kiosk.runs


def test_a_second_start_leaves_with_a_message(kiosk: Kiosk) -> None:
    words = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings)]
    second = subprocess.run(words, cwd=ROOT, env=kiosk.display.environment, capture_output=True, timeout=60)
    assert second.returncode == 1
    assert "Kiosk đang chạy rồi" in second.stderr.decode()
    kiosk.vote(satisfied=True)


def test_the_log_tells_nothing_of_a_vote(kiosk: Kiosk) -> None:
    kiosk.vote(satisfied=False)
    kiosk.wait_for_question()
    kiosk.stop()
    assert not re.search("satisf|rating|vote", kiosk.log.read_text())


def test_broken_settings_are_told_in_the_window_and_on_the_terminal(display: VirtualDisplay, tmp_path: Path) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("thanks_seconds = 0\n")
    words = [sys.executable, "-m", "kiosk", "--config", str(settings), "--lang", "en"]
    with subprocess.Popen(words, cwd=ROOT, env=display.environment, stderr=subprocess.PIPE) as process:
        wait_until(lambda: display.pixel(1279, 799) == GROUND_COLOUR, "the window shows")
        ink = sum(display.pixel(x, 96)[0] < 80 for x in range(64, 1200))
        process.terminate()
        told = process.communicate(timeout=30)[1].decode()
    assert ink > 20, "a headline is written"
    assert "thanks_seconds (0): expected a number of seconds" in told
    assert "server (missing)" in told
    assert process.returncode == 2


def test_without_a_display_it_says_so(kiosk: Kiosk) -> None:
    kiosk.stop()
    words = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings)]
    environment = {key: value for key, value in kiosk.display.environment.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 5
    assert "Không tìm thấy màn hình" in done.stderr.decode()


def test_a_data_folder_that_cannot_be_used_is_told_in_the_window_and_on_the_terminal(kiosk: Kiosk, display: VirtualDisplay) -> None:
    kiosk.stop()
    shutil.rmtree(kiosk.data / "journal")
    (kiosk.data / "journal").write_text("a file where a folder should be")
    words = [sys.executable, "-m", "kiosk", "--config", str(kiosk.settings)]
    with subprocess.Popen(words, cwd=ROOT, env=display.environment, stderr=subprocess.PIPE) as process:
        wait_until(lambda: display.pixel(1279, 799) == GROUND_COLOUR, "the window shows")
        process.terminate()
        told = process.communicate(timeout=30)[1].decode()
    assert f"Không dùng được {kiosk.data}" in told
