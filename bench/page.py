"""The page of measurements, docs/performance.md: each table once, with the day and the commit of which it tells."""

import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Table
from tests.stage.programs import ROOT

PAGE = ROOT / "docs" / "performance.md"
HEADING = "\n## "

INTRODUCTION = """# Performance

Printed by `make bench` on {machine}, Python {python}, SQLite {sqlite}. The machine is shared and noisy, and has no GPU
(software renderer, Xvfb), so the ratios between columns of one run say more than any figure by itself.
"""


def keep(table: Table) -> None:
    """Put the table on the page, with the day and the commit, in the place of the one with the same title, or at the end."""
    introduction = INTRODUCTION.format(machine=_machine(), python=platform.python_version(), sqlite=sqlite3.sqlite_version)
    tables = PAGE.read_text("utf-8").split(HEADING)[1:] if PAGE.exists() else []
    by_title = {text.partition("\n")[0]: text.strip() for text in tables}
    by_title[table.title] = f"{str(table).removeprefix(HEADING.strip()).strip()}\n\n*{datetime.now(UTC).date()}, at commit {_commit()}.*"
    PAGE.write_text("\n".join([introduction, *(f"## {text}\n" for text in by_title.values())]), "utf-8")


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty=+"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()
