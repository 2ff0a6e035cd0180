"""What a unit changes on its kiosks: from the administration into the configuration."""

from datetime import date, time
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.places.models import Counter, Unit
from server.places.roster import roster_of
from server.screens.models import OpenSpan, OtherDay, OwnReason, Screens, Sentence
from server.screens.preview import of_levels
from server.screens.publish import levels, publish
from sync import wire
from sync.choices import DEFAULT_REASONS, DEFAULT_SENTENCES
from sync.shown import FormAddress, Hours, OtherDays, Reason, Span
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, at, somebody


def told(kiosk: Kiosk) -> wire.KioskConfig:
    """What the kiosk is told now; its receipts must name just that."""
    current = roster_of(Counter.objects.get(pk=kiosk.counter.pk))
    assert kiosk.send().receipt.config == current.digest
    return wire.decode(current.content, wire.KioskConfig)


@pytest.fixture
def screens(kiosk: Kiosk) -> Screens:
    return Screens.objects.create(unit=kiosk.unit)


@pytest.fixture
def above(kiosk: Kiosk) -> Screens:
    """Those of the province above."""
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=province)
    kiosk.unit.refresh_from_db()
    return Screens.objects.create(unit=province)


def test_a_unit_with_an_empty_page_keeps_its_configuration_byte_for_byte(kiosk: Kiosk) -> None:
    before = roster_of(kiosk.counter)
    Screens.objects.create(unit=kiosk.unit)
    publish(kiosk.unit)
    assert roster_of(Counter.objects.get(pk=kiosk.counter.pk)) == before


def test_what_was_changed_reaches_the_configuration(kiosk: Kiosk, screens: Screens) -> None:
    Sentence.objects.create(screens=screens, key="thanks", words="Xin cảm ơn bà con!")
    Sentence.objects.create(screens=screens, key="reception", words="Tiếp công dân sáng thứ Hai.")
    words = {"vietnamese": "Trả kết quả trễ", "english": "Late"}
    OwnReason.objects.create(screens=screens, standard="late", rating="dissatisfied", icon="late", **words)
    OpenSpan.objects.create(screens=screens, weekday=0, opens=time(13, 30), closes=time(17))
    OpenSpan.objects.create(screens=screens, weekday=0, opens=time(7, 30), closes=time(11, 30))
    OtherDay.objects.create(screens=screens, first=date(2027, 2, 5), last=date(2027, 2, 10), vietnamese="Nghỉ Tết")
    Screens.objects.filter(pk=screens.pk).update(idle_seconds=45, thanks_seconds=6)
    publish(kiosk.unit)
    config = told(kiosk)
    assert config.texts == {"thanks": {"vi": "Xin cảm ơn bà con!"}}
    assert config.reception == {"vi": "Tiếp công dân sáng thứ Hai."}
    assert config.reasons == [Reason(id="late", rating="dissatisfied", icon="late", words={"vi": "Trả kết quả trễ", "en": "Late"})]
    holiday = OtherDays(first=date(2027, 2, 5), last=date(2027, 2, 10), words={"vi": "Nghỉ Tết"})
    monday = [Span("07:30", "11:30"), Span("13:30", "17:00")]
    assert config.hours == Hours(weekdays=[monday, [], [], [], [], [], []], others=[holiday])
    assert (config.idle_seconds, config.thanks_seconds) == (45, 6)


def test_a_unit_takes_from_above_what_it_did_not_change_itself(kiosk: Kiosk, above: Screens) -> None:
    Sentence.objects.create(screens=above, key="thanks", words="Tỉnh cảm ơn!")
    Sentence.objects.create(screens=above, key="rest", words="Mời chạm")
    OwnReason.objects.create(screens=above, rating="dissatisfied", vietnamese="Của tỉnh")
    OwnReason.objects.create(screens=above, rating="satisfied", vietnamese="Tốt")
    OpenSpan.objects.create(screens=above, weekday=0, opens=time(8), closes=time(12))
    OtherDay.objects.create(screens=above, first=date(2027, 9, 2), last=date(2027, 9, 2), vietnamese="Quốc khánh")
    publish(above.of_unit)
    assert told(kiosk).texts == {"thanks": {"vi": "Tỉnh cảm ơn!"}, "rest": {"vi": "Mời chạm"}}
    own = Screens.objects.create(unit=kiosk.unit)
    Sentence.objects.create(screens=own, key="thanks", words="Phường cảm ơn!")
    OwnReason.objects.create(screens=own, rating="dissatisfied", vietnamese="Của phường")
    OpenSpan.objects.create(screens=own, weekday=1, opens=time(7), closes=time(11))
    publish(kiosk.unit)
    config = told(kiosk)
    assert config.texts == {"thanks": {"vi": "Phường cảm ơn!"}, "rest": {"vi": "Mời chạm"}}
    assert sorted(reason.words["vi"] for reason in config.reasons) == ["Của phường", "Tốt"]
    assert config.hours is not None
    assert [len(spans) for spans in config.hours.weekdays] == [0, 1, 0, 0, 0, 0, 0]
    assert [day.words["vi"] for day in config.hours.others] == ["Quốc khánh"]


