"""The first start on the screen: a tablet that is nobody becomes the kiosk of a counter. A real window, pointer and server."""

import ssl
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from threading import Thread

import pytest
import segno

from kiosk.settings import read_settings
from kiosk.setup import zbar
from kiosk.setup.prepared import Finder, mark_of
from kiosk.ui.widgets.key_rows import BACKSPACE, PLAIN, placed
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.first_start import PICTURE, STICK
from tests.stage.programs import GROUND_COLOUR, INK_COLOUR, Kiosk, Server
from tests.sync.authority import Authority
from tests.sync.hostile import _pass_on, listening, tunnelling

pytestmark = pytest.mark.endtoend

BOARD_LEFT, BOARD_BOTTOM, BOARD_WIDTH, BOARD_HEIGHT = 16, 790, 1248, 508
FROM_STICK, BY_CODE, SCAN = (336, 300), (940, 300), (1060, 300)
ON = (1004, 82)  # in the corner of the button beside what is typed
GO, BACK, PROXY = (880, 740), (60, 740), (640, 600)
LEAVE, REALLY = (1100, 712), (1000, 720)
EDGE_OF_BACK = (220, 660)
FIRST_OFFER, SECOND_OFFER = (220, 270), (640, 270)


@pytest.fixture
def server(tmp_path: Path, one_day: None) -> Iterator[Server]:
    with Server(tmp_path / "server") as running:
        yield running


class FirstKiosk(Kiosk):
    """A kiosk without any settings but where its data are. stick, picture: see `tests.stage.first_start`."""

    def __init__(self, folder: Path, display: VirtualDisplay, stick: Path | None = None, picture: Path | None = None) -> None:
        super().__init__(folder, "", display, program="tests.stage.first_start")
        self.settings.write_text(f'data = "{self.data}"\nthanks_seconds = 0.1\n')
        self._environment |= {name: str(path) for name, path in ((STICK, stick), (PICTURE, picture)) if path}

    def start(self) -> None:
        self.start_blindly()

    def shows(self, place: tuple[int, int]) -> bool:
        """Whether there is a filled button."""
        return self.display.pixel(*place) == INK_COLOUR

    def wait_for_ways(self) -> None:
        ground = (30, 400)
        wait_until(lambda: self.display.pixel(*ground) == GROUND_COLOUR, "the setup screen is shown", 30)
        self.display.wait_until_still()

    def type(self, keys: str, text: str) -> None:
        """On the keyboard for an address or a code; < takes a character back."""
        places = {place.value: place for place in placed(PLAIN[keys], BOARD_WIDTH, BOARD_HEIGHT)}
        for character in text:
            key = places[BACKSPACE if character == "<" else character]
            self.display.tap(round(BOARD_LEFT + key.x + key.width / 2), round(BOARD_BOTTOM - key.y - key.height / 2))

    def go(self) -> None:
        """Wait for the filled button at the end, and touch it."""
        wait_until(lambda: self.shows(GO), "it may go on", 120)
        self.display.wait_until_still()
        self.display.tap(*GO)

    def go_back(self) -> None:
        """Wait until something did not work, and there is nothing to go on with; and touch the way back."""
        wait_until(lambda: self.shows(EDGE_OF_BACK), "it did not work", 120)
        self.display.wait_until_still()
        assert not self.shows(GO)
        self.display.tap(*BACK)
        self.display.wait_until_still()


def commune(server: Server, stick: Path, *options: str, address: str = "") -> None:
    """The folders of all counters of the demo commune, as the server's command makes them."""
    unit = server.demo().unit
    server.command("provision", "--unit", unit, "--server", address or server.address, "--out", str(stick), *options)


