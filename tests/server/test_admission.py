"""How many are worked on at once, and when the others are asked to come again."""

import threading
from contextlib import ExitStack
from itertools import pairwise
from typing import NoReturn

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from server.admission import LONGEST_APPOINTMENT_SECONDS, Admission, Full, retry_after
from server.intake import views
from tests.server.kiosk import Kiosk

pytestmark = pytest.mark.once


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refusal(admission: Admission) -> float:
    with pytest.raises(Full) as refused, admission.place():
        pass
    return refused.value.after_seconds


def test_who_finds_the_queue_full_is_refused_at_once() -> None:
    admission = Admission(1, 0)
    with admission.place():
        assert refusal(admission) > 0
    with admission.place():
        pass


def test_a_place_is_free_again_after_a_failure() -> None:
    admission = Admission(1, 0)
    with pytest.raises(KeyError), admission.place():
        raise KeyError
    with admission.place():
        pass


def test_no_more_are_worked_on_at_once_than_allowed() -> None:
    admission, inside, most, lock = Admission(2, 10), 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with admission.place():
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


@given(at_once=st.integers(1, 8), service=st.floats(0.001, 1), many=st.integers(2, 200))
def test_appointments_follow_each_other_as_fast_as_requests_are_served(at_once: int, service: float, many: int) -> None:
    clock = Clock()
    admission = Admission(at_once, 0, service_seconds=service, clock=clock)
    with ExitStack() as stack:
        for _ in range(at_once):
            stack.enter_context(admission.place())
        appointments = [refusal(admission) for _ in range(many)]
        clock.now += appointments[-1] + 1
        later = refusal(admission)
    apart = [after - before for before, after in pairwise(appointments)]
    assert apart == pytest.approx([service / at_once] * (many - 1))
    assert later == pytest.approx(appointments[0])


@given(service=st.floats(0.001, 1000), many=st.integers(1, 3000))
@settings(max_examples=30, deadline=None)
def test_however_slow_it_seemed_nobody_is_sent_away_for_more_than_a_quarter_of_an_hour(service: float, many: int) -> None:
    admission = Admission(1, 0, service_seconds=service, clock=Clock())
    with admission.place():
        appointments = [refusal(admission) for _ in range(many)]
    assert max(appointments) <= LONGEST_APPOINTMENT_SECONDS


def test_however_slow_it_seemed_a_country_is_told_different_times() -> None:
    admission = Admission(1, 0, service_seconds=1000.0, clock=Clock())
    with admission.place():
        appointments = [refusal(admission) for _ in range(9000)]
    assert max(appointments.count(seconds) for seconds in set(appointments)) <= 11


@given(st.floats(0, 10_000))
def test_retry_after_is_whole_seconds_and_never_none(seconds: float) -> None:
    said = int(retry_after(Full(seconds)))
    assert said >= 1
    assert abs(said - seconds) <= 1 or seconds < 1


def test_who_finds_the_queue_full_gets_an_appointment_without_a_question_to_the_database(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool of connections is a queue of its own: who waited there was never counted, and had no appointment."""
    admission = Admission(1, 0)
    monkeypatch.setattr(views, "_counter", admission)
    body = kiosk.open().vote().batch()

    def asked(*_: object) -> NoReturn:
        raise AssertionError("the database was asked")

    with admission.place(), connection.execute_wrapper(asked):
        answer = kiosk.post(body)
    assert (answer.problem.code, int(answer.headers["Retry-After"])) == ("busy", 1)
    assert kiosk.post(body).status == 200
