"""What a technician installs with pip, away from the clone: a wheel in an environment of its own, started in another folder."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from kiosk.enrolment import device_key, store_enrolment
from sync.wire import Enrolment, Place
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import GROUND_COLOUR, ROOT, Installation, Kiosk, Server, free_port

pytestmark = [pytest.mark.endtoend, pytest.mark.xdist_group("installed")]

FROM_THE_CLONE = ("LICENSE", "README.md", "pyproject.toml", "setup.py")
FOLDERS = ("assets", "kiosk", "server", "sync")
FONT = "fonts/BeVietnamPro-Regular.ttf"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Built from a copy as a fresh clone has it, so nothing of an earlier build helps; what it depends on is lent by our environment."""
    folder = tmp_path_factory.mktemp("installed")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / "clone" / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    for name in FROM_THE_CLONE:
        shutil.copy(ROOT / name, folder / "clone" / name)
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder / "wheel", folder / "clone"], check=True)
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    (wheel,) = (folder / "wheel").iterdir()
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    (packages,) = (folder / "venv").glob("lib/*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    shutil.rmtree(folder / "clone")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installation(str(python), elsewhere)


@pytest.fixture(autouse=True)
def nothing_leads_to_the_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)


@pytest.fixture
def installed_kiosk(installation: Installation, display: VirtualDisplay, tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk that was enrolled once, and whose server is out of reach."""
    kiosk = Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}", display, thanks_seconds=1, installation=installation)
    device_key(kiosk.data)
    place = Place("x-1", "Quầy 1")
    enrolment = Enrolment(device="d-1", signing_key="0" * 64, sealing_key="0" * 64, unit=place, counter=place, config="0" * 64)
    store_enrolment(kiosk.data, enrolment)
    with kiosk:
        yield kiosk


def test_the_programs_are_the_installed_ones(installation: Installation) -> None:
    words = [installation.python, "-c", "import kiosk, server, sync; print(kiosk.__file__, server.__file__, sync.__file__)"]
    found = subprocess.run(words, cwd=installation.folder, capture_output=True, text=True, check=True).stdout.split()
    assert all(Path(file).is_relative_to(Path(installation.python).parents[1]) for file in found)


def test_an_installed_kiosk_asks_and_takes_a_vote(installed_kiosk: Kiosk) -> None:
    installed_kiosk.vote(satisfied=True)
    installed_kiosk.wait_for_question()


def test_an_installed_kiosk_tells_its_faults_in_english_in_the_window_and_on_the_terminal(
    installation: Installation, display: VirtualDisplay, tmp_path: Path
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("thanks_seconds = 0\n")
    words = [str(Path(installation.python).with_name("hailong-kiosk")), "--config", str(settings), "--lang", "en"]
    with subprocess.Popen(words, cwd=installation.folder, env=display.environment, stderr=subprocess.PIPE) as process:
        wait_until(lambda: display.pixel(1279, 799) == GROUND_COLOUR or process.poll() is not None, "the window shows")
        ink = sum(display.pixel(x, 96)[0] < 80 for x in range(64, 1200))
        process.terminate()
        told = process.communicate(timeout=30)[1].decode()
    assert "thanks_seconds (0): expected a number of seconds" in told
    assert ink > 20, "a headline is written"
    assert process.returncode == 2


def test_an_installed_server_finds_its_fonts(installation: Installation, tmp_path: Path) -> None:
    with Server(tmp_path / "server", installation=installation) as server:
        server.command("check", "--fail-level", "WARNING")
        with urlopen(f"{server.address}/static/{FONT}", timeout=10) as answer:  # noqa: S310 our own http address
            assert answer.read() == (ROOT / "assets" / FONT).read_bytes()
