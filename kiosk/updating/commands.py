"""The system's programs, run as they are on a machine without anybody: no question, no page, plain English."""

import logging
import os
import subprocess
from collections.abc import Mapping, Sequence

log = logging.getLogger("hailong-kiosk-update")

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# HAILONG_UPDATE: the package's own scripts then start nothing, because we do. At boot they would wait for the kiosk, and it for us.
_QUIET = {"HAILONG_UPDATE": "1", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": _PATH, "HOME": "/root"}


def run(words: Sequence[str], more: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run it, and log what it said where it failed. more: of the environment; nothing else of ours is handed on, no proxy of anybody's."""
    done = subprocess.run(
        words, env=_QUIET | dict(more or {}), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        log.warning("%s: exit code %d: %s", os.path.basename(words[0]), done.returncode, " | ".join(said[-6:]))  # noqa: PTH119 a word, no path
    return done
