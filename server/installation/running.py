"""Programs of the system and commands of the server, run by root."""

import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from server.installation import env_file
from server.installation.places import BEHIND, SETTINGS, USER

SECONDS_TO_START = 60

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PASSED_ON = ("TERM", "LANG", "LC_ALL", "COLUMNS", "NO_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR")


class Refused(Exception):
    """It cannot be set up so; the message, in Vietnamese, says why and what to do."""


def run(*words: str, failing: str = "", stdin: str = "") -> str:
    """What a program printed. Raises `Refused` when it fails. failing: what that means."""
    done = subprocess.run(words, input=stdin, capture_output=True, text=True, check=False, env={**os.environ, "PATH": _PATH})
    if done.returncode:
        raise Refused(f"{failing or 'Lệnh không thành'}: {' '.join(words)}\n{(done.stderr or done.stdout).strip()}")
    return done.stdout


def quietly(*words: str) -> str:
    """The same where it does not matter whether it succeeds."""
    return subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PATH": _PATH}).stdout


def server(*words: str, stdin: str = "") -> str:
    """What a command of the server printed, run by its user. Raises `Refused`."""
    done = subprocess.run(_as_the_server(words), input=stdin, capture_output=True, text=True, check=False, env=environment(), cwd="/")
    if done.returncode:
        raise Refused(f"hailong-server {' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def follow(*words: str, stdout: int | None = None) -> "subprocess.CompletedProcess[str]":
    """A command of the server, run by its user, that itself says how it goes. stdout: as in subprocess. Raises `Refused`."""
    return subprocess.run(_as_the_server(words), stdout=stdout, text=True, check=False, env=environment(), cwd="/")


def _as_the_server(words: Sequence[str]) -> list[str]:
    """How root starts a command of the server, by its user."""
    return ["/usr/sbin/runuser", "-u", USER, "--", *command(words)]


def command(words: Sequence[str]) -> list[str]:
    """How a command of the server is started."""
    return [sys.executable, "-I", "-X", "utf8", "-m", "server", *words]


def environment() -> dict[str, str]:
    """The environment of the server's commands: its settings, and of our own only how to speak. Raises `Refused`."""
    try:
        settings = env_file.read(SETTINGS)
    except ValueError as error:
        raise Refused(f"{SETTINGS} có chỗ không đọc được: {error}") from error
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    home = pwd.getpwnam(USER).pw_dir
    return {"PATH": _PATH, **passed, "HOME": home, "USER": USER, "LOGNAME": USER, **settings}


def wait_for_server() -> None:
    """Until it answers behind the proxy. Raises `Refused` with the end of its log."""
    host, port = BEHIND.split(":")
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                told = quietly("journalctl", "-u", "hailong-server", "-n", "15", "--no-pager", "-o", "cat")
                raise Refused(f"Máy chủ không khởi động được. Nhật ký của nó:\n{told}") from None
            time.sleep(0.3)


def become_the_server() -> None:
    """From now on this process is of the server's user. Raises KeyError where there is none, OSError."""
    user = pwd.getpwnam(USER)
    os.initgroups(USER, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
