"""A PostgreSQL of the tests' own: made, started, stopped and removed; nothing is shared with one that the machine may run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.stage.programs import free_port

SUPERUSER = "postgres"


class Cluster:
    """A PostgreSQL cluster that can crash. url: for use as HAILONG_DATABASE_URL.

    followed: a started cluster whose streaming replica this one is; else it is its own, and empty.
    """

    url: str

    def __init__(self, folder: Path, *, fsync: bool, followed: "Cluster | None" = None) -> None:
        self._programs = _programs()
        self._user = SUPERUSER if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._folder = folder
        self._data = str(folder / "data")
        if followed:
            self._run("pg_basebackup", "-D", self._data, "-d", followed.url, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        else:
            self._run("initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        port = free_port()
        settings = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}", f"fsync={'on' if fsync else 'off'}")
        self._options = " ".join(f"-c {setting}" for setting in settings)
        self.url = f"postgresql://{SUPERUSER}@/{SUPERUSER}?host={folder}&port={port}"

    def start(self) -> None:
        """Start it, after a crash too, and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self._folder / "log"), "-o", self._options)

    def crash(self) -> None:
        """End it at once, as a power cut would; nothing is written any more."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", self._data)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([self._programs / program, *words], check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL)


@contextmanager
def private_cluster(*, fsync: bool = True, followed: Cluster | None = None) -> Iterator[Cluster]:
    """A fresh cluster on a free port of 127.0.0.1 and a socket, started; stopped and removed in the end.

    Run by the user `postgres` when we are root, because PostgreSQL refuses root. fsync: whether commits reach the disk. followed: as
    `Cluster` has it.
    Raises FileNotFoundError when no PostgreSQL is installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="hailong-postgres-"))
    try:
        cluster = Cluster(folder, fsync=fsync, followed=followed)
        cluster.start()
        try:
            yield cluster
        finally:
            with suppress(subprocess.CalledProcessError):  # it may lie crashed
                cluster.crash()
    finally:
        shutil.rmtree(folder)


@contextmanager
def private_postgres(*, fsync: bool = True) -> Iterator[str]:
    """The URL of such a cluster, for those who leave it in peace."""
    with private_cluster(fsync=fsync) as cluster:
        yield cluster.url


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if found is None:
        raise FileNotFoundError("initdb: install PostgreSQL, on Debian: apt-get install postgresql")
    return Path(found).resolve().parent
