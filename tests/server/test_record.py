"""The record: what is kept, that it stays, and who reads it."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from server.places.models import Counter, Membership, Officer, Unit
from server.record.keeping import Action, note_of
from server.record.models import Line, first_id, new_id, time_of
from tests.server.people import logged_in, person


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


# what is done in the administration


@pytest.fixture
def commune() -> Unit:
    country = Unit.objects.create(name="Việt Nam", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE, parent=province)


@pytest.fixture
def officer(commune: Unit) -> Officer:
    return Officer.objects.create(unit=commune, name="Trần Quốc Bảo", title="Công chức")


def administrator(unit: Unit) -> Any:  # noqa: ANN401 – a test client
    return logged_in(person("quantri", unit, Membership.Role.ADMINISTRATOR))


def kept(**which: object) -> list[tuple[str, ...]]:
    return list(Line.objects.filter(**which).order_by("id").values_list("who", "action", "unit_id", "subject", "detail"))


def test_a_change_in_the_administration_is_kept_by_field_and_not_by_value(commune: Unit, officer: Officer) -> None:
    sent = {"name": "Lê Hoàng Phúc", "title": officer.title, "active": "on", "new_pin": "2580"}
    answer = administrator(commune).post(f"/admin/places/officer/{officer.pk}/change/", sent)
    assert answer.status_code == 302, answer.content.decode()
    [(who, action, unit_id, subject, detail)] = kept(action=Action.CHANGE)
    assert (who, action, unit_id, subject) == ("quantri", "change", commune.id, f"places.officer {officer.pk}")
    assert detail.startswith("sửa: ")
    assert "PIN" in detail
    everything = " ".join(map(str, Line.objects.values_list()))
    assert not re.search("Phúc|Bảo|2580", everything)


def test_what_is_made_and_deleted_there_is_kept_too(commune: Unit) -> None:
    client = administrator(commune)
    assert client.post("/admin/places/counter/add/", {"unit": commune.id, "name": "Quầy 9"}).status_code == 302
    made = Counter.objects.get()
    other = Membership.objects.create(user=User.objects.create(username="kiemtra"), unit=commune, role=Membership.Role.AUDITOR)
    client.post(f"/admin/places/membership/{other.pk}/delete/", {"post": "yes"})
    changes = [(subject, detail.partition(":")[0]) for _, _, unit, subject, detail in kept(action=Action.CHANGE) if unit == commune.id]
    assert changes == [(f"places.counter {made.pk}", "thêm"), (f"places.membership {other.pk}", "xóa")]


def test_an_action_on_many_rows_keeps_each_of_them(commune: Unit, officer: Officer) -> None:
    from server.devices.models import Device

    counter = Counter.objects.create(unit=commune, name="Quầy 1")
    now = datetime.now(UTC)
    devices = [Device.objects.create(unit=commune, counter=counter, public_key=f"{key}" * 64, enrolled_at=now) for key in "ab"]
    client = administrator(commune)
    client.post("/admin/devices/device/", {"action": "clear_flag", "_selected_action": [device.pk for device in devices]})
    assert {subject for *_, subject, _ in kept(detail="hành động clear_flag")} == {f"devices.device {device.pk}" for device in devices}


def test_who_looks_at_an_officer_in_the_administration_is_kept(commune: Unit, officer: Officer) -> None:
    client = administrator(commune)
    for _ in range(2):
        client.get("/admin/places/officer/")
        client.get(f"/admin/places/officer/{officer.pk}/change/")
    assert kept(action=Action.VIEW) == [
        ("quantri", "view", commune.id, "places.officer", ""),
        ("quantri", "view", commune.id, f"places.officer {officer.pk}", ""),
    ]


# the page


def auditor(unit: Unit) -> Any:  # noqa: ANN401 – a test client
    return logged_in(person("kiemtra", unit, Membership.Role.AUDITOR))


def subjects(page: str) -> list[str]:
    """What the lines of a page are about, in their order."""
    return re.findall(r'<td role="cell" class="lines-what"><strong>[^<]*</strong> ([^<]*?)(?:<br>|</td>)', page)


def test_an_auditor_reads_the_lines_of_their_unit_and_below_the_newest_first(commune: Unit) -> None:
    other = Unit.objects.create(name="Phường khác", kind=Unit.Kind.COMMUNE, parent=commune.parent)
    for number, unit in enumerate([commune.id, other.id, commune.id, "", commune.parent_id]):
        line(unit_id=str(unit), subject=f"o-{number}", at=datetime.now(UTC) - timedelta(minutes=10 - number))
    assert subjects(auditor(commune).get("/nhat-ky/").content.decode()) == ["o-2", "o-0"]
    above = logged_in(person("tinh", commune.parent, Membership.Role.AUDITOR))
    assert [said for said in subjects(above.get("/nhat-ky/").content.decode()) if said[0] == "o"] == ["o-4", "o-2", "o-1", "o-0"]
    everywhere = logged_in(User.objects.create_superuser("goc"))
    assert "o-3" in subjects(everywhere.get("/nhat-ky/").content.decode())


def test_lines_are_found_by_person_action_day_and_unit(commune: Unit) -> None:
    now = datetime.now(UTC)
    line(unit_id=commune.id, subject="o-1", who="an", at=now - timedelta(days=5))
    line(unit_id=commune.id, subject="o-2", who="an", action=Action.CHANGE, at=now - timedelta(seconds=9))
    line(unit_id=commune.id, subject="o-3", who="bình")
    client = logged_in(person("tinh", commune.parent, Membership.Role.AUDITOR))
    day = (now - timedelta(days=5)).astimezone().date()

    def found(**asked: str) -> list[str]:
        return [said for said in subjects(client.get("/nhat-ky/", asked).content.decode()) if said.startswith("o-")]

    assert found(who="an") == ["o-2", "o-1"]
    assert found(who="an", action="export") == ["o-1"]
    assert found(until=f"{day + timedelta(days=1)}") == ["o-1"]
    assert found(since=f"{day - timedelta(days=1)}", until=f"{day + timedelta(days=1)}") == ["o-1"]
    assert found(since=f"{day + timedelta(days=2)}") == ["o-3", "o-2"]
    assert found(unit="thai hoa") == ["o-3", "o-2", "o-1"]
    assert found(unit=commune.id, who="bình") == ["o-3"]
    assert found(unit="Xã không có") == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "hôm qua"}, "Ngày không đúng"),
        ({"since": "2026-11-26", "until": "2026-11-01"}, "sớm hơn"),
        ({"until": "9999-12-31"}, "Năm không đúng"),
        ({"action": "bay"}, "Không có việc này"),
        ({"before": "x"}, "Địa chỉ trang không đúng"),
    ],
)
def test_what_cannot_be_asked_is_told_and_what_was_typed_stays(commune: Unit, asked: dict[str, str], said: str) -> None:
    page = auditor(commune).get("/nhat-ky/", {**asked, "who": "lanhdao"}).content.decode()
    assert said in page
    assert 'value="lanhdao"' in page
    assert subjects(page) == []


def test_the_pages_are_one_after_the_other_by_key(commune: Unit) -> None:
    for number in range(120):
        line(unit_id=commune.id, subject=f"o-{number:03}", at=datetime.now(UTC) - timedelta(minutes=200 - number))
    client, seen, address = auditor(commune), [], "/nhat-ky/"
    for _ in range(3):
        page = client.get(address).content.decode()
        seen += [said for said in subjects(page) if said.startswith("o-")]
        line(unit_id=commune.id, subject="new")
        older = re.search(r'href="(/nhat-ky/\?[^"]*before=[^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert address == ""
    assert seen == [f"o-{number:03}" for number in reversed(range(120))]


def test_the_file_has_what_the_page_has_and_is_a_line_itself(commune: Unit) -> None:
    line(unit_id=commune.id, subject="o-1", who="=1+1")
    line(unit_id=commune.id, subject="o-2", who="an")
    answer = auditor(commune).get("/nhat-ky/nhat-ky.csv", {"who": "=1+1"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["Người dùng"], row["Về"], row["Việc"], row["Đơn vị"]) == ("'=1+1", "o-1", "xuất dữ liệu", "Phường Thái Hòa")
    assert kept(who="kiemtra") == [("kiemtra", "export", commune.id, "record.line", "")]


def test_that_the_record_was_read_is_a_line_of_it(commune: Unit) -> None:
    client = auditor(commune)
    client.get("/nhat-ky/")
    client.get("/nhat-ky/", {"who": "an"})
    assert kept() == [("kiemtra", "view", commune.id, "record.line", "")]


def test_who_has_no_such_right_finds_no_record(commune: Unit) -> None:
    client = logged_in(person("lanhdao", commune))
    assert client.get("/nhat-ky/").status_code == client.get("/nhat-ky/nhat-ky.csv").status_code == 404
    assert "Nhật ký" not in client.get("/").content.decode()
