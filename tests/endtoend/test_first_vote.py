"""A citizen taps; a leader sees it. Server, kiosk, pointer and browser are real."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.stage.browser import Row, browser_page, log_in, read_today
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import Demo, Kiosk, Server

pytestmark = pytest.mark.endtoend
NOBODY = Row(0, 0, 0)


@contextmanager
def a_leader(server: Server, demo: Demo) -> Iterator[Page]:
    with browser_page() as page:
        log_in(page, server.address, demo)
        yield page


def an_enrolled_kiosk(tmp_path: Path, server: Server, display: VirtualDisplay, demo: Demo, *, thanks_seconds: float = 0.1) -> Kiosk:
    kiosk = Kiosk(tmp_path / "kiosk", server.address, display, thanks_seconds=thanks_seconds)
    kiosk.enrol(demo.counter("Quầy 3")["code"])
    return kiosk


def expect_today(page: Page, demo: Demo, row: Row) -> None:
    """The officer of counter 3 has exactly these votes, and nobody else has any."""
    officer = demo.counter("Quầy 3")["officer"]
    wait_until(
        lambda: read_today(page)["total"].total >= row.total, f"{row.total} votes arrive", 120
    )  # after an outage a kiosk holds back up to 60 s
    today = read_today(page)
    assert today.pop("total") == row
    assert today.pop(officer) == row
    assert set(today.values()) == {NOBODY}


def test_exactly_the_votes_that_were_tapped_are_on_the_dashboard(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    demo = server.demo()
    with an_enrolled_kiosk(tmp_path, server, display, demo) as kiosk, a_leader(server, demo) as page:
        for satisfied in (True, True, False, True, False):
            kiosk.vote(satisfied=satisfied)
        expect_today(page, demo, Row(5, 3, 2))


def test_votes_tapped_while_the_server_is_down_arrive_when_it_is_back(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    demo = server.demo()
    with an_enrolled_kiosk(tmp_path, server, display, demo) as kiosk:
        kiosk.vote(satisfied=True)
        server.stop()
        kiosk.vote(satisfied=False)
        kiosk.vote(satisfied=True)
        server.start()
        kiosk.vote(satisfied=True)
        with a_leader(server, demo) as page:
            expect_today(page, demo, Row(4, 3, 1))


def test_a_kiosk_killed_right_after_the_thanks_has_lost_nothing(server: Server, display: VirtualDisplay, tmp_path: Path) -> None:
    demo = server.demo()
    with an_enrolled_kiosk(tmp_path, server, display, demo) as kiosk:
        for _ in range(3):
            kiosk.vote(satisfied=False)
            kiosk.stop(signal.SIGKILL)
            kiosk.start()
        with a_leader(server, demo) as page:
            expect_today(page, demo, Row(3, 0, 3))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("server", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
def test_a_thousand_taps_with_the_server_restarted_three_times_are_a_thousand_votes(
    server: Server, display: VirtualDisplay, tmp_path: Path
) -> None:
    demo = server.demo()
    with an_enrolled_kiosk(tmp_path, server, display, demo) as kiosk:
        for tap in range(1000):
            if tap in (250, 500, 750):
                server.stop(signal.SIGKILL if tap == 500 else signal.SIGTERM)
            kiosk.vote(satisfied=tap % 3 != 0)
            if tap in (260, 510, 760):
                server.start()
        with a_leader(server, demo) as page:
            expect_today(page, demo, Row(1000, 666, 334))
