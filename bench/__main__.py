"""`make bench`: every measurement, side by side with its peers in one run; the tables go to docs/performance.md."""

import platform
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import bundle, charts, drain, grown, intake, memory, pages, start, storm, tap, touch
from bench.figures import Table
from tests.stage.programs import ROOT

PAGE = ROOT / "docs" / "performance.md"
HEADING = "\n## "

INTRODUCTION = """# Performance

Printed by `make bench` on {machine}, Python {python}, SQLite {sqlite}. The machine is shared and noisy, and has no GPU
(software renderer, Xvfb), so the ratios between columns of one run say more than any figure by itself.
"""


def main() -> None:
    """Measure what is named on the command line, or everything but the country's storm and pages. Each table replaces its former self."""
    parts = {
        "tap": tap.measure,
        "touch": touch.measure,
        "memory": memory.measure,
        "start": start.measure,
        "intake": intake.measure,
        "grown": grown.measure,
        "drain": drain.measure,
        "storm": storm.measure,
        "charts": charts.measure,
        "bundle": bundle.measure,
    }
    by_name = parts | {"country": lambda: storm.measure(storm.THE_COUNTRY), "pages": pages.measure}
    (ROOT / ".bench").mkdir(exist_ok=True)
    for name in sys.argv[1:] or list(parts):
        for table in by_name[name]():
            keep(table)
            print(f"kept in {PAGE.relative_to(ROOT)}\n", flush=True)


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


if __name__ == "__main__":
    main()
