"""The form that a QR code leads to: who may open it, and in which language it speaks."""

import io
import re
import string
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.test import Client
from nacl.signing import SigningKey

from server.cases.steps import Step
from server.comments import words
from server.comments.links import LINK_TOLERANCE
from server.comments.models import FormComment
from server.comments.opening import open_sealed
from server.devices.models import Device
from server.devices.rotation import replace_key, revoke
from sync.link import LINK_LIFE
from tests.server.kiosk import Kiosk, enrolled
from tests.server.phone import NOW, TEXT, Clock, Phone, opens, said, sealed_for

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("clock")


def test_a_fresh_link_opens_the_form_of_the_counter_and_says_nothing_of_the_vote(kiosk: Kiosk) -> None:
    kiosk.open().vote("dissatisfied")
    kiosk.send()
    phone = Phone(kiosk, kiosk.last_id())
    answer = phone.open()
    page = answer.content.decode()
    assert opens(answer)
    assert "Phường Thái Hòa, Quầy 1" in page
    assert not re.search(r"hài lòng|Trần Quốc Bảo|satisf|" + str(phone.vote), page.replace("Hài Lòng", ""), re.IGNORECASE)
    assert "no-store" in answer["Cache-Control"]
    assert "<script" not in page
    assert 'name="robots" content="noindex"' in page


def test_the_page_is_the_same_after_either_answer(kiosk: Kiosk) -> None:
    kiosk.open().vote("satisfied")
    satisfied = kiosk.last_id()
    kiosk.vote("dissatisfied")
    kiosk.send()
    hidden = r'<input type="hidden".*?>'
    [one, other] = [re.sub(hidden, "", Phone(kiosk, vote).open().content.decode()) for vote in (satisfied, kiosk.last_id())]
    assert one == other


def test_a_link_opens_for_half_an_hour(kiosk: Kiosk, clock: Clock) -> None:
    phone = Phone(kiosk)
    clock.wait(LINK_LIFE)
    assert opens(phone.open())
    clock.wait(timedelta(seconds=1))
    answer = phone.open()
    assert (answer.status_code, said(answer)) == (410, "Mã này đã hết hạn")
    assert "30 phút" in answer.content.decode()


def test_a_link_that_would_be_good_for_longer_opens_nothing(kiosk: Kiosk) -> None:
    assert opens(Phone(kiosk, made=NOW + LINK_TOLERANCE).open())
    assert Phone(kiosk, made=NOW + LINK_TOLERANCE + timedelta(seconds=1)).open().status_code == 410


def test_a_forged_link_opens_nothing(kiosk: Kiosk) -> None:
    phone = Phone(kiosk, key=SigningKey.generate())
    answer = phone.open()
    assert (answer.status_code, said(answer)) == (403, "Mã này không đúng")
    assert phone.send({}, text=TEXT).status_code == 403
    assert not FormComment.objects.exists()


@pytest.mark.parametrize("path", ["/G/0000000000/" + "0" * 136, "/G/X/Y", "/g/abc/" + "z" * 200])
def test_what_is_no_link_is_told_so(client: Client, path: str) -> None:
    answer: Any = client.get(path)
    assert (answer.status_code, said(answer)) == (403, "Mã này không đúng")


def test_a_link_in_small_letters_opens_too(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    phone.path = phone.path.lower()
    assert opens(phone.open())


def test_a_key_that_was_replaced_is_believed_as_long_as_for_batches(kiosk: Kiosk, clock: Clock) -> None:
    device = Device.objects.get(pk=kiosk.device)
    replace_key(device, SigningKey.generate().verify_key.encode().hex(), NOW, accepted_until=NOW + timedelta(minutes=10))
    phone = Phone(kiosk)
    assert opens(phone.open())
    clock.wait(timedelta(minutes=10))
    assert said(phone.open()) == "Mã này không đúng"


def test_a_revoked_device_invites_nobody_by_whatever_key(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    sent = phone.fill()
    replace_key(Device.objects.get(pk=kiosk.device), SigningKey.generate().verify_key.encode().hex(), NOW, accepted_until=NOW + LINK_LIFE)
    revoke(Device.objects.filter(pk=kiosk.device), NOW)
    for answer in (phone.open(), phone.send(sent, text=TEXT)):
        assert (answer.status_code, said(answer)) == (403, "Máy tại quầy này không còn được dùng")
    assert not FormComment.objects.exists()


def test_a_device_invites_only_to_votes_of_its_own(kiosk: Kiosk) -> None:
    kiosk.open().vote()
    kiosk.send()
    other = enrolled(kiosk.unit)
    assert said(Phone(other, kiosk.last_id()).open()) == "Mã này không đúng"


# --- in which language -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted", "language"),
    [
        ("", "", "vi"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "ru, vi;q=0.5", "vi"),
        ("", "ru", "vi"),
        ("?lang=vi", "en", "vi"),
        ("?lang=xx", "en", "en"),
    ],
)
def test_the_page_speaks_as_the_browser_or_a_link_wants(kiosk: Kiosk, query: str, wanted: str, language: str) -> None:
    page = Phone(kiosk).open(query, **{"Accept-Language": wanted}).content.decode()
    assert f'<html lang="{language}">' in page
    assert ("Send the comment" if language == "en" else "Gửi góp ý") in page
    assert f'href="?lang={"vi" if language == "en" else "en"}"' in page


def test_what_was_agreed_to_in_english_is_kept_in_english(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    answer = phone.send(phone.fill(), "?lang=en", text="Long wait", consent="yes", name="An")
    assert answer["Location"].endswith("?lang=en")
    kept = open_sealed(sealed_for(phone))
    assert (kept.language, kept.consent) == ("en", words.translator("en")(words.CONSENT))
    assert kept.consent.startswith("I agree")


@pytest.mark.parametrize("language", [language for language in words.LANGUAGES if language != "vi"])
def test_every_sentence_is_translated_with_the_same_fields(language: str) -> None:
    folders = ("server/comments", "server/asking")
    extracted = [one for folder in folders for one in extract_from_dir(str(ROOT / folder), keywords={"translate": None, "_": None})]
    sentences = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in extracted}
    sentences |= {step.told for step in Step}
    catalog = read_po(io.BytesIO((ROOT / f"assets/locale/{language}/LC_MESSAGES/form.po").read_bytes()))
    translated = {str(message.id): str(message.string) for message in catalog if message.id}
    assert set(translated) == sentences
    for sentence, other in translated.items():
        assert other
        assert fields_of(other) == fields_of(sentence)


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
