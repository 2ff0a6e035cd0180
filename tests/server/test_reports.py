"""Reports: the same figures on the page, in Word, in Excel and in the API, or no report; and the papers that are made of them."""

import hashlib
import random
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from server.cases import box
from server.cases.models import Case, Event, Reading
from server.cases.steps import Step
from server.cases.taking import FoundPaper, put_in, read
from server.commendations.models import Commendation
from server.intake.models import Comment, PublishedDay, Reasons
from server.places.history import merge
from server.places.models import Unit
from server.record.models import Line
from server.reports import making
from server.reports.building import build
from server.reports.content import Report
from server.reports.models import File, Paper
from server.results.api.asking import NAMES
from server.results.cells import Interval, Measure, Number, Part, Participation
from server.results.models import UnitDay
from server.results.period import Kind, Period, containing
from sync.sealing import Written
from tests.server.charted import voted
from tests.server.people import Role, somebody
from tests.server.reported import (
    OCTOBER,
    described,
    in_answer,
    in_excel,
    in_word,
    month,
    numbers,
    on_page,
    place,
    plain,
    texts,
    values,
    words_of,
)
from tests.server.system import System, token_for

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
SHARES = (Part, Interval, Participation)
DONE = lambda done, of: None  # noqa: E731 nobody watches


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def country() -> Unit:
    return Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)


@pytest.fixture
def province(country: Unit) -> Unit:
    return Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE, parent=country)


@pytest.fixture
def ward(province: Unit) -> Unit:
    unit = place("Phường Thái Hòa", province)
    month(unit, random.Random(3), 12)
    return unit


def address(unit: Unit, period: Period = OCTOBER) -> str:
    return f"/bao-cao/{unit.pk}/{period.kind}/{period.first}/"


def page(unit: Unit, period: Period = OCTOBER, client: Client | None = None) -> str:
    answer = (client or somebody(Role.LEADER, unit)).get(address(unit, period))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def asked(unit: Unit, period: Period = OCTOBER, client: Client | None = None) -> Paper:
    """A paper that was asked for on the page and made."""
    client = client or somebody(Role.LEADER, unit)
    assert client.post(address(unit, period) + "van-ban/").status_code == 302
    while making.work():
        pass
    return Paper.objects.filter(unit_id=unit.pk).latest("id")


def says_the_same(unit: Unit, period: Period = OCTOBER) -> Report:
    """Every form of the report has the same cells, and the numbers that are read in the words are those for machines."""
    made = making.write(unit, period, NOW, DONE)
    report, said, kept = made.report, texts(made.report), values(made.report)
    shown = on_page(page(unit, period))
    assert {name: shown[name] for name in said} == said
    assert in_word(made.files["docx"], report) == said
    assert in_excel(made.files["xlsx"], report) == kept
    answer = System(token_for(unit)).get(f"reports/{unit.pk}?period={NAMES[period.kind]}&day={period.first}")
    assert answer.status_code == 200
    assert in_answer(answer.json()) == kept
    for name, lines in described(report).items():
        for cells, words in zip(lines, said[name], strict=True):
            for cell, text in zip(cells, words, strict=True):
                told = not isinstance(cell, Participation) or cell.value is not None  # its counts stand in a workbook anyhow
                if isinstance(cell, (Number, Measure, *SHARES)) and told:
                    right = plain(cell.values, percent=isinstance(cell, SHARES))
                    assert numbers(text) == pytest.approx(right, abs=0.0501), (text, cell)
    return report


def test_a_month_of_a_commune_says_the_same_in_every_form(ward: Unit) -> None:
    report = says_the_same(ward)
    assert [block.label for block in report.blocks][:5] == [
        "Kết quả chung",
        "Theo cán bộ",
        "Theo quầy",
        "Theo ngày",
        "Lý do không hài lòng",
    ]


