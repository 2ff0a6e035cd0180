"""A citizen's telephone in front of a kiosk, as the server sees it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http.response import HttpResponse
from django.test import Client
from nacl.signing import SigningKey

from server.comments.models import FormComment
from sync.entries import uuid7
from sync.link import new_link
from tests.server.kiosk import Kiosk

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ADDRESS = "https://hailong.tinh.gov.vn"
TEXT = "Chờ lâu quá, cán bộ không giải thích"


class Clock:
    """The server's."""

    def __init__(self) -> None:
        self.now = NOW

    def wait(self, time: timedelta) -> None:
        self.now += time


class Phone:
    """A citizen's telephone in front of a kiosk. The link is of a vote that the server does not have yet, unless told."""

    def __init__(
        self, kiosk: Kiosk, vote: UUID | None = None, *, key: SigningKey | None = None, made: datetime = NOW, address: str = "192.0.2.7"
    ) -> None:
        self.vote = vote or uuid7()
        self.link = new_link(ADDRESS, key or kiosk.key, kiosk.device, self.vote, made)
        self.path = self.link.removeprefix(ADDRESS.upper())
        self._client = Client(SERVER_NAME="localhost", REMOTE_ADDR=address, enforce_csrf_checks=True)

    def open(self, query: str = "", **headers: str) -> HttpResponse:
        answer: HttpResponse = self._client.get(self.path + query, headers=headers)  # type: ignore[assignment]
        return answer

    def fill(self) -> dict[str, str]:
        """Opens the form; what it would send besides the fields."""
        page = self.open().content.decode()
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))

    def send(self, sent: dict[str, str], query: str = "?lang=vi", **fields: str) -> HttpResponse:
        body = urlencode(sent | fields)
        answer: HttpResponse = self._client.post(self.path + query, body, content_type="application/x-www-form-urlencoded")  # type: ignore[assignment]
        return answer

    def write(self, text: str = TEXT, **fields: str) -> HttpResponse:
        return self.send(self.fill(), text=text, **fields)


def opens(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and b"<textarea" in answer.content


def said(answer: HttpResponse) -> str:
    """The headline of a page."""
    [headline] = re.findall(r"<h1>(.*?)</h1>", answer.content.decode())
    return str(headline)


def sealed_for(phone: Phone) -> str:
    return FormComment.objects.get(vote=phone.vote).sealed


def noted(phone: Phone) -> str:
    [number] = re.findall(r"data-reference>(.*?)<", phone.open().content.decode())
    return str(number)
