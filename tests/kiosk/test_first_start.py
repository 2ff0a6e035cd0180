"""The first start without a window: what sticks offer, what is tried, and what is kept. With a server it is tried in tests/endtoend."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.enrolment import load_identity
from kiosk.findings import Level, Try
from kiosk.settings import read_begun, read_settings
from kiosk.setup.asked import Offers, Outcome
from kiosk.setup.installing import Installing
from kiosk.setup.keeping import draft_of_server
from kiosk.setup.prepared import Finder, mark
from kiosk.texts import translator
from tests.kiosk.test_prepared import prepared
from tests.sync.hostile import listening, read_message, whole

Start = Callable[..., Installing]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Begins the first start, with these sticks."""
    begun: list[Installing] = []

    def start(*sticks: Path, text: str = "") -> Installing:
        file = tmp_path / "etc" / "kiosk.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'{text}data = "{tmp_path / "data"}"\n')
        begun.append(Installing(file, read_begun(file), translator("vi"), lambda: sticks))
        return begun[-1]

    yield start
    for one in begun:
        one.close()


def seen(installing: Installing) -> Offers:
    return installing.offers().result(20)


def ended(one: Try[Outcome]) -> tuple[Outcome, list[str]]:
    """How it ended, and what was wrong."""
    outcome = one.done.result(30)
    return outcome, [finding.check for finding in one.findings if finding.level is Level.BAD]


def unreachable(folder: Path, number: int) -> Path:
    """A folder whose server nobody reaches."""
    made = prepared(folder, number)
    file = made / "kiosk.toml"
    file.write_text(file.read_text().replace("https://hailong.tinh.gov.vn", "http://127.0.0.1:9"))
    return made


# --- offers ----------------------------------------------------------------------------------------------------------


def test_counters_are_offered_in_the_order_in_which_people_count(start: Start, tmp_path: Path) -> None:
    for number in (10, 2, 1):
        prepared(tmp_path / "stick" / f"quay-{number}", number)
    found = seen(start(tmp_path / "stick"))
    assert [offer.counter for offer in found.offers] == ["Quầy 1", "Quầy 2", "Quầy 10"]
    assert (found.sticks, found.alone) == (1, None)


def test_the_only_folder_may_be_taken_unasked(start: Start, tmp_path: Path) -> None:
    prepared(tmp_path / "stick" / "quay-1", 1)
    found = seen(start(tmp_path / "stick"))
    assert found.alone == found.offers[0]


def test_but_not_one_that_another_tablet_took_nor_one_of_another_server_nor_a_broken_one(start: Start, tmp_path: Path) -> None:
    prepared(tmp_path / "stick", 1)
    assert seen(start(tmp_path / "stick", text='server = "https://khac.vn"\n')).alone is None
    [one] = Finder().find([tmp_path / "stick"])
    mark(one, datetime(2026, 11, 26, 3, 32, tzinfo=UTC), "ab" * 32)
    taken = seen(start(tmp_path / "stick"))
    assert (taken.alone, taken.offers[0].used) == (None, "Đã dùng lúc 10:32 26/11/2026")
    (tmp_path / "stick" / "roster.json").unlink()
    broken = seen(start(tmp_path / "stick"))
    assert broken.alone is None
    assert "roster" in broken.offers[0].wrong


def test_of_two_folders_for_a_counter_the_newer_comes_first_and_the_other_is_called_older(start: Start, tmp_path: Path) -> None:
    for name, number, written in (("cu", 1, 1_000), ("cu", 2, 1_000), ("moi", 1, 90_000)):
        file = prepared(tmp_path / "stick" / name / f"quay-{number}", number) / "kiosk.toml"
        os.utime(file, (written, written))
    found = seen(start(tmp_path / "stick")).offers
    assert [(offer.counter, offer.older, "moi" in offer.key) for offer in found] == [
        ("Quầy 1", False, True),
        ("Quầy 1", True, False),
        ("Quầy 2", False, False),
    ]


def test_without_sticks_nothing_is_offered(start: Start) -> None:
    assert seen(start()) == Offers(0, [])


# --- without network -------------------------------------------------------------------------------------------------


def test_a_folder_may_be_used_before_the_server_can_be_reached_and_only_when_somebody_says_so(start: Start, tmp_path: Path) -> None:
    unreachable(tmp_path / "stick", 3)
    installing = start(tmp_path / "stick")
    [offer] = seen(installing).offers
    assert ended(installing.by_offer(offer)) == (Outcome(offline=True), ["reach"])
    assert not installing.is_done
    assert ended(installing.without_network(offer)) == (Outcome("Quầy 3, Phường Thái Hòa"), [])
    assert installing.is_done
    settings = read_settings(tmp_path / "etc" / "kiosk.toml")
    identity = load_identity(settings.data, settings.provision)
    assert identity is not None
    assert (identity.counter.name, identity.enrolment) == ("Quầy 3", None)
    assert [offer.used for offer in seen(installing).offers] == [""], "to this tablet itself it is as free as before"