def test_by_an_address_and_a_code_typed_on_the_screen_after_a_mistake_that_is_told(
    server: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    code = server.demo().counter("Quầy 3")["code"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    typed = str.maketrans({"0": "o", "1": "l", "-": None})
    with FirstKiosk(tmp_path / "kiosk", display) as kiosk:
        kiosk.wait_for_ways()
        display.tap(*BY_CODE)
        display.wait_until_still()
        assert not kiosk.shows(ON), "https:// alone is no address"
        kiosk.type("address", "<" * len("s://") + server.address.removeprefix("http"))
        wait_until(lambda: kiosk.shows(ON), "an address is taken", 60)
        display.tap(*ON)
        display.wait_until_still()
        kiosk.type("code", wrong.translate(typed).lower())
        wait_until(lambda: kiosk.shows(ON), "a code is taken", 60)
        display.tap(*ON)
        kiosk.go_back()
        assert "server =" not in kiosk.settings.read_text()
        kiosk.type("code", "<" + code[-1].translate(typed).lower())
        display.tap(*ON)
        kiosk.go()
        kiosk.vote(satisfied=True)
        assert read_settings(kiosk.settings).server == server.address
        wait_until(lambda: server.rows("SELECT count(*) FROM intake_vote") == [(1,)], "the vote is counted", 30)
    assert kiosk.is_enrolled


def test_from_a_communes_stick_each_tablet_chooses_its_counter_and_the_next_one_sees_who_was_used(
    server: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    folders, stick = tmp_path / "folders", tmp_path / "stick"
    stick.mkdir()
    commune(server, folders)
    with zipfile.ZipFile(stick / "hailong-u.zip", "w") as archive:
        for file in folders.rglob("*.*"):
            archive.write(file, file.relative_to(folders))
    with FirstKiosk(tmp_path / "one", display, stick) as kiosk:
        kiosk.wait_for_ways()
        display.tap(*FROM_STICK)
        display.wait_until_still()
        display.tap(*FIRST_OFFER)
        kiosk.go()
        kiosk.wait_for_question()
        chosen = read_settings(kiosk.settings).provision
    assert chosen is not None
    finder = Finder()
    taken = [one.provision.counter.name for one in finder.find([stick]) if one.provision and mark_of(one)]
    finder.close()
    assert taken == [chosen.counter.name] == ["Quầy 1"]
    assert server.rows("SELECT name FROM devices_device JOIN places_counter ON counter_id = places_counter.id") == [("Quầy 1",)]
    with FirstKiosk(tmp_path / "two", display, stick) as kiosk:
        kiosk.wait_for_ways()
        display.tap(*FROM_STICK)
        display.wait_until_still()
        display.tap(*FIRST_OFFER)  # it is shown as used; the server says so, too
        kiosk.go_back()
        display.tap(*SECOND_OFFER)
        kiosk.go()
        kiosk.wait_for_question()
    assert server.rows("SELECT count(*) FROM devices_device") == [(2,)]


def test_a_stick_for_one_counter_needs_no_hand_and_no_network(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    counter = server.demo().counter("Quầy 3")["id"]
    server.command("provision", counter, "--server", server.address, "--out", str(stick))
    server.stop()
    with FirstKiosk(tmp_path / "kiosk", display, stick) as kiosk:
        kiosk.vote(satisfied=True)
        assert not kiosk.is_enrolled
        server.start()
        wait_until(lambda: server.rows("SELECT count(*) FROM intake_vote") == [(1,)], "the vote is counted", 60)
    assert kiosk.is_enrolled


def test_a_stick_that_comes_when_the_screen_waits_already_is_seen(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    counter = server.demo().counter("Quầy 3")["id"]
    server.command("provision", counter, "--server", server.address, "--out", str(tmp_path / "drawer"))
    with FirstKiosk(tmp_path / "kiosk", display, stick) as kiosk:
        kiosk.wait_for_ways()
        (tmp_path / "drawer").rename(stick)
        kiosk.wait_for_question()
    assert kiosk.is_enrolled


@pytest.mark.skipif(zbar.library() is None, reason="libzbar0 is not installed")
def test_the_qr_code_of_the_servers_page_is_read_by_the_camera(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    code = server.demo().counter("Quầy 3")["code"]
    picture = tmp_path / "seen.png"
    segno.make_qr(f"{server.address}/#{code}", error="m").save(str(picture), scale=6, border=8, light="#e8e8e0")
    with FirstKiosk(tmp_path / "kiosk", display, picture=picture) as kiosk:
        kiosk.wait_for_ways()
        display.tap(*SCAN)
        kiosk.go()
        kiosk.wait_for_question()
    assert kiosk.is_enrolled


def test_an_enrolment_by_the_command_line_ends_the_setup_screen(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    code = server.demo().counter("Quầy 3")["code"]
    with FirstKiosk(tmp_path / "kiosk", display) as kiosk:
        kiosk.wait_for_ways()
        kiosk.settings.write_text(f'server = "{server.address}"\ndata = "{kiosk.data}"\n')
        kiosk.enrol(code)
        kiosk.wait_for_question()


def test_the_command_line_is_reached_from_the_setup_screen_by_who_means_it(display: VirtualDisplay, tmp_path: Path) -> None:
    with FirstKiosk(tmp_path / "kiosk", display) as kiosk:
        kiosk.wait_for_ways()
        display.tap(*LEAVE)
        wait_until(lambda: kiosk.shows(BACK), "it asks whether really to leave", 60)
        display.tap(*BACK)
        wait_until(lambda: not kiosk.shows(BACK), "the ways are shown again", 60)
        display.wait_until_still()
        assert kiosk.runs
        display.tap(*LEAVE)
        wait_until(lambda: kiosk.shows(BACK), "it asks whether really to leave", 60)
        display.tap(*REALLY)
        wait_until(lambda: not kiosk.runs, "the program ends", 60)
        assert kiosk.stop() == 0, "and whoever supervises it leaves it so"


@contextmanager
def over_tls(server: Server, context: ssl.SSLContext) -> Iterator[int]:
    """The server behind TLS, as behind an office's Caddy; its port."""
    host, port = server.address.removeprefix("http://").split(":")

    def talk(connection: socket) -> None:
        with create_connection((host, int(port))) as onward:
            back = Thread(target=_pass_on, args=(onward, connection))
            back.start()
            _pass_on(connection, onward)
            back.join()

    with listening(talk, context) as (front, _):
        yield front


@pytest.fixture
def office(tmp_path: Path) -> Authority:
    """An authority of an office's own."""
    (tmp_path / "office").mkdir()
    return Authority(tmp_path / "office")


def test_an_office_with_its_own_authority_is_reached_by_the_certificate_on_the_stick(
    server: Server, office: Authority, display: VirtualDisplay, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with over_tls(server, office.context()) as port:
        commune(server, stick, "--ca", str(office.file), address=f"https://127.0.0.1:{port}")
        with FirstKiosk(tmp_path / "kiosk", display, stick) as kiosk:
            kiosk.wait_for_ways()
            display.tap(*FROM_STICK)
            display.wait_until_still()
            display.tap(*SECOND_OFFER)
            kiosk.go()
            kiosk.vote(satisfied=True)
            wait_until(lambda: server.rows("SELECT count(*) FROM intake_vote") == [(1,)], "the vote is counted", 30)
    assert read_settings(kiosk.settings).ca_file == kiosk.settings.parent / "ca.pem"


def test_behind_an_offices_proxy_a_stick_needs_only_the_proxy_typed(
    server: Server, office: Authority, display: VirtualDisplay, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with over_tls(server, office.context()) as port, tunnelling(port) as (proxy, asked):
        commune(server, stick, "--ca", str(office.file), address="https://127.0.0.1:1")
        with FirstKiosk(tmp_path / "kiosk", display, stick) as kiosk:
            kiosk.wait_for_ways()
            display.tap(*FROM_STICK)
            display.wait_until_still()
            display.tap(*SECOND_OFFER)
            wait_until(lambda: kiosk.shows(GO), "it could begin without network", 120)
            display.wait_until_still()
            display.tap(*PROXY)
            display.wait_until_still()
            kiosk.type("address", f"127.0.0.1:{proxy}")
            wait_until(lambda: kiosk.shows(ON), "a proxy is taken", 60)
            display.tap(*ON)
            display.wait_until_still()
            kiosk.go()
            kiosk.vote(satisfied=True)
            wait_until(lambda: server.rows("SELECT count(*) FROM intake_vote") == [(1,)], "the vote is counted", 30)
    assert asked[0].startswith(b"CONNECT 127.0.0.1:1 ")
    settings = read_settings(kiosk.settings)
    assert settings.proxy is not None
    assert (settings.proxy.address, settings.ca_file) == (f"http://127.0.0.1:{proxy}", kiosk.settings.parent / "ca.pem")


def test_a_code_of_an_office_with_its_own_authority_brings_the_certificate_along(
    office: Authority, display: VirtualDisplay, tmp_path: Path, one_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAILONG_CA", str(office.file))
    with Server(tmp_path / "server") as server, over_tls(server, office.context()) as port:
        demo = server.demo()
        first, second = (server.command("enrolcode", "--counter", demo.counter(name)["id"]).split()[0] for name in ("Quầy 1", "Quầy 2"))
        with FirstKiosk(tmp_path / "kiosk", display) as kiosk:
            kiosk.wait_for_ways()
            display.tap(*BY_CODE)
            display.wait_until_still()
            kiosk.type("address", f"127.0.0.1:{port}")
            display.tap(*ON)
            display.wait_until_still()
            kiosk.type("code", first.replace("-", "").lower())
            wait_until(lambda: kiosk.shows(ON), "a code is taken", 60)
            display.tap(*ON)
            kiosk.go()
            kiosk.vote(satisfied=True)
            wait_until(lambda: server.rows("SELECT count(*) FROM intake_vote") == [(1,)], "the vote is counted", 30)
        typed = Kiosk(tmp_path / "typed", "", display)
        typed.settings.unlink()
        typed.enrol(second, "--server", f"https://127.0.0.1:{port}")
    assert server.command("enrolcode", "--counter", demo.counter("Quầy 1")["id"]).split()[0][12:] == first[12:] != ""
    for tablet in (kiosk, typed):
        file = read_settings(tablet.settings).ca_file
        assert file == tablet.settings.parent / "ca.pem"
        assert file.read_bytes() == office.file.read_bytes()
