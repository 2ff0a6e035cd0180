"""The server and the kiosk as processes of their own, as a technician starts them."""

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from tests.stage.display import Pixel, VirtualDisplay, wait_until

ROOT = Path(__file__).resolve().parents[2]
SATISFIED_COLOUR: Pixel = (124, 207, 201)
INK_COLOUR: Pixel = (18, 38, 63)
GROUND_COLOUR: Pixel = (246, 244, 238)
DATABASE = "hailong.sqlite3"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Installation:
    """Where our programs run from: the Python that finds them, and the folder they are started in."""

    python: str
    folder: Path


CLONE = Installation(sys.executable, ROOT)


class Program:
    """A process of ours; its output goes to a log file. On leaving `with` it is ended."""

    def __init__(self, words: list[str], environment: Mapping[str, str], log: Path, installation: Installation = CLONE) -> None:
        self._installation = installation
        self._words = [installation.python, "-m", *words]
        self._environment = dict(environment)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. It does not hear Ctrl-C: whoever started it ends it, in order."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._words, cwd=self._installation.folder, env=self._environment, stdout=output, stderr=output, start_new_session=True
            )

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """End it by a signal; its exit code."""
        if self._process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if number == signal.SIGKILL else os.kill)(self._process.pid, number)
        code = self._process.wait(30)
        self._process = None
        return code

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


@dataclass(frozen=True)
class Demo:
    """What `python -m server demo --json` made."""

    unit: str
    counters: list[dict[str, Any]]
    username: str
    password: str

    def counter(self, name: str) -> dict[str, Any]:
        return next(counter for counter in self.counters if counter["name"] == name)


