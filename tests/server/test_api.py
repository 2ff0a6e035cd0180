"""What other systems get: the numbers of the pages, of their own units only."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.calls import CALLS
from server.intake import store
from server.intake.models import OfficerDay, ReasonDay, UnitHour
from server.intake.sql import run
from server.places.models import Counter, Officer, Unit
from server.problems import FURTHER, kind
from server.results import queries
from server.results.counts import Count, Row
from server.results.period import Kind, Period, containing
from server.tokens.call import COMMON_PROBLEMS
from server.tokens.description import document
from server.transactions.telling import Handled, Source, Teller, tell
from tests.server.kiosk import Kiosk, enrolled
from tests.server.system import System, token_for
from tests.server.test_tokens import refused

READ = ["total", "officers", "counters", "days", "hours", "reasons", "units", "participation"]
MONDAY = date(2025, 3, 3)


def said(count: Count) -> dict[str, Any]:
    """A count as the API says it."""
    share, percents = count.share, count.percents
    return {
        "satisfied": count.satisfied,
        "dissatisfied": count.dissatisfied,
        "n": count.n,
        "share": {"value": share.value, "low": share.low, "high": share.high} if share else None,
        "percents": {"satisfied": percents[0], "dissatisfied": percents[1]} if percents else None,
        "withheld": None if share else "below-minimum-n",
        "handled": count.handled,
        "rated": count.rated,
        "participation": count.participation,
    }


def line(row: Row) -> dict[str, Any]:
    """A line as the API says it."""
    return {"id": row.key or None, "name": row.name, "note": row.note, "count": said(row.count)}


def areas() -> dict[str, Unit]:
    """A country of two provinces, one with two communes."""
    country = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)
    other = Unit.objects.create(name="Tỉnh Lào Cai", kind=Unit.Kind.PROVINCE, parent=country)
    communes = [Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=province) for name in ("Phường Thái Hòa", "Xã Nghĩa Đàn")]
    return {"country": country, "province": province, "other": other, "commune": communes[0], "neighbour": communes[1]}


@pytest.mark.parametrize(
    ("of", "reaches"),
    [
        ("country", {"country", "province", "other", "commune", "neighbour"}),
        ("province", {"province", "commune", "neighbour"}),
        ("other", {"other"}),
        ("commune", {"commune"}),
    ],
)
def test_a_token_reaches_its_unit_and_those_below_and_no_other_by_any_call(of: str, reaches: set[str]) -> None:
    units = areas()
    system = System(token_for(units[of]))
    assert {unit["id"] for unit in system.get("units").json()["units"]} == {units[name].pk for name in reaches}
    for name, unit in units.items():
        calls = [call for call in CALLS if "{unit}" in call.path]
        assert len(calls) == len(READ) + 4
        for call in calls:
            address = call.path.format(unit=unit.pk, day=unit.today())
            answer = system.get(address) if call.method == "GET" else system.put(address, {"counts": [{"handled": 1}]})
            if name in reaches:
                assert answer.status_code == 200, address
            else:
                assert refused(answer) == (404, "not-found"), address
    assert refused(system.get("units/u-NOWHERE")) == (404, "not-found")


votes = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 1), st.integers(0, 2), st.integers(0, 40), st.integers(0, 9)),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(votes, st.booleans())
def test_every_call_gives_the_numbers_of_the_pages(migrated: None, cast: list[tuple[int, int, int, int, int, int]], month: bool) -> None:
    units = areas()
    both, days = [units["commune"], units["neighbour"]], [MONDAY + timedelta(number) for number in range(10)]
    places = [
        (
            [Counter.objects.create(unit=unit, name=f"Quầy {number}").pk for number in (1, 2)],
            ["", *(Officer.objects.create(unit=unit, name=name, title="").pk for name in ("Bảo", "Phúc"))],
        )
        for unit in both
    ]
    for at, number, counter, officer, good, bad in cast:
        of_day, counters, officers = {"unit_id": both[at].pk, "day": days[number]}, *places[at]
        rated, key = {"satisfied": good, "dissatisfied": bad}, {"counter_id": counters[counter], "officer_id": officers[officer]}
        OfficerDay.objects.get_or_create(**of_day, **key, defaults=rated)
        UnitHour.objects.get_or_create(**of_day, hour=8 + officer, defaults=rated)
        ReasonDay.objects.get_or_create(**of_day, reason=["waiting", "friendly"][counter], defaults={"times": bad + 1})
        run(store.mark_stale(both[at].pk, [days[number]]))
        tell(both[at], {days[number]: [Handled(counters[counter], "", good + 1)]}, Teller("", Source.API, ""))
    period = containing(Kind.MONTH, days[2]) if month else Period(Kind.SPAN, days[1], days[8])
    question = f"day={days[2]}" if month else f"from={days[1]}&to={days[8]}"
    system = System(token_for(units["country"]))
    for unit in (units["country"], units["province"], units["commune"]):
        ask = {name: system.get(f"results/{unit.pk}/{name}?{question}").json() for name in READ}
        facts, whole = queries.facts(unit, period), said(queries.total(unit, period))
        said_period = {"period": "month" if month else "span", "from": str(period.first), "to": str(period.last)}
        assert all(one["period"] == said_period for name, one in ask.items() if name != "hours" or month)
        assert ask["total"]["total"] == ask["days"]["total"] == whole
        assert ask["officers"]["total"] == ask["counters"]["total"] == said(facts.total)
        assert ask["days"]["days"] == [{"day": str(day), "count": said(count)} for day, count in queries.by_day(unit, period).items()]
        assert ask["officers"]["officers"] == [line(row) for row in facts.by_officer()]
        assert ask["counters"]["counters"] == [line(row) for row in facts.by_counter()]
        below = queries.by_unit(unit, period)
        assert [{name: row[name] for name in row if name != "rank"} for row in ask["units"]["units"]] == [line(row) for row in below]
        if month:
            hours = [(row["weekday"], row["hour"], row["votes"]["satisfied"], row["votes"]["n"]) for row in ask["hours"]["hours"]]
            cells = queries.by_hour(unit, period)
            assert hours == [(cell.weekday + 1, cell.hour, cell.votes.satisfied, cell.votes.n) for cell in cells]
        else:
            assert refused(system.get(f"results/{unit.pk}/hours?{question}")) == (422, "bad-period")
        reasons = [(row["id"], row["words"], row["rating"], row["times"]) for row in ask["reasons"]["reasons"]]
        assert reasons == queries.reasons(unit, period)
        part = ask["participation"]
        assert all(part[name] == whole[name] for name in ("handled", "rated", "participation"))
        if queries.is_area(unit):
            assert ask["units"]["total"] == whole


def test_below_30_votes_there_is_no_share_but_a_reason(kiosk: Kiosk) -> None:
    system = System(token_for(kiosk.unit))
    kiosk.open().votes(28, 1).send()
    total = system.get(f"results/{kiosk.unit.pk}/total").json()["total"]
    assert (total["n"], total["share"], total["percents"], total["withheld"]) == (29, None, None, "below-minimum-n")
    kiosk.vote().send(31)
    total = system.get(f"results/{kiosk.unit.pk}/total").json()["total"]
    assert total["percents"] == {"satisfied": 96.7, "dissatisfied": 3.3}
    assert total["share"]["low"] == pytest.approx(0.8333, abs=5e-5)
    assert total["withheld"] is None


def test_units_are_ranked_by_what_their_intervals_allow_and_without_share_not_at_all() -> None:
    units = areas()
    for name, good, bad in (("commune", 90, 10), ("neighbour", 20, 0)):
        unit = units[name]
        OfficerDay.objects.create(unit_id=unit.pk, day=MONDAY, counter_id="", officer_id="", satisfied=good, dissatisfied=bad)
        run(store.mark_stale(unit.pk, [MONDAY]))
    rows = System(token_for(units["province"])).get(f"results/{units['province'].pk}/units?day={MONDAY}").json()["units"]
    assert {row["id"]: row["rank"] for row in rows} == {
        units["commune"].pk: {"place": 1, "best": 1, "worst": 1},
        units["neighbour"].pk: None,
    }


def test_an_answer_that_did_not_change_is_not_sent_again(kiosk: Kiosk) -> None:
    system, address = System(token_for(kiosk.unit)), f"results/{kiosk.unit.pk}/total"
    first = system.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    same = system.get(address, **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert system.get(address, **{"If-None-Match": f'"other", W/{first["ETag"]}'}).status_code == 304
    kiosk.open().vote().send()
    changed = system.get(address, **{"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["total"]["n"]) == (200, 1)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("period=fortnight", (400, "malformed")),
        ("day=2026-02-30", (400, "malformed")),
        ("day=20261101", (400, "malformed")),
        ("day=null", (400, "malformed")),
        ("day=2026-11-01&day=2026-11-02", (400, "malformed")),
        ("ngay=2026-11-01", (400, "malformed")),
        ("to=2026-11-01", (422, "bad-period")),
        ("from=2026-11-02&to=2026-11-01", (422, "bad-period")),
        ("from=2020-01-01&to=2026-11-01", (422, "bad-period")),
        ("from=2026-11-02&period=week", (422, "bad-period")),
        ("day=9999-12-31&period=week", (422, "bad-period")),
        ("day=0001-01-01", (422, "bad-period")),
    ],
)
def test_a_period_that_cannot_be_understood_is_refused_with_what_is_wrong(kiosk: Kiosk, query: str, problem: tuple[int, str]) -> None:
    answer = System(token_for(kiosk.unit)).get(f"results/{kiosk.unit.pk}/total?{query}")
    assert refused(answer) == problem
    assert answer.json()["detail"]


def test_without_a_question_it_is_the_present_month(kiosk: Kiosk) -> None:
    today = kiosk.unit.today()
    period = System(token_for(kiosk.unit)).get(f"results/{kiosk.unit.pk}/total").json()["period"]
    assert (period["period"], period["from"]) == ("month", str(today.replace(day=1)))


def test_units_come_page_by_page_each_once() -> None:
    units = areas()
    system = System(token_for(units["country"]))
    seen, after = [], ""
    while True:
        page = system.get(f"units?limit=2{after}").json()
        seen += [unit["id"] for unit in page["units"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == sorted(unit.pk for unit in units.values())


def test_a_unit_names_its_counters_and_those_who_work_there(kiosk: Kiosk) -> None:
    gone = kiosk.officers[1]
    gone.active = False
    gone.save()
    unit = System(token_for(kiosk.unit)).get(f"units/{kiosk.unit.pk}").json()
    assert unit["counters"] == [{"id": kiosk.counter.pk, "name": "Quầy 1"}]
    assert unit["officers"] == [{"id": kiosk.officers[0].pk, "name": kiosk.officers[0].name}]


def test_other_methods_are_refused_and_the_allowed_ones_named(kiosk: Kiosk) -> None:
    system = System(token_for(kiosk.unit))
    answer = system.put(f"results/{kiosk.unit.pk}/total", {})
    assert refused(answer) == (405, "wrong-method")
    assert answer["Allow"] == "GET, HEAD"


def test_an_address_that_is_none_is_still_the_signed_answer_of_kiosks(client: Client, kiosk: Kiosk) -> None:
    for address in ("/api/v1/nothing", "/api/v1/results/", "/api/v1/results/a%0Ab/total", "/api/"):
        answer = client.get(address)
        assert refused(answer) == (404, "not-found")
        assert "Hailong-Signature" in answer


def test_the_kiosks_calls_go_on_beside_those_of_other_systems() -> None:
    kiosk = enrolled()
    assert kiosk.open().vote().send().receipt.ledgers[0].acked == 2


def test_the_description_in_the_repository_is_the_one_that_the_server_gives(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.content == document(CALLS)
    assert Path("docs/openapi.json").read_bytes() == answer.content, "python -m server openapi > docs/openapi.json"


def test_the_document_for_people_has_every_call_and_every_problem() -> None:
    said = Path("docs/api.md").read_text()
    for call in CALLS:
        assert re.search(rf"\| `{call.method} /api/v1/{re.escape(call.path)}[`?]", said), call.path
    problems = {code for call in CALLS for code in (*COMMON_PROBLEMS, *call.problems)}
    assert dict(re.findall(r"^\| `([\w-]+)` \| (\d+) \|", said, re.MULTILINE)) == {code: str(kind(code).status) for code in problems}
    assert problems >= FURTHER.keys()
