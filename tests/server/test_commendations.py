"""Officers are commended; and what an officer is told of it betrays nobody's vote."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from server.cases.box import SENSITIVE
from server.cases.models import Reading
from server.commendations.keeping import CommendedBeforeError, Given, commend
from server.commendations.models import Commendation
from server.commendations.origin import origin
from server.commendations.queries import of_period, on_board
from server.commendations.telling import told
from server.commendations.wording import MOST, obstacle
from server.intake.models import OfficerDay, Reasons
from server.places.models import Unit
from server.record.models import Line
from server.record.veil import veiled
from server.results.models import Block
from server.results.period import Kind, containing
from sync.sealing import Written
from tests.server.boxed import HOME, NAME, PHONE, WORDS, vote_about, wrote
from tests.server.kiosk import Kiosk
from tests.server.people import Role, logged_in, person, somebody

PRAISE = "Tận tình hướng dẫn, xong sớm hơn hẹn"
THANKS = "Cô Hạnh tận tình lắm, tôi già rồi mà cô giải thích từng chữ một"


def form(kiosk: Kiosk, **changes: str) -> dict[str, str]:
    return {"officer": kiosk.officers[1].pk, "day": f"{kiosk.unit.today()}", "words": PRAISE, **changes}


def address(kiosk: Kiosk, rest: str = "moi/") -> str:
    return f"/khen/{kiosk.unit.pk}/{rest}"


def entry(day: date, at: int = 0, *, sealed: str = "", withdrawn: bool = False) -> Commendation:
    when = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=at)
    said = {"day": day, "words": PRAISE, "sealed": sealed, "at": when, "withdrawn_at": when if withdrawn else None}
    return Commendation(unit_id="u-1", id=UUID(int=at), officer_id="o-1", **said)


# --- writing one down ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.LEADER, Role.STAFF])
def test_an_officer_is_commended_by_hand(kiosk: Kiosk, role: str) -> None:
    client = somebody(role, kiosk.unit, "an")
    assert client.post(address(kiosk), form(kiosk)).status_code == 302
    [row] = of_period(kiosk.unit, containing(Kind.MONTH, kiosk.unit.today()))
    assert (row.name, row.title, row.day, row.words, row.who) == ("Lê Hoàng Phúc", "Công chức", kiosk.unit.today(), PRAISE, "an")
    assert PRAISE in client.get("/khen/").content.decode()
    assert Line.objects.filter(action="change", subject=f"{row.id}").count() == 1


def test_from_a_comment_the_form_comes_filled_in_and_the_comment_was_read(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk, THANKS, name=NAME)
    client, place = somebody(Role.STAFF, kiosk.unit), f"{address(kiosk)}?gop-y={sealed}"
    page = client.get(place).content.decode()
    assert THANKS in page
    assert NAME not in page
    assert f'value="{kiosk.officers[0].pk}" selected' in page
    assert Line.objects.filter(action="view", subject=veiled(sealed)).count() == 1
    client.post(place, form(kiosk))
    assert Commendation.objects.get().sealed == sealed
    assert Reading.objects.get(sealed=sealed).became == Reading.Became.PRAISE


def test_a_comment_is_commended_from_once(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk, THANKS)
    client, place = somebody(Role.STAFF, kiosk.unit), f"{address(kiosk)}?gop-y={sealed}"
    client.post(place, form(kiosk))
    answer: Any = client.post(place, form(kiosk))
    assert answer["Location"] == address(kiosk, f"{Commendation.objects.get().id}/")
    come = origin(kiosk.unit, sealed, sensitive=False)
    with pytest.raises(CommendedBeforeError):  # who did not see the first
        commend(kiosk.unit, Given(kiosk.officers[0].pk, kiosk.unit.today(), PRAISE, public=False), come, "an", timezone.now())


def test_a_sensitive_comment_is_there_for_leaders_alone(kiosk: Kiosk) -> None:
    sealed = wrote(kiosk, THANKS)
    vote = vote_about(sealed).id
    Reasons.objects.create(unit_id=kiosk.unit.pk, vote=vote, id=vote, ledger="", seq=1, said="", reasons=[SENSITIVE])
    place = f"{address(kiosk)}?gop-y={sealed}"
    assert somebody(Role.STAFF, kiosk.unit).get(place).status_code == 404
    assert somebody(Role.LEADER, kiosk.unit).get(place).status_code == 200


def test_a_comment_of_another_unit_or_none_is_absent(kiosk: Kiosk) -> None:
    other = Unit.objects.create(name="Xã khác", kind=Unit.Kind.COMMUNE)
    sealed = wrote(kiosk, THANKS)
    assert somebody(Role.LEADER, other).get(f"/khen/{other.pk}/moi/?gop-y={sealed}").status_code == 404
    for name in ("0" * 64, "x", "%00"):
        assert somebody(Role.LEADER, kiosk.unit).get(f"{address(kiosk)}?gop-y={name}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"officer": ""}, "Xin chọn cán bộ"),
        ({"officer": "o-0"}, "Xin chọn cán bộ"),
        ({"day": "hôm qua"}, "Xin ghi ngày"),
        ({"day": "2999-01-01"}, "đến hôm nay"),
        ({"words": " "}, "Xin ghi lý do"),
        ({"words": "ạ" * (MOST + 1)}, "Dài quá"),
        ({"words": "Gọi 0912 345 678"}, "Có một số dài"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_typed_is_lost(kiosk: Kiosk, changes: dict[str, str], says: str) -> None:
    answer = somebody(Role.STAFF, kiosk.unit).post(address(kiosk), form(kiosk, **changes))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert changes.get("words", PRAISE).strip() in answer.content.decode()
    assert not Commendation.objects.exists()


def test_an_entry_is_corrected_and_withdrawn_and_the_record_says_so(kiosk: Kiosk) -> None:
    client = somebody(Role.STAFF, kiosk.unit)
    client.post(address(kiosk), form(kiosk))
    place = address(kiosk, f"{Commendation.objects.get().id}/")
    client.post(place, form(kiosk, words="Thân thiện"))
    assert Commendation.objects.get().words == "Thân thiện"
    client.post(f"{place}rut/")
    assert of_period(kiosk.unit, containing(Kind.MONTH, kiosk.unit.today())) == []
    assert Commendation.objects.get().withdrawn_at is not None
    assert client.get(place).status_code == 404
    said = Line.objects.filter(action="change").order_by("id").values_list("detail", flat=True)
    assert list(said) == ["commended", "commendation corrected: words", "commendation withdrawn"]


def test_who_may_not_publish_leaves_what_is_public_as_it_was(kiosk: Kiosk) -> None:
    somebody(Role.LEADER, kiosk.unit).post(address(kiosk), form(kiosk, public="on"))
    place = address(kiosk, f"{Commendation.objects.get().id}/")
    somebody(Role.STAFF, kiosk.unit).post(place, form(kiosk, words="Thân thiện"))
    assert Commendation.objects.get().public
    somebody(Role.STAFF, kiosk.unit).post(address(kiosk), form(kiosk, public="on"))
    assert Commendation.objects.filter(public=True).count() == 1


def test_a_province_sees_those_of_its_communes(kiosk: Kiosk) -> None:
    province = Unit.objects.create(name="Tỉnh", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=province)
    somebody(Role.STAFF, kiosk.unit).post(address(kiosk), form(kiosk))
    page = somebody(Role.LEADER, province).get(f"/khen/{province.pk}/").content.decode()
    assert PRAISE in page
    assert kiosk.unit.name in page


# --- nothing of the citizen's ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (PRAISE, True),
        (f"Giúp {NAME} làm khai sinh", False),
        ("Giúp PHAM thi lan chi", False),
        ("Bà Chi cảm ơn", False),
        ("Chi tiết, rõ ràng", True),
        (f"Nhà ở {HOME}", False),
        ("Số 0912.345.678", False),
        ("Tôi già rồi mà cô giải thích từng chữ một", False),
        ("Giải thích từng chữ một", True),
    ],
)
def test_words_that_hold_something_of_the_citizens_are_refused(words: str, *, kept: bool) -> None:
    written = Written(text=THANKS, name=NAME, phone=PHONE, address=HOME, consent="có")
    assert (obstacle(words, written) == "") == kept


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), max_size=60), st.text(min_size=1).filter(lambda text: "\x1e" not in text))
def test_any_words_can_be_looked_at(words: str, text: str) -> None:
    assert isinstance(obstacle(words, Written(text=text, name="An", consent="có")), str)


# --- what the officer is told ----------------------------------------------------------------------------------------

OCTOBER = date(2026, 10, 5)


def block(number: int, satisfied: int, dissatisfied: int, last: date = OCTOBER) -> Block:
    first = last - timedelta(days=1)
    return Block(unit_id="u-1", officer_id="o-1", number=number, first=first, last=last, satisfied=satisfied, dissatisfied=dissatisfied)


def test_it_is_told_when_its_month_is_over_and_only_the_month() -> None:
    [one] = told([entry(OCTOBER)], [], date(2026, 11, 1))
    assert one.month == date(2026, 10, 1)
    assert told([entry(OCTOBER)], [], date(2026, 10, 31)) == []


def test_one_from_a_comment_waits_for_the_block_of_its_vote() -> None:
    from_comment = [entry(OCTOBER, sealed="ab")]
    assert told(from_comment, [], date(2026, 11, 1)) == []
    assert told(from_comment, [block(1, 5, 0, OCTOBER - timedelta(days=1))], date(2026, 11, 1)) == []
    assert len(told(from_comment, [block(1, 5, 0)], date(2026, 11, 1))) == 1
    assert told(from_comment, [block(1, 5, 0, date(2026, 11, 2))], date(2026, 11, 30)) == []


@given(st.integers(0, 6), st.integers(0, 6), st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_who_knows_all_writers_never_knows_that_no_other_was_satisfied(good: int, bad: int, made: list[tuple[bool, bool]]) -> None:
    entries = [entry(OCTOBER, at, sealed="ab" if sealed else "", withdrawn=gone) for at, (sealed, gone) in enumerate(made)]
    shown = [one.entry for one in told(entries, [block(1, good, bad)], date(2026, 12, 1)) if one.entry.sealed]
    assert bad == 0 or len(shown) < max(1, good)


@given(st.integers(1, 6), st.integers(0, 6), st.integers(0, 8))
def test_what_was_told_stays_told_when_others_come(good: int, bad: int, count: int) -> None:
    entries = [entry(OCTOBER, at, sealed="ab") for at in range(count)]
    blocks, today = [block(1, good, bad)], date(2026, 12, 1)
    before = {one.entry.id for one in told(entries, blocks, today)}
    assert before <= {one.entry.id for one in told([*entries, entry(OCTOBER, 99, sealed="ab")], blocks, today)}


def test_an_officer_reads_their_own_and_nobody_elses(kiosk: Kiosk) -> None:
    last_month = kiosk.unit.today().replace(day=1) - timedelta(days=3)
    for officer, words in zip(kiosk.officers, ("Thân thiện", "Nhanh nhẹn"), strict=True):
        commend(kiosk.unit, Given(officer.pk, last_month, words, public=False), None, "an", timezone.now())
    page = logged_in(person("canbo", kiosk.unit, Role.OFFICER, kiosk.officers[0])).get("/cua-toi/").content.decode()
    assert "Thân thiện" in page
    assert "Nhanh nhẹn" not in page
    assert f"{last_month:%d/%m/%Y}" not in page


def test_nobody_else_finds_the_list_or_the_form(kiosk: Kiosk) -> None:
    for role in set(Role) - {Role.LEADER, Role.STAFF}:
        client = somebody(role, kiosk.unit)
        assert {client.get(place).status_code for place in ("/khen/", address(kiosk, ""), address(kiosk))} == {404}


# --- the board -------------------------------------------------------------------------------------------------------


def test_the_board_shows_what_is_public_and_was_told_to_the_officer(kiosk: Kiosk, client: Client) -> None:
    today = kiosk.unit.today()
    last_month = today.replace(day=1) - timedelta(days=3)
    for day, words, public in ((last_month, "Thân thiện", True), (last_month, "Nhanh nhẹn", False), (today, "Đúng hẹn", True)):
        commend(kiosk.unit, Given(kiosk.officers[0].pk, day, words, public), None, "an", timezone.now())
    page = client.get(f"/cong-khai/{kiosk.unit.pk}/").content.decode()
    assert [words for words in ("Thân thiện", "Nhanh nhẹn", "Đúng hẹn") if words in page] == ["Thân thiện"]
    assert kiosk.officers[0].name in page
    assert f"{last_month:%d/%m/%Y}" not in page


def test_one_from_a_comment_comes_to_the_board_with_its_block_though_the_officer_never_logs_in(kiosk: Kiosk) -> None:
    last_month = kiosk.unit.today().replace(day=1) - timedelta(days=3)
    sealed = wrote(kiosk, WORDS)
    come = origin(kiosk.unit, sealed, sensitive=False)
    officer = kiosk.officers[0]
    OfficerDay.objects.filter(unit_id=kiosk.unit.pk).delete()
    OfficerDay.objects.create(unit_id=kiosk.unit.pk, day=last_month, counter_id="c", officer_id=officer.pk, satisfied=5, dissatisfied=1)
    commend(kiosk.unit, Given(officer.pk, last_month, PRAISE, public=True), come, "an", timezone.now())
    assert on_board(kiosk.unit) == []
    somebody(Role.STAFF, kiosk.unit).get(address(kiosk, ""))
    assert [one.words for one in on_board(kiosk.unit)] == [PRAISE]
