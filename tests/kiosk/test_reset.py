"""`reset --for-imaging` leaves a tablet that nobody knows."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from kiosk.__main__ import main
from kiosk.clocks import Clocks
from kiosk.commands.options import REFUSED_EXIT, RUNNING_EXIT
from kiosk.enrolment import device_key, load_identity
from kiosk.settings import read_settings
from kiosk.storage.ledger import Ledger
from sync.wire import Acked, KioskConfig, Place
from tests.kiosk.conftest import BINDING, a_vote

PLACE = Place("x-1", "Quầy 1")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data of a kiosk with one vote that the server does not have."""
    data = tmp_path / "data"
    device_key(data)
    (tmp_path / "kiosk.toml").write_text(f'server = "https://example.org"\ndata = "{data}"\n')
    ledger = Ledger(data, Clocks())
    ledger.bind(BINDING)
    ledger.append(a_vote)
    ledger.close()
    return data


def reset(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(data.parent / "kiosk.toml"), "reset", "--for-imaging", *words])


def acknowledge_all(data: Path) -> None:
    ledger = Ledger(data, Clocks())
    [held] = ledger.held()
    digest = ledger.digest_at(held.ledger, held.last)
    assert digest is not None
    ledger.acknowledge(Acked(held.ledger, held.last, digest))
    ledger.close()


def test_nothing_is_left_that_makes_the_tablet_known_and_all_of_it_is_kept_aside(data: Path) -> None:
    acknowledge_all(data)
    before = {file.name for file in data.iterdir()}
    done = reset(data)
    assert done.exit_code == 0
    assert not data.exists()
    [aside] = data.parent.glob("data.before-imaging-*")
    assert {file.name for file in aside.iterdir()} == before
    assert str(aside) in done.output


def test_what_was_prepared_for_this_tablet_leaves_the_settings_and_the_rest_stays(data: Path) -> None:
    """Else each copy would take votes as this counter, by its [provision], and hold its officers' names."""
    acknowledge_all(data)
    settings = data.parent / "kiosk.toml"
    (data.parent / "roster.json").write_bytes(msgspec.json.encode(KioskConfig(unit=PLACE, counter=PLACE, officers=[], on_duty=None)))
    prepared = f'[provision]\nsecret = "{"7" * 26}"\nsigning_key = "{"0" * 64}"\nsealing_key = "{"1" * 64}"\nroster = "roster.json"\n'
    settings.write_text(f"{settings.read_text()}# quiet\nvolume = 10\n{prepared}")
    assert reset(data).exit_code == 0
    assert load_identity(data, read_settings(settings).provision) is None
    assert not (data.parent / "roster.json").exists()
    assert "# quiet\nvolume = 10" in settings.read_text()


def test_it_refuses_while_the_server_lacks_entries(data: Path) -> None:
    done = reset(data)
    assert done.exit_code == REFUSED_EXIT
    assert "Còn 2 mục" in done.output
    assert (data / "device.key").exists()


def test_forced_it_says_how_many_entries_are_aside_only(data: Path) -> None:
    done = reset(data, "--force")
    assert done.exit_code == 0
    assert "2 mục" in done.output
    assert not data.exists()


def test_it_refuses_while_the_kiosk_runs(data: Path) -> None:
    running = Ledger(data, Clocks())
    assert reset(data, "--force").exit_code == RUNNING_EXIT
    running.close()
    assert (data / "device.key").exists()


def test_a_second_time_there_is_nothing_to_do(data: Path) -> None:
    reset(data, "--force")
    done = reset(data)
    assert done.exit_code == 0
    assert "vốn trống" in done.output


def test_without_saying_what_for_nothing_happens(data: Path) -> None:
    assert CliRunner().invoke(main, ["--config", str(data.parent / "kiosk.toml"), "reset", "--force"]).exit_code != 0
    assert (data / "device.key").exists()


def test_a_program_is_told_where_everything_is(data: Path) -> None:
    told = json.loads(reset(data, "--force", "--json").stdout)
    assert told["waiting"] == 2
    assert (Path(told["aside"]) / "device.key").exists()
    assert json.loads(reset(data, "--json").stdout) == {"aside": None, "waiting": 0}
