"""Updates from the central server: over HTTPS, by Debian's own apt, first to the kiosks that try them, and never from anybody else."""

import base64
import json
import socket
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from server import keys
from server.releases.openpgp import public_key
from tests.faults.stage import needs_a_disk
from tests.install.dummies import PUBLISHER, build
from tests.install.machine import Cable
from tests.install.tablet import DATA, Tablet, tablet
from tests.stage.programs import Server

pytestmark = [pytest.mark.install, pytest.mark.timeout(1800)]
FIRST = "/root/release-1.0/hailong-kiosk_1.0_amd64.deb"
PORT = 8443
DATABASE = "hailong.sqlite3"


class Office:
    """A server, and a tablet on the same cable. suite: of the tablet."""

    def __init__(self, server: Server, there: Tablet, cable: Cable, folder: Path) -> None:
        self.server = server
        self.tablet = there
        self.cable = cable
        self._folder = folder

    def publish(self, version: str, *stages: str, **flaw: bool) -> None:
        """A release with that version, staged so."""
        self.server.command("release", "add", str(build(self._folder, version, **flaw)))  # type: ignore[arg-type] # each its own
        for stage in stages:
            self.server.command("release", "stage", version, "--to", stage, "--without-proof")

    def look(self, suite: str = "stable", key: bytes | None = None) -> Any:  # noqa: ANN401 JSON
        """Let the timer come, with what the kiosk was told; the updater's state then."""
        key = public_key(keys.repository_key(self.server.data / "keys")) if key is None else key
        updates = {"suite": suite, "key": base64.b64encode(key).decode(), "window": {"opens": "00:00", "closes": "23:59"}}
        (self.tablet.on.folder / DATA / "config.json").write_text(json.dumps({"updates": updates}))
        self.tablet.update("look")
        return self.tablet.state()

    def forget_releases(self) -> None:
        """As before the first."""
        with closing(sqlite3.connect(self.server.data / DATABASE)) as database, database:
            database.execute("DELETE FROM releases_release")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("wired")
    for name in ("probe", "tablet", "server"):
        (folder / name).mkdir()
    needs_a_disk(folder / "probe")
    (folder / "release.pub").write_text(PUBLISHER.verify_key.encode().hex())
    cable = Cable(7)
    cable.lay()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HAILONG_RELEASE_PUB", str(folder / "release.pub"))
            patch.setenv("HAILONG_ALLOWED_HOSTS", f"127.0.0.1,{cable.host}")
            server = Server(folder / "server")
        authority = trustme.CA()
        with server, _https(cable.host, authority, int(server.address.rsplit(":", 1)[1])), tablet(folder / "tablet", cable) as there:
            settings = there.on.folder / "etc/hailong"
            settings.mkdir()
            settings.joinpath("kiosk.toml").write_text(f'server = "https://{cable.host}:{PORT}"\nca_file = "ca.pem"\n')
            authority.cert_pem.write_to_path(settings / "ca.pem")
            yield Office(server, there, cable, folder)
    finally:
        cable.remove()


@pytest.fixture
def office(shared: Office) -> Office:
    """With the first version, and nothing newer."""
    shared.forget_releases()
    shared.tablet.first(FIRST)
    return shared


def test_a_version_comes_first_to_those_that_try_it_and_then_to_all(office: Office) -> None:
    office.publish("2.0", "canary")
    taken = office.tablet.entries()
    office.look("stable")
    assert office.tablet.require_whole(["1.0"], taken) == "1.0"
    office.look("canary")
    assert office.tablet.require_whole(["2.0"], taken) == "2.0"
    office.publish("2.1", "canary", "stable")
    office.look("stable")
    assert office.tablet.require_whole(["2.1"], taken) == "2.1"


def test_a_version_that_cannot_reach_a_server_that_is_there_goes_back_and_is_not_tried_again(office: Office) -> None:
    office.publish("3.0", "canary", "stable", exchanges=False)
    taken = office.tablet.entries()
    assert office.look()["failed"] == {"3.0": "no-exchange"}
    assert office.tablet.require_whole(["1.0"], taken) == "1.0"
    assert int(office.tablet.update("look").stdout.split()[-1]) < 10  # it asked, and nothing was begun
    office.publish("3.1", "canary", "stable")
    assert office.look()["last"] == {"version": "3.1", "outcome": "done", "why": ""}


def test_a_version_that_nobody_lets_reach_the_server_waits_until_somebody_does(office: Office) -> None:
    office.publish("4.0", "canary", "stable", exchanges=False)
    taken = office.tablet.entries()
    with office.tablet.on.start(*office.tablet.words(0, "kill", str(office.tablet.bring(build(office._folder, "4.0", exchanges=False))))):
        office.cable.unplug()
    state = office.tablet.state()
    assert (state["underway"]["version"], state["underway"]["seen"]) == ("4.0", True)
    office.cable.plug()
    assert office.look()["failed"] == {"4.0": "no-exchange"}
    assert office.tablet.require_whole(["1.0"], taken) == "1.0"


def test_another_repository_than_the_servers_gives_nothing(office: Office) -> None:
    office.publish("5.0", "canary", "stable")
    assert office.look(key=public_key(type(PUBLISHER)(bytes(32))))["last"] is None
    assert office.tablet.require_whole(["1.0"], b"") == "1.0"


def test_a_server_in_wrong_hands_cannot_install_what_its_publisher_did_not_sign(office: Office) -> None:
    office.publish("6.0", "canary", "stable")
    with closing(sqlite3.connect(office.server.data / DATABASE)) as database, database:
        database.execute("UPDATE releases_release SET sums = sums || ' '")
    taken = office.tablet.entries()
    office.look()
    assert office.tablet.require_whole(["1.0"], taken) == "1.0"


@contextmanager
def _https(host: str, authority: trustme.CA, upstream: int) -> Iterator[None]:
    """HTTPS in front of a port of 127.0.0.1, as the server's proxy speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    listener = socket.create_server((host, PORT))

    def accept() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                threading.Thread(target=join, args=(caller,), daemon=True).start()

    def join(caller: socket.socket) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(caller, server_side=True) as secure,
            socket.create_connection(("127.0.0.1", upstream)) as server,
        ):
            back = threading.Thread(target=pump, args=(server, secure), daemon=True)
            back.start()
            pump(secure, server)
            back.join()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield
    finally:
        listener.close()