def test_the_address_of_the_form_is_the_provinces_unless_the_commune_has_another(kiosk: Kiosk, above: Screens) -> None:
    Screens.objects.filter(pk=above.pk).update(form_address="https://hailong.tinh.gov.vn")
    publish(above.of_unit)
    assert told(kiosk).form_address == "https://hailong.tinh.gov.vn"
    Screens.objects.create(unit=kiosk.unit, form_address="https://hailong.xa.gov.vn:8443")
    publish(kiosk.unit)
    assert told(kiosk).form_address == "https://hailong.xa.gov.vn:8443"


@pytest.mark.parametrize(
    "bad", ["http://a.vn", "https://A.vn", "https://a.vn/", "https://a.vn/x", "a.vn", "https://ủy.vn", "https://" + "a" * 57]
)
def test_an_address_that_kiosks_would_not_take_is_refused_where_it_is_edited(kiosk: Kiosk, bad: str) -> None:
    with pytest.raises(ValidationError):
        Screens(unit=kiosk.unit, form_address=bad).full_clean()
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, FormAddress)


def test_another_unit_hears_nothing_of_it(kiosk: Kiosk, screens: Screens) -> None:
    other = enrolled()
    before = other.send().receipt.config
    Sentence.objects.create(screens=screens, key="thanks", words="Xin cảm ơn!")
    publish(kiosk.unit)
    assert other.send().receipt.config == before


def test_a_reason_that_is_offered_no_more_is_not_told_and_keeps_its_id(kiosk: Kiosk, screens: Screens) -> None:
    first = OwnReason.objects.create(screens=screens, rating="dissatisfied", vietnamese="Phiên chợ đông")
    second = OwnReason.objects.create(screens=screens, rating="dissatisfied", vietnamese="Phiên chợ đông", offered=False)
    publish(kiosk.unit)
    assert first.name != second.name
    assert [reason.id for reason in told(kiosk).reasons] == [first.name]


def test_a_given_reason_goes_on_meaning_the_same(screens: Screens) -> None:
    reason = OwnReason.objects.create(screens=screens, rating="dissatisfied", vietnamese="Phiên chợ đông")
    reason.vietnamese = "Chợ phiên đông"
    reason.full_clean()
    reason.rating = "satisfied"
    with pytest.raises(ValidationError, match="thêm lý do mới"):
        reason.full_clean()


def test_a_standard_reason_stays_with_its_answer_and_has_one_row(screens: Screens) -> None:
    with pytest.raises(ValidationError, match="câu trả lời kia"):
        OwnReason(screens=screens, standard="late", rating="satisfied", vietnamese="Trễ hẹn").full_clean()
    OwnReason.objects.create(screens=screens, standard="late", rating="dissatisfied", vietnamese="Trễ hẹn")
    with pytest.raises(ValidationError, match="đã có một dòng"):
        OwnReason(screens=screens, standard="late", rating="dissatisfied", vietnamese="Trễ").full_clean()


@pytest.mark.parametrize("words", ["", " \n x", "a\n\nb", "1\n2\n3\n4", "a\tb", "x" * 301])
def test_a_sentence_that_no_screen_could_show_is_refused(screens: Screens, words: str) -> None:
    with pytest.raises(ValidationError):
        Sentence(screens=screens, key="thanks", words=words).full_clean()


def test_the_reception_has_room_for_less(screens: Screens) -> None:
    Sentence(screens=screens, key="reception", words="x" * 150).full_clean()
    for words in ("x" * 151, "hai\ndòng"):
        with pytest.raises(ValidationError, match="một dòng, tối đa 150"):
            Sentence(screens=screens, key="reception", words=words).full_clean()


