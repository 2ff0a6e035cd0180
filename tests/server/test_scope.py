"""The administration shows and takes only what lies where its user may arrange."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from server.devices.models import Device
from server.places.models import Counter, Membership, Officer, Unit
from server.places.scope import Right, may, officers_for, units_for
from server.record.models import Line
from server.screens.models import Screens
from tests.server.country import Country, a_country
from tests.server.people import Role, logged_in, somebody, user_of

pytestmark = pytest.mark.once

LISTS = ("places/unit", "places/counter", "places/officer", "places/membership", "auth/user", "screens/screens", "devices/device")
NO_INLINES = {
    f"{inline}-{count}": "0" for inline in ("sentences", "reasons", "spans", "other_days") for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}
NO_ROLES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def country() -> Country:
    return a_country()


@pytest.fixture
def north(country: Country) -> Client:
    return somebody(Role.ADMINISTRATOR, country.north)


@pytest.fixture
def hill(country: Country) -> Client:
    return somebody(Role.ADMINISTRATOR, country.hill)


def listed(client: Client, model: str, query: str = "") -> set[str]:
    """The ids of the rows that a list shows."""
    page = client.get(f"/admin/{model}/{query}").content.decode()
    return set(re.findall(rf'/admin/{model}/([^/"]+)/change/', page))


def row_of(model: str, unit: Unit) -> str:
    """The id of a row of the model that lies in the unit."""
    officer, counter = Officer.objects.get(unit=unit), Counter.objects.get(unit=unit)
    if model == "places/membership":
        user, _ = User.objects.get_or_create(username=f"m-{unit.pk}")
        return str(Membership.objects.get_or_create(user=user, unit=unit, role=Role.STAFF)[0].pk)
    if model == "auth/user":
        user, _ = User.objects.get_or_create(username=f"u-{unit.pk}")
        Membership.objects.get_or_create(user=user, unit=unit, role=Role.STAFF)
        return str(user.pk)
    if model == "screens/screens":
        return str(Screens.objects.get_or_create(unit=unit)[0].pk)
    if model == "devices/device":
        key = f"{abs(hash(unit.pk)):064x}"
        return str(Device.objects.get_or_create(unit=unit, counter=counter, public_key=key, defaults={"enrolled_at": timezone.now()})[0].pk)
    return str({"places/unit": unit.pk, "places/counter": counter.pk, "places/officer": officer.pk}[model])


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_come_in(country: Country, role: str) -> None:
    client = somebody(role, country.hill if role == Role.OFFICER else country.north)
    for path in ("", "login/", *(f"{model}/" for model in LISTS), *(f"{model}/add/" for model in LISTS)):
        assert client.get(f"/admin/{path}").status_code == 403, path
    for model in LISTS:
        assert client.post(f"/admin/{model}/{row_of(model, country.hill)}/change/", {"name": "x"}).status_code == 403
    assert client.get("/danh-muc/").status_code == 404


@pytest.mark.parametrize("path", ["", *(f"{model}/" for model in LISTS), "places/unit/u-NONE/change/", "autocomplete/", "login/"])
def test_who_is_not_logged_in_is_sent_to_our_own_login(client: Client, path: str) -> None:
    answer = client.get(f"/admin/{path}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=/admin/")


def test_the_first_administrator_comes_into_an_empty_house_and_makes_the_first_unit() -> None:
    root = logged_in(User.objects.create_superuser("root"))
    assert root.get("/admin/").status_code == root.get("/danh-muc/").status_code == 200
    form = {"name": "Tỉnh Bắc", "kind": "province", "parent": "", "time_zone": "Asia/Ho_Chi_Minh"}
    assert root.post("/admin/places/unit/add/", form).status_code == 302
    assert Unit.objects.get().name == "Tỉnh Bắc"


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_who_may_anywhere_has_a_unit_for_it(country: Country, role: str, right: Right) -> None:
    user = user_of(somebody(role, country.hill))
    there = officers_for(user).exists() if right is Right.SEE_OWN else units_for(user, right).exists()
    assert may(user, right) == there
    assert not may(User(is_active=False), right)


def test_somebody_made_staff_or_given_djangos_permissions_by_hand_stays_outside(country: Country) -> None:
    user = User.objects.create_user("staff", is_staff=True)
    assert logged_in(user).get("/admin/").status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_an_administrator_sees_just_the_rows_of_their_units(country: Country, north: Client, model: str) -> None:
    inside = {row_of(model, unit) for unit in (country.hill, country.lake)}
    outside = row_of(model, country.shore)
    shown = listed(north, model)
    assert inside <= shown
    assert outside not in shown
    assert outside in listed(logged_in(User.objects.create_superuser("root")), model)


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_a_row_outside_is_as_absent_as_one_that_does_not_exist(country: Country, north: Client, model: str, page: str) -> None:
    outside = row_of(model, country.shore)
    absent = "999999" if model in ("places/membership", "auth/user") else "u-00000000"
    for ask in (north.get, lambda path: north.post(path, {"name": "Chiếm", "post": "yes"})):
        codes = {ask(f"/admin/{model}/{row}/{page}/").status_code for row in (outside, absent)}
        assert codes == {404}
    assert row_of(model, country.shore) == outside


@pytest.mark.parametrize("path", ["ten-moi", "sap-nhap", "thu-hoi", "tiep-tuc"])
def test_the_steps_of_a_unit_outside_are_absent(country: Country, north: Client, path: str) -> None:
    for ask in (north.get, north.post):
        assert ask(f"/admin/places/unit/{country.shore.pk}/{path}/").status_code == 404


@pytest.mark.parametrize(
    ("model", "form"),
    [
        ("places/counter", {"name": "Quầy lạ", "unit": "shore"}),
        ("places/officer", {"name": "Người lạ", "title": "Công chức", "unit": "shore"}),
        ("places/unit", {"name": "Xã lạ", "kind": "commune", "parent": "south", "time_zone": "Asia/Ho_Chi_Minh"}),
        ("places/unit", {"name": "Tỉnh lạ", "kind": "province", "parent": "whole", "time_zone": "Asia/Ho_Chi_Minh"}),
        ("places/unit", {"name": "Tỉnh lạ", "kind": "province", "parent": "", "time_zone": "Asia/Ho_Chi_Minh"}),
        ("screens/screens", {"unit": "shore", **NO_INLINES}),
    ],
)
def test_nothing_is_added_outside_by_a_form_filled_in_by_hand(country: Country, north: Client, model: str, form: dict[str, str]) -> None:
    sent = {key: getattr(country, value).pk if key in ("unit", "parent") and value else value for key, value in form.items()}
    before = (Unit.objects.count(), Counter.objects.count(), Officer.objects.count(), Screens.objects.count())
    assert north.post(f"/admin/{model}/add/", sent).status_code == 200
    assert (Unit.objects.count(), Counter.objects.count(), Officer.objects.count(), Screens.objects.count()) == before


def test_choices_and_searches_name_nothing_outside(country: Country, north: Client) -> None:
    for path in ("places/counter/add/", "places/membership/add/", "places/unit/add/", "screens/screens/add/", "places/officer/"):
        page = north.get(f"/admin/{path}").content.decode()
        assert country.shore.name not in page, path
        assert country.south.name not in page, path
    found = north.get("/admin/autocomplete/?app_label=places&model_name=counter&field_name=unit&term=").json()
    assert {row["text"] for row in found["results"]} == {"Tỉnh Bắc, Cả nước", "Xã Đồi, Tỉnh Bắc", "Xã Hồ, Tỉnh Bắc"}
    people = north.get("/admin/autocomplete/?app_label=places&model_name=membership&field_name=user&term=").json()
    assert {row["text"] for row in people["results"]} == {user_of(north).username}


def test_an_action_on_chosen_rows_does_not_reach_outside(country: Country, north: Client) -> None:
    inside, outside = (row_of("devices/device", unit) for unit in (country.hill, country.shore))
    north.post("/admin/devices/device/", {"action": "revoke", "_selected_action": [inside, outside]})
    assert [device.pk for device in Device.objects.exclude(revoked_at=None)] == [inside]


def test_the_administrator_of_a_commune_adds_no_unit_and_moves_it_nowhere(country: Country, hill: Client) -> None:
    assert hill.get("/admin/places/unit/add/").status_code == 403
    form = {"name": "Xã Đồi Mới", "parent": country.south.pk, "time_zone": "Asia/Ho_Chi_Minh"}
    assert hill.post(f"/admin/places/unit/{country.hill.pk}/change/", form).status_code == 302
    country.hill.refresh_from_db()
    assert (country.hill.name, country.hill.parent) == ("Xã Đồi Mới", country.north)


def test_on_duty_is_only_who_works_in_the_unit_of_the_counter(country: Country, north: Client) -> None:
    counter, stranger = country.counter(country.hill), country.officer(country.lake)
    assert north.post(f"/admin/places/counter/{counter.pk}/change/", {"name": counter.name, "on_duty": stranger.pk}).status_code == 200
    assert country.counter(country.hill).on_duty == country.officer(country.hill)


# --- who may what -------------------------------------------------------------------------------------------------------


def new_user(role: str, unit: Unit, name: str = "lan") -> dict[str, Any]:
    return {
        "username": name,
        "first_name": "Hồ Thị Lan",
        "password1": "một mật khẩu rất dài",
        "password2": "một mật khẩu rất dài",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-unit": unit.pk,
        "memberships-0-role": role,
    }


def test_an_administrator_makes_users_with_a_role_in_their_units(country: Country, north: Client) -> None:
    assert north.post("/admin/auth/user/add/", new_user(Role.LEADER, country.lake)).status_code == 302
    user = User.objects.get(username="lan")
    assert [(one.unit, one.role) for one in user.memberships.all()] == [(country.lake, Role.LEADER)]
    assert (user.is_superuser, user.is_staff, user.first_name) == (False, False, "Hồ Thị Lan")
    assert Client(SERVER_NAME="localhost").login(username="lan", password="một mật khẩu rất dài")


@pytest.mark.parametrize("extra", [{"is_superuser": "on"}, {"is_staff": "on"}, {"user_permissions": "1"}])
def test_nobody_makes_a_superuser_there(country: Country, north: Client, extra: dict[str, str]) -> None:
    north.post("/admin/auth/user/add/", {**new_user(Role.LEADER, country.lake), **extra})
    user = User.objects.get(username="lan")
    form = {"username": "lan", "first_name": "Lan", "is_active": "on", **NO_ROLES, **extra}
    assert north.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff, user.user_permissions.count(), user.first_name) == (False, False, 0, "Lan")


def test_no_role_is_given_outside_and_no_user_is_made_without_one(country: Country, north: Client) -> None:
    assert north.post("/admin/auth/user/add/", new_user(Role.LEADER, country.shore)).status_code == 200
    none = {**new_user(Role.LEADER, country.lake), "memberships-TOTAL_FORMS": "0"}
    assert north.post("/admin/auth/user/add/", none).status_code == 200
    assert not User.objects.filter(username="lan").exists()
    me = user_of(north)
    form = {"user": me.pk, "unit": country.whole.pk, "role": Role.ADMINISTRATOR}
    assert north.post("/admin/places/membership/add/", form).status_code == 200
    assert me.memberships.count() == 1


def test_the_password_of_who_does_something_elsewhere_is_not_theirs_to_change(country: Country, north: Client, hill: Client) -> None:
    both = user_of(somebody(Role.LEADER, country.hill))
    assert hill.get(f"/admin/auth/user/{both.pk}/password/").status_code == 200
    Membership.objects.create(user=both, unit=country.shore, role=Role.LEADER)
    for client in (hill, north):
        page = client.get(f"/admin/auth/user/{both.pk}/change/")
        assert page.status_code == 200
        assert "Xã Bờ" not in page.content.decode().split("<form", 2)[-1].split("memberships")[0]
        sent = {"password1": "chiếm tài khoản này", "password2": "chiếm tài khoản này", "usable_password": "true"}
        assert client.post(f"/admin/auth/user/{both.pk}/password/", sent).status_code == 403
        assert client.post(f"/admin/auth/user/{both.pk}/change/", {"username": "x", **NO_ROLES}).status_code == 403
    assert User.objects.get(pk=both.pk).password == both.password


def test_the_administrator_of_the_province_is_out_of_reach_of_a_commune(country: Country, north: Client, hill: Client) -> None:
    for page in ("change", "password", "history"):
        assert hill.get(f"/admin/auth/user/{user_of(north).pk}/{page}/").status_code == 404
    root = User.objects.create_superuser("root")
    Membership.objects.create(user=root, unit=country.hill, role=Role.LEADER)
    for page in ("change", "password", "history"):
        assert hill.get(f"/admin/auth/user/{root.pk}/{page}/").status_code == 404


def test_a_role_is_taken_away_again_and_another_is_out_of_reach(country: Country, hill: Client) -> None:
    inside, outside = row_of("places/membership", country.hill), row_of("places/membership", country.lake)
    assert hill.post(f"/admin/places/membership/{inside}/delete/", {"post": "yes"}).status_code == 302
    assert hill.post(f"/admin/places/membership/{outside}/delete/", {"post": "yes"}).status_code == 404
    assert [str(one.pk) for one in Membership.objects.filter(role=Role.STAFF)] == [outside]


def test_every_change_is_in_the_record_of_its_unit_without_what_was_typed(country: Country, hill: Client) -> None:
    officer = country.officer(country.hill)
    form = {"name": "Tên Mới", "title": officer.title, "active": "on", "new_pin": "2580"}
    assert hill.post(f"/admin/places/officer/{officer.pk}/change/", form).status_code == 302
    line = Line.objects.get()
    assert (line.unit_id, line.subject, line.who, line.action) == (
        country.hill.pk,
        f"places.officer {officer.pk}",
        user_of(hill).username,
        "change",
    )
    assert "Họ và tên" in line.detail
    assert "Tên Mới" not in line.detail
    assert "2580" not in line.detail


def test_the_administration_speaks_vietnamese(country: Country, north: Client) -> None:
    me = f"auth/user/{user_of(north).pk}"
    forms = ("places/unit/add/", "auth/user/add/", f"{me}/change/", f"{me}/password/", f"places/unit/{country.hill.pk}/change/")
    pages = [north.get(f"/admin/{path}").content.decode() for path in ("", *(f"{model}/" for model in LISTS), *forms)]
    for page in pages:
        text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
        english = (
            r"\b(?:Add|Change|Save|Delete|Search|Filter|Home|View|Username|Password|Show|Select|Skip|Model|Whether|users?|created|link)\b"
        )
        assert not re.findall(english, text)
