"""What the command line says where something is amiss: real settings, folders and sockets, no window."""

import json
import logging
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.__main__ import main
from kiosk.ui.window import NoDisplay
from tests.stage.programs import free_port


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The kiosk.toml of a kiosk whose server is not running."""
    path = tmp_path / "kiosk.toml"
    path.write_text(f'server = "http://127.0.0.1:{free_port()}"\ndata = {json.dumps(str(tmp_path / "data"))}\n')
    return path


def run(file: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(file), *words])


@pytest.mark.parametrize("command", [("rotate",), ("export", ".")])
def test_a_kiosk_that_is_not_enrolled_says_what_to_do_and_ends_alike(file: Path, command: tuple[str, ...]) -> None:
    ended = run(file, *command)
    assert ended.exit_code == 2
    assert "enrolcode --counter" in ended.stderr
    assert "hailong-kiosk enrol MÃ" in ended.stderr


def test_a_command_logs_warnings_only(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[object] = []
    monkeypatch.setattr(logging, "basicConfig", lambda **given: chosen.append(given["level"]))
    run(file, "rotate")
    assert chosen == [logging.WARNING]


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise NoDisplay

    monkeypatch.setattr("kiosk.__main__.prepare", refuse)


@pytest.mark.usefixtures("no_display")
def test_the_window_of_a_kiosk_that_is_not_enrolled_says_how_and_to_open_it_again(file: Path) -> None:
    ended = run(file)
    assert ended.exit_code == 2
    assert "enrolcode --counter" in ended.stderr
    assert ended.stderr.endswith("Sau khi đăng ký, xin mở lại chương trình.\n")


@pytest.mark.usefixtures("no_display")
def test_the_window_of_faulty_settings_says_to_open_it_again(file: Path) -> None:
    file.write_text("colour = 1\n")
    assert run(file).stderr.endswith("Sau khi sửa, xin mở lại chương trình.\n")
