"""PostgreSQL on this machine: a role and a database for the server, which comes in by its name in the system (peer), without a password."""

import shutil

from server.installation.places import USER
from server.installation.running import Refused, quietly, run

SOCKETS = "/var/run/postgresql"
URL = f"postgresql://{USER}@/{USER}?host={SOCKETS}"
_NO_PACKAGE = "Không cài được PostgreSQL. Xin cài rồi chạy lại: sudo apt-get install postgresql. Hoặc --sqlite, đủ cho một xã"


def prepare() -> str:
    """Make what is missing; the URL. Raises `Refused`."""
    if not shutil.which("pg_lsclusters", path="/usr/bin"):
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql", failing=_NO_PACKAGE)
    run("systemctl", "enable", "--quiet", "postgresql")
    run("systemctl", "start", "postgresql", failing="PostgreSQL không chạy được. Xin xem: journalctl -u postgresql* -e")
    if not _asked(f"SELECT 1 FROM pg_roles WHERE rolname = '{USER}'"):  # noqa: S608 a word of ours
        _asked(f"CREATE ROLE {USER} LOGIN CREATEDB")  # restore and its test make a database beside this one
    if not _asked(f"SELECT 1 FROM pg_database WHERE datname = '{USER}'"):  # noqa: S608 a word of ours
        # One and the same order everywhere; people's names are sorted by the program.
        _asked(f"CREATE DATABASE {USER} OWNER {USER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    if "online" not in quietly("pg_lsclusters"):
        raise Refused("PostgreSQL chưa chạy. Xin xem: pg_lsclusters, journalctl -u postgresql* -e")
    return URL


def _asked(statement: str) -> str:
    words = ("/usr/sbin/runuser", "-u", "postgres", "--", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", statement)
    return run(*words, failing="PostgreSQL không nhận").strip()
