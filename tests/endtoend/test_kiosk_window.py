"""The kiosk's real window, with a real pointer and keys, and no server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endtoend.journal import said
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import GROUND_COLOUR, ROOT, Kiosk

pytestmark = pytest.mark.endtoend


def votes(kiosk: Kiosk) -> list[str]:
    """The ratings in the journal, in order."""
    return [entry["rating"] for entry in said(kiosk, "vote")]


def test_the_window_covers_the_screen_without_a_window_manager(kiosk: Kiosk) -> None:
    corners = {kiosk.display.pixel(x, y) for x in (0, 1279) for y in (0, 799)}
    assert corners == {GROUND_COLOUR}


def test_the_vote_is_in_the_journal_before_the_next_screen_is_shown(kiosk: Kiosk) -> None:
    for number in range(1, 6):
        kiosk.answer(satisfied=False)
        assert len(votes(kiosk)) == number
        kiosk.finish()


def test_a_finger_shows_on_the_card_at_once_and_sliding_off_cancels(kiosk: Kiosk) -> None:
    edge = (49, 520)  # the left border of the left card
    before = kiosk.display.pixel(*edge)
    kiosk.display.press(*kiosk.satisfied)
    wait_until(lambda: kiosk.display.pixel(*edge) != before, "the border darkens")
    kiosk.display.release(640, 20)
    wait_until(lambda: kiosk.display.pixel(*edge) == before, "the border is as before")
    assert votes(kiosk) == []


def test_a_touch_that_began_on_the_thanks_does_not_act_on_the_question(kiosk: Kiosk) -> None:
    kiosk.vote(satisfied=True)
    kiosk.display.press(*kiosk.dissatisfied)
    kiosk.wait_for_question()
    kiosk.display.release(*kiosk.dissatisfied)
    kiosk.vote(satisfied=True)
    assert votes(kiosk) == ["satisfied", "satisfied"]


def test_impatient_taps_are_one_vote(kiosk: Kiosk) -> None:
    x, y = kiosk.satisfied
    kiosk.display.xdotool("mousemove", str(x), str(y), "click", "--repeat", "5", "--delay", "10", "1")
    wait_until(kiosk.asks_why, "the answer is taken")
    kiosk.finish()
    kiosk.wait_for_question()
    kiosk.stop()
    assert votes(kiosk) == ["satisfied"]
    assert said(kiosk, "reasons") == []


def test_other_buttons_and_the_wheel_do_nothing(kiosk: Kiosk) -> None:
    x, y = kiosk.satisfied
    before = kiosk.display.picture().tobytes()
    for button in "2345":
        kiosk.display.xdotool("mousemove", str(x), str(y), "click", button)
    kiosk.display.wait_until_still()
    assert kiosk.display.picture().tobytes() == before, "no second finger is made of the right button"
    kiosk.vote(satisfied=False)
    assert votes(kiosk) == ["dissatisfied"]


def test_no_key_closes_or_changes_the_kiosk(kiosk: Kiosk) -> None:
    kiosk.display.key(
        "Escape",
        "F1",
        "F5",
        "F11",
        "F12",
        "shift+F12",
        "Print",
        "Menu",
        "super",
        "ctrl+q",
        "ctrl+c",
        "ctrl+w",
        "alt+F4",
        "ctrl+e",
        "ctrl+s",
        "Return",
        "Tab",
        "space",
    )
    kiosk.vote(satisfied=True)
    assert kiosk.runs


def test_a_request_to_close_the_window_is_refused(kiosk: Kiosk) -> None:
    kiosk.display.ask_to_close()
    kiosk.vote(satisfied=True)
    assert kiosk.runs


def test_on_a_desk_a_request_to_close_the_window_ends_it(display: VirtualDisplay) -> None:
    """The control."""
    words = [sys.executable, "-m", "tests.stage.gallery", "thanks"]
    with subprocess.Popen(words, cwd=ROOT, env=display.environment) as window:
        wait_until(lambda: display.pixel(1279, 799) == GROUND_COLOUR, "the window shows")
        display.wait_until_still()
        display.ask_to_close()
        assert window.wait(20) == 0


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
