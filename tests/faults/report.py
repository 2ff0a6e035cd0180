"""What the fault tests found: a result per piece, the table of all pieces, docs/reliability.md.

A fault test is marked with its fault, asks how many cases this run wants, and says what it found before it asserts:

    @pytest.mark.fault("T10")
    def test_a_damaged_database_gives_back_every_journaled_vote(tmp_path: Path) -> None:
        chance = scale.chance("T10")
        total = scale.how_many(ci=60, long=2000)
        for case in scale.watched("T10", range(total)):
            ...
        report("T10", cases=total, lost=lost, doubled=doubled, control="journal off: lost in 58 of 60")
        assert (lost, doubled) == (0, 0)

`control` says what the broken-on-purpose variant did; a control that runs as a test of its own reports it with cases=0.
A test that fails at the first vote lost or doubled, as hypothesis' tests do, says its cases in the mark, which are reported
in the end when it has passed: `@pytest.mark.fault("T26", cases=MOST)`.
`make faults` runs everything that is so marked, wherever it lies under tests/, with the long column's numbers.
"""

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.faults import scale

FAULTS = {
    "T1": "kill -9 while voting",
    "T2": "kill at every write and sync call of ten votes",
    "T3": "power cut on a real file system",
    "T4": "power cut where the disk is not waited for (controls of T3)",
    "T5": "every crash state of the files: unsynced writes dropped or torn",
    "T6": "the same inside recovery, twice",
    "T7": "disk full",
    "T8": "I/O errors, full disk and short writes at any call",
    "T9": "read-only disk",
    "T10": "damaged database",
    "T11": "damaged write-ahead log",
    "T12": "damaged journal",
    "T13": "database and journal both damaged",
    "T14": "clocks that jump",
    "T15": "broken network at any byte",
    "T16": "captive portals and proxies",
    "T17": "every server answer",
    "T18": "batches too large for something on the way",
    "T19": "server and PostgreSQL killed under load",
    "T20": "server restored from an old backup",
    "T21": "cloned disk",
    "T22": "kiosk rolled back to an old image",
    "T23": "random schedules over the whole protocol",
    "T24": "many clients at once",
    "T25": "upgrade and downgrade",
    "T26": "hostile uploads",
    "T27": "poison entries",
    "T28": "secrets in logs",
    "T29": "chaos: everything fails at random",
    "T30": "every kiosk reconnects at once",
    "T31": "started twice",
    "T32": "slow disk",
    "T33": "personal data is gone when erased",
    "T34": "a random monkey at the screen",
}


@dataclass(frozen=True)
class Result:
    """One piece. lost, doubled: votes. control: what the variant that was broken on purpose did, in words.

    test: which test found it, and on which database where the server's tests run on a particular one.
    """

    fault: str
    cases: int
    lost: int
    doubled: int
    control: str
    seed: int
    commit: str
    day: str
    test: str = ""


results: list[Result] = []


def report(fault: str, *, cases: int, lost: int, doubled: int, control: str = "") -> None:
    """Note what a test found, for the summary and (under `make faults`) for the file of pieces. Call it before asserting."""
    if fault not in FAULTS:
        raise KeyError(f"{fault} is none of the faults in tests/faults/report.py")
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    result = Result(fault, cases, lost, doubled, control, scale.SEED, code_commit(), day, running_test())
    results.append(result)
    if pieces := os.environ.get("FAULTS_PIECES"):
        file = Path(pieces)
        write_pieces(file, [*read_pieces(file), result])


def read_pieces(file: Path) -> list[Result]:
    """The pieces that were run so far."""
    return [Result(**piece) for piece in json.loads(file.read_text("utf-8"))] if file.exists() else []


def write_pieces(file: Path, pieces: Iterable[Result]) -> None:
    """Keep the pieces; the same cases once, however often they were run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(piece) for piece in dict.fromkeys(pieces)], ensure_ascii=False, indent=1), "utf-8")


def running_test() -> str:
    """The test that runs now, or those whose marks are counted in the end; and its database."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0] or "by their marks"
    return f"{test} on PostgreSQL" if os.environ.get("HAILONG_DATABASE_URL") else test


@cache
def code_commit() -> str:
    """The last commit that changed what is tested; with a plus when files of it are changed and not committed."""
    code = ("--", "kiosk", "sync", "server")
    log = subprocess.run(["git", "log", "-1", "--format=%h", *code], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", *code], capture_output=True, text=True, check=False)
    return (log.stdout.strip() or "unknown") + ("+" if changed.stdout.strip() else "")


def rows(pieces: Iterable[Result]) -> list[tuple[str, ...]]:
    """The table's rows: fault, what, cases, lost, doubled, control, commit, day. The pieces of one fault and commit are one row."""
    parts: dict[tuple[str, str], list[Result]] = {}
    for piece in pieces:
        parts.setdefault((piece.fault, piece.commit), []).append(piece)
    table: list[tuple[str, ...]] = []
    for (fault, commit), found in sorted(parts.items(), key=lambda part: (int(part[0][0][1:]), part[1][-1].day)):
        cases, lost, doubled = (sum(getattr(piece, name) for piece in found) for name in ("cases", "lost", "doubled"))
        controls = "; ".join(dict.fromkeys(piece.control for piece in found if piece.control))
        table.append((fault, FAULTS[fault], f"{cases:,}", str(lost), str(doubled), controls or "–", commit, found[-1].day))
    return table


def as_text(pieces: Iterable[Result]) -> str:
    """The table for a terminal."""
    table = [("fault", "what", "cases", "lost", "doubled", "control"), *(row[:6] for row in rows(pieces))]
    widths = [max(len(row[column]) for row in table) for column in range(5)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[5]]) for row in table)


def as_page(pieces: Iterable[Result]) -> str:
    """docs/reliability.md."""
    lines = [
        "# Reliability",
        "",
        f"Written by `make faults` on {datetime.now(UTC):%Y-%m-%d} at commit {code_commit()}. Every vote that a citizen was thanked for",
        "must be on the kiosk after the fault, once, in a chain that verifies; what a row lost or doubled is counted in votes. A test that",
        "cannot fail proves nothing: the column *control* says what the same cases did to a program that was broken on purpose.",
        "",
        "| fault | what | cases | lost | doubled | control | code at | run on |",
        "| --- | --- | ---: | ---: | ---: | --- | --- | --- |",
        *("| " + " | ".join(row) + " |" for row in rows(pieces)),
        "",
        'The table grows with each piece (`make faults FAULTS="--only T3 --cases-scale 0.1"`); `make faults FAULTS=--fresh` begins anew.',
        "A power cut is ext4's own shutdown on a loop device: what the kernel had not written is gone. A disk that says it wrote and did",
        "not can only be imitated: that is T4 and T5.",
        "",
    ]
    return "\n".join(lines)
