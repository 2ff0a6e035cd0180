"""Where the machines' disks lie: not among pytest's own folders, which another pytest clears away, mounted disks and all."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.install.base import STORE


def pytest_configure(config: pytest.Config) -> None:
    for left in STORE.glob("run-*"):
        if not Path("/proc", left.name.removeprefix("run-")).exists():
            _clear(left)
    config.option.basetemp = str(STORE / f"run-{os.getpid()}")
    STORE.mkdir(parents=True, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    _clear(Path(config.option.basetemp))


def _clear(folder: Path) -> None:
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for disk in reversed([path for path in mounted if path.startswith(f"{folder}/")]):
        subprocess.run(["umount", "--lazy", disk], check=False)
    shutil.rmtree(folder, ignore_errors=True)
