"""Who guesses passwords waits; who has one gets in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from server.login.throttle import LONGEST_PAUSE, OF_A_NAME, OF_A_NAME_HERE, OF_AN_ADDRESS, address, name_as_kept, pause, wait
from server.places.models import Unit
from server.record.models import Line
from tests.server.people import OFFICE, PASSWORD, at, person

pytestmark = pytest.mark.once

ELSEWHERE = "198.51.100.7"
WRONG = "sai"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """Passwords that are hashed at once: none of these tests is about the hash."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


@pytest.fixture
def leader(unit: Unit) -> User:
    return person("lanhdao", unit, password=PASSWORD)


def tries(client: Client, name: str = "lanhdao", password: str = WRONG, times: int = 1) -> int:
    """The status of the last of so many tries."""
    status = 0
    for _ in range(times):
        status = client.post("/login/", {"username": name, "password": password}).status_code
    return status


def later(by: timedelta) -> None:
    """As if all tries had been so much earlier."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - by)


def failed(name: str, where: str, failures: int) -> None:
    """As if the name had failed so often from there, just now."""
    kept = name_as_kept(RequestFactory().get("/"), {"username": name})
    AccessAttempt.objects.create(username=kept, ip_address=where, user_agent="", failures_since_start=failures)


def waits(name: str, where: str) -> bool:
    return wait(RequestFactory(REMOTE_ADDR=where).get("/"), name, timezone.now()) > timedelta(0)


def test_after_five_failures_even_the_right_password_waits_a_minute(leader: User) -> None:
    client = at()
    assert tries(client, times=OF_A_NAME_HERE - 1) == 200
    fifth = client.post("/login/", {"username": "lanhdao", "password": "sai"})
    assert (fifth.status_code, fifth.headers["Retry-After"]) == (429, "60")
    assert "1 phút" in fifth.content.decode()
    assert tries(client, password=PASSWORD) == 429
    later(timedelta(minutes=1))
    assert tries(client, password=PASSWORD) == 302


def test_each_further_failure_doubles_the_pause_and_a_try_in_between_does_not_lengthen_it(leader: User) -> None:
    client = at()
    tries(client, times=OF_A_NAME_HERE)
    for minutes in (2, 4, 8, 15, 15):
        later(LONGEST_PAUSE)
        assert tries(client) == 429
        answer = client.post("/login/", {"username": "lanhdao", "password": "sai"})
        assert f"{minutes} phút" in answer.content.decode()


@given(st.integers(0, 10**9), st.integers(1, 1000))
def test_nobody_waits_longer_than_a_quarter_of_an_hour(failures: int, free: int) -> None:
    assert timedelta(0) <= pause(failures, free) <= pause(failures + 1, free) <= LONGEST_PAUSE
    assert (pause(failures, free) > timedelta(0)) == (failures >= free)


def test_a_success_and_a_day_forget_the_failures(leader: User) -> None:
    client = at()
    tries(client, times=4)
    assert tries(client, password=PASSWORD) == 302
    assert tries(at(), times=4) == 200
    later(timedelta(days=1))
    assert tries(at(), times=4) == 200


def test_a_colleague_at_the_same_address_does_not_wait(leader: User, unit: Unit) -> None:
    person("dongnghiep", unit, password=PASSWORD)
    assert tries(at(), times=OF_A_NAME_HERE) == 429
    assert tries(at(), "dongnghiep", PASSWORD) == 302


def test_who_guesses_elsewhere_does_not_keep_the_leader_from_their_desk(leader: User) -> None:
    assert tries(at(OFFICE), password=PASSWORD) == 302
    for number in range(8):
        failed("lanhdao", f"198.51.100.{number}", OF_A_NAME)
    assert not waits("lanhdao", OFFICE)
    assert tries(at(OFFICE), password=PASSWORD) == 302
    assert waits("lanhdao", ELSEWHERE)


def test_many_addresses_together_have_as_many_tries_as_a_few(leader: User) -> None:
    for number in range(OF_A_NAME - 1):
        failed("lanhdao", f"198.51.100.{number}", 1)
    assert not waits("lanhdao", "203.0.113.1")
    failed("lanhdao", "203.0.113.2", 1)
    assert waits("lanhdao", "203.0.113.1")
    assert not waits("nguoikhac", "203.0.113.1")


def test_who_tries_one_password_with_many_names_waits_but_not_who_works_there(leader: User) -> None:
    assert tries(at(), password=PASSWORD) == 302
    for number in range(OF_AN_ADDRESS // 4):
        failed(f"name{number}", OFFICE, 4)
    assert waits("somebody", OFFICE)
    assert not waits("lanhdao", OFFICE)
    assert not waits("somebody", ELSEWHERE)


def test_an_address_is_known_for_a_month(leader: User) -> None:
    tries(at(), password=PASSWORD)
    failed("lanhdao", ELSEWHERE, OF_A_NAME)
    assert not waits("lanhdao", OFFICE)
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=31))
    assert waits("lanhdao", OFFICE)


def test_of_a_crowd_of_tries_at_once_five_are_looked_at(leader: User) -> None:
    def run(_: int) -> int:
        try:
            return tries(at())
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(run, range(24)))
    assert AccessAttempt.objects.get().failures_since_start == OF_A_NAME_HERE
    assert statuses.count(200) == OF_A_NAME_HERE - 1


def test_a_name_that_nobody_has_is_answered_as_any_other(leader: User) -> None:
    answers = []
    for name in ("lanhdao", "khongco"):
        pages = [at().post("/login/", {"username": name, "password": "sai"}).content.decode().replace(name, "") for _ in range(6)]
        answers.append([page.split("<form")[1].split("<input", 3)[-1] for page in pages])
    assert answers[0] == answers[1]


def test_what_is_typed_as_a_name_is_kept_nowhere_unless_it_is_one(leader: User) -> None:
    tries(at(headers={"User-Agent": "Curious/1.0"}), "mật-khẩu-gõ-nhầm", "bí mật")
    tries(at(), "lanhdao", "bí mật")
    rows = [str(row) for table in (AccessAttempt, AccessLog, Line) for row in table.objects.values_list()]
    for secret in ("gõ-nhầm", "bí mật", "Curious", "csrf"):
        assert secret not in " ".join(rows)
    assert set(Line.objects.values_list("who", "action", "detail")) == {
        ("", "refused", "không có tài khoản này"),
        ("lanhdao", "refused", ""),
    }


def test_logins_and_refusals_stand_in_the_record_of_the_users_unit(leader: User, unit: Unit) -> None:
    tries(at(ELSEWHERE))
    tries(at(), password=PASSWORD)
    assert sorted(Line.objects.values_list("unit_id", "who", "action", "address")) == [
        (unit.id, "lanhdao", "login", OFFICE),
        (unit.id, "lanhdao", "refused", ELSEWHERE),
    ]


def test_tries_during_a_pause_do_not_fill_the_record(leader: User) -> None:
    tries(at(), times=OF_A_NAME_HERE + 3)
    assert Line.objects.count() == OF_A_NAME_HERE


def test_of_a_user_and_an_address_one_login_is_kept_for_the_throttle(leader: User) -> None:
    for _ in range(3):
        tries(at(), password=PASSWORD)
    failed("long ago", ELSEWHERE, 3)
    later(timedelta(days=2))
    tries(at(ELSEWHERE), password=PASSWORD)
    assert AccessLog.objects.count() == 2
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("proxy", [False, True])
def test_the_address_that_a_proxy_tells_is_believed_only_from_a_proxy(proxy: bool) -> None:
    with override_settings(BEHIND_PROXY=proxy):
        request = RequestFactory(REMOTE_ADDR="127.0.0.1").get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.5"})
        assert address(request) == ("203.0.113.5" if proxy else "127.0.0.1")


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("192.0.2.9", "192.0.2.9"),
        ("", None),
        ("unix:", None),
    ],
)
def test_of_an_ipv6_address_the_network_counts(seen: str, counted: str | None) -> None:
    assert address(RequestFactory(REMOTE_ADDR=seen).get("/")) == counted
