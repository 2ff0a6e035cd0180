"""Nothing is erased a day early, nothing stays a day late."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import settings as server_settings
from server.cases.models import Case, Event, Reading
from server.cases.steps import Step
from server.cases.taking import add_paper, move, read
from server.comments import erasure
from server.comments.models import SealedComment
from server.comments.register import register
from server.personal import erasing, retaining
from server.personal.holding import kept_by, things_of
from server.personal.management.commands.retain import Command
from server.personal.models import Hold, Ordered, Terms
from server.personal.retaining import all_due
from server.personal.rules import USUAL, Rule, goes_on, last_day
from server.places.models import Unit
from tests.server.kiosk import Kiosk
from tests.server.written import case_about, comment_on, held, note_in

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"]).map(ZoneInfo)
MOMENTS = st.integers(1_751_300_000, 2_840_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))  # 2025 to 2059


@pytest.fixture(autouse=True)
def no_register() -> Iterator[None]:
    yield
    (server_settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> "Night":
    return Night(monkeypatch)


class Night:
    """The command, run as if it were another time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def run(self, at: datetime, *, dry_run: bool = False) -> str:
        said = StringIO()
        with self._patch.context() as patched:
            patched.setattr(timezone, "now", lambda: at)
            Command(stdout=said).handle(dry_run=dry_run)  # without migrating each time
        return said.getvalue()


def begins(day: date, zone: ZoneInfo = ZONE) -> datetime:
    """The first moment of a day there."""
    return datetime.combine(day, time(), zone)


def terms(unit: Unit, **months: int) -> None:
    said = {rule.value: rule.limits.usual for rule in Rule} | months
    Terms.objects.update_or_create(unit_id=unit.pk, defaults={**said, "who": "an", "at": timezone.now()})


# --- how a term is counted -------------------------------------------------------------------------------------------


