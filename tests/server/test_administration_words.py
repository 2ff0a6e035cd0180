"""The pages of the administration speak Vietnamese throughout, also where Django has no Vietnamese of its own."""

import re
from html import unescape

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.models import User
from django.test import Client

from server.settings import LOCALE_PATHS
from tests.server.kiosk import Kiosk

ENGLISH = re.compile(r"\b(the|please|your|this|of|selected|entry|entries|required|error|below|enter|password)\b", re.IGNORECASE)


def words(client: Client, address: str, **sent: str) -> str:
    answer = client.post(address, sent) if sent else client.get(address)
    assert answer.status_code == 200
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("model", ["places/unit", "places/counter", "places/officer", "places/membership", "auth/user", "screens/screens"])
def test_no_english_is_left_in_lists_and_in_forms_filled_in_wrongly(kiosk: Kiosk, client: Client, model: str) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for said in (words(client, f"/admin/{model}/"), words(client, f"/admin/{model}/add/"), words(client, f"/admin/{model}/add/", name="")):
        assert not ENGLISH.search(said), ENGLISH.search(said)


def test_no_english_is_left_in_who_changed_what_and_in_an_accounts_page(kiosk: Kiosk, client: Client) -> None:
    admin = User.objects.create_superuser("root")
    client.force_login(admin)
    client.post(f"/admin/places/unit/{kiosk.unit.pk}/change/", {"name": "Xã Nghĩa Lộc", "parent": "", "time_zone": "Asia/Ho_Chi_Minh"})
    for address in (
        f"/admin/places/unit/{kiosk.unit.pk}/history/",
        f"/admin/auth/user/{admin.pk}/change/",
        f"/admin/auth/user/{admin.pk}/password/",
    ):
        said = words(client, address)
        assert not ENGLISH.search(said), ENGLISH.search(said)


def test_our_catalogue_keeps_what_django_fills_in() -> None:
    with (LOCALE_PATHS[0] / "vi/LC_MESSAGES/django.po").open("rb") as file:
        for message in read_po(file):
            if not message.id:
                continue
            asked = message.id if isinstance(message.id, str) else message.id[0]
            given = message.string if isinstance(message.string, str) else (message.string or [""])[0]
            assert set(re.findall(r"%\(\w+\)[ds]|%s|\{\}", given)) <= set(re.findall(r"%\(\w+\)[ds]|%s|\{\}", asked)), asked
            assert given
