"""E-mails as they arrive at a real mail server: what they say, to whom, and that each comes once."""

import html
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
import trustme
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from server.alerts.models import Alert, Mail, Mailbox, Subscription, Wishes
from server.alerts.posting import Sent, post
from server.cases.models import Reading
from server.devices.models import Device
from server.places.models import Membership, Unit
from server.record.models import Line
from server.results.models import TransactionCount
from server.smtp import MailServer
from tests.server.alerting import NOON, THURSDAY, ZONE, case, comment, now_is, silent, votes, watch
from tests.server.country import a_country
from tests.server.kiosk import Kiosk
from tests.server.people import Role, at, logged_in, person
from tests.server.postbox import PASSWORD, USER, Postbox, locked_postbox, postbox

pytestmark = pytest.mark.once

_DAY = timedelta(days=1)
WEDNESDAY, MONDAY = THURSDAY - _DAY, THURSDAY - 3 * _DAY
MORNING = datetime(2026, 11, 26, 7, 30, tzinfo=ZONE)
HOST = "https://hailong.example.vn"


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as found:
        yield found


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ADDRESS", HOST)
    monkeypatch.setattr(settings, "MAIL_FROM", "Hài Lòng <hailong@example.vn>")
    now_is(MORNING, monkeypatch)


def reader(
    name: str, unit: Unit, role: str = Role.LEADER, *, digest: bool = True, urgent: bool = True, since: datetime = MORNING - 2 * _DAY
) -> User:
    """Somebody who gets mail about the unit."""
    user = person(name, unit, role)
    User.objects.filter(pk=user.pk).update(email=f"{name}@example.vn")
    Mailbox.objects.create(user=user, address=f"{name}@example.vn", confirmed_at=since)
    Subscription.objects.create(user=user, unit=unit, digest=digest, urgent=urgent, since=since)
    return User.objects.get(pk=user.pk)


def parts(letter: EmailMessage) -> tuple[str, str]:
    """The plain text, and the words of the HTML."""
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    words = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<title>.*?</title>", "", rich.get_content())))
    return plain.get_content(), re.sub(r"\s+", " ", words)


def test_a_digest_says_the_figures_of_the_page(kiosk: Kiosk, box: Postbox) -> None:
    unit = kiosk.unit
    votes(unit, WEDNESDAY, 55, 7)
    TransactionCount.objects.create(
        unit_id=unit.pk, day=WEDNESDAY, counter_id=kiosk.counter.pk, officer_id="", handled=212, source="typed", who="ai", at=MORNING
    )
    votes(unit, MONDAY, 10, 0)
    case(unit, THURSDAY)
    case(unit, MONDAY)
    read = comment(unit, MORNING - _DAY)
    Reading.objects.create(unit_id=unit.pk, sealed=read, day=WEDNESDAY, became="praise", who="an", at=MORNING)
    comment(unit, MORNING - _DAY)
    silent(kiosk.device, MORNING - 3 * _DAY)
    watch(MORNING)
    leader = reader("lanhdao", unit, urgent=False)
    assert post(box.server(), MORNING) == Sent(1, 0, 0)
    plain, rich = parts(box.letters[0])
    page = html.unescape(logged_in(leader).get(f"/don-vi/{unit.pk}/quay/?ky=ngay&ngay=2026-11-25").content.decode())
    for figure in ("88,7", "78,5 – 94,4", "29,2"):
        assert figure in page
    for said in (plain.replace("\xa0", " "), rich.replace("\xa0", " ")):
        for figure in ("88,7 %", "78,5 – 94,4", "n = 62", "tham gia 29,2 %", "90,3 %", "n = 72", "hứ Tư 25/11/2026"):
            assert figure in said
        assert re.search(r"Góp ý đến ngày 25/11\W+2", said)
        assert re.search(r"khen 1, ghi nhận 0", said)
        assert re.search(r"Góp ý chưa đọc\W+1", said)
        assert re.search(r"Vụ việc đến hạn hôm nay\W+1", said)
        assert re.search(r"Vụ việc quá hạn\W+1", said)
        assert re.search(r"Kiosk không liên lạc\W+1", said)
        assert "quá hạn 3 ngày" in said
        assert "Quầy 1 không liên lạc" in said
        assert re.search(r"(?i)không gồm góp ý gửi riêng lãnh đạo", said)


