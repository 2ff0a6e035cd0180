"""The stage for tests with real processes."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from nacl.public import PrivateKey

from kiosk.enrolment import device_key, store_enrolment
from sync.wire import Enrolment, Place
from tests.postgres import private_postgres
from tests.stage.display import VirtualDisplay
from tests.stage.programs import Kiosk, Server, free_port

SEALING = PrivateKey(bytes([7] * 32))
LONGEST_TEST = timedelta(minutes=6)


@pytest.fixture
def one_day() -> None:
    """A test that reads the page of today must not begin just before midnight at the counter."""
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    if midnight - now < LONGEST_TEST:
        time.sleep((midnight - now).total_seconds() + 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path, one_day: None) -> Iterator[Server]:
    """A running server, on each database."""
    if request.param == "sqlite":
        with Server(tmp_path / "server") as running:
            yield running
    else:
        with private_postgres() as url, Server(tmp_path / "server", database=url) as running:
            yield running


@pytest.fixture
def display() -> Iterator[VirtualDisplay]:
    with VirtualDisplay() as virtual:
        yield virtual


@pytest.fixture
def enrolled(display: VirtualDisplay, tmp_path: Path) -> Iterator[Kiosk]:
    """A kiosk that was enrolled once, and whose server is out of reach; to be started."""
    kiosk = Kiosk(tmp_path / "kiosk", f"http://127.0.0.1:{free_port()}", display, thanks_seconds=1)
    device_key(kiosk.data)
    place, sealing = Place("x-1", "Quầy 1"), SEALING.public_key.encode().hex()
    store_enrolment(
        kiosk.data,
        Enrolment(device="d-1", signing_key="0" * 64, sealing_key=sealing, unit=place, counter=place, config="0" * 64),
    )
    yield kiosk
    kiosk.stop()


@pytest.fixture
def kiosk(enrolled: Kiosk) -> Kiosk:
    """The same, started."""
    enrolled.start()
    return enrolled
