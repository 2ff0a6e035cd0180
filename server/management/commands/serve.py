"""`serve`: migrate, make the keys, and serve with gunicorn until SIGTERM or Ctrl-C."""

import contextlib
import re
import sys

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from server import keys
from server.comments.erasure import StillReadError, apply
from server.devices.models import Device, in_service
from server.management.address import refuse_used
from server.management.prepared import prepare
from server.reports import working
from server.serving import InUseError, serves

SECONDS_TO_FINISH = 4
NEW_KEYS = (
    "Warning: the database knows {devices} kiosks, but the private keys in {folder} are new, made just now: no enrolled kiosk will "
    "believe this server. Stop it and put the former keys back (`restore FILE --keys KEYFILE --replace`, or the folder itself)."
)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings, without a configuration file."""

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self.options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "graceful_timeout": SECONDS_TO_FINISH,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "hailong-server",
            "when_ready": _announce,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """The WSGI application, loaded in each worker, which also makes the reports that people ask for."""
        application = get_wsgi_application()
        working.start()
        return application


def _announce(arbiter: Arbiter) -> None:
    for listener in arbiter.LISTENERS:
        host, port = listener.sock.getsockname()[:2]
        sys.stdout.write(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}\n")
        sys.stdout.flush()


class Command(BaseCommand):
    """Serves kiosks and people."""

    help = "Bring the database up to date and serve."

    def add_arguments(self, parser: CommandParser) -> None:
        """Address, processes and threads."""
        parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="port 0 takes a free one (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (default: %(default)s)")
        parser.add_argument("--threads", type=int, default=32, metavar="N", help="threads in each process (default: %(default)s)")

    def handle(self, *args: object, bind: str, workers: int, threads: int, **options: object) -> None:
        """Runs until it is told to end. Raises CommandError for a wrong option, an unreachable database, unwritable keys."""
        match = re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:\[\]/]+):(\d{1,5})", bind)
        if not match or int(match[1]) > 65_535:
            raise CommandError(f"--bind: expected HOST:PORT, such as 127.0.0.1:8000, not {bind!r}")
        if workers < 1 or threads < 1:
            raise CommandError("--workers and --threads: expected at least 1")
        if int(match[1]):
            refuse_used(bind)
        try:
            with serves(settings.ENVIRONMENT.data):
                self._prepare()
                Server(bind, workers, threads).run()
        except InUseError as error:
            raise CommandError(
                f"A backup is being restored into {settings.ENVIRONMENT.data}. Start the server when that is done."
            ) from error

    def _prepare(self) -> None:
        prepare()
        with contextlib.suppress(StillReadError):
            apply()  # the database may have been restored by hand
        new = not keys.there(settings.KEYS)
        try:
            keys.make(settings.KEYS)
        except OSError as error:
            raise CommandError(f"The keys cannot be made in {settings.KEYS}: {error.strerror}") from error
        if new and (devices := in_service(Device.objects.all()).count()):
            self.stderr.write(NEW_KEYS.format(devices=devices, folder=settings.KEYS))
        close_database()


def close_database() -> None:
    """Before gunicorn forks: neither a connection nor a pool's threads may be shared with the workers."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()