@pytest.mark.once
@given(st.dates(date(2025, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_a_term_ends_on_the_day_of_the_same_number_or_the_months_last(since: date, months: int) -> None:
    last = last_day(since, months)
    assert (last.year - since.year) * 12 + last.month - since.month == months
    assert last.day == min(since.day, calendar.monthrange(last.year, last.month)[1])


@pytest.mark.once
@given(MOMENTS, st.integers(1, 60), ZONES)
def test_something_goes_on_the_day_after_its_last_on_the_units_clocks(at: datetime, months: int, zone: ZoneInfo) -> None:
    assert goes_on(at, months, zone) == last_day(at.astimezone(zone).date(), months) + DAY


@pytest.mark.once
@given(MOMENTS, st.integers(1, 59), ZONES)
def test_a_longer_term_never_ends_earlier_nor_does_a_later_beginning(at: datetime, months: int, zone: ZoneInfo) -> None:
    assert goes_on(at, months, zone) < goes_on(at, months + 1, zone)
    assert goes_on(at, months, zone) <= goes_on(at + DAY, months, zone)


@pytest.mark.once
def test_the_usual_months_lie_within_the_limits() -> None:
    assert all(rule.limits.least <= rule.limits.usual <= rule.limits.most for rule in Rule)


# --- the night's run -------------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(came=MOMENTS, months=st.integers(3, 12), zone=ZONES)
def test_nobodys_comment_is_erased_before_its_day_begins_or_is_there_after(
    came: datetime, months: int, zone: ZoneInfo, night: Night
) -> None:
    unit = Unit.objects.create(name="Xã", kind=Unit.Kind.COMMUNE, time_zone=zone.key)
    terms(unit, unread=months)
    sealed = f"{unit.pk.encode().hex():0<64}"[:64].lower()
    SealedComment.objects.create(unit_id=unit.pk, sha256=sealed, device_id="", received_at=came, body=b"x")
    day = begins(last_day(came.astimezone(zone).date(), months) + DAY, zone).astimezone(UTC)
    night.run(day - timedelta(microseconds=1))
    assert sealed in held()
    night.run(day)
    assert sealed not in held()


@pytest.mark.parametrize("became", [Reading.Became.NOTED, Reading.Became.PRAISE])
def test_what_was_noted_or_praised_goes_so_many_months_after_it_was_read(kiosk: Kiosk, night: Night, became: str) -> None:
    sealed = comment_on(kiosk)
    read(kiosk.unit, sealed, date(2027, 1, 31), became, "an", begins(date(2027, 1, 31)))
    terms(kiosk.unit, noted=1)
    night.run(begins(date(2027, 3, 1)) - timedelta(seconds=1))
    assert sealed in held()
    night.run(begins(date(2027, 3, 1)))
    assert sealed not in held()


@pytest.mark.parametrize(("step", "rule"), [(Step.CLOSED, Rule.ENDED), (Step.WITHDRAWN, Rule.WITHDRAWN)])
def test_a_case_and_all_that_belongs_to_it_goes_so_many_months_after_its_end(kiosk: Kiosk, night: Night, step: Step, rule: Rule) -> None:
    case = case_about(kiosk.unit, comment_on(kiosk))
    note_in(case)
    move(case, step, "an", begins(date(2027, 5, 10)))
    day = begins(last_day(date(2027, 5, 10), USUAL[rule]) + DAY)
    night.run(day - timedelta(seconds=1))
    assert len(held()) == 2
    night.run(day)
    assert held() == set()
    last = Event.objects.filter(case=case.id).order_by("-number")[0]
    assert (last.who, last.step) == ("thời hạn lưu", "")
    assert "1 góp ý viết trên kiosk, 1 ghi chú của cơ quan" in last.said


def test_what_belongs_to_an_open_case_stays_however_old_it_is(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    case_about(kiosk.unit, sealed)
    night.run(begins(date(2099, 1, 1)))
    assert sealed in held()


def test_of_two_cases_the_one_that_ended_last_counts(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    first, second = case_about(kiosk.unit, sealed), case_about(kiosk.unit, comment_on(kiosk))
    move(first, Step.CLOSED, "an", begins(date(2027, 1, 1)))
    add_paper(second, "comment", sealed, "an", timezone.now())
    night.run(begins(date(2035, 1, 1)))
    assert sealed in held()


def test_a_case_that_is_held_back_stays_to_the_end_of_the_day_and_goes_the_night_after(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    case = case_about(kiosk.unit, sealed)
    move(case, Step.CLOSED, "an", begins(date(2027, 1, 1)))
    until = date(2030, 6, 1)
    Hold.objects.create(unit_id=kiosk.unit.pk, case=case.id, until=until, because="hồ sơ số 7", who="lan", at=timezone.now())
    night.run(begins(until + DAY) - timedelta(seconds=1))
    assert sealed in held()
    night.run(begins(until + DAY))
    assert sealed not in held()


def test_the_dry_run_names_hashes_and_rules_and_erases_nothing(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    said = night.run(begins(date(2035, 1, 1)), dry_run=True)
    assert said == f"{sealed} {kiosk.unit.pk} unread-12m\n"
    assert sealed in held()
    assert Ordered.objects.count() == 0


def test_the_register_says_the_rule_and_never_what_it_was(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    night.run(begins(date(2035, 1, 1)))
    entry = register().entry(sealed)
    assert entry is not None
    assert (entry.who, entry.because) == ("thời hạn lưu", "unread-12m")


def test_a_kiosk_is_told_to_erase_what_a_rule_erased(kiosk: Kiosk, night: Night) -> None:
    sealed = comment_on(kiosk)
    night.run(begins(date(2035, 1, 1)))
    assert kiosk.send().receipt.erase == [sealed]


# --- what breaks off -------------------------------------------------------------------------------------------------


def test_an_erasure_that_broke_off_after_the_register_is_carried_out_by_the_next_run(
    kiosk: Kiosk, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = comment_on(kiosk)
    case = case_about(kiosk.unit, sealed)
    move(case, Step.CLOSED, "an", begins(date(2027, 1, 1)))
    with monkeypatch.context() as patched:
        patched.setattr(erasure, "apply", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            night.run(begins(date(2035, 1, 1)))
    assert sealed in held()
    night.run(begins(date(2035, 1, 2)))
    assert sealed not in held()
    assert Event.objects.filter(case=case.id, said__startswith="xóa dữ liệu").count() == 1
    night.run(begins(date(2035, 1, 3)))
    assert Event.objects.filter(case=case.id, said__startswith="xóa dữ liệu").count() == 1


def test_a_rules_order_that_never_reached_the_register_is_dropped_and_the_rules_are_asked_anew(
    kiosk: Kiosk, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = comment_on(kiosk)

    def full(*words: object, **more: object) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "erase", full)
        with pytest.raises(CommandError, match="cannot be written"):
            night.run(begins(date(2035, 1, 1)))
    read(kiosk.unit, sealed, date(2034, 12, 1), Reading.Became.NOTED, "an", begins(date(2034, 12, 1)))
    night.run(begins(date(2035, 1, 2)))
    assert sealed in held()
    assert not Ordered.objects.exists()
    night.run(begins(date(2036, 1, 1)))
    assert sealed not in held()
    assert Ordered.objects.get().done_at is not None


def test_what_a_restored_backup_brought_back_goes_the_same_night(kiosk: Kiosk, night: Night) -> None:
    comment_on(kiosk)
    backup = list(SealedComment.objects.all())
    night.run(begins(date(2035, 1, 1)))
    SealedComment.objects.bulk_create(backup)
    assert "1 bytes that had come back were deleted" in night.run(begins(date(2035, 1, 2)))
    assert held() == set()


# --- whose months hold -----------------------------------------------------------------------------------------------


def test_a_unit_that_says_nothing_follows_the_nearest_above_that_does() -> None:
    country = Unit.objects.create(name="Việt Nam", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(name="Tỉnh", kind=Unit.Kind.PROVINCE, parent=country)
    commune = Unit.objects.create(name="Xã", kind=Unit.Kind.COMMUNE, parent=province)
    assert kept_by(commune).months == USUAL
    terms(country, noted=20)
    assert kept_by(commune).months[Rule.NOTED] == 20
    terms(province, noted=6)
    assert (kept_by(commune).months[Rule.NOTED], kept_by(commune).said_by) == (6, province)
    terms(commune, noted=3)
    assert (kept_by(commune).months[Rule.NOTED], kept_by(province).months[Rule.NOTED]) == (3, 6)


def test_a_unit_that_is_gone_still_has_its_data_erased_by_the_usual_months(night: Night) -> None:
    SealedComment.objects.create(unit_id="u-GONE", sha256="a" * 64, device_id="", received_at=begins(date(2026, 1, 1)), body=b"x")
    assert [one.rule for one in all_due(begins(date(2027, 1, 2)))] == ["unread-12m"]
    night.run(begins(date(2027, 1, 2)))
    assert held() == set()


def test_what_will_go_is_told_thirty_days_before(kiosk: Kiosk) -> None:
    comment_on(kiosk)
    things, kept = things_of(kiosk.unit.pk, sensitive=True), kept_by(kiosk.unit)
    [goes] = [one.goes for one in things]
    assert goes is not None
    for day, soon in ((goes - timedelta(days=31), 0), (goes - timedelta(days=30), 1)):
        [line] = [one for one in retaining.coming(kiosk.unit, kept, things, begins(day)) if one.rule is Rule.UNREAD]
        assert (line.soon, line.all) == (soon, 1)


def test_cases_that_are_open_are_of_no_rule(kiosk: Kiosk) -> None:
    case_about(kiosk.unit, comment_on(kiosk))
    assert Case.objects.get().step == Step.OPENED
    assert all_due(begins(date(2099, 1, 1))) == []
