"""`make faults`: the long column, or pieces of it; a bar while it runs, a table at the end, docs/reliability.md."""

import argparse
import os
import random
import subprocess
import sys
from pathlib import Path

from tests.faults.report import FAULTS, as_page, as_text, read_pieces

NOTHING_CHOSEN = 5  # of pytest's exit codes: not every fault has tests in both runs
PIECES = Path("docs/reliability.json")
PAGE = Path("docs/reliability.md")


def main() -> int:
    """Runs the chosen pieces, the server's on both databases; the exit code of pytest."""
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--only", default="", metavar="T3,T5", help="these faults instead of all")
    parser.add_argument("--cases-scale", type=float, default=1.0, metavar="0.1", help="a factor on the number of cases")
    parser.add_argument("--seed", type=int, help="repeat a run")
    parser.add_argument("--ci", action="store_true", help="the short column's numbers")
    parser.add_argument("--fresh", action="store_true", help="forget the pieces of earlier runs")
    chosen = parser.parse_args()
    if unknown := set(filter(None, chosen.only.split(","))) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    if chosen.fresh:
        PIECES.unlink(missing_ok=True)
    environment = {
        "FAULTS_LONG": "" if chosen.ci else "1",
        "FAULTS_ONLY": chosen.only,
        "FAULTS_SCALE": str(chosen.cases_scale),
        "FAULTS_SEED": str(random.getrandbits(32) if chosen.seed is None else chosen.seed),
        "FAULTS_PIECES": str(PIECES.absolute()),
    }
    # -s: the bars are seen while they grow. No timeout: an hour's piece is no hang.
    words = [sys.executable, "-m", "pytest", "-m", "fault", "-s", "-q", "--timeout=0"]
    runs = [[*words, "tests"], [*words, "tests/server", "--database=postgresql"]]
    codes = [subprocess.run(run, env={**os.environ, **environment}, check=False).returncode for run in runs]
    pieces = read_pieces(PIECES)
    PAGE.write_text(as_page(pieces), "utf-8")
    print(f"\n{as_text(pieces)}\n\n{PAGE} is written; every piece is in {PIECES}.")
    return next((code for code in codes if code not in (0, NOTHING_CHOSEN)), min(codes))


if __name__ == "__main__":
    sys.exit(main())
