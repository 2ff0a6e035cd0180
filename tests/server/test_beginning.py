"""An administrator who logs in to a new server for the first time finds what is to be done, and in which order."""

import re

from django.contrib.auth.models import User
from django.test import Client

from server.places.models import Counter, Unit
from server.screens.models import Screens
from tests.server.kiosk import Kiosk


def done(client: Client) -> list[bool]:
    [shown] = re.findall(r">Bắt đầu</h2>.*?</ol>", client.get("/quan-tri/").content.decode(), re.DOTALL)
    return ["đã có" in step for step in re.findall(r"<li>.*?</li>", shown, re.DOTALL)]


def test_on_a_new_server_the_first_page_is_the_one_with_what_is_to_be_done(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    first = client.get("/", follow=True)
    assert first.redirect_chain == [("/quan-tri/", 302)]
    page = first.content.decode()
    [nav] = re.findall(r'<nav class="bar-nav".*?</nav>', page, re.DOTALL)
    for address in re.findall(r'href="([^"]+)"', nav + page.split(">Bắt đầu</h2>")[1].split("</ol>")[0]):
        assert client.get(address, follow=True).status_code == 200, address
    assert done(client) == [False] * 5


def test_what_was_done_is_marked_and_the_list_goes_when_a_kiosk_has_enrolled(client: Client, kiosk: Kiosk) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    assert "Bắt đầu" not in client.get("/quan-tri/").content.decode()


def test_each_step_is_marked_when_it_is_done(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin"))
    province = Unit.objects.create(name="Tỉnh Nghệ An", kind=Unit.Kind.PROVINCE)
    assert done(client) == [False] * 5
    commune = Unit.objects.create(name="Xã Nghĩa Đàn", kind=Unit.Kind.COMMUNE, parent=province)
    Counter.objects.create(unit=commune, name="Quầy 1")
    assert done(client) == [True, True, False, False, False]
    Screens.objects.create(unit=province, technician="set")
    assert done(client) == [True, True, True, False, False]
