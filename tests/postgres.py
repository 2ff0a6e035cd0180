"""A PostgreSQL of the tests' own: made, started, stopped and removed; nothing is shared with one that the machine may run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stage.programs import free_port

SUPERUSER = "postgres"


@contextmanager
def private_postgres(*, fsync: bool = True) -> Iterator[str]:
    """A fresh cluster on a free port of 127.0.0.1 and a socket; gives its URL, for use as HAILONG_DATABASE_URL.

    Run by the user `postgres` when we are root, because PostgreSQL refuses root. fsync: whether commits reach the disk.
    Raises FileNotFoundError when no PostgreSQL is installed.
    """
    programs = _programs()
    user = SUPERUSER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="hailong-postgres-"))
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *words: str) -> None:
        subprocess.run([programs / program, *words], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-D", str(data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        port = free_port()
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync={'on' if fsync else 'off'}"
        run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgresql://{SUPERUSER}@/{SUPERUSER}?host={folder}&port={port}"
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if found is None:
        raise FileNotFoundError("initdb: install PostgreSQL, on Debian: apt-get install postgresql")
    return Path(found).resolve().parent
