"""`provision`: folders that kiosks can be started with."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from kiosk.provisioning import Provision
from kiosk.settings import read_settings
from server import keys, settings
from server.devices.models import EnrolmentCode
from server.places.models import Counter, Officer, Unit
from server.places.roster import roster_of

ADDRESS = "https://hailong.nghean.gov.vn"


@pytest.fixture
def counters() -> list[Counter]:
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    officer = Officer.objects.create(unit=unit, name="Nguyễn Thị Minh Hạnh", title="Công chức")
    return [Counter.objects.create(unit=unit, name=name, on_duty=officer) for name in ("Quầy 1", "Quầy 2")]


def made(*words: str) -> str:
    """What the command said."""
    said = io.StringIO()
    call_command("provision", *words, stdout=said)
    return said.getvalue()


def provision_of(folder: Path) -> Provision:
    """What a kiosk reads."""
    provision = read_settings(folder / "kiosk.toml").provision
    assert provision is not None
    return provision


def test_a_kiosk_can_be_started_with_the_folder(counters: list[Counter], tmp_path: Path) -> None:
    said = made(counters[0].pk, "--server", ADDRESS + "/", "--out", str(tmp_path / "out"))
    folder = tmp_path / "out" / counters[0].pk
    assert f"{folder}  Quầy 1, Phường Thái Hòa" in said
    assert read_settings(folder / "kiosk.toml").server == ADDRESS
    provision = provision_of(folder)
    assert (provision.unit.id, provision.counter.name) == (counters[0].unit_id, "Quầy 1")
    assert provision.roster == roster_of(counters[0]).content
    assert provision.signing_key == keys.signing_key(settings.KEYS).verify_key.encode().hex()
    assert provision.sealing_key == keys.sealing_key(settings.KEYS).public_key.encode().hex()


def test_the_secret_is_kept_only_as_a_hash_said_to_nobody_and_good_for_14_days(counters: list[Counter], tmp_path: Path) -> None:
    said = made(counters[0].pk, "--server", ADDRESS, "--out", str(tmp_path))
    secret = provision_of(tmp_path / counters[0].pk).secret
    kept = EnrolmentCode.objects.get()
    assert len(secret) * 5 >= 128
    assert secret not in said + kept.code_hash
    assert kept.expires_at - kept.created_at == timedelta(days=14)


def test_every_counter_of_a_unit_gets_a_folder_and_a_secret_of_its_own(counters: list[Counter], tmp_path: Path) -> None:
    made("--unit", counters[0].unit_id, "--server", ADDRESS, "--out", str(tmp_path))
    provisions = [provision_of(tmp_path / counter.pk) for counter in counters]
    assert [provision.counter.id for provision in provisions] == [counter.pk for counter in counters]
    assert len({provision.secret for provision in provisions}) == 2


def test_only_the_owner_may_read_what_was_written(counters: list[Counter], tmp_path: Path) -> None:
    made(counters[0].pk, "--server", ADDRESS, "--out", str(tmp_path / "out"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "out").rglob("*")}
    assert modes == {counters[0].pk: 0o700, "kiosk.toml": 0o600, "roster.json": 0o600}


def test_certificates_go_along_where_they_are_given(counters: list[Counter], tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "given.pem")
    made(counters[0].pk, "--server", ADDRESS, "--ca", str(tmp_path / "given.pem"), "--out", str(tmp_path))
    ca_file = read_settings(tmp_path / counters[0].pk / "kiosk.toml").ca_file
    assert ca_file == tmp_path / counters[0].pk / "ca.pem"
    assert ca_file.read_bytes() == (tmp_path / "given.pem").read_bytes()


def test_what_the_installation_says_of_itself_is_the_default(counters: list[Counter], tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "ours.pem")
    with override_settings(ADDRESS=ADDRESS, AUTHORITIES=tmp_path / "ours.pem"):
        made(counters[0].pk, "--out", str(tmp_path))
    read = read_settings(tmp_path / counters[0].pk / "kiosk.toml")
    assert read.server == ADDRESS
    assert read.ca_file is not None
    assert read.ca_file.read_bytes() == (tmp_path / "ours.pem").read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (lambda counter, folder: ["c-NOBODY", "--server", ADDRESS], "Không có quầy c-NOBODY"),
        (lambda counter, folder: ["--unit", "u-NOBODY", "--server", ADDRESS], "Không có đơn vị u-NOBODY"),
        (lambda counter, folder: [counter, "--server", "hailong"], "--server: expected an address"),
        (lambda counter, folder: [counter, "--server", 'https://a"b'], "--server: expected an address"),
        (lambda counter, folder: [counter, "--server", "http://hailong.nghean.gov.vn"], "--server: expected an address"),
        (lambda counter, folder: [counter, "--server", ADDRESS, "--ca", str(folder / "nowhere.pem")], "--ca"),
        (lambda counter, folder: [counter, "--server", ADDRESS, "--ca", __file__], "--ca"),
    ],
)
def test_what_is_wrong_is_told_and_no_secret_is_made(
    counters: list[Counter], tmp_path: Path, words: Callable[[str, Path], list[str]], told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        made(*words(counters[0].pk, tmp_path), "--out", str(tmp_path / "out"))
    assert not EnrolmentCode.objects.exists()


def test_a_folder_that_is_there_is_left_alone(counters: list[Counter], tmp_path: Path) -> None:
    words = [counters[0].pk, "--server", ADDRESS, "--out", str(tmp_path)]
    made(*words)
    before = (tmp_path / counters[0].pk / "kiosk.toml").read_text()
    with pytest.raises(CommandError, match="đã có"):
        made(*words)
    assert (tmp_path / counters[0].pk / "kiosk.toml").read_text() == before
    assert EnrolmentCode.objects.filter(expires_at__gt=timezone.now()).count() == 1
