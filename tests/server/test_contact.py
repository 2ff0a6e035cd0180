"""The kiosk's contact with a real server over real HTTP: provisioned, enrolled again, with new keys on either side."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from click.testing import CliRunner
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db.models import Model
from django.utils import timezone
from nacl.signing import SigningKey

from kiosk import rotation
from kiosk.__main__ import main
from kiosk.advice import why_refused
from kiosk.clocks import Clocks
from kiosk.contact import Contact, enrol
from kiosk.enrolment import Identity, device_key, load_identity, public_key
from kiosk.export import Written, export
from kiosk.facts import Facts
from kiosk.roster import Roster
from kiosk.settings import read_settings
from kiosk.storage.ledger import Binding, Ledger
from kiosk.texts import translator
from server import keys, settings
from server.devices.enrolment import new_code
from server.devices.models import Device, DevicePlace, EnrolmentCode, FormerKey
from server.devices.provisioning import Provision, provision
from server.intake.carried import take_in
from server.intake.models import Batch, Head, OfficerDay, UnitHour, Vote
from server.places.models import Counter, Officer, Unit
from sync.courier import Courier, Step
from sync.errors import Refused, TryLater
from sync.http import MAX_REPLY_BYTES, Reply, Wire
from sync.stick import device_folders
from tests.kiosk.conftest import a_vote
from tests.server.kiosk import quarantined

VERSION = "0.1.0"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the server listens."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def counter() -> Counter:
    unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    officer = Officer.objects.create(id="o-1", unit=unit, name="Nguyễn Thị Minh Hạnh", title="Công chức")
    return Counter.objects.create(unit=unit, name="Quầy 3", on_duty=officer)


class LossyWire(Wire):
    """HTTP whose answers to some calls are lost. losing: paths, each as often as it stands there."""

    losing: list[str] = []

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        reply = super().ask(method, path, body, headers, max_bytes)
        if f"{method} {path}" in self.losing:
            self.losing.remove(f"{method} {path}")
            raise TryLater("cut-short")
        return reply


class Tablet:
    """A kiosk without window. file: its kiosk.toml."""

    def __init__(self, file: Path, data: Path) -> None:
        self.settings, self.data = read_settings(file), data
        self.wire = LossyWire(self.settings.server)
        self.wire.losing = []
        self.now = timezone.now()
        self.start()

    def start(self) -> None:
        identity = self.identity
        self.ledger = Ledger(self.data, Clocks())
        former = frozenset(rotation.former_keys(self.data))
        self.ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
        roster = Roster(self.data, identity.unit, identity.counter)
        facts = Facts(self.data, Clocks(), self.ledger, roster, lambda: None)
        self.contact = Contact(self.wire, self.data, self.settings.provision, VERSION, lambda: self.now)
        self.courier = Courier(self.ledger, self.contact, facts, lambda step: None)

    def restart(self) -> None:
        self.ledger.close()
        self.start()

    @property
    def identity(self) -> Identity:
        identity = load_identity(self.data, self.settings.provision)
        assert identity is not None
        return identity

    @property
    def device(self) -> str:
        assert self.identity.enrolment is not None
        return self.identity.enrolment.device

    def vote(self, times: int = 1) -> None:
        for _ in range(times):
            self.ledger.append(a_vote)

    def exchange(self) -> Step:
        """Exchanges until there is a reason to wait."""
        while (step := self.courier.run_once()).wait_seconds == 0:
            pass
        return step

    def enrol(self, code: str) -> None:
        """What the command line does."""
        enrol(self.wire, self.data, device_key(self.data), code, VERSION)


@pytest.fixture
def provisioned(tmp_path: Path, address: str, counter: Counter) -> Iterator[Tablet]:
    """A kiosk that was started with a provisioning file, before its first contact."""
    folder = provision(counter, Provision(address, None), tmp_path / "out", timezone.now())
    tablet = Tablet(folder / "kiosk.toml", tmp_path / "data")
    yield tablet
    tablet.ledger.close()
    tablet.wire.close()


@pytest.fixture
def tablet(tmp_path: Path, address: str, counter: Counter) -> Iterator[Tablet]:
    """A kiosk that was enrolled by a code and voted three times, all received."""
    (tmp_path / "kiosk.toml").write_text(f'server = "{address}"\n')
    wire = Wire(address)
    enrol(wire, tmp_path, device_key(tmp_path), new_code(counter, timezone.now()), VERSION)
    wire.close()
    tablet = Tablet(tmp_path / "kiosk.toml", tmp_path)
    tablet.vote(3)
    assert tablet.exchange().outcome == "received"
    yield tablet
    tablet.ledger.close()
    tablet.wire.close()


def all_counted(tablet: Tablet, votes: int) -> bool:
    """Whether the server holds all, and has counted this many votes; both tallies say the same, and nothing is in quarantine."""
    tallies = [sum(cell.satisfied + cell.dissatisfied for cell in table.objects.all()) for table in (OfficerDay, UnitHour)]
    assert quarantined(Unit.objects.get()) == {}
    return (tablet.ledger.waiting(), Vote.objects.count(), *tallies) == (0, votes, votes, votes)


def forget(*tables: type[Model]) -> None:
    """What a server restored from an old backup has lost."""
    for table in tables:
        table._default_manager.all().delete()


ENTRIES = (Batch, Head, Vote, OfficerDay, UnitHour)
DEVICES = (FormerKey, DevicePlace, Device)


# --- provisioned -----------------------------------------------------------------------------------------------------


def test_a_provisioned_kiosk_takes_votes_before_its_first_contact_and_enrols_by_itself(provisioned: Tablet, counter: Counter) -> None:
    provisioned.vote(5)
    assert not Device.objects.exists()
    assert provisioned.exchange().outcome == "received"
    assert all_counted(provisioned, 5)
    assert Device.objects.get().counter == counter
    assert [held.ledger for held in provisioned.ledger.held()] == list(Head.objects.values_list("ledger", flat=True))


def test_it_goes_on_in_the_same_ledger_after_it_was_enrolled_and_started_again(provisioned: Tablet) -> None:
    provisioned.vote()
    provisioned.restart()
    provisioned.exchange()
    provisioned.restart()
    provisioned.vote()
    provisioned.exchange()
    assert len(provisioned.ledger.held()) == 1
    assert all_counted(provisioned, 2)


def test_a_lost_answer_to_its_enrolment_is_asked_for_again(provisioned: Tablet) -> None:
    provisioned.wire.losing = ["POST /api/v1/enrol"] * 2
    provisioned.vote()
    assert [provisioned.exchange().outcome for _ in range(3)] == ["failed", "failed", "received"]
    assert Device.objects.count() == 1
    assert all_counted(provisioned, 1)


def test_another_server_cannot_enrol_it(provisioned: Tablet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from django.conf import settings as django_settings

    monkeypatch.setattr(django_settings, "KEYS", tmp_path / "stranger")
    assert provisioned.exchange().outcome == "failed"
    assert provisioned.identity.enrolment is None
    monkeypatch.undo()
    assert provisioned.exchange().outcome == "received"


def test_control_without_the_servers_key_in_the_file_the_other_server_would_be_believed(
    provisioned: Tablet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.conf import settings as django_settings

    monkeypatch.setattr(django_settings, "KEYS", tmp_path / "stranger")
    provisioned.enrol(new_code(Counter.objects.get(), timezone.now()))
    assert provisioned.identity.trusted == public_key(keys.signing_key(tmp_path / "stranger"))


def test_a_file_made_before_the_server_changed_its_keys_is_still_good(provisioned: Tablet, own_keys: Path) -> None:
    provisioned.vote()
    call_command("rotatekeys")
    assert provisioned.exchange().outcome == "received"
    assert all_counted(provisioned, 1)


@pytest.mark.parametrize(("change", "code"), [("used_at", "code-used"), ("expires_at", "code-expired")])
def test_a_secret_that_is_no_longer_good_is_told_while_voting_goes_on_until_a_code_helps(
    provisioned: Tablet, counter: Counter, change: str, code: str
) -> None:
    EnrolmentCode.objects.update(**{change: timezone.now() - timedelta(minutes=1)})
    provisioned.vote(2)
    step = provisioned.exchange()
    assert (step.outcome, step.wait_seconds) == ("refused", 3600)
    assert isinstance(provisioned.contact.trouble, Refused)
    assert provisioned.contact.trouble.code == code
    provisioned.vote()
    provisioned.enrol(new_code(counter, timezone.now()))
    assert provisioned.exchange().outcome == "received"
    assert all_counted(provisioned, 3)


def test_no_log_has_the_secret(provisioned: Tablet, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    assert provisioned.settings.provision is not None
    secret = provisioned.settings.provision.secret
    provisioned.exchange()
    forget(*DEVICES)
    provisioned.exchange()
    EnrolmentCode.objects.all().delete()
    Device.objects.all().delete()
    provisioned.exchange()
    assert "code-unknown" in caplog.text
    for text in (caplog.text, "".join(capfd.readouterr()), repr(provisioned.settings)):
        assert secret not in text


# --- enrolled again --------------------------------------------------------------------------------------------------


def test_a_server_that_forgot_the_device_gets_everything_again_after_a_new_code(tablet: Tablet, counter: Counter) -> None:
    before = tablet.device
    forget(*ENTRIES, *DEVICES, EnrolmentCode)
    tablet.vote()
    step = tablet.exchange()
    assert (step.outcome, step.detail.split(":")[0], step.wait_seconds) == ("refused", "401 unknown-device", 3600)
    held = [(ledger.last, ledger.floor) for ledger in tablet.ledger.held()]
    tablet.enrol(new_code(counter, timezone.now()))
    assert tablet.device != before
    assert tablet.exchange().outcome == "received"
    assert all_counted(tablet, 4)
    assert [(ledger.last, ledger.floor) for ledger in tablet.ledger.held()] == held


def test_a_server_restored_to_before_the_enrolment_is_filled_again_by_the_provisioning_secret(provisioned: Tablet) -> None:
    provisioned.vote(3)
    provisioned.exchange()
    forget(*ENTRIES, *DEVICES)
    EnrolmentCode.objects.update(used_at=None)
    assert provisioned.exchange().outcome == "received"
    assert all_counted(provisioned, 3)


def test_a_revoked_kiosk_keeps_everything_and_a_new_code_restores_it_without_a_restart(tablet: Tablet, counter: Counter) -> None:
    before = tablet.device
    call_command("revoke", before)
    tablet.vote(2)
    step = tablet.exchange()
    assert (step.outcome, step.detail, step.wait_seconds) == ("refused", "403 revoked", 3600)
    assert tablet.ledger.waiting() == 2
    tablet.enrol(new_code(counter, timezone.now()))
    assert tablet.exchange().outcome == "received"
    assert tablet.device == before
    assert all_counted(tablet, 5)


def test_a_revoked_kiosk_that_changes_its_key_is_told_that_it_is_revoked(tablet: Tablet, tmp_path: Path) -> None:
    file = tmp_path / "rotate.toml"
    file.write_text(f'server = "{tablet.settings.server}"\ndata = "{tablet.data}"\n')
    call_command("revoke", tablet.device)
    ended = CliRunner().invoke(main, ["--config", str(file), "rotate"])
    assert (ended.exit_code, ended.stderr) == (3, f"{why_refused(Refused(403, 'revoked'), translator('vi'))}\n")


# --- refused by stick ------------------------------------------------------------------------------------------------


def to_and_fro(tablet: Tablet, stick: Path) -> Written:
    """The kiosk writes the stick, the server takes it in, and the kiosk has it again."""
    stick.mkdir(exist_ok=True)

    def written() -> Written:
        return export(tablet.data, stick, tablet.settings.provision, Clocks(), lambda entries: None)

    written()
    for folder in device_folders(stick):
        take_in(folder, lambda done, of: None)
    return written()


@pytest.mark.parametrize(("change", "code"), [("used_at", "code-used"), ("expires_at", "code-expired")])
def test_a_secret_that_is_no_longer_good_is_told_by_the_stick_too(provisioned: Tablet, tmp_path: Path, change: str, code: str) -> None:
    EnrolmentCode.objects.update(**{change: timezone.now() - timedelta(minutes=1)})
    provisioned.vote(2)
    with pytest.raises(Refused) as caught:
        to_and_fro(provisioned, tmp_path / "stick")
    assert caught.value.code == code


def test_a_revoked_kiosk_is_told_by_the_stick_too(tablet: Tablet, tmp_path: Path) -> None:
    call_command("revoke", tablet.device)
    tablet.vote(2)
    with pytest.raises(Refused) as caught:
        to_and_fro(tablet, tmp_path / "stick")
    assert caught.value.code == "revoked"


# --- the kiosk's next key --------------------------------------------------------------------------------------------


def test_a_new_key_comes_into_force_with_the_next_exchange_and_the_ledger_goes_on(tablet: Tablet) -> None:
    old = tablet.identity.public_key
    rotation.prepare(tablet.data)
    assert tablet.identity.public_key == old
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert Device.objects.get().public_key == tablet.identity.public_key != old
    tablet.restart()
    tablet.vote()
    tablet.exchange()
    assert len(tablet.ledger.held()) == 1
    assert all_counted(tablet, 5)
    assert list(Batch.objects.order_by("last").values_list("device_key", flat=True)) == [old, *[tablet.identity.public_key] * 2]


def test_control_a_kiosk_that_forgot_its_former_keys_would_leave_its_ledger(tablet: Tablet) -> None:
    rotation.prepare(tablet.data)
    tablet.exchange()
    (tablet.data / "key-changes.json").unlink()
    tablet.restart()
    assert len(tablet.ledger.held()) == 2


def test_both_keys_are_kept_until_the_answer_comes(tablet: Tablet) -> None:
    old = tablet.identity.public_key
    rotation.prepare(tablet.data)
    rotation.prepare(tablet.data)
    tablet.wire.losing = ["POST /api/v1/keys"]
    assert tablet.exchange().outcome == "failed"
    assert tablet.identity.public_key == old
    assert Device.objects.get().public_key != old
    tablet.restart()
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert Device.objects.get().public_key == tablet.identity.public_key
    assert FormerKey.objects.count() == 1
    assert all_counted(tablet, 4)


def test_a_server_that_takes_no_new_key_still_gets_the_entries(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Refused(404, "not-found")

    monkeypatch.setattr("sync.client.hand_over", refuse)
    rotation.prepare(tablet.data)
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert rotation.is_pending(tablet.data)
    assert all_counted(tablet, 4)


def test_a_server_restored_to_before_two_changes_of_key_hears_of_them_again(tablet: Tablet) -> None:
    first, before = tablet.identity.public_key, tablet.device
    for _ in range(2):
        rotation.prepare(tablet.data)
        tablet.exchange()
    forget(*ENTRIES, FormerKey)
    Device.objects.update(public_key=first)
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert tablet.device == before
    assert Device.objects.get().public_key == tablet.identity.public_key
    assert all_counted(tablet, 4)


def test_after_two_changes_of_key_a_server_that_forgot_the_device_takes_its_ledgers_from_the_newest(
    tablet: Tablet, counter: Counter
) -> None:
    for _ in range(2):
        rotation.prepare(tablet.data)
        tablet.exchange()
    forget(*ENTRIES, *DEVICES, EnrolmentCode)
    tablet.enrol(new_code(counter, timezone.now()))
    assert tablet.exchange().outcome == "received"
    assert all_counted(tablet, 3)


# --- the server's next keys ------------------------------------------------------------------------------------------


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys for a test that changes them, with the keys that are in force now."""
    from django.conf import settings as django_settings

    folder = tmp_path / "own-keys"
    folder.mkdir()
    for name in ("secret", "signing", "sealing"):
        keys.make(settings.KEYS)
        (folder / name).write_bytes((settings.KEYS / name).read_bytes())
    monkeypatch.setattr(django_settings, "KEYS", folder)
    return folder


