"""The kiosk as it is installed beside the same from its source: start, memory; and what the folder weighs, and why."""

import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from bench.figures import Table, median
from bench.tap import OurKiosk
from tests.stage.programs import ROOT
from tools.package.bundle import NAME, bundle

ROUNDS = 5
SLOWER_ALLOWED = 1.5
MEGABYTE = 1_000_000
PARTS = (  # the first that a path begins with
    ("_internal/libpython", "Python's interpreter"),
    ("_internal/python3", "Python's compiled modules"),
    ("_internal/base_library", "Python's modules that come first"),
    ("_internal/Kivy.libs", "SDL: window, text, pictures"),
    ("_internal/kivy", "Kivy"),
    ("_internal/assets", "our fonts, sounds, translations"),
    ("_internal/kiosk", "our kv files"),
    (NAME, "the program: our modules and everybody's, compiled, in one file"),
    ("", "other libraries: PyNaCl, msgspec, certificates, …"),
)


class Bundled(OurKiosk):
    """program: of a bundle."""

    name = "the bundle"

    def __init__(self, program: Path) -> None:
        super().__init__()
        self._program = program

    def command(self, folder: Path) -> list[str]:
        _python, _m, _kiosk, *options = super().command(folder)
        return [str(self._program), *options]


def measure() -> list[Table]:
    """The tables. Raises AssertionError where the bundle is slower or larger in memory than promised."""
    with tempfile.TemporaryDirectory(dir=ROOT / ".bench") as made:
        folder = bundle(Path(made))
        bundled, source = Bundled(folder / NAME), OurKiosk()
        for number in range(ROUNDS):
            for subject in (bundled, source):
                print(f"  round {number + 1} of {ROUNDS}: {subject.name}", flush=True)
                with tempfile.TemporaryDirectory(dir=ROOT / ".bench", ignore_cleanup_errors=True) as name:
                    subject.round(Path(name))
        sizes = _sizes(folder)
    ratio = median(bundled.measured.starts) / median(source.measured.starts)
    weight = median(bundled.measured.memory) / median(source.measured.memory)
    starts = Table(
        "The bundle beside its source",
        ["median of the rounds", "start to first frame, s", "memory (PSS, all processes), MB"],
        f"The bundle takes {ratio:.2f} times as long to start (wanted: at most {SLOWER_ALLOWED}) and {weight:.2f} times the memory "
        "(wanted: no more).",
    )
    for name, subject in (("from its source, by Python", source), ("the bundle", bundled)):
        starts.rows.append([name, f"{median(subject.measured.starts):.2f}", f"{median(subject.measured.memory):.0f}"])
    print(starts, sizes, sep="\n")
    assert ratio <= SLOWER_ALLOWED, "the bundle starts too slowly"
    assert weight <= 1.02, "the bundle takes more memory"  # two hundredths are what two runs of the same differ by
    return [starts, sizes]


def _sizes(folder: Path) -> Table:
    """What the folder is made of."""
    parts: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            path = str(file.relative_to(folder))
            parts[next(what for begins, what in PARTS if path.startswith(begins))] += file.stat().st_size
    packed = subprocess.run(["tar", "-C", str(folder), "-cJf", "-", "."], check=True, capture_output=True).stdout
    table = Table(
        "What the bundle is made of",
        ["part", "MB"],
        f"{sum(parts.values()) / MEGABYTE:.1f} MB, packed {len(packed) / MEGABYTE:.1f} MB. What Debian has (X11, GL, SQLite, OpenSSL) "
        "is not in it: the package depends on it.",
    )
    table.rows += [(what, f"{size / MEGABYTE:.1f}") for what, size in parts.most_common()]
    return table
