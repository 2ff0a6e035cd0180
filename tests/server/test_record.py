"""The record: what is kept, that it stays, and who reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from server.record.keeping import Action, note_of
from server.record.models import Line, first_id, new_id, time_of


def line(
    at: datetime | None = None, unit_id: str = "u-1", who: str = "lanhdao", action: Action = Action.EXPORT, subject: str = "o-1"
) -> Line:
    """A line that was kept then."""
    at = at or datetime.now(UTC)
    line_id = type(new_id())(int=first_id(at).int | new_id().int % 2**80)
    return Line.objects.create(id=line_id, at=at, unit_id=unit_id, who=who, address="", action=action, subject=subject, detail="")


def years_ago(years: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=366 * years)


def test_a_line_is_never_changed() -> None:
    line(years_ago(3))
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Line.objects.update(who="somebody else")
    assert Line.objects.get().who == "lanhdao"


def test_a_young_line_is_never_deleted_not_even_with_old_ones() -> None:
    line()
    line(years_ago(3))
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Line.objects.all().delete()
    assert Line.objects.count() == 2


def test_the_table_is_not_emptied_at_once() -> None:
    if connection.vendor == "postgresql":
        line()
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE record_line")
        assert Line.objects.count() == 1


def test_pruning_takes_the_old_ones_and_says_so_in_the_record() -> None:
    kept, *_ = line(years_ago(4.5)), line(years_ago(5.5)), line(years_ago(9))
    call_command("prunerecord", "--older-than-years", "5", verbosity=0)
    said = Line.objects.get(subject="prunerecord")
    assert "xóa 2 dòng" in said.detail
    assert set(Line.objects.all()) == {kept, said}


@pytest.mark.parametrize("years", ["1", "0", "-3", "101"])
def test_pruning_leaves_two_years_in_any_case(years: str) -> None:
    with pytest.raises(CommandError, match="from 2 to 100"):
        call_command("prunerecord", f"--older-than-years={years}")


def test_a_view_again_within_the_hour_is_kept_once_a_change_each_time() -> None:
    for _ in range(2):
        note_of("lanhdao", "192.0.2.1", Action.VIEW, "u-1", "o-1")
        note_of("lanhdao", "192.0.2.1", Action.CHANGE, "u-1", "o-1")
    note_of("lanhdao", "192.0.2.1", Action.VIEW, "u-1", "o-2")
    assert sorted(Line.objects.values_list("action", "subject")) == [("change", "o-1"), ("change", "o-1"), ("view", "o-1"), ("view", "o-2")]
    line(datetime.now(UTC) - timedelta(hours=2), action=Action.VIEW, subject="o-3")
    note_of("lanhdao", "192.0.2.1", Action.VIEW, "u-1", "o-3")
    assert Line.objects.filter(subject="o-3").count() == 2


def test_the_time_of_a_line_is_that_of_its_id() -> None:
    note_of("lanhdao", "", Action.EXPORT, "u-1", "o-1")
    kept = Line.objects.get()
    assert time_of(kept.id) == kept.at
    assert first_id(kept.at) <= kept.id < first_id(kept.at + timedelta(milliseconds=1))