@pytest.mark.once
@pytest.mark.parametrize(("seed", "kind"), list(enumerate([Kind.MONTH, Kind.QUARTER, Kind.YEAR, Kind.WEEK, Kind.DAY])))
def test_any_votes_in_any_period_say_the_same_in_every_form(seed: int, kind: Kind, province: Unit) -> None:
    chance = random.Random(seed)
    unit = place("Xã Anh Sơn", province, ["Nguyễn A", "Nguyễn A", "Trần B"][: 1 + seed % 3])
    month(unit, chance)
    says_the_same(unit, containing(kind, OCTOBER.first + timedelta(days=chance.randrange(31))))


def test_a_province_of_40_communes_says_the_same_in_every_form_and_they_make_the_whole(province: Unit) -> None:
    chance = random.Random(40)
    for number in range(40):
        month(place(f"Xã số {number:02}", province, ["Cán bộ"]), chance, 2)
    report = says_the_same(province)
    lines = described(report)["don-vi"]
    assert len(lines) == 41
    assert sum(int(line[1].values[0] or 0) for line in lines[:-1]) == lines[-1][1].values[0]


@pytest.mark.once
def test_too_few_votes_have_no_percent_in_any_form(province: Unit) -> None:
    unit = place("Xã Mới", province, ["Cán bộ"])
    voted(unit, OCTOBER.first, 27, 2, unit.counters.get().pk, unit.officers.get().pk)
    report = says_the_same(unit)
    words = words_of(making.write(unit, OCTOBER, NOW, DONE).files["docx"])
    assert texts(report)["can-bo"][-1][1:] == ["29", "27", "2", "chưa đủ dữ liệu", ""]
    assert "93,1" not in words


@pytest.mark.once
def test_a_month_without_anything_has_a_report_that_says_so(province: Unit) -> None:
    report = says_the_same(place("Xã Mới", province, []))
    assert "Trong kỳ không có lượt đánh giá nào." in report.blocks[0].says


def test_a_unit_that_ended_keeps_its_reports(ward: Unit, province: Unit) -> None:
    merge([ward], place("Phường Mới", province), date(2026, 11, 1))
    says_the_same(Unit.objects.get(pk=ward.pk))
    assert "Đơn vị này kết thúc ngày 31/10/2026, nhập vào Phường Mới" in page(Unit.objects.get(pk=ward.pk))


@pytest.mark.once
def test_names_that_are_marks_of_templates_stay_names(province: Unit) -> None:
    names = ["<b>A & B</b>", "{{ so }}", "{%p endfor %}", "=1+1"]
    unit = place("Xã {{ ten }} <&", province, names)
    for counter in unit.counters.all():
        voted(unit, OCTOBER.first, 31, 2, counter.pk, counter.on_duty_id or "")
    report = says_the_same(unit)
    assert {line[0].partition(" (Quầy")[0] for line in texts(report)["can-bo"][:-1]} == set(names)
    assert "XÃ {{ TEN }} <&" in words_of(making.write(unit, OCTOBER, NOW, DONE).files["docx"])


@pytest.mark.once
def test_a_paper_has_what_a_decree_wants_of_it(ward: Unit) -> None:
    words = words_of(making.write(ward, OCTOBER, NOW, DONE).files["docx"])
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ỦY BAN NHÂN DÂN\nPHƯỜNG THÁI HÒA",
        "/BC-UBND",
        "BÁO CÁO",
        "Thái Hòa, ngày 26 tháng 11 năm 2026",
        "Nơi nhận:",
        "Ủy ban nhân dân tỉnh Nghệ An (để báo cáo)",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
    ):
        assert part in words, part


# what contradicts itself


@pytest.fixture
def contradicting(ward: Unit, province: Unit) -> Unit:
    """A province whose own number is not that of its communes, as in a table that was published in Huế."""
    month(place("Xã Anh Sơn", province), random.Random(5))
    build(province, OCTOBER, NOW)
    row = UnitDay.objects.filter(unit_id=province.pk, day__range=(OCTOBER.first, OCTOBER.last)).order_by("day")[0]
    UnitDay.objects.filter(unit_id=province.pk, day=row.day).update(satisfied=row.satisfied + 1)
    return province


