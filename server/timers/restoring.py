"""A backup tried as after a loss: restored beside the server into an empty place, compared, verified, and thrown away."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from server.backup import archive
from server.backup.postgresql import Postgresql
from server.environment import Environment
from server.timers.notes import RestoreTest

NOTHING_HELD = "nothing"


def try_backup(file: Path, environment: Environment) -> RestoreTest:
    """Restore a backup into an empty place; what came out. Raises `BadBackup` for a file that is none, OSError, psycopg.Error."""
    made = archive.read_manifest(file)
    with tempfile.TemporaryDirectory(prefix=".restore-test-", dir=environment.data) as folder, _database(environment) as variables:
        for kept in (environment.keys, environment.register):
            if kept.is_dir():
                shutil.copytree(kept, Path(folder) / kept.name)
        inside = {**os.environ, **variables, "HAILONG_DATA": folder}
        words = [sys.executable, *(["-I"] if sys.flags.isolated else []), "-X", "utf8", "-m", "server", "restore", str(file)]
        done = subprocess.run(words, env=inside, capture_output=True, text=True, check=False)
    fault = "" if done.returncode == 0 else (done.stderr.strip() or done.stdout.strip())[-2000:]
    held = str(made.counts) if made.counts else NOTHING_HELD
    return RestoreTest(file=str(file), made_at=made.made_at, at=datetime.now(UTC), held=held, fault=fault)


@contextmanager
def _database(environment: Environment) -> Iterator[dict[str, str]]:
    """The variables by which a server has an empty database of its own."""
    if environment.postgresql is None:
        yield {}
        return
    with Postgresql(environment.postgresql).scratch() as url:
        yield {"HAILONG_DATABASE_URL": url, "HAILONG_REPLICA_URL": ""}