def test_a_kiosk_comes_over_to_the_servers_next_keys(tablet: Tablet, own_keys: Path) -> None:
    call_command("rotatekeys")
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert tablet.identity.server_keys(tablet.now)[0] == public_key(keys.signing_key(own_keys))
    assert tablet.identity.sealing_key == keys.sealing_key(own_keys).public_key.encode().hex()
    assert all_counted(tablet, 4)


def test_a_kiosk_that_was_away_for_years_comes_over_too(tablet: Tablet, own_keys: Path) -> None:
    for days in (900, 600, 300):
        keys.rotate(own_keys, tablet.now - timedelta(days=days))
    tablet.vote()
    assert tablet.exchange().outcome == "received"
    assert tablet.identity.server_keys(tablet.now) == [public_key(keys.signing_key(own_keys))]


def test_a_late_answer_by_the_former_key_is_believed_for_30_days(tablet: Tablet, own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings as django_settings

    call_command("rotatekeys")
    tablet.exchange()
    monkeypatch.setattr(django_settings, "KEYS", settings.KEYS)  # another machine that serves the former keys still
    assert tablet.exchange().outcome == "received"
    tablet.now += timedelta(days=31)
    assert tablet.exchange().outcome == "failed"


def test_a_stranger_who_signs_is_not_followed(tablet: Tablet, own_keys: Path) -> None:
    (own_keys / "signing").write_text(SigningKey.generate().encode().hex())
    tablet.vote()
    assert tablet.exchange().outcome == "failed"
    assert tablet.ledger.waiting() == 1
    assert not (tablet.data / "server-keys.json").exists()
    assert isinstance(tablet.contact.trouble, TryLater)
    assert tablet.contact.trouble.reason == "other-key"


def test_an_old_chain_that_somebody_replays_takes_no_key_back(tablet: Tablet, own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings as django_settings

    call_command("rotatekeys")
    tablet.exchange()
    known = tablet.identity.server_keys(tablet.now + timedelta(days=31))
    tablet.now += timedelta(days=31)
    monkeypatch.setattr(django_settings, "KEYS", settings.KEYS)
    assert tablet.exchange().outcome == "failed"
    assert tablet.identity.server_keys(tablet.now) == known
