"""The real server in this process, with a database file that can be put back, and the way there without sockets.

Whoever uses it gives it a process of its own: Django's settings are the process's.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import django
from django.apps import apps
from requests.structures import CaseInsensitiveDict

from sync.errors import TryLater
from sync.http import MAX_REPLY_BYTES, Reply

if TYPE_CHECKING:
    from django.test import Client

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 each process makes a folder of its own there

Loss = Literal["none", "lost request", "lost reply", "late", "twice"]


class Request(NamedTuple):
    """What a kiosk sent."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Line:
    """The way to the server, as `sync.http.Wire` is one. loss: happens to the next request. late: kept back on the way."""

    loss: Loss = "none"
    late: list[Request] = field(default_factory=list)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        request = Request(method, path, body, headers)
        loss, self.loss = self.loss, "none"
        if loss == "late":
            self.late.append(request)
        if loss in ("late", "lost request"):
            raise TryLater("timeout")
        if loss == "twice":
            self.deliver(request)
        reply = self.deliver(request)
        if loss == "lost reply":
            raise TryLater("cut-short")
        return reply

    def deliver(self, request: Request) -> Reply:
        """Let the server have it. Raises what the server raises; a 500 is an error of its own."""
        method, path, body, headers = request
        kind = headers.get("Content-Type", "application/octet-stream")
        sent: dict[str, Any] = {key: value for key, value in headers.items() if key != "Content-Type"}
        response = _application().generic(method, path, body, content_type=kind, headers=sent)
        assert response.status_code < 500, f"I8: {response.status_code} {response.content!r}"
        return Reply(response.status_code, CaseInsensitiveDict(response.headers), response.content)


@cache
def _application() -> "Client":
    """The server's handler; one in a process, for to make it means to look at each file that it could serve."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


class Centre:
    """The server's database and keys in a folder; a copy of both can be kept, and the database put back from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._point()

    def keep(self) -> None:
        """Back up the database."""
        self.close()
        shutil.copy(self._database, self._copy)

    def put_back(self) -> bool:
        """Restore the last backup, if there is one, and start anew."""
        if not self._copy.exists():
            return False
        self.close()
        shutil.copy(self._copy, self._database)
        self._forget()
        return True

    @property
    def _database(self) -> Path:
        return self.folder / "hailong.sqlite3"

    @property
    def _copy(self) -> Path:
        return self.folder / "backup.sqlite3"

    def _point(self) -> None:
        from django.conf import settings
        from django.db import connection

        self.close()
        assert connection.vendor == "sqlite", "these tests copy the database's file"
        connection.settings_dict["NAME"] = self._database
        settings.KEYS = self.folder / "keys"
        self._forget()

    def close(self) -> None:
        """Let go of the database file."""
        from django.db import connection

        connection.close()

    def _forget(self) -> None:
        from server.devices import identity

        identity._known_keys.clear()


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder in memory, where there is one."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="hailong-protocol-") as name:
        yield Path(name)


def begin(folder: Path) -> None:
    """Django in this process. folder: for what is there before a `Centre` says where its own things are."""
    logging.disable(logging.CRITICAL)  # what the server refuses here, and the kiosk mends, is thousands of lines
    os.environ |= {"HAILONG_DATA": str(folder), "HAILONG_DATABASE_URL": "", "HAILONG_BATCHES_PER_MINUTE": "1000000000"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    if not apps.ready:
        django.setup()


def enrolled(folder: Path, kiosks: int) -> None:
    """A server with two communes, each with two counters, and so many enrolled kiosks in folders beside it."""
    from django.core.management import call_command
    from django.utils import timezone

    from kiosk.contact import enrol
    from kiosk.enrolment import device_key
    from server.devices.enrolment import new_code
    from server.places.models import Counter, Officer, Unit

    (folder / "server").mkdir(parents=True)
    centre = Centre(folder / "server")
    call_command("migrate", verbosity=0)
    counters = []
    for place in ("Phường Thái Hòa", "Xã Tam Hợp"):
        unit = Unit.objects.create(name=place, kind=Unit.Kind.COMMUNE)
        officer = Officer.objects.create(unit=unit, name=f"Trần Quốc Bảo {place}", title="Công chức")
        counters += [Counter.objects.create(unit=unit, name=f"{place} {number}", on_duty=officer) for number in (1, 2)]
    for number in range(kiosks):
        data = folder / f"kiosk-{number}"
        enrol(Line(), data, device_key(data), new_code(counters[number], timezone.now()), "0.1.0")  # type: ignore[arg-type]
    centre.close()
