"""Who is let in by token, who may make one, and what is kept of both."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from server.places.models import Unit
from server.places.scope import ALLOWED, Right
from server.record.models import Line
from server.tokens import call
from server.tokens.keeping import CHARACTERS, found
from server.tokens.models import Token
from tests.server.kiosk import Kiosk
from tests.server.people import Role, somebody
from tests.server.phone import Clock
from tests.server.system import System, token_for


def refused(answer: Any) -> tuple[int, str]:  # noqa: ANN401 – the test client's response
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["type"].removeprefix("urn:hailong:problem:")


def new(name: str = "Một cửa điện tử", **changes: str) -> dict[str, str]:
    last = timezone.localdate() + timedelta(days=30)
    return {"name": name, "reads_results": "on", "tells_transactions": "on", "last_day": last.isoformat(), **changes}


def test_a_token_has_at_least_128_bits_is_shown_once_and_is_kept_as_a_hash(kiosk: Kiosk) -> None:
    assert CHARACTERS * 5 >= 128
    client = somebody(Role.ADMINISTRATOR, kiosk.unit)
    page = client.post(f"/quan-tri-token/moi/{kiosk.unit.pk}/", new())
    [text] = re.findall(r"hl_[0-9A-Z]+", page.content.decode())
    token = Token.objects.get()
    assert found(text) == token
    assert page["Cache-Control"].startswith("max-age=0")
    kept = " ".join(str(value) for value in Token.objects.values().get().values())
    assert text.removeprefix("hl_") not in kept
    later = client.get("/quan-tri-token/").content.decode()
    assert token.pk in later
    assert text not in later
    assert System(text).get("units").status_code == 200


def test_making_and_revoking_are_in_the_record_without_the_token(kiosk: Kiosk) -> None:
    client = somebody(Role.ADMINISTRATOR, kiosk.unit, "quantri")
    page = client.post(f"/quan-tri-token/moi/{kiosk.unit.pk}/", new())
    [text] = re.findall(r"hl_[0-9A-Z]+", page.content.decode())
    token = Token.objects.get()
    for _ in range(2):
        assert client.post(f"/quan-tri-token/thu-hoi/{token.pk}/").status_code == 302
    lines = Line.objects.order_by("id").values_list("who", "action", "unit_id", "subject", "detail")
    last = f"to the end of {token.last_day}"
    assert list(lines) == [
        ("quantri", "change", kiosk.unit.pk, token.pk, f"token made: reads-results tells-transactions, {last}"),
        ("quantri", "change", kiosk.unit.pk, token.pk, "token revoked"),
    ]
    assert refused(System(text).get("units")) == (401, "bad-token")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, "Xin ghi tên hệ thống"),
        ({"reads_results": "", "tells_transactions": ""}, "Xin chọn ít nhất một quyền"),
        ({"last_day": "2020-01-01"}, "Xin chọn một ngày từ hôm nay"),
        ({"last_day": "9999-12-31"}, "Xin chọn một ngày từ hôm nay"),
        ({"last_day": "mai"}, "Ngày cần viết như 26/11/2027"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(kiosk: Kiosk, changes: dict[str, str], fault: str) -> None:
    said = {name: value for name, value in new(**changes).items() if value}
    page = somebody(Role.ADMINISTRATOR, kiosk.unit).post(f"/quan-tri-token/moi/{kiosk.unit.pk}/", said)
    assert page.status_code == 422
    assert fault in page.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("where", ["own", "below", "other"])
def test_only_who_arranges_a_unit_makes_and_revokes_its_tokens(kiosk: Kiosk, role: str, where: str) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    other = Unit.objects.create(name="Tỉnh Lào Cai", kind=Unit.Kind.PROVINCE)
    if role == Role.OFFICER:
        where = "own"
    client = somebody(role, {"own": kiosk.unit, "below": province, "other": other}[where])
    token_for(kiosk.unit)
    token = Token.objects.get()
    allowed = Right.ARRANGE in ALLOWED[role] and where != "other"
    assert client.get("/quan-tri-token/").status_code == (200 if Right.ARRANGE in ALLOWED[role] else 404)
    assert (token.pk in client.get("/quan-tri-token/").content.decode()) is allowed
    for address, body, done in (
        (f"/quan-tri-token/moi/{kiosk.unit.pk}/", new(), 200),
        (f"/quan-tri-token/thu-hoi/{token.pk}/", {}, 302),
    ):
        assert client.get(address).status_code == (200 if allowed else 404)
        assert client.post(address, body).status_code == (done if allowed else 404)
    token.refresh_from_db()
    assert (token.revoked_at is not None) is allowed
    assert Token.objects.count() == (2 if allowed else 1)


def test_without_login_the_pages_lead_to_it(client: Client, kiosk: Kiosk) -> None:
    for address in ("/quan-tri-token/", f"/quan-tri-token/moi/{kiosk.unit.pk}/", "/quan-tri-token/thu-hoi/t-1/"):
        assert client.get(address)["Location"] == f"/login/?next={address}"


def test_without_a_valid_token_nobody_is_let_in(kiosk: Kiosk, client: Client) -> None:
    somebody(Role.LEADER, kiosk.unit)
    for headers in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}):
        answer = client.get("/api/v1/units", headers=headers)
        assert refused(answer) == (401, "bad-token")
        assert answer["WWW-Authenticate"] == "Bearer"
    gone = token_for(kiosk.unit, life=timedelta(seconds=-1))
    for text in (gone, "hl_" + "0" * 32, "hl_", "x"):
        answer = System(text).get("units")
        assert refused(answer) == (401, "bad-token")
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_login_is_no_token(kiosk: Kiosk) -> None:
    assert refused(somebody(Role.LEADER, kiosk.unit).get("/api/v1/units")) == (401, "bad-token")


def test_a_token_does_only_what_it_was_given(kiosk: Kiosk) -> None:
    day = kiosk.unit.today()
    told = f"transactions/{kiosk.unit.pk}/{day}"
    reader, teller = System(token_for(kiosk.unit, tells=False)), System(token_for(kiosk.unit, reads=False))
    assert reader.get(f"results/{kiosk.unit.pk}/total").status_code == 200
    assert refused(reader.get(told)) == refused(reader.put(told, {"counts": []})) == (403, "not-allowed")
    assert refused(teller.get(f"results/{kiosk.unit.pk}/total")) == (403, "not-allowed")
    assert teller.put(told, {"counts": [{"handled": 3}]}).status_code == teller.get(told).status_code == 200
    assert reader.get("units").status_code == teller.get("units").status_code == 200


def test_more_calls_than_allowed_within_a_minute_wait_for_the_next_and_others_do_not(
    kiosk: Kiosk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "CALLS_PER_MINUTE", 2)
    hasty, other = System(token_for(kiosk.unit)), System(token_for(kiosk.unit))
    assert [hasty.get("units").status_code for _ in range(3)] == [200, 200, 429]
    answer = hasty.get("units")
    assert refused(answer) == (429, "too-many-calls")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert other.get("units").status_code == 200
    clock.now += timedelta(seconds=int(answer["Retry-After"]))
    assert hasty.get("units").status_code == 200


def test_reading_results_is_in_the_record_once_a_day_for_each_unit(kiosk: Kiosk, clock: Clock) -> None:
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    system = System(token_for(province))
    for _ in range(3):
        for unit in (province, kiosk.unit):
            assert system.get(f"results/{unit.pk}/officers").status_code == 200
    assert system.get("units").status_code == 200
    token = Token.objects.get()
    lines = Line.objects.filter(action="export").order_by("id").values_list("unit_id", "subject", "action", "who", "address")
    export = (token.pk, "export", str(token), "192.0.2.7")
    assert list(lines) == [(province.pk, *export), (kiosk.unit.pk, *export)]
    clock.now += timedelta(days=1)
    assert System.get(System(token_for(province)), f"results/{province.pk}/days").status_code == 200
    assert Line.objects.filter(action="export").count() == 3


def test_when_it_was_used_last_is_kept_to_some_minutes(kiosk: Kiosk, clock: Clock) -> None:
    system = System(token_for(kiosk.unit, life=timedelta(days=2)))
    first = clock.now
    system.get("units")
    clock.now += timedelta(minutes=1)
    system.get("units")
    assert Token.objects.get().used_at == first
    clock.now += timedelta(minutes=5)
    system.get("units")
    assert Token.objects.get().used_at == clock.now