@pytest.mark.once
def test_what_does_not_add_up_is_on_no_page(contradicting: Unit) -> None:
    answer = somebody(Role.LEADER, contradicting).get(address(contradicting))
    assert answer.status_code == 500
    assert "không khớp nhau" in answer.content.decode()
    assert "<table" not in answer.content.decode()


@pytest.mark.once
def test_what_does_not_add_up_is_in_no_file(contradicting: Unit, tmp_path: Path) -> None:
    paper = asked(contradicting)
    assert paper.state == Paper.State.FAILED
    assert "không cộng thành dòng tổng" in paper.fault
    assert not File.objects.exists()
    word = tmp_path / "x.docx"
    with pytest.raises(CommandError, match="contradict"):
        call_command("report", contradicting.pk, "month:2026-10-05", word=word)
    assert not word.exists()


@pytest.mark.once
def test_what_does_not_add_up_is_in_no_answer(contradicting: Unit) -> None:
    answer = System(token_for(contradicting)).get(f"reports/{contradicting.pk}?period=month&day={OCTOBER.first}")
    assert answer.status_code == 409
    assert "chapters" not in answer.json()


# the suggestion box, cases, commendations, data


def written(unit: Unit, day: date, *reasons: str) -> str:
    """Somebody wrote something on a kiosk; returns the hash of it."""
    sealed, vote = uuid4().hex * 2, uuid4()
    common = {"unit_id": unit.pk, "vote": vote, "ledger": "l-1", "seq": 2, "said": ""}
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    Comment.objects.create(**common, id=uuid4(), sealed=sealed, key="k", at=at, arrived=True)
    if reasons:
        Reasons.objects.create(**common, id=uuid4(), reasons=list(reasons))
    return sealed


def case(unit: Unit, name: str, outcome: str, *, sensitive: bool = False, days: int = 3) -> None:
    """A case that was opened on 5 October and answered after some days."""
    opened = datetime(2026, 10, 5, 2, tzinfo=UTC)
    said = {"source": "paper", "day": opened.date(), "subject": "Chờ lâu", "sensitive": sensitive, "outcome": outcome}
    step = Step.ANSWERED if outcome else Step.OPENED
    Case.objects.create(unit_id=unit.pk, id=name, **said, step=step, opened_at=opened, stepped_at=opened, due=date(2026, 10, 7))
    if outcome:
        Event.objects.create(unit_id=unit.pk, case=name, number=1, at=opened + timedelta(days=days), who="x", step=step)


def told(report: Report, table: str) -> dict[str, str]:
    """A table of two columns."""
    return {line[0]: line[1] for line in texts(report)[table]}


def test_the_box_of_a_day_is_that_of_its_own_report_and_of_a_month_its_sum(ward: Unit) -> None:
    for day, became in ((1, Reading.Became.CASE), (1, Reading.Became.PRAISE), (1, None), (2, Reading.Became.NOTED), (2, None)):
        sealed = written(ward, date(2026, 10, day))
        if became:
            read(ward, sealed, date(2026, 10, day), became, "x", NOW)
    first = Period(Kind.DAY, OCTOBER.first, OCTOBER.first)
    daily, whole = box.report(ward, first.first, sensitive=False), says_the_same(ward)
    assert list(told(build(ward, first, NOW), "hom-thu").values()) == ["1", "1", "0", "1", f"{daily.came}"]
    assert (daily.opened, daily.praise, daily.noted, daily.waiting) == (1, 1, 0, 1)
    assert list(told(whole, "hom-thu").values()) == ["1", "1", "1", "2", "5"]
    assert any("còn 2 góp ý chưa đọc" in sentence for block in whole.blocks for sentence in block.says)
    assert told(build(ward.parent or ward, OCTOBER, NOW), "hom-thu") == told(whole, "hom-thu")


def test_a_unit_with_nothing_but_paper_in_its_box_is_counted(ward: Unit) -> None:
    put_in(ward, Written(text="Chờ lâu"), FoundPaper(OCTOBER.first), "x", NOW)
    for unit in (ward, ward.parent or ward):
        assert list(told(build(unit, OCTOBER, NOW), "hom-thu").values()) == ["0", "0", "0", "1", "1"]


