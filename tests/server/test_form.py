"""The form that a QR code leads to: what is taken in from it, how often, and what becomes of it."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from nacl.signing import SigningKey

from server.comments import by_form, pages, words
from server.comments.models import FormComment, SealedComment
from server.comments.opening import open_sealed
from server.comments.pages import COMMENTS_PER_MINUTE, FORM_LIFE, MAX_FORM_BYTES, REQUESTS_PER_MINUTE
from server.devices.models import Device
from server.intake.models import Vote
from server.intake.rebuild import rebuild
from sync.reference import reference
from sync.sealing import Written
from sync.writing import MAX_COMMENT
from tests.server.kiosk import Kiosk, enrolled
from tests.server.phone import NOW, TEXT, Clock, Phone, noted, opens, said, sealed_for
from tests.server.test_comments import put, written

CONTACT = {"name": "Lê An", "phone": "0912 345 678", "address": "Tổ 3"}
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("clock")


def test_a_kiosk_that_was_moved_meanwhile_leaves_the_comment_with_its_vote(kiosk: Kiosk) -> None:
    kiosk.open().vote()
    kiosk.send()
    phone = Phone(kiosk, kiosk.last_id())
    elsewhere = enrolled()
    device = Device.objects.get(pk=kiosk.device)
    device.unit, device.counter = elsewhere.unit, elsewhere.counter
    device.save()
    phone.write()
    assert FormComment.objects.get().unit_id == SealedComment.objects.get().unit_id == kiosk.unit.id


def test_what_was_written_is_sealed_and_answered_by_its_reference_number(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    answer = phone.write()
    assert (answer.status_code, answer["Location"]) == (302, f"{phone.path}?lang=vi")
    assert open_sealed(sealed_for(phone)) == Written(text=TEXT, language="vi")
    assert noted(phone) == reference(sealed_for(phone))
    assert TEXT.encode() not in phone.open().content


def test_one_comment_a_vote_and_the_link_again_shows_its_number(kiosk: Kiosk, clock: Clock) -> None:
    phone, other = Phone(kiosk), Phone(kiosk)
    other.vote, other.path = phone.vote, phone.path
    two, three = phone.fill(), other.fill()
    phone.write()
    first = noted(phone)
    phone.send(two, text="Lần hai")
    other.send(three, text="Lần ba")
    again = Phone(kiosk, phone.vote, made=NOW + timedelta(minutes=1))
    clock.wait(timedelta(days=3))
    assert {noted(phone), noted(other), noted(again)} == {first}
    assert FormComment.objects.count() == SealedComment.objects.count() == 1


def test_of_two_that_are_sent_at_once_the_first_is_kept(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(kiosk)
    two, sent = phone.fill(), phone.fill()
    phone.send(sent, text=TEXT)
    with monkeypatch.context() as patched:  # the second came so soon that it did not see the first
        patched.setattr(pages, "sealed_before", lambda invitation: None)
        assert phone.send(two, text="Lần hai").status_code == 302
    assert open_sealed(sealed_for(phone)).text == TEXT
    assert SealedComment.objects.count() == 1


def test_the_kiosks_comment_and_the_forms_stand_beside_each_other(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    put(kiosk, body)
    vote = Vote.objects.get().id
    phone = Phone(kiosk, vote)
    phone.write()
    rebuild(lambda done, total: None)
    assert SealedComment.objects.count() == 2
    assert open_sealed(sealed_for(phone)).text == TEXT


def test_the_form_may_be_sent_for_an_hour_after_it_was_opened_and_nothing_written_is_lost_then(kiosk: Kiosk, clock: Clock) -> None:
    phone, late = Phone(kiosk), Phone(kiosk)
    sent, too_late = phone.fill(), late.fill()
    clock.wait(FORM_LIFE)
    assert phone.send(sent, text=TEXT).status_code == 302
    clock.wait(timedelta(seconds=1))
    answer = late.send(too_late, text=TEXT)
    assert answer.status_code == 410
    assert TEXT in answer.content.decode()
    assert "readonly" in answer.content.decode()
    assert FormComment.objects.count() == 1


def test_a_form_is_sent_for_the_link_that_opened_it(kiosk: Kiosk) -> None:
    phone, other = Phone(kiosk), Phone(kiosk)
    sent = other.fill() | {"opened": phone.fill()["opened"]}
    assert other.send(sent, text=TEXT).status_code == 410


def test_a_form_of_somebody_elses_page_is_not_taken(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    sent = phone.fill()
    del sent["csrfmiddlewaretoken"]
    answer = phone.send(sent, text=TEXT)
    assert (answer.status_code, said(answer)) == (403, "Chưa gửi được góp ý")
    assert not FormComment.objects.exists()


def test_other_pages_keep_their_own_words_for_that(client: Client) -> None:
    answer: Any = Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post("/login/", {})
    assert (answer.status_code, said(answer)) == (403, "Không thực hiện được")


def test_silence_is_no_consent(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    assert "checked" not in phone.open().content.decode()
    phone.write(**CONTACT)
    assert open_sealed(sealed_for(phone)) == Written(text=TEXT, language="vi")


def test_with_consent_name_phone_and_address_are_sealed_with_the_sentence_that_was_agreed_to(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    assert words.CONSENT in phone.open().content.decode()
    phone.write(consent="yes", **CONTACT)
    contact = {"name": "Lê An", "phone": "0912345678", "address": "Tổ 3"}
    assert open_sealed(sealed_for(phone)) == Written(text=TEXT, language="vi", consent=words.CONSENT, **contact)


def test_consent_for_nothing_is_not_kept(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    phone.write(consent="yes")
    assert open_sealed(sealed_for(phone)) == Written(text=TEXT, language="vi")


def test_the_consent_of_the_form_is_word_for_word_the_kiosks() -> None:
    assert words.CONSENT in "".join(re.findall(r'"(.*)"', (ROOT / "kiosk/ui/widgets/consent.py").read_text("utf-8")))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": " \r\n "}, "Xin viết góp ý trước khi gửi."),
        ({"text": "ấ" * (MAX_COMMENT + 1)}, "Dài quá 1000 ký tự. Xin rút ngắn."),
        ({"text": TEXT, "consent": "yes", "name": "Lê" * 41}, "Dài quá 80 ký tự. Xin rút ngắn."),
        ({"text": TEXT, "consent": "yes", "phone": "0" * 16}, "Dài quá 15 ký tự. Xin rút ngắn."),
        ({"text": TEXT, "consent": "yes", "phone": "khong co"}, "Số điện thoại chỉ gồm chữ số."),
        ({"text": TEXT, "consent": "yes", "address": "a" * 201}, "Dài quá 200 ký tự. Xin rút ngắn."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_everything_stays_filled_in(kiosk: Kiosk, fields: dict[str, str], fault: str) -> None:
    phone = Phone(kiosk)
    answer = phone.send(phone.fill(), **fields)
    page = answer.content.decode()
    assert (answer.status_code, page.count(fault)) == (422, 1)
    assert ("checked" in page) == ("consent" in fields)
    assert fields["text"].strip() in page
    assert not FormComment.objects.exists()


def test_the_longest_that_is_allowed_is_taken_however_the_telephone_composes_it(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    longest = "ấ" * (MAX_COMMENT - 2) + "\n!"
    full = {"name": "𝔞" * 80, "phone": "+" + "1" * 14, "address": '"' * 200}
    sent = unicodedata.normalize("NFD", longest).replace("\n", "\r\n")
    assert phone.write(sent, consent="yes", **full).status_code == 302
    assert open_sealed(sealed_for(phone)).text == longest


def test_control_characters_are_left_out(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    phone.write("Một\x1e\x00 hai\tba\r\nbốn")
    assert open_sealed(sealed_for(phone)).text == "Một hai ba\nbốn"


def test_what_looks_like_a_page_is_shown_as_text(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    page = phone.send(phone.fill(), text="</textarea><script>", consent="yes", phone='"><script>').content.decode()
    assert "<script" not in page


def test_a_body_too_large_or_of_another_kind_is_refused_before_it_is_read(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    assert phone.send(phone.fill(), text="a" * MAX_FORM_BYTES).status_code == 413
    client = Client(SERVER_NAME="localhost")
    assert client.post(phone.path, {"text": TEXT}).status_code == 413  # multipart
    assert client.put(phone.path).status_code == 405
    assert not FormComment.objects.exists()


def test_nothing_that_was_written_is_logged(kiosk: Kiosk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(by_form, "seal", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Phone(kiosk).write("bí mật", consent="yes", name="Lê An")
    Phone(kiosk, key=SigningKey.generate()).send({}, text="bí mật")
    assert "bí mật" not in caplog.text
    assert "Lê An" not in caplog.text


# --- how often -------------------------------------------------------------------------------------------------------


def test_who_asks_too_often_from_one_address_waits_and_others_do_not(kiosk: Kiosk, clock: Clock) -> None:
    phone = Phone(kiosk)
    for _ in range(REQUESTS_PER_MINUTE):
        assert opens(phone.open())
    answer = phone.open()
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert opens(Phone(kiosk, address="192.0.2.8").open())
    clock.wait(timedelta(minutes=1))
    assert opens(phone.open())


def test_more_comments_than_a_counter_can_have_wait_and_keep_what_was_written(kiosk: Kiosk, clock: Clock) -> None:
    phones = [Phone(kiosk, address=f"192.0.2.{number}") for number in range(COMMENTS_PER_MINUTE)]
    assert {phone.write().status_code for phone in phones} == {302}
    late = Phone(kiosk)
    sent = late.fill()
    answer = late.send(sent, text=TEXT)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert TEXT in answer.content.decode()
    assert Phone(enrolled(kiosk.unit)).write().status_code == 302
    clock.wait(timedelta(minutes=1))
    assert late.send(sent, text=TEXT).status_code == 302


def test_a_busy_database_keeps_what_was_written(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*given: object) -> None:
        raise OperationalError("database is locked")

    phone = Phone(kiosk)
    sent = phone.fill()
    with monkeypatch.context() as patched:
        patched.setattr(pages, "take_in", busy)
        answer = phone.send(sent, text=TEXT)
        assert (answer.status_code, TEXT in answer.content.decode()) == (503, True)
        patched.setattr(pages, "examine", busy)
        assert phone.open().status_code == 503
    assert phone.send(sent, text=TEXT).status_code == 302
