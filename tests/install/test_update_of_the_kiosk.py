"""The real kiosk, installed by its package, changes its version by itself; and back, where the next one is broken."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from tests.install.dummies import PUBLISHER, sign_release
from tests.install.kiosk import InstalledKiosk, installed, package
from tests.stage.display import wait_until
from tests.stage.programs import ROOT, Server

pytestmark = [pytest.mark.install, pytest.mark.xdist_group("install-update"), pytest.mark.timeout(1800)]
NEXT, BROKEN = "99.0.0", "99.0.1"
_SEED = "HAILONG_RELEASE_KEY"


def next_package(folder: Path) -> Path:
    """The kiosk's package of the last commit, as if it were a version to come."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    module = clone / "kiosk" / "__init__.py"
    lines = [f'__version__ = "{NEXT}"' if line.startswith("__version__") else line for line in module.read_text().splitlines()]
    module.write_text("\n".join(lines) + "\n")
    (clone / ".venv").symlink_to(ROOT / ".venv")
    words = [str(ROOT / ".venv/bin/python"), "-m", "tools.package", "kiosk", "--out", str(folder / "out")]
    subprocess.run(words, cwd=clone, env={**os.environ, "PYTHONPATH": "."}, check=True, capture_output=True)
    return folder / "out" / f"hailong-kiosk_{NEXT}_amd64.deb"


def broken_package(sound: Path, folder: Path, key: SigningKey) -> Path:
    """The same, but its program ends at once."""
    tree, out = folder / "tree", folder / "broken"
    subprocess.run(["dpkg-deb", "-R", sound, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(f"Version: {NEXT}", f"Version: {BROKEN}"))
    (tree / "usr/lib/hailong-kiosk/hailong-kiosk").write_text("#!/bin/sh\nexit 1\n")
    out.mkdir()
    made = out / f"hailong-kiosk_{BROKEN}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, made], check=True, stdout=subprocess.DEVNULL)
    sign_release(out, key)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "release.key").write_text(PUBLISHER.encode().hex())
    (folder / "release.pub").write_text(PUBLISHER.verify_key.encode().hex())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_SEED, str(folder / "release.key"))
        patch.setenv("HAILONG_RELEASE_PUB", str(folder / "release.pub"))
        patch.setenv("HAILONG_UPDATE_HOURS", "00:00-23:59")
        with Server(folder / "its") as running:
            yield running


@pytest.fixture(scope="module")
def kiosk(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstalledKiosk]:
    """Installed and enrolled, and one of those that try versions first."""
    deb = package(tmp_path_factory.mktemp("package"))
    with installed("hailong-kiosk-update", tmp_path_factory.mktemp("kiosk"), deb, server, server.address) as asking:
        yield asking


def updated(kiosk: InstalledKiosk) -> Any:  # noqa: ANN401 JSON
    """Let the timer come; the updater's state then."""
    kiosk.machine.run("systemctl", "start", "hailong-kiosk-update.service", timeout=400)
    return json.loads(kiosk.machine.run("hailong-kiosk-update", "status"))


def device(server: Server) -> tuple[Any, ...]:
    [row] = server.rows("SELECT version, update_version, update_outcome, update_why FROM devices_device")
    return row


def votes(server: Server) -> int:
    [(number,)] = server.rows("SELECT count(*) FROM intake_vote")
    return int(number)


def vote(kiosk: InstalledKiosk, server: Server) -> None:
    """One more, which the server then has."""
    before = votes(server)
    kiosk.wait_until_up(60)
    kiosk.vote(satisfied=True)
    wait_until(lambda: votes(server) == before + 1, "the server has the vote")


def test_the_next_version_comes_by_itself_a_broken_one_goes_and_no_vote_is_lost(
    kiosk: InstalledKiosk, server: Server, tmp_path: Path
) -> None:
    vote(kiosk, server)
    sound = next_package(tmp_path)
    server.command("release", "add", str(sound))
    server.command("release", "stage", NEXT)
    _try_first(server)
    wait_until(lambda: b'"canary"' in (kiosk.data / "config.json").read_bytes(), "the kiosk heard of the repository")
    assert updated(kiosk)["last"] == {"version": NEXT, "outcome": "done", "why": ""}
    vote(kiosk, server)
    wait_until(lambda: device(server) == (NEXT, NEXT, "done", ""), "the server heard of it")
    server.command("release", "add", str(broken_package(sound, tmp_path, PUBLISHER)))
    server.command("release", "stage", BROKEN)
    assert updated(kiosk)["failed"] == {BROKEN: "no-first-screen"}
    vote(kiosk, server)
    wait_until(lambda: device(server) == (NEXT, BROKEN, "failed", "no-first-screen"), "the server heard of it")
    assert kiosk.votes_on_disk() == votes(server) == 3
    with pytest.raises(subprocess.CalledProcessError):
        server.command("release", "stage", BROKEN)
    shutil.rmtree(tmp_path)


def _try_first(server: Server) -> None:
    """As somebody says on the device's page."""
    server.command("shell", "-c", "from server.devices.models import Device; Device.objects.update(canary=True)")