def test_what_is_for_the_leader_alone_is_counted_for_nobody_and_the_report_says_so(ward: Unit) -> None:
    written(ward, OCTOBER.first, "waiting")
    without = texts(build(ward, OCTOBER, NOW))
    written(ward, OCTOBER.first, "waiting", box.SENSITIVE)
    case(ward, "A-1", Case.Outcome.APOLOGISED, sensitive=True)
    case(ward, "A-2", "", sensitive=True)
    assert texts(build(ward, OCTOBER, NOW)) == without
    assert "Không gồm góp ý gửi riêng lãnh đạo." in page(ward)
    assert "Không gồm góp ý gửi riêng lãnh đạo." in words_of(making.write(ward, OCTOBER, NOW, DONE).files["docx"])


def test_cases_are_told_by_what_became_of_them(ward: Unit) -> None:
    case(ward, "A-1", Case.Outcome.APOLOGISED, days=2)
    case(ward, "A-2", Case.Outcome.EXPLAINED, days=5)
    case(ward, "A-3", Case.Outcome.EXPLAINED, days=9)
    case(ward, "A-4", "")
    report = says_the_same(ward)
    assert told(report, "tra-loi") == {
        "Xin lỗi và sửa": "1",
        "Giải thích": "2",
        "Trả lời khác": "0",
        "Tổng số vụ việc đã trả lời trong kỳ": "3",
    }
    matters = {key: words.replace("\N{NO-BREAK SPACE}", " ") for key, words in told(report, "vu-viec").items()}
    assert matters["Mở trong kỳ"] == "4 vụ việc"
    assert matters["Số ngày từ khi mở đến khi trả lời, trung vị"] == "5 ngày"
    assert list(told(report, "chua-xong").values()) == ["1\N{NO-BREAK SPACE}vụ việc"] * 2


def test_commendations_are_a_list_in_a_commune_and_a_count_by_unit_above(ward: Unit, province: Unit, country: Unit) -> None:
    officer = ward.officers.get(name="Lê Hoàng Phúc")
    said = {"officer_id": officer.pk, "day": OCTOBER.first, "words": "Tận tình", "who": "x", "at": NOW}
    Commendation.objects.create(unit_id=ward.pk, id=uuid4(), **said)
    assert texts(says_the_same(ward))["khen"] == [["01/10/2026", "Lê Hoàng Phúc", "Tận tình"]]
    assert texts(build(province, OCTOBER, NOW))["khen"] == [["Phường Thái Hòa", "1"], ["Tổng cộng", "1"]]
    assert texts(build(country, OCTOBER, NOW))["khen"] == [["Tỉnh Nghệ An", "1"], ["Tổng cộng", "1"]]


def test_the_report_of_a_day_has_the_hash_that_was_published_of_it(ward: Unit) -> None:
    day = Period(Kind.DAY, OCTOBER.first, OCTOBER.first)
    assert "chưa công bố" in page(ward, day)
    PublishedDay.objects.create(unit_id=ward.pk, day=day.first, previous="0", heads="", digest="abc123", published_at=NOW)
    assert "(SHA-256): abc123" in page(ward, day)
    assert "(SHA-256): abc123" in words_of(making.write(ward, day, NOW, DONE).files["docx"])


# what the leader writes


def test_what_the_leader_writes_is_in_the_next_paper_and_not_in_the_one_before(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward)
    before = asked(ward, client=leader)
    answer = leader.post(address(ward) + "nhan-xet/", {"remarks": "Tiến bộ rõ.\n<b>{{ x }}</b>", "proposals": "Thêm một quầy."})
    assert answer.status_code == 302
    after = asked(ward, client=leader)
    old, new = (words_of(bytes(File.objects.get(paper=paper.id, form="docx").body)) for paper in (before, after))
    assert "Thêm một quầy." in new
    assert "<b>{{ x }}</b>" in new
    assert "Thêm một quầy." not in old
    assert "Thêm một quầy." in page(ward, client=leader)


