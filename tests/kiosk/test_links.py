"""When the kiosk offers the form on the citizen's own telephone."""

import logging
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from nacl.signing import SigningKey

from kiosk.comments import Comments
from kiosk.enrolment import Identity
from kiosk.links import Links
from kiosk.qr import modules
from kiosk.recorder import Recorder
from kiosk.sealed import Sealed
from sync.entries import uuid7
from sync.link import LINK_LIFE, read_link
from sync.wire import Enrolment, KioskConfig, Place

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
PLACE = Place("x-1", "Quầy 1")
KEY = SigningKey(bytes([1] * 32))
ENROLMENT = Enrolment(device="d-5H8JKM2N3P", signing_key="0" * 64, sealing_key="0" * 64, unit=PLACE, counter=PLACE, config="0" * 64)
CONFIG = KioskConfig(unit=PLACE, counter=PLACE, officers=[], on_duty=None, form_address="https://hailong.tinh.gov.vn")
VOTE = uuid7()


def link(config: KioskConfig = CONFIG, enrolment: Enrolment | None = ENROLMENT, now: datetime | None = NOW) -> str:
    identity = Identity(KEY, PLACE, PLACE, enrolment, "0" * 64, [], "0" * 64)
    return Links(lambda: config, lambda: identity, lambda: now).of(VOTE)


def test_the_link_is_signed_by_the_kiosks_key_and_good_for_half_an_hour_of_the_servers_time() -> None:
    device, code = link().split("/")[-2:]
    read = read_link(device, code)
    assert read.is_genuine(KEY.verify_key.encode().hex())
    assert (read.device, read.vote, read.expires) == ("d-5H8JKM2N3P", VOTE, NOW + LINK_LIFE)


def test_without_an_address_an_id_or_the_servers_time_there_is_none() -> None:
    assert link(config=replace(CONFIG, form_address=None)) == ""
    assert link(enrolment=None) == ""
    assert link(now=None) == ""


def test_another_servers_kind_of_id_gives_none(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "kiosk.links"):
        assert link(enrolment=replace(ENROLMENT, device="d-of-another-server")) == ""
    assert "no link" in caplog.text


def recorded(tmp_path: Path, makes: object) -> Future[str]:
    comments = Comments(lambda _: None, Sealed(tmp_path, list), lambda: "")
    recorder = Recorder(lambda _: None, lambda: None, comments, makes)  # type: ignore[arg-type]  # a function of the test
    linked = recorder.link(VOTE)
    recorder.close()
    return linked


def test_the_recorder_makes_the_link_and_its_code_before_the_screen_needs_them(tmp_path: Path) -> None:
    modules.cache_clear()
    assert recorded(tmp_path, lambda vote: f"HTTPS://A/{vote}").result() == f"HTTPS://A/{VOTE}"
    assert modules.cache_info().currsize == 1


def test_an_unreadable_key_means_no_link_and_no_broken_turn(tmp_path: Path) -> None:
    def unreadable(vote: UUID) -> str:
        raise OSError("device.key")

    assert recorded(tmp_path, unreadable).result() == ""
