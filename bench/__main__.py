"""`make bench`: every measurement, side by side with its peers in one run; the tables go to docs/performance.md."""

import platform
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import drain, intake, start, tap
from tests.stage.programs import ROOT

PAGE = ROOT / "docs" / "performance.md"

INTRODUCTION = """# Performance

Printed by `make bench` on {day}: {machine}, Python {python}, SQLite {sqlite}. The machine is shared and noisy, and has no GPU
(software renderer, Xvfb), so the ratios between columns of one run say more than any figure by itself.
"""


def main() -> None:
    """Measure what is named on the command line (tap, start, intake, drain), or everything; only a whole run is kept."""
    parts = {"tap": tap.measure, "start": start.measure, "intake": intake.measure, "drain": drain.measure}
    chosen = sys.argv[1:] or list(parts)
    (ROOT / ".bench").mkdir(exist_ok=True)
    tables = [table for name in chosen for table in parts[name]()]
    if len(chosen) == len(parts):
        introduction = INTRODUCTION.format(
            day=datetime.now(UTC).date(), machine=_machine(), python=platform.python_version(), sqlite=sqlite3.sqlite_version
        )
        PAGE.write_text("\n".join([introduction, *map(str, tables)]).rstrip() + "\n", "utf-8")
        print(f"kept in {PAGE.relative_to(ROOT)}")


def _machine() -> str:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


if __name__ == "__main__":
    main()