def test_a_folder_that_another_tablet_took_is_never_used_without_the_servers_word(start: Start, tmp_path: Path) -> None:
    unreachable(tmp_path / "stick", 3)
    [one] = Finder().find([tmp_path / "stick"])
    mark(one, datetime(2026, 11, 26, tzinfo=UTC), "ab" * 32)
    installing = start(tmp_path / "stick")
    [offer] = seen(installing).offers
    assert ended(installing.by_offer(offer)) == (Outcome(), ["reach"])


def test_a_stick_that_was_pulled_out_meanwhile_is_wanted_back(start: Start, tmp_path: Path) -> None:
    unreachable(tmp_path / "stick", 3)
    installing = start(tmp_path / "stick")
    [offer] = seen(installing).offers
    (tmp_path / "stick").rename(tmp_path / "pocket")
    tried = installing.without_network(offer)
    assert ended(tried) == (Outcome(), ["settings"])
    assert "Xin cắm lại USB" in tried.findings[0].mend
    (tmp_path / "pocket").rename(tmp_path / "stick")
    assert ended(installing.without_network(offer))[0].place


# --- by code ---------------------------------------------------------------------------------------------------------


def test_a_code_is_shown_to_nobody_but_a_server_of_ours_and_no_settings_are_kept(start: Start, tmp_path: Path) -> None:
    asked: list[bytes] = []

    def portal(connection: socket.socket) -> None:
        while True:
            asked.append(read_message(connection))
            connection.sendall(whole(b"", "302 Found", "Location: http://wifi.example/login\r\n"))

    installing = start()
    with listening(portal) as (port, _):
        outcome = ended(installing.by_code(f"http://127.0.0.1:{port}", "7Q2K9-M3RT5"))
    assert outcome == (Outcome(), ["server"])
    assert asked
    assert not [request for request in asked if b"7Q2K9" in request]
    assert sorted(path.name for path in (tmp_path / "etc").iterdir()) == ["kiosk.toml"]
    assert "server =" not in (tmp_path / "etc" / "kiosk.toml").read_text()


def test_settings_that_cannot_be_written_are_told_before_the_code_is_used(start: Start, tmp_path: Path) -> None:
    installing = start()
    (tmp_path / "etc" / "kiosk.toml").unlink()
    (tmp_path / "etc").rmdir()
    (tmp_path / "etc").touch()
    assert ended(installing.by_code("http://127.0.0.1:9", "7Q2K9-M3RT5")) == (Outcome(), ["settings"])


@pytest.mark.parametrize(
    ("typed", "shown", "whole"),
    [
        ("7q2k9", "7Q2K9", False),
        ("7q2k9m", "7Q2K9-M", False),
        ("7q2k9-m3rt5", "7Q2K9-M3RT5", True),
        ("oilOIL0000", "01101-10000", True),
        ("7q2k9m3rt5xyz", "7Q2K9-M3RT5-XYZ", False),
        ("7q2k9m3rt5 8h4jt 2mwqx", "7Q2K9-M3RT5-8H4JT-2MWQX", True),
        ("7q2k9-m3rt5-8h4jt-2mwqx-7", "7Q2K9-M3RT5-8H4JT-2MWQX", True),
        ("7q2k9m3rtu", "7Q2K9-M3RTU", False),
        ("", "", False),
    ],
)
def test_a_code_is_read_as_a_person_means_it(start: Start, typed: str, shown: str, whole: bool) -> None:
    installing = start()
    assert installing.as_code(typed) == shown
    assert installing.is_code(installing.as_code(typed)) is whole


def test_a_proxy_that_is_typed_is_gone_through_and_kept_with_the_server(start: Start, tmp_path: Path) -> None:
    asked: list[bytes] = []

    def proxy(connection: socket.socket) -> None:
        asked.append(read_message(connection))
        connection.sendall(whole(b"", "403 Forbidden"))

    installing = start()
    assert installing.is_proxy("http://10.0.0.1:3128")
    assert not installing.is_proxy("http://")
    with listening(proxy) as (port, _):
        tried = installing.by_code("https://hailong.example", "7Q2K9-M3RT5", f"http://127.0.0.1:{port}")
        assert ended(tried) == (Outcome(), ["server"])
    assert asked[0].startswith(b"CONNECT hailong.example:443")
    draft = draft_of_server(tmp_path / "etc" / "kiosk.toml", "https://hailong.example", "http://10.0.0.1:3128")
    draft.keep()
    proxied = read_settings(tmp_path / "etc" / "kiosk.toml").proxy
    assert proxied is not None
    assert proxied.address == "http://10.0.0.1:3128"
