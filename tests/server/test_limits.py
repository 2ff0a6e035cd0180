"""Limits of size, rate and time: whoever asks too much, or at a bad moment, is told when to come again; nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import InterfaceError, OperationalError, connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from server.intake import pace
from server.management.commands.serve import close_database
from server.pace import PerMinute
from server.problems import ProblemError
from tests.server.kiosk import Counted, Kiosk, counted, enrolled, nothing_stored

NOON = datetime(2026, 11, 23, 12, 0, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_batches", PerMinute())


@override_settings(BATCHES_PER_MINUTE=3)
def test_more_batches_than_a_minute_has_room_for_are_told_when_the_next_begins() -> None:
    for _ in range(3):
        pace.note_batch("d-1", NOON)
    with pytest.raises(ProblemError) as refused:
        pace.note_batch("d-1", NOON)
    assert (refused.value.code, refused.value.headers) == ("too-many-batches", {"Retry-After": "45"})
    pace.note_batch("d-2", NOON)
    pace.note_batch("d-1", NOON.replace(minute=1))


@override_settings(BATCHES_PER_MINUTE=2)
def test_batches_that_are_refused_count_too_and_those_of_others_do_not(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    kiosk.open().votes(3)
    kiosk.post(b"no gzip")
    assert kiosk.post(kiosk.batch(), signature="AAAA").status == 401
    assert kiosk.send(1, 2).status == 200
    answer = kiosk.send(3)
    assert (answer.status, answer.problem.code, answer.headers["Retry-After"]) == (429, "too-many-batches", "45")
    assert enrolled(kiosk.unit).open().send().status == 200
    assert counted(kiosk.unit) == Counted(1, 0)


@contextmanager
def locked(kiosk: Kiosk) -> Iterator[None]:
    """Another connection holds what intake needs; intake is not patient."""
    other = connection.copy()
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=100" if connection.vendor == "sqlite" else "SET lock_timeout = 100")
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE devices_device SET version = version WHERE id = %s", [kiosk.device])
        yield
    finally:
        other.rollback()
        other.close()
        close_database()  # the pool's connections would stay impatient


def test_a_locked_database_is_busy_and_the_batch_counts_when_it_comes_again(kiosk: Kiosk) -> None:
    body = kiosk.open().votes(2).batch()
    with locked(kiosk):
        answer = kiosk.post(body)
        assert (answer.status, answer.problem.code) == (503, "busy")
        assert 5 <= int(answer.headers["Retry-After"]) <= 30
    connections.close_all()
    assert nothing_stored()
    assert kiosk.post(body).status == 200
    assert counted(kiosk.unit) == Counted(2, 0)


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_is_gone_is_busy(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def gone(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(transaction, "atomic", gone)
    assert kiosk.open().send().problem.code == "busy"