@cache
def _migrated() -> Path:
    """An embedded database with all its tables, made once in this process: a second for each server."""
    folder = tempfile.mkdtemp(prefix="hailong-migrated-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, "HAILONG_DATA": folder, "HAILONG_DATABASE_URL": ""}
    subprocess.run([sys.executable, "-m", "server", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
    return Path(folder) / DATABASE


class Server(Program):
    """The central server on a port of 127.0.0.1. database: a URL, or None for the embedded SQLite."""

    def __init__(self, folder: Path, port: int | None = None, database: str | None = None, *, installation: Installation = CLONE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = port or free_port()
        self.data = folder / "data"
        self.database = database
        environment = {**os.environ, "HAILONG_DATA": str(self.data), "HAILONG_EXCHANGE_SECONDS": "1"}
        environment["HAILONG_BATCHES_PER_MINUTE"] = "1000000000"
        environment.pop("HAILONG_DATABASE_URL", None)
        if database is not None:
            environment["HAILONG_DATABASE_URL"] = database
        super().__init__(["server", "serve", "--bind", f"127.0.0.1:{port}"], environment, folder / "server.log", installation)
        self.address = f"http://127.0.0.1:{port}"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def start(self) -> None:
        """Start it, and wait until it answers. A new one in the clone finds its tables made, as after a first start."""
        if self.database is None and self._installation is CLONE and not (self.data / DATABASE).exists():
            self.data.mkdir(exist_ok=True)
            shutil.copyfile(_migrated(), self.data / DATABASE)
        super().start()
        wait_until(self._answers, f"the server answers (its log: {self.log})")

    def demo(self) -> Demo:
        """Make the demo commune, with a fresh enrolment code for each counter and a new password of its leader."""
        made = json.loads(self.command("demo", "--json"))
        return Demo(made["unit"], made["counters"], made["login"]["username"], made["login"]["password"])

    def command(self, *words: str) -> str:
        """What another command of the same server prints. Raises subprocess.CalledProcessError, its output with it."""
        command = [self._installation.python, "-m", "server", *words]
        folder = self._installation.folder
        return subprocess.run(command, cwd=folder, env=self._environment, capture_output=True, text=True, check=True).stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What its database answers."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(query.encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self.data / DATABASE)) as database:
            return database.execute(query).fetchall()

    def _answers(self) -> bool:
        if not self.runs:
            raise RuntimeError(f"the server ended at once:\n{self.log.read_text()[-2000:]}")
        try:
            with urlopen(self.address + "/login/", timeout=5) as answer:  # noqa: S310 our own http address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


class Kiosk(Program):
    """A kiosk whose settings and data lie in a folder. display: a virtual one, or None for the real one. program: the module to run."""

    def __init__(
        self,
        folder: Path,
        server: str,
        display: VirtualDisplay | None,
        *,
        thanks_seconds: float = 4.0,
        options: tuple[str, ...] = (),
        installation: Installation = CLONE,
        program: str = "kiosk",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.data = folder / "data"
        self.settings = folder / "kiosk.toml"
        self.settings.write_text(f'server = "{server}"\ndata = "{self.data}"\nthanks_seconds = {thanks_seconds}\n', "utf-8")
        self._display = display
        environment = display.environment if display else dict(os.environ)
        super().__init__([program, "--config", str(self.settings), *options], environment, folder / "kiosk.log", installation)

    def __enter__(self) -> Self:
        self.start()
        return self

    @property
    def display(self) -> VirtualDisplay:
        assert self._display is not None, "this kiosk is on the real display"
        return self._display

    @property
    def is_enrolled(self) -> bool:
        return (self.data / "enrolment.json").exists()

    def enrol(self, code: str, *options: str) -> None:
        """Enrol with a code, by the command that a technician uses."""
        words = [self._installation.python, "-m", "kiosk", "--config", str(self.settings), "enrol", code, *options]
        subprocess.run(words, cwd=self._installation.folder, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it, and wait (on a virtual display) until the question is shown."""
        super().start()
        if self._display is not None:
            self.wait_for_question()

    def start_blindly(self) -> None:
        """Start it, whatever it will show."""
        super().start()

    def wait_for_question(self) -> None:
        wait_until(self.asks, f"the kiosk asks (its log: {self.log})")

    def asks(self) -> bool:
        """Whether the question is on the screen now."""
        if not self.runs:
            raise RuntimeError(f"the kiosk ended:\n{self.log.read_text()[-2000:]}")
        return self._answers_are_shown()

    def _answers_are_shown(self) -> bool:
        last = self.display.pixel(self.display.width - 1, self.display.height - 1)  # drawn when the whole picture is
        return self.display.pixel(*self.forehead) == SATISFIED_COLOUR and last == GROUND_COLOUR

    @property
    def forehead(self) -> tuple[int, int]:
        """A point that is teal while the question is shown: between the eyes of the happy face."""
        (left, middle), _ = self._answers()
        return left, middle - round(0.05 * min(self.display.width, self.display.height))

    def asks_why(self) -> bool:
        """Whether the reasons are on the screen now, and “Xong” is not pressed."""
        return self.display.pixel(*self.done) == INK_COLOUR

    @property
    def done(self) -> tuple[int, int]:
        """A point of the button “Xong”, beside its word."""
        unit = min(max(self.display.width, self.display.height) / 1280, min(self.display.width, self.display.height) / 800)
        return round(0.7 * self.display.width), self.display.height - round(99 * unit)

    @property
    def satisfied(self) -> tuple[int, int]:
        """Where a citizen taps who is satisfied."""
        return self._answers()[0]

    @property
    def dissatisfied(self) -> tuple[int, int]:
        """Where a citizen taps who is not."""
        return self._answers()[1]

    def _answers(self) -> tuple[tuple[int, int], tuple[int, int]]:
        width, height = self.display.width, self.display.height
        if height > width:
            return (width // 2, round(height * 0.467)), (width // 2, round(height * 0.784))
        return (round(width * 0.26), round(height * 0.6)), (round(width * 0.74), round(height * 0.6))

    def vote(self, *, satisfied: bool) -> None:
        """One citizen: waits for the question, taps, and gives no reason."""
        self.answer(satisfied=satisfied)
        self.finish()

    def answer(self, *, satisfied: bool) -> None:
        """Waits for the question, taps, and is asked why."""
        self.wait_for_question()
        self.display.tap(*(self.satisfied if satisfied else self.dissatisfied))
        wait_until(self.asks_why, "the answer is taken", 20)

    def finish(self) -> None:
        """Taps “Xong”, and sees the reasons go."""
        self.display.tap(*self.done)
        wait_until(lambda: not self.asks_why(), "the turn ends", 20)

    def votes_on_disk(self) -> int:
        """How many votes its journals have."""
        return sum(journal.read_bytes().count(b'"kind":"vote"') for journal in self.data.glob("journal/*/*.tsv"))
