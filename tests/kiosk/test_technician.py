"""What a technician may do at the kiosk: real folders, the real export, no window."""

import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace as with_fields

from kiosk.__main__ import main
from kiosk.adjusting import Adjusting
from kiosk.backlight import Backlight
from kiosk.condition import condition, in_words, what_to_do
from kiosk.contact import Patience
from kiosk.enrolment import Identity, device_key, load_identity, store_enrolment
from kiosk.findings import Level
from kiosk.roster import Roster
from kiosk.settings import Settings, read_settings
from kiosk.signing import NotHere, Paused, Wrong
from kiosk.status import Status, write_status
from kiosk.storage.ledger import Ledger
from kiosk.technician import Technician
from kiosk.texts import translator
from kiosk.updating.state import State, write_state
from sync.stick import FOLDER
from sync.wire import Enrolment, Genuine, KioskConfig, Place
from tests.kiosk.conftest import BINDING, a_vote
from tests.kiosk.test_duty import HERE, HOA, MORNING, UNIT, SetClocks, quick_hash
from tests.stage.programs import free_port


def a_light(folder: Path) -> Backlight:
    """A display's light as Linux shows it, at 600 of 1000."""
    (folder / "lights" / "panel").mkdir(parents=True)
    for name, value in (("brightness", 600), ("max_brightness", 1000)):
        (folder / "lights" / "panel" / name).write_text(f"{value}\n")
    return Backlight(folder / "data", folder / "lights")


class Service:
    """A kiosk that is enrolled, without window and network, and its technician."""

    def __init__(self, folder: Path, pin: str | None = "73914628") -> None:
        self.folder, self.clocks, self.sticks, self.hurries = folder, SetClocks(), list[Path](), 0
        self.file, self.light, self.applied = folder.parent / "settings.toml", a_light(folder.parent), list[Settings]()
        self.file.write_text('# of the hall\nserver = "https://127.0.0.1:9"\n')
        keys = {"signing_key": "0" * 64, "sealing_key": "0" * 64, "config": "0" * 64}
        device_key(folder)
        store_enrolment(folder, Enrolment(device="d-5H8JKM2N3P", unit=UNIT, counter=HERE, **keys))
        self.roster = Roster(folder, UNIT, HERE)
        self.configure(pin)
        self.open()

    def open(self) -> None:
        self.technician = Technician(
            Settings(server="https://a.vn", data=self.folder),
            self.who,
            self.roster,
            self.clocks,
            lambda: 12,
            self._hurry,
            lambda: ["a line"],
            translator("vi"),
            Adjusting(self.file, Settings(server="https://a.vn", data=self.folder), self.light, self.applied.append),
            self._sticks,
            self.folder.parent / "updates",
        )

    def configure(self, pin: str | None) -> None:
        hashed = quick_hash(pin) if pin else None
        self.roster.store(msgspec.json.encode(KioskConfig(unit=UNIT, counter=HERE, officers=[HOA], on_duty=HOA.id, technician=hashed)))

    def who(self) -> Identity:
        identity = load_identity(self.folder)
        assert identity is not None
        return identity

    def try_pin(self, digits: str) -> Wrong | Paused | NotHere | None:
        return self.technician.why_not(digits).result(10)

    def _sticks(self) -> Sequence[Path]:
        return self.sticks

    def _hurry(self) -> None:
        self.hurries += 1


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "data")
    yield made
    made.technician.close()


def test_the_right_pin_opens_and_a_wrong_one_says_how_many_tries_are_left(service: Service) -> None:
    assert service.technician.has_pin
    assert service.try_pin("73914627") == Wrong(4)
    assert service.try_pin("2580") == Wrong(3), "an officer's PIN is none of a technician's"
    assert service.try_pin("73914628") is None
    assert service.try_pin("1") == Wrong(4), "the right one makes good"


def test_five_wrong_ones_make_a_pause_in_which_the_right_one_does_not_open_either_and_a_restart_changes_nothing(service: Service) -> None:
    for _ in range(4):
        service.try_pin("0000")
    assert service.try_pin("0000") == Paused(60.0)
    service.clocks.go_on(seconds=50)
    service.technician.close()
    service.open()
    assert service.try_pin("73914628") == Paused(10.0)
    service.clocks.go_on(seconds=10)
    assert service.try_pin("73914628") is None


