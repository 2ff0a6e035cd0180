"""The server's whole WSGI application, asked without a network, on the database that the environment names."""

import io
from collections.abc import Callable
from typing import Any

from nacl.signing import SigningKey

from bench.sender import PATH, Post, Sender

OFFICERS = 4


class Application:
    """Set HAILONG_DATABASE_URL, HAILONG_DATA and DJANGO_SETTINGS_MODULE first; it brings the database up to date."""

    def __init__(self) -> None:
        from server.wsgi import application  # noqa: I001 the application must be there before its commands

        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        self._application = application

    def kiosk(self) -> tuple[Sender, list[str]]:
        """A new kiosk in a new unit, and the ids of those who work there."""
        from django.utils import timezone

        from server.devices.models import Device
        from server.places.models import Counter, Officer, Unit

        unit = Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
        officers = [Officer.objects.create(unit=unit, name=f"Cán bộ {number}", title="Công chức") for number in range(OFFICERS)]
        counter = Counter.objects.create(unit=unit, name="Quầy 1", on_duty=officers[0])
        key = SigningKey.generate()
        device = Device.objects.create(unit=unit, counter=counter, public_key=key.verify_key.encode().hex(), enrolled_at=timezone.now())
        ids = [officer.pk for officer in officers]
        return Sender(Post(unit.pk, counter.pk, ids), device.pk, key), ids

    def post(self, sender: Sender, batch: tuple[bytes, str]) -> None:
        """Hand in a batch (body and signature); it must be received."""
        statuses: list[str] = []

        def start(status: str, *_: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda data: None

        reply = self._application(_request(sender.device, *batch), start)
        b"".join(reply)
        reply.close()
        assert statuses[0].startswith("200"), statuses

    def close(self) -> None:
        """Let go of the database."""
        from server.management.commands.serve import close_database

        close_database()


def _request(device: str, body: bytes, signature: str) -> dict[str, Any]:
    """A WSGI environ (PEP 3333)."""
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-ndjson", "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": "gzip",
        "HTTP_HAILONG_DEVICE": device, "HTTP_HAILONG_SIGNATURE": signature, "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
