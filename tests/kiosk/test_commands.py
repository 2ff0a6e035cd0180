"""What the command line says where something is amiss: real settings, folders and sockets, no window."""

import json
import logging
from functools import partialmethod
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.__main__ import main
from kiosk.settings import Settings
from kiosk.ui.window import NoDisplay
from tests.kiosk.test_carried import PROVISION, Carried, an_enrolment, refusal
from tests.stage.programs import free_port


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The kiosk.toml of a kiosk whose server is not running."""
    path = tmp_path / "kiosk.toml"
    path.write_text(f'server = "http://127.0.0.1:{free_port()}"\ndata = {json.dumps(str(tmp_path / "data"))}\n')
    return path


def run(file: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(file), *words])


@pytest.mark.parametrize("command", [("rotate",), ("export", "."), ("status",)])
def test_a_kiosk_that_is_not_enrolled_says_what_to_do_and_ends_alike(file: Path, command: tuple[str, ...]) -> None:
    ended = run(file, *command)
    assert ended.exit_code == 2
    assert "enrolcode --counter" in ended.stderr
    assert "hailong-kiosk enrol MÃ" in ended.stderr


def carried(folder: Path) -> Carried:
    """A provisioned kiosk whose settings are in the folder."""
    kiosk = Carried(folder)
    (folder / "roster.json").write_bytes(PROVISION.roster)
    (folder / "provisioned.toml").write_text(
        f'server = "https://a.vn"\ndata = {json.dumps(str(kiosk.data))}\n[provision]\nsecret = "{PROVISION.secret}"\n'
        f'signing_key = "{PROVISION.signing_key}"\nsealing_key = "{PROVISION.sealing_key}"\nroster = "roster.json"\n'
    )
    return kiosk


@pytest.mark.parametrize(("number", "code", "told"), [(0, "code-used", "(provision)"), (1, "revoked", "đã bị thu hồi")])
def test_an_export_to_a_server_that_refused_says_so_and_fails(tmp_path: Path, number: int, code: str, told: str) -> None:
    kiosk, file = carried(tmp_path), tmp_path / "provisioned.toml"
    assert run(file, "export", str(kiosk.stick)).exit_code == 0
    kiosk.answer(number, refusal(code), status=403)
    ended = run(file, "export", str(kiosk.stick))
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert told in ended.stderr


def test_an_export_shows_no_progress_where_nobody_looks(tmp_path: Path) -> None:
    kiosk = carried(tmp_path)
    assert "  3" not in run(tmp_path / "provisioned.toml", "export", str(kiosk.stick)).stdout


def test_a_program_is_told_what_was_exported(tmp_path: Path) -> None:
    kiosk = carried(tmp_path)
    told = json.loads(run(tmp_path / "provisioned.toml", "export", str(kiosk.stick), "--json").stdout)
    assert told == {"entries": 3, "comments": 0, "answers": 0, "enrolled": False, "secret": True}


def test_an_export_onto_a_file_says_that_it_is_no_folder(tmp_path: Path) -> None:
    carried(tmp_path)
    ended = run(tmp_path / "provisioned.toml", "export", str(tmp_path / "roster.json"))
    assert ended.exit_code == 6
    assert "không phải là thư mục" in ended.stderr


def test_a_mistyped_server_is_not_kept_and_the_settings_are_written_once_it_enrolled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, server = tmp_path / "etc" / "kiosk.toml", f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(Settings, "__init__", partialmethod(Settings.__init__, data=tmp_path / "data"))
    assert run(file, "enrol", "--server", server, "AAAAA-AAAAA").exit_code == 4
    assert list(file.parent.iterdir()) == []
    monkeypatch.setattr("kiosk.commands.enrol.enrol", lambda *_: an_enrolment())
    assert run(file, "enrol", "--server", f"{server}/", "AAAAA-AAAAA").exit_code == 0
    assert [(path.name, path.read_text()) for path in file.parent.iterdir()] == [("kiosk.toml", f'server = "{server}"\n')]


def test_settings_without_a_server_are_told_which_line_to_add(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("thanks_seconds = 3\n")
    ended = run(file, "enrol", "--server", "https://a.vn", "AAAAA-AAAAA")
    assert ended.exit_code == 2
    assert ended.stderr.endswith('Xin thêm dòng server = "https://a.vn" vào đầu tệp này.\n')


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("command", [(), ("enrol", "AAAAA-AAAAA"), ("export", "."), ("rotate",)])
def test_a_data_folder_that_is_a_file_is_told_in_the_technicians_language(file: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "data").write_text("")
    ended = run(file, *command)
    assert ended.exit_code == 2
    assert "xin kiểm tra đường dẫn" in ended.stderr


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
def test_where_there_is_no_display_for_the_first_start_it_says_how_to_enrol_by_the_command_line(file: Path) -> None:
    ended = run(file)
    assert ended.exit_code == 2
    assert "enrolcode --counter" in ended.stderr
    assert ended.stderr.endswith("hailong-kiosk enrol MÃ\n")


@pytest.mark.usefixtures("no_display")
def test_the_window_of_faulty_settings_says_to_open_it_again(file: Path) -> None:
    file.write_text("colour = 1\n")
    assert run(file).stderr.endswith("Sau khi sửa, xin mở lại chương trình.\n")


def test_the_log_is_shown_and_copied_on_a_tablet_that_is_not_set_up(tmp_path: Path) -> None:
    """When a technician needs it most."""
    begun = tmp_path / "kiosk.toml"
    begun.write_text(f'data = "{tmp_path / "data"}"\n')
    assert run(begun, "logs").exit_code == 0
    assert run(begun, "logs", "--bundle", str(tmp_path)).exit_code == 0
    assert len(list(tmp_path.glob("*.zip"))) == 1
