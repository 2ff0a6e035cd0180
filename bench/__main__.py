"""`make bench`: every measurement, side by side with its peers in one run; the tables go to docs/performance.md."""

import sys

from bench import bundle, charts, drain, grown, intake, memory, pages, start, storm, tap, touch
from bench.page import PAGE, keep
from tests.stage.programs import ROOT


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


if __name__ == "__main__":
    main()