def test_under_thirty_votes_no_share_is_told(kiosk: Kiosk, box: Postbox) -> None:
    votes(kiosk.unit, WEDNESDAY, 20, 9)
    reader("lanhdao", kiosk.unit)
    post(box.server(), MORNING)
    for said in parts(box.letters[0]):
        assert said.count("chưa đủ dữ liệu") == 2
        assert "29 lượt" in said
        assert "69,0" not in said


def test_the_headers_are_those_of_a_proper_letter(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    post(box.server(), MORNING)
    [letter] = box.letters
    raw = (box.envelopes[0].content or b"").decode()  # type: ignore[union-attr]
    assert letter["Subject"].strip() == "Phường Thái Hòa: bản tin ngày 26/11/2026"
    assert re.search(r"^Subject:\s+=\?utf-8\?[bq]\?", raw, re.MULTILINE)  # RFC 2047
    assert raw.partition("\r\n\r\n")[0].isascii()
    assert letter["From"].addresses[0].display_name == "Hài Lòng"
    assert letter["To"] == "lanhdao@example.vn"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Message-ID"].endswith("@hailong.example.vn>")
    assert letter["Date"]


ROLES: dict[str, set[str]] = {
    Role.LEADER: {"Hài lòng", "Góp ý", "Vụ việc", "Kiosk"},
    Role.STAFF: {"Hài lòng", "Góp ý", "Vụ việc", "Kiosk"},
    Role.ADMINISTRATOR: {"Hài lòng", "Kiosk"},
    Role.AUDITOR: {"Hài lòng", "Kiosk"},
    Role.TECHNICIAN: {"Kiosk"},
    Role.OFFICER: set(),
}
WORDS = {"Hài lòng": r"(?i)hài lòng[,\s]+(- )?thứ Tư", "Góp ý": "Góp ý đến", "Vụ việc": "Vụ việc quá hạn", "Kiosk": "Kiosk không liên lạc"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_it_may_see_and_nobody_what_is_for_leaders_alone(role: str, kiosk: Kiosk, box: Postbox) -> None:
    votes(kiosk.unit, WEDNESDAY, 40, 2)
    secret = case(kiosk.unit, MONDAY, sensitive=True)
    comment(kiosk.unit, MORNING - _DAY, sensitive=True)
    comment(kiosk.unit, MORNING - 8 * _DAY, sensitive=True)
    Device.objects.filter(pk=kiosk.device).update(last_heard=MORNING)
    watch(MORNING)
    assert Alert.objects.filter(sensitive=True).count() == 2
    reader("ai", kiosk.unit, role)
    post(box.server(), MORNING)
    if not ROLES[role]:
        assert box.letters == []
        return
    [letter] = box.letters
    for said in parts(letter):
        assert {name for name, words in WORDS.items() if re.search(words, said)} == ROLES[role]
        assert secret.id not in said
        assert not re.search(r"góp ý gửi riêng lãnh đạo chưa", said)
        assert not re.search(r"(Góp ý đến ngày 25/11|Góp ý chưa đọc|Vụ việc quá hạn|CẢNH BÁO ĐANG MỞ)\W+[1-9]", said)


def test_a_province_gets_the_sum_of_its_communes(box: Postbox) -> None:
    country = a_country()
    for unit in (country.hill, country.lake, country.shore):
        votes(unit, WEDNESDAY, 30, 0)
        case(unit, MONDAY)
    reader("tinh", country.north)
    post(box.server(), MORNING)
    for said in parts(box.letters[0]):
        assert "n = 60" in said
        assert re.search(r"Vụ việc quá hạn\W+2", said)


# once, and when


def test_each_day_one_digest_however_often_it_is_sent(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    assert post(box.server(), MORNING - timedelta(minutes=1)) == Sent(0, 0, 0)
    for minutes in (0, 5, 300):
        post(box.server(), MORNING + timedelta(minutes=minutes))
    assert len(box.letters) == 1
    for days in (1, 2, 3):  # Friday, and the weekend
        post(box.server(), MORNING + days * _DAY)
    assert [letter["Subject"][-10:] for letter in box.letters] == ["26/11/2026", "27/11/2026"]


def test_the_hour_is_the_units_own(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    Wishes.objects.create(unit=kiosk.unit, digest_at="16:00")
    post(box.server(), NOON)
    assert box.letters == []
    post(box.server(), NOON + timedelta(hours=4))
    assert len(box.letters) == 1


def test_whoever_subscribes_after_the_hour_gets_the_next_one(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit, since=NOON)
    post(box.server(), NOON + timedelta(hours=1))
    assert box.letters == []


def test_two_processes_at_once_send_each_letter_once(kiosk: Kiosk, box: Postbox) -> None:
    for number in range(6):
        reader(f"nguoi{number}", kiosk.unit)

    def run() -> None:
        post(box.server(), MORNING)
        connection.close()

    others = [threading.Thread(target=run) for _ in range(3)]
    for one in others:
        one.start()
    for one in others:
        one.join()
    assert sorted(box.to) == [f"nguoi{number}@example.vn" for number in range(6)]


def test_a_process_that_dies_is_followed_by_another(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    post(MailServer("127.0.0.1", 1, "plain"), MORNING)
    Mail.objects.update(state=Mail.State.CLAIMED, claimed_at=MORNING)
    post(box.server(), MORNING + timedelta(minutes=20))
    assert box.letters == []
    post(box.server(), MORNING + timedelta(minutes=31))
    assert len(box.letters) == 1


# a mail server that misbehaves


def test_one_bad_address_does_not_keep_the_others_from_theirs(kiosk: Kiosk, box: Postbox) -> None:
    for name in ("mot", "hai", "ba"):
        reader(name, kiosk.unit)
    box.refused["hai@example.vn"] = "550 no such user here"
    assert post(box.server(), MORNING) == Sent(2, 0, 1)
    assert sorted(box.to) == ["ba@example.vn", "mot@example.vn"]
    said = logged_in(User.objects.get(username="hai")).get("/canh-bao/nhan-thu/").content.decode()
    assert "Thư gần nhất không đến nơi: máy chủ thư từ chối người nhận (550)" in said
    assert post(box.server(), MORNING + timedelta(hours=2)) == Sent(0, 0, 0)


def test_who_is_refused_for_now_is_tried_again_later_each_time_until_the_day_is_over(kiosk: Kiosk, box: Postbox) -> None:
    user = reader("lanhdao", kiosk.unit)
    box.refused["lanhdao@example.vn"] = "451 try later"
    now, waits = MORNING, []
    for _ in range(8):
        assert post(box.server(), now).again == 1
        following = Mail.objects.get().next_at
        assert post(box.server(), following - timedelta(seconds=1)) == Sent(0, 0, 0)
        waits.append((following - now) // timedelta(minutes=1))
        now = following
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert "máy chủ thư từ chối người nhận (451); sẽ thử lại lúc" in logged_in(user).get("/canh-bao/nhan-thu/").content.decode().lower()
    box.refused.clear()
    post(box.server(), datetime(2026, 11, 27, 0, 10, tzinfo=ZONE))
    assert (box.letters, Mail.objects.get().state) == ([], Mail.State.FAILED)


def test_a_server_that_does_not_answer_is_asked_again(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    assert post(MailServer("127.0.0.1", 1, "plain"), MORNING) == Sent(0, 1, 0)
    assert Mail.objects.get().fault == "mất kết nối với máy chủ thư"
    assert post(box.server(), MORNING + timedelta(minutes=2)) == Sent(1, 0, 0)


class Impatient(MailServer):
    """Waits for no answer longer than a moment."""

    def connection(self, timeout: float = 0.3):  # type: ignore[no-untyped-def]  # noqa: ANN201 – as of MailServer
        return super().connection(timeout)


def test_a_server_that_hangs_is_left_and_asked_again(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    box.hangs = 1.5
    assert post(Impatient("127.0.0.1", box.port, "plain"), MORNING) == Sent(0, 1, 0)
    assert Mail.objects.get().fault == "máy chủ thư không trả lời kịp"
    box.hangs = 0
    assert post(box.server(), MORNING + timedelta(minutes=2)) == Sent(1, 0, 0)


def test_a_server_that_dies_with_the_letter_gets_it_again_under_the_same_name(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    box.dies = 1
    assert post(box.server(), MORNING) == Sent(0, 1, 0)
    assert post(box.server(), MORNING + timedelta(minutes=2)) == Sent(1, 0, 0)
    one, other = box.letters
    assert one["Message-ID"] == other["Message-ID"]


def test_after_some_broken_connections_a_run_gives_up(kiosk: Kiosk, box: Postbox) -> None:
    for number in range(6):
        reader(f"nguoi{number}", kiosk.unit)
    box.dies = 9
    assert post(box.server(), MORNING) == Sent(0, 3, 0)
    box.dies = 0
    assert post(box.server(), MORNING + timedelta(minutes=2)) == Sent(6, 0, 0)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trust(authority: trustme.CA, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(folder / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))


def secured(box: Postbox, password: str = PASSWORD) -> MailServer:
    return box.server(host="localhost", security="starttls", user=USER, password=password)


def test_mail_goes_by_starttls_with_a_password(
    kiosk: Kiosk, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(authority, tmp_path, monkeypatch)
    reader("lanhdao", kiosk.unit)
    with locked_postbox(authority) as box:
        assert post(secured(box, "wrong"), MORNING) == Sent(0, 1, 0)
        assert "mật khẩu" in Mail.objects.get().fault
        assert post(secured(box), MORNING + timedelta(minutes=2)) == Sent(1, 0, 0)
        assert box.secure == [True]


@pytest.mark.parametrize("name", ["mail.example.vn", "localhost"])
def test_a_server_with_another_name_or_an_unknown_authority_gets_nothing(
    name: str, kiosk: Kiosk, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(authority if name != "localhost" else trustme.CA(), tmp_path, monkeypatch)
    reader("lanhdao", kiosk.unit)
    with locked_postbox(authority, name) as box:
        assert post(secured(box), MORNING) == Sent(0, 1, 0)
        assert Mail.objects.get().fault == "chứng thư của máy chủ thư không đúng"
        assert box.letters == []


# who gets mail


def test_whoever_lost_the_right_gets_nothing_any_more(kiosk: Kiosk, box: Postbox) -> None:
    reader("cu", kiosk.unit)
    Membership.objects.all().delete()
    reader("nghi", kiosk.unit)
    User.objects.filter(username="nghi").update(is_active=False)
    post(box.server(), MORNING)
    assert box.letters == []


def test_whoever_stopped_a_letter_that_waits_does_not_get_it(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    post(MailServer("127.0.0.1", 1, "plain"), MORNING)
    Subscription.objects.update(digest=False)
    post(box.server(), MORNING + timedelta(minutes=10))
    assert (box.letters, Mail.objects.get().state) == ([], Mail.State.NOTHING)


def test_an_address_that_was_changed_elsewhere_is_confirmed_again_first(kiosk: Kiosk, box: Postbox) -> None:
    user = reader("lanhdao", kiosk.unit)
    User.objects.filter(pk=user.pk).update(email="lanhdoa@example.vn")
    post(box.server(), MORNING)
    assert box.letters == []
    assert "cần xác nhận lại" in logged_in(user).get("/canh-bao/nhan-thu/").content.decode()


def links(letter: EmailMessage, kind: str) -> list[str]:
    return re.findall(rf"{HOST}(/canh-bao/{kind}/\S+/)", parts(letter)[0])


@pytest.fixture
def sending(box: Postbox, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """The server sends by this postbox."""
    from django.conf import settings

    monkeypatch.setattr(settings, "SMTP", box.server())
    return box


def test_an_address_is_good_once_its_owner_followed_the_link_and_was_logged_in(kiosk: Kiosk, sending: Postbox) -> None:
    user, stranger = person("lanhdao", kiosk.unit), person("khac", kiosk.unit)
    mine = logged_in(user)
    assert mine.post("/canh-bao/nhan-thu/", {"viec": "dia-chi", "address": "ld@xa.vn"}).status_code == 302
    assert sending.to == ["ld@xa.vn"]
    [link] = links(sending.letters[0], "nhan-thu/xac-nhan")
    assert at().post(link).status_code == 302  # to the entrance
    assert logged_in(stranger).post(link).status_code == 404
    assert mine.get(link).status_code == 200
    assert not Mailbox.objects.filter(confirmed_at__isnull=False).exists()  # a program that follows links confirms nothing
    assert mine.post(link).status_code == 302
    user.refresh_from_db()
    assert (user.email, Mailbox.objects.get().address) == ("ld@xa.vn", "ld@xa.vn")
    assert mine.post(link).status_code == 404  # once
    assert not Line.objects.filter(detail__contains="ld@xa.vn").exists()


def test_nobody_fills_anothers_box_with_our_links(kiosk: Kiosk, sending: Postbox) -> None:
    mine = logged_in(person("lanhdao", kiosk.unit))
    statuses = [mine.post("/canh-bao/nhan-thu/", {"viec": "dia-chi", "address": f"a{n}@xa.vn"}).status_code for n in range(3)]
    assert (statuses, len(sending.letters)) == ([302, 422, 422], 1)


def test_a_user_chooses_units_of_their_own_only(kiosk: Kiosk) -> None:
    elsewhere = Unit.objects.create(name="Xã Khác", kind=Unit.Kind.COMMUNE)
    user = person("lanhdao", kiosk.unit)
    chosen = {"viec": "don-vi", "digest": [kiosk.unit.pk, elsewhere.pk], "urgent": []}
    assert logged_in(user).post("/canh-bao/nhan-thu/", chosen).status_code == 302
    [one] = Subscription.objects.all()
    assert (one.unit_id, one.digest, one.urgent) == (kiosk.unit.pk, True, False)


def test_without_a_mail_server_the_page_says_so_and_nothing_breaks(kiosk: Kiosk) -> None:
    user = reader("lanhdao", kiosk.unit)
    assert "chưa được cài đặt để gửi thư" in logged_in(user).get("/canh-bao/nhan-thu/").content.decode()
    assert logged_in(user).post("/canh-bao/nhan-thu/", {"viec": "dia-chi", "address": "a@xa.vn"}).status_code == 422
    out = StringIO()
    call_command("sendmail", stdout=out)
    assert "names no mail server" in out.getvalue()


def test_the_link_in_a_letter_stops_it_by_one_click_without_a_login(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit)
    post(box.server(), MORNING)
    [link] = links(box.letters[0], "thoi-nhan")
    assert box.letters[0]["List-Unsubscribe"].strip() == f"<{HOST}{link}>"
    stranger = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert "Thôi nhận thư?" in stranger.get(link).content.decode()
    assert Subscription.objects.get().digest
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    one = Subscription.objects.get()
    assert (one.digest, one.urgent) == (False, True)
    assert Line.objects.filter(who="lanhdao", action="change", subject="alerts.subscription").count() == 1
    assert stranger.get(link.replace("thoi-nhan/", "thoi-nhan/x")).status_code == 404


# grave alerts


def test_new_grave_alerts_come_at_once_in_one_letter_an_hour(kiosk: Kiosk, box: Postbox) -> None:
    unit = kiosk.unit
    reader("lanhdao", unit, digest=False)
    reader("khong", unit, digest=False, urgent=False)
    late, secret = case(unit, WEDNESDAY), case(unit, WEDNESDAY, sensitive=True)
    Device.objects.filter(pk=kiosk.device).update(flag="forked", last_heard=MORNING)
    votes(unit, WEDNESDAY, 60, 40)  # a low share is no emergency
    watch(NOON)
    post(box.server(), NOON)
    post(box.server(), NOON + timedelta(minutes=5))
    [letter] = box.letters
    assert (box.to, letter["Subject"]) == (["lanhdao@example.vn"], "Phường Thái Hòa: 2 cảnh báo mới")
    for said in parts(letter):
        assert "Một vụ việc quá hạn 1 ngày" in said
        assert late.id not in said
        assert "Hai ổ đĩa".lower() in said.lower()
        assert secret.id not in said
        assert "Tỷ lệ hài lòng" not in said
    other = case(unit, MONDAY)
    watch(NOON + timedelta(minutes=10))
    post(box.server(), NOON + timedelta(minutes=15))
    assert len(box.letters) == 1
    post(box.server(), NOON + timedelta(minutes=60))
    assert [letter["Subject"] for letter in box.letters[1:]] == ["Phường Thái Hòa: 1 cảnh báo mới"]
    assert "Một vụ việc quá hạn 3 ngày" in parts(box.letters[1])[0]
    assert other.id not in box.letters[1].as_string()


def test_what_somebody_has_seen_to_meanwhile_is_not_sent(kiosk: Kiosk, box: Postbox) -> None:
    reader("lanhdao", kiosk.unit, digest=False)
    case(kiosk.unit, WEDNESDAY)
    watch(NOON)
    assert post(MailServer("127.0.0.1", 1, "plain"), NOON).again == 1
    Alert.objects.update(state=Alert.State.ACKNOWLEDGED)
    post(box.server(), NOON + timedelta(minutes=10))
    assert (box.letters, Mail.objects.get().state) == ([], Mail.State.NOTHING)