@pytest.mark.once
def test_points_are_confirmed_by_a_person_and_make_the_class(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward)
    assert "Còn 9 chỉ số chưa có người xác nhận điểm" in page(ward, client=leader)
    keys = re.findall(r'name="diem-([a-z-]+)"', page(ward, client=leader))
    assert len(keys) == 9
    wrong = leader.post(address(ward) + "chin-chi-so/", {f"diem-{key}": "3" for key in keys} | {"ghi-chu-thai-do": "Đã xem"})
    assert wrong.status_code == 422
    assert "Điểm của một chỉ số phải từ 0 đến 2." in wrong.content.decode()
    assert "Đã xem" in wrong.content.decode()
    points = dict.fromkeys(keys, "1,5") | {"thai-do": "2", "truc-tuyen": "1,5", "thoi-gian": "2", "so-lan": "2"}
    leader.post(address(ward) + "chin-chi-so/", {f"diem-{key}": value for key, value in points.items()})
    foot = texts(says_the_same(ward))["chin-chi-so"][-1]
    assert foot == ["Tổng điểm", "15\N{NO-BREAK SPACE}điểm", "Xếp loại: Xuất sắc"]


@pytest.mark.once
def test_who_only_looks_writes_nothing_and_may_have_the_paper_made(ward: Unit) -> None:
    auditor = somebody(Role.AUDITOR, ward)
    assert "<textarea" not in page(ward, client=auditor)
    for what in ("nhan-xet/", "chin-chi-so/"):
        assert auditor.post(address(ward) + what, {"remarks": "x"}).status_code == 404
    assert asked(ward, client=auditor).state == Paper.State.MADE


# papers


def test_a_paper_stays_as_it_was_and_late_votes_make_another_whose_differences_are_told(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward)
    first = asked(ward, client=leader)
    bodies = {file.form: bytes(file.body) for file in File.objects.filter(paper=first.id)}
    late = unused_day(ward)
    voted(ward, late, 5, 1, ward.counters.order_by("name")[0].pk, ward.officers.order_by("name")[0].pk, hour=8)
    assert "số liệu đã khác" in page(ward, client=leader)
    second = asked(ward, client=leader)
    assert second.id != first.id
    assert {file.form: bytes(file.body) for file in File.objects.filter(paper=first.id)} == bodies
    shown = page(ward, client=leader)
    assert "Khác bản lập trước" in shown
    assert "số liệu đã khác" not in shown
    assert Paper.objects.count() == 2


def unused_day(unit: Unit) -> date:
    from server.intake.models import OfficerDay

    used = set(OfficerDay.objects.filter(unit_id=unit.pk).values_list("day", flat=True))
    return next(day for day in (OCTOBER.first + timedelta(days=n) for n in range(31)) if day not in used)


def test_a_file_is_fetched_as_it_was_made_and_the_record_says_by_whom(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward, "chutich")
    paper = asked(ward, client=leader)
    for form in ("docx", "xlsx"):
        answer = leader.get(f"/bao-cao/{ward.pk}/van-ban/{paper.id}/bao-cao.{form}")
        file = File.objects.get(paper=paper.id, form=form)
        assert answer.content == bytes(file.body)
        assert hashlib.sha256(answer.content).hexdigest() == file.sha256
        assert answer["Content-Disposition"] == f'attachment; filename="bao-cao-thang-2026-10-01.{form}"'
        assert Line.objects.filter(action=Line.Action.EXPORT, who="chutich", subject=f"{paper.id}.{form}").count() == 1


@pytest.mark.once
def test_papers_of_another_unit_are_absent(ward: Unit, province: Unit) -> None:
    paper = asked(ward)
    elsewhere = place("Xã khác", province)
    stranger = somebody(Role.LEADER, elsewhere)
    for unit in (ward, elsewhere):
        for what in ("bao-cao.docx", "tien-do/"):
            assert stranger.get(f"/bao-cao/{unit.pk}/van-ban/{paper.id}/{what}").status_code == 404
    assert stranger.get(address(ward)).status_code == 404
    assert stranger.post(address(ward) + "van-ban/").status_code == 404