def test_a_sentence_is_told_with_the_line_breaks_of_the_wire(kiosk: Kiosk, screens: Screens) -> None:
    sentence = Sentence(screens=screens, key="apology", words="Xin lỗi ông/bà. \r\n Cần sửa điều gì?")
    sentence.full_clean()
    sentence.save()
    publish(kiosk.unit)
    assert told(kiosk).texts["apology"]["vi"] == "Xin lỗi ông/bà.\nCần sửa điều gì?"


def test_what_an_older_version_stored_and_this_one_does_not_take_stops_no_batch(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    Unit.objects.filter(pk=kiosk.unit.pk).update(shown='{"idle_seconds": 1}')
    assert told(kiosk).idle_seconds is None
    assert "cannot be used" in caplog.text


# --- the page of the administration ----------------------------------------------------------------------------------

INLINES = ("sentences", "reasons", "spans", "other_days")


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chu", password="a long password"))
    return client


def page(unit: Unit, **rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What a browser sends when the page of a unit is filled in."""
    form: dict[str, Any] = {"unit": unit.pk, "idle_seconds": "", "thanks_seconds": ""}
    for inline in INLINES:
        given = rows.get(inline, [])
        form |= {f"{inline}-TOTAL_FORMS": len(given), f"{inline}-INITIAL_FORMS": 0}
        for number, row in enumerate(given):
            form |= {f"{inline}-{number}-{name}": value for name, value in row.items()}
    return form


def span(weekday: int, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes}


def test_what_is_saved_on_the_page_is_told_to_the_kiosks(kiosk: Kiosk, administrator: Client) -> None:
    reason = {"standard": "", "rating": "dissatisfied", "icon": "other-bad", "vietnamese": "Phiên chợ đông", "place": 0, "offered": "on"}
    form = page(
        kiosk.unit,
        sentences=[{"key": "question", "language": "vi", "words": "Ông/bà có hài lòng không?"}],
        reasons=[reason],
        spans=[span(day, "07:30", "11:30") for day in range(5)],
    )
    assert administrator.post("/admin/screens/screens/add/", form).status_code == 302
    config = told(kiosk)
    assert config.texts["question"]["vi"] == "Ông/bà có hài lòng không?"
    assert config.reasons[0].id not in {reason.id for reason in DEFAULT_REASONS}
    assert config.hours is not None
    assert administrator.get(f"/admin/screens/screens/{kiosk.unit.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ({"spans": [span(0, "07:30", "11:30"), span(0, "11:00", "17:00")]}, "Thứ Hai 07:30–11:30 và Thứ Hai 11:00–17:00"),
        ({"spans": [span(0, "07:30", "11:30"), span(0, "11:30", "17:00")]}, "nối liền nhau"),
        ({"spans": [span(2, "11:30", "07:30")]}, "Giờ đóng cửa phải sau giờ mở cửa"),
        ({"spans": [span(2, f"0{at}:00", f"0{at}:30") for at in range(5)]}, "Thứ Tư có quá 4 khoảng giờ"),
        ({"other_days": [{"first": "10/02/2027", "last": "05/02/2027"}]}, "Ngày cuối phải từ ngày đầu"),
        ({"other_days": [{"first": "05/02/2027", "last": "05/02/2027", "morning_opens": "07:30"}]}, "cả giờ mở và giờ đóng"),
        ({"sentences": [{"key": "thanks", "language": "tiếng Thái", "words": "x"}]}, "Cần mã ngôn ngữ"),
        ({"reasons": [{"standard": "late", "rating": "dissatisfied", "icon": "late", "vietnamese": "a", "place": 0}] * 2}, "ở hai dòng"),
    ],
)
def test_the_page_says_in_vietnamese_what_to_mend(kiosk: Kiosk, administrator: Client, rows: dict[str, Any], mend: str) -> None:
    answer = administrator.post("/admin/screens/screens/add/", page(kiosk.unit, **rows))
    assert answer.status_code == 200
    assert mend in answer.content.decode()
    assert not Screens.objects.exists()


def test_a_page_is_not_deleted_because_entries_name_its_reasons(kiosk: Kiosk, administrator: Client, screens: Screens) -> None:
    assert administrator.post(f"/admin/screens/screens/{kiosk.unit.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_unit_that_is_put_under_another_province_takes_its_words(kiosk: Kiosk, administrator: Client, above: Screens) -> None:
    Sentence.objects.create(screens=above, key="thanks", words="Tỉnh cảm ơn!")
    Unit.objects.filter(pk=kiosk.unit.pk).update(parent=None)
    publish(above.of_unit)
    assert told(kiosk).texts == {}
    form = {"name": kiosk.unit.name, "kind": "commune", "parent": above.pk, "time_zone": "Asia/Ho_Chi_Minh"}
    assert administrator.post(f"/admin/places/unit/{kiosk.unit.pk}/change/", form).status_code == 302
    assert told(kiosk).texts == {"thanks": {"vi": "Tỉnh cảm ơn!"}}


def test_a_counter_may_say_it_otherwise_and_takes_the_rest_from_its_unit(kiosk: Kiosk, screens: Screens, above: Screens) -> None:
    kiosk.unit.save()
    other = Counter.objects.create(unit=kiosk.unit, name="Quầy 2")
    Sentence.objects.create(screens=above, key="thanks", words="Xin cảm ơn bà con!")
    Sentence.objects.create(screens=screens, key="question", words="Bà con có hài lòng không?")
    own = Screens.objects.create(counter=kiosk.counter)
    Sentence.objects.create(screens=own, key="question", words="Quầy thuế đã phục vụ tốt chứ ạ?")
    publish(kiosk.unit)
    said = {key: sentences["vi"] for key, sentences in told(kiosk).texts.items()}
    assert said == {"question": "Quầy thuế đã phục vụ tốt chứ ạ?", "thanks": "Xin cảm ơn bà con!"}
    assert "Bà con có hài lòng không?" in roster_of(Counter.objects.get(pk=other.pk)).content.decode()
    own.delete()
    publish(kiosk.unit)
    assert told(kiosk).texts["question"] == {"vi": "Bà con có hài lòng không?"}


def test_a_page_is_of_a_unit_or_of_a_counter(kiosk: Kiosk) -> None:
    for bad in (Screens(), Screens(unit=kiosk.unit, counter=kiosk.counter)):
        with pytest.raises(ValidationError, match="một đơn vị, hoặc một quầy"):
            bad.full_clean()


def test_what_a_country_says_reaches_all_below_with_no_question_more_for_a_unit_more() -> None:
    country = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    screens = Screens.objects.create(unit=country)
    asked = []
    for words in ("Xin cảm ơn!", "Xin cảm ơn ông bà!"):
        province = Unit.objects.create(name=f"Tỉnh {words}", kind=Unit.Kind.PROVINCE, parent=country)
        for number in range(3):
            Unit.objects.create(name=f"Xã {number}", kind=Unit.Kind.COMMUNE, parent=province)
        Sentence.objects.update_or_create(screens=screens, key="thanks", defaults={"words": words})
        with CaptureQueriesContext(connection) as questions:
            publish(country)
        asked.append(len(questions))
        shown = {msgspec.json.decode(unit.shown)["texts"]["thanks"]["vi"] for unit in Unit.objects.exclude(pk=country.pk)}
        assert shown == {words}
    assert asked[0] == asked[1]


def test_the_preview_says_which_level_decided_what(kiosk: Kiosk, screens: Screens, above: Screens) -> None:
    Sentence.objects.create(screens=above, key="thanks", words="Xin cảm ơn bà con!")
    Screens.objects.filter(pk=screens.pk).update(idle_seconds=45)
    own = Screens.objects.create(counter=kiosk.counter)
    OwnReason.objects.create(screens=own, rating="dissatisfied", icon="late", vietnamese="Máy in hỏng")
    shown = of_levels(levels(Unit.objects.get(pk=kiosk.unit.pk), kiosk.counter))
    assert shown.sentences["thanks"] == ("Xin cảm ơn bà con!", "Tỉnh Nghệ An")
    assert shown.sentences["question"] == (DEFAULT_SENTENCES["question"], "có sẵn")
    assert shown.idle_seconds == (45, kiosk.unit.name)
    assert shown.wrong == (["Máy in hỏng"], kiosk.counter.name)
    assert shown.right.by == "có sẵn"


def test_who_sees_devices_sees_the_preview_of_their_units_only(kiosk: Kiosk) -> None:
    assert at().get(f"/don-vi/{kiosk.unit.pk}/man-hinh/").status_code == 302
    client = somebody(Role.TECHNICIAN, kiosk.unit)
    page = client.get(f"/don-vi/{kiosk.unit.pk}/man-hinh/", {"quay": kiosk.counter.pk}).content.decode()
    assert "Trễ hẹn" in page
    assert kiosk.officers[0].name in page
    other = enrolled(ledger="l-other")
    assert client.get(f"/don-vi/{other.unit.pk}/man-hinh/").status_code == 404
    assert client.get(f"/don-vi/{kiosk.unit.pk}/man-hinh/", {"quay": other.counter.pk}).status_code == 404