def test_where_none_was_set_nothing_opens_and_one_that_comes_from_the_server_holds_at_once(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", pin=None)
    assert not service.technician.has_pin
    assert service.try_pin("73914628") == NotHere()
    service.configure("5820")
    assert service.technician.has_pin
    assert service.try_pin("5820") is None
    service.technician.close()


def test_the_facts_are_those_of_the_status_command_and_tell_nothing_of_votes_and_officers(service: Service) -> None:
    now = service.clocks.now()
    genuine = Genuine(MORNING, now.up, now.boot)
    heard = Status(
        at=MORNING,
        outcome="failed",
        detail="",
        advice="Xin kiểm tra mạng.",
        next_in_seconds=5,
        server_time=None,
        waiting=12,
        genuine=genuine,
    )
    write_status(service.folder, heard)
    service.clocks.set(MORNING.replace(hour=2))
    facts = service.technician.facts().result(10)
    assert dict(facts.lines) == {
        "Tình trạng": "cần xem bên dưới",
        "Nơi đặt": "Quầy 1, Phường Thái Hòa",
        "Chờ gửi": "12 mục",
        "Lần gửi gần nhất": "08:00:00 26/11/2026: chưa gửi được",
        "Mã máy": "d-5H8JKM2N3P",
        "Phiên bản": dict(facts.lines)["Phiên bản"],
        "Ổ đĩa": dict(facts.lines)["Ổ đĩa"],
        "Đồng hồ": "nhanh hơn máy chủ 60 phút",
    }
    assert facts.advice.startswith("Xin kiểm tra mạng.\nĐồng hồ máy này sai.")
    told = condition(service.folder, service.who(), service.roster.config, service.clocks.now())
    assert in_words(told, translator("vi")) == list(facts.lines)
    assert HOA.name not in str(facts)


def test_how_the_kiosk_is_is_told_in_a_word_and_what_is_wrong_with_what_to_do(service: Service) -> None:
    healthy = with_fields(condition(service.folder, service.who(), service.roster.config, service.clocks.now()), disk_free=10**10)
    translate = translator("vi")
    assert dict(in_words(healthy, translate))["Tình trạng"] == "tốt"
    assert what_to_do(healthy, translate) == []
    (service.folder / "ledger.db.damaged-019ac1c2").write_text("")
    (service.folder / "ledger.db.damaged-019ac1c2-wal").write_text("")
    damaged = condition(service.folder, service.who(), service.roster.config, service.clocks.now())
    assert damaged.damaged == 1
    for worse, told in (
        (with_fields(healthy, disk_free=10**8), "còn 100 MB"),
        (with_fields(healthy, clock_ahead=-900.0), "chỉnh ngày giờ"),
        (with_fields(healthy, damaged=1), "bị hỏng 1 lần"),
        (with_fields(healthy, advice="Xin kiểm tra mạng."), "Xin kiểm tra mạng."),
    ):
        [sentence] = what_to_do(worse, translate)
        assert told in sentence
        assert dict(in_words(worse, translate))["Tình trạng"] == "cần xem bên dưới"


def test_the_status_command_says_the_same_for_people_and_for_programs(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'server = "https://a.vn"\ndata = {json.dumps(str(service.folder))}\n')
    said = CliRunner().invoke(main, ["--config", str(file), "status"])
    assert said.exit_code == 0
    assert "Mã máy: d-5H8JKM2N3P\n" in said.stdout
    assert "Lần gửi gần nhất: chưa có lần nào\n" in said.stdout
    machine = json.loads(CliRunner().invoke(main, ["--config", str(file), "status", "--json"]).stdout)
    assert (machine["device"], machine["waiting"], machine["clock_ahead"]) == ("d-5H8JKM2N3P", None, None)


def test_an_exchange_that_is_asked_for_is_hurried_and_done_when_one_has_ended(service: Service) -> None:
    asked = service.technician.exchange()
    assert service.hurries == 1
    assert not asked.done()
    service.technician.exchanged()
    assert asked.result(1) is None


def test_the_couriers_waiting_ends_when_it_is_hurried_also_before_it_began(tmp_path: Path) -> None:
    patience, stop = Patience(tmp_path), threading.Event()
    waiting = threading.Thread(target=patience, args=(stop, 600.0))
    waiting.start()
    patience.hurry()
    waiting.join(10)
    assert not waiting.is_alive()
    patience.hurry()
    patience(stop, 600.0)


def test_what_waits_is_written_on_the_only_stick(service: Service, tmp_path: Path) -> None:
    ledger = Ledger(service.folder, service.clocks)
    ledger.bind(replace(BINDING, device=service.who().public_key))
    ledger.append(a_vote)
    stick = tmp_path / "stick"
    stick.mkdir()
    service.sticks = [stick]
    assert "Đã ghi và kiểm tra lại 2 mục, 0 góp ý trên" in service.technician.export().result(20)
    assert list((stick / FOLDER / "d-5H8JKM2N3P").rglob("*-entries"))
    ledger.close()


def test_without_a_stick_or_with_several_or_with_a_bad_one_it_says_what_to_do(service: Service, tmp_path: Path) -> None:
    assert "Xin cắm USB" in service.technician.export().result(20)
    service.sticks = [Path("/media/a"), Path("/media/b")]
    assert "/media/a, /media/b" in service.technician.export().result(20)
    (tmp_path / "file").write_text("")
    service.sticks = [tmp_path / "file"]
    assert "Dữ liệu vẫn còn nguyên trên kiosk" in service.technician.export().result(20)


def test_a_unit_that_was_renamed_is_called_by_its_new_name(service: Service) -> None:
    moved = KioskConfig(unit=Place(UNIT.id, "Phường Mới"), counter=HERE, officers=[], on_duty=None)
    service.roster.store(msgspec.json.encode(moved))
    assert dict(service.technician.facts().result(10).lines)["Nơi đặt"] == "Quầy 1, Phường Mới"


def test_the_volume_holds_at_once_and_after_a_restart_and_nothing_else_in_the_file_changes(service: Service) -> None:
    assert service.technician.set_volume(30).result(10) == ""
    assert [settings.volume for settings in service.applied] == [30]
    assert service.technician.adjusted().volume == 30
    assert read_settings(service.file).volume == 30
    assert "# of the hall\n" in service.file.read_text()
    assert service.technician.set_volume(300).result(10) == ""
    assert service.technician.adjusted().volume == 100


def test_the_brightness_holds_at_once_and_after_a_restart_and_is_never_dark(service: Service, tmp_path: Path) -> None:
    assert service.technician.adjusted().brightness == 60
    assert service.technician.set_brightness(80).result(10) == ""
    assert (tmp_path / "lights" / "panel" / "brightness").read_text() == "800\n"
    assert (service.technician.adjusted().brightness, read_settings(service.file).brightness) == (80, 80)
    service.technician.set_brightness(0).result(10)
    assert service.technician.adjusted().brightness == 10


def test_a_display_without_a_light_of_its_own_is_not_offered_one(service: Service, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "lights")
    assert service.technician.adjusted().brightness is None


def test_what_cannot_be_kept_is_told_and_not_applied(service: Service) -> None:
    service.file.unlink()
    assert "Chưa lưu được" in service.technician.set_volume(30).result(10)
    assert service.applied == []
    assert service.technician.adjusted().volume == 60
    service.file.write_text("colour = 1\n")
    assert "kiosk.toml có lỗi" in service.technician.set_volume(30).result(10)
    assert service.file.read_text() == "colour = 1\n"
    assert list(service.file.parent.glob(".settings.toml*")) == []


def test_an_address_is_kept_for_the_next_start_as_it_was_meant(service: Service) -> None:
    assert service.technician.readdress("hailong.tinh.gov.vn/", "10.0.0.1:3128").result(10) == ""
    kept = read_settings(service.file)
    assert (kept.server, kept.proxy and kept.proxy.address) == ("https://hailong.tinh.gov.vn", "http://10.0.0.1:3128")
    before = service.file.read_text()
    assert "Địa chỉ máy chủ chưa đúng" in service.technician.readdress("http://a.vn", "").result(10)
    assert "Địa chỉ proxy chưa đúng" in service.technician.readdress("a.vn", "10.0.0.1").result(10)
    assert service.file.read_text() == before


def test_the_password_of_a_proxy_is_never_shown_and_stays_where_nobody_types_another(service: Service, tmp_path: Path) -> None:
    service.file.write_text('server = "https://a.vn"\nproxy = "http://an:sesame@10.0.0.1:3128"\n')
    adjusting = Adjusting(service.file, read_settings(service.file), a_light(tmp_path / "other"), lambda _: None)
    assert adjusting.settings.proxy is not None
    shown = adjusting.settings.proxy.address
    assert "sesame" not in shown
    adjusting.readdress("b.vn", shown)
    assert "an:sesame@" in service.file.read_text()
    adjusting.readdress("b.vn", "")
    assert read_settings(service.file).proxy is None


def test_a_connection_is_looked_at_step_by_step_without_changing_anything(service: Service) -> None:
    before = service.file.read_text()
    trial = service.technician.examine(f"http://127.0.0.1:{free_port()}", "")
    assert trial.done.result(30) is False
    assert trial.findings[-1].level is Level.BAD
    assert trial.findings[-1].mend
    trial = service.technician.examine("không phải", "")
    assert trial.done.result(30) is False
    assert "Ví dụ: hailong.tinh.gov.vn" in trial.findings[0].said
    assert service.file.read_text() == before


def test_the_log_and_the_state_are_copied_onto_the_only_stick(service: Service, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    service.sticks = [stick]
    said = service.technician.copy_log().result(20)
    [file] = stick.iterdir()
    assert str(file) in said
    service.sticks = []
    assert "Xin cắm USB" in service.technician.copy_log().result(20)


def test_a_stick_with_another_version_offers_it_where_somebody_would_install_it(service: Service, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in ("hailong-kiosk_99.0_amd64.deb", "SHA256SUMS", "SHA256SUMS.sig"):
        (stick / name).touch()
    service.sticks.append(stick)
    assert service.technician.facts().result(10).offered == ""
    write_state(tmp_path / "updates", State().ended("98.0", "failed", "no-first-screen"))
    facts = service.technician.facts().result(10)
    assert facts.offered == "99.0"
    assert facts.lines[-1] == ("Cập nhật", "đã quay lại bản trước: bản mới không mở được màn hình (98.0)")
    assert service.technician.update("99.0").result(10) == ""
    asked = json.loads((service.folder / "update-asked.json").read_text())
    assert asked == {"package": str(stick / "hailong-kiosk_99.0_amd64.deb")}
    service.sticks.clear()
    assert "Không còn thấy bản 99.0" in service.technician.update("99.0").result(10)