def test_who_waits_sees_how_far_it_is_and_asking_twice_is_asking_once(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward)
    for _ in range(2):
        leader.post(address(ward) + "van-ban/")
    paper = Paper.objects.get()
    shown = page(ward, client=leader)
    assert '<meta http-equiv="refresh"' in shown
    assert "đang chờ" in shown
    taken = making.take(NOW)
    assert taken
    making._tell(taken, 350)
    assert leader.get(f"/bao-cao/{ward.pk}/van-ban/{paper.id}/tien-do/").json() == {"state": "making", "percent": 50}
    making.make(taken)
    assert '<meta http-equiv="refresh"' not in page(ward, client=leader)


def test_a_paper_whose_maker_died_is_taken_up_by_another(ward: Unit) -> None:
    making.ask(ward, OCTOBER, "x", NOW)
    died = making.take(NOW)
    assert died
    assert making.take(NOW + making.LEASE) is None
    another = making.take(NOW + making.LEASE + timedelta(seconds=1))
    assert another
    assert another.tries == 2
    making.make(another)
    assert Paper.objects.get().state == Paper.State.MADE
    with pytest.raises(making.LostError):
        making.make(died)
    assert File.objects.count() == 2


def test_a_paper_that_nobody_can_make_is_given_up_and_says_so(ward: Unit) -> None:
    making.ask(ward, OCTOBER, "x", NOW)
    for back in range(making.MOST_TRIES, 0, -1):
        assert making.take(NOW - back * 2 * making.LEASE)
    while making.work():
        pass
    assert Paper.objects.get().state == Paper.State.FAILED
    assert "Xin báo người quản trị" in page(ward)


def test_several_processes_make_each_paper_once(ward: Unit) -> None:
    periods = [containing(Kind.DAY, OCTOBER.first + timedelta(days=n)) for n in range(3)]
    for period in periods:
        making.ask(ward, period, "x", NOW)

    def worker() -> None:
        while making.work():
            pass
        connections.close_all()

    threads = [Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(paper.state, paper.tries) for paper in Paper.objects.all()] == [(Paper.State.MADE, 1)] * 3
    assert File.objects.count() == 6


@pytest.mark.once
def test_a_command_writes_both_files(ward: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    word, excel = tmp_path / "a.docx", tmp_path / "a.xlsx"
    call_command("report", ward.pk, "month:2026-10-05", word=word, excel=excel)
    report = build(ward, OCTOBER, NOW)
    assert in_word(word.read_bytes(), report) == texts(report)
    assert in_excel(excel.read_bytes(), report) == values(report)
    for wrong, said in (((ward.pk, "month:2026-10-05"), "--word"), (("u-NOBODY", "month:2026-10-05"), "no unit")):
        with pytest.raises(CommandError, match=said):
            call_command("report", *wrong, **({} if said == "--word" else {"word": word}))


@pytest.mark.once
@pytest.mark.parametrize(
    "address",
    ["/bao-cao/{}/khoang/2026-10-01/", "/bao-cao/{}/thang/2026-13-01/", "/bao-cao/{}/thang/2027-01-01/", "/bao-cao/{}/the/2026-10-01/"],
)
def test_an_address_that_means_no_report_is_absent(address: str, ward: Unit) -> None:
    assert somebody(Role.LEADER, ward).get(address.format(ward.pk)).status_code == 404


@pytest.mark.once
def test_any_day_of_a_period_leads_to_its_report_and_the_list_to_each(ward: Unit) -> None:
    leader = somebody(Role.LEADER, ward)
    assert leader.get(f"/bao-cao/{ward.pk}/thang/2026-10-17/")["Location"] == address(ward)
    asked(ward, client=leader)
    shown = leader.get("/bao-cao/").content.decode()
    for words in ("Báo cáo ngày", "Báo cáo năm", "quý IV/2026", "Báo cáo tháng 10/2026"):
        assert words in shown
