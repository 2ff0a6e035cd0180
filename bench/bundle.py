"""The kiosk as it is installed beside the same from its source: start, memory; and what the folder weighs, and why."""

import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from bench.figures import Table, median
from bench.tap import OurKiosk
from tests.stage.display import VirtualDisplay
from tests.stage.programs import ROOT
from tools.package.bundle import NAME, bundle

ROUNDS = 5
SLOWER_ALLOWED = 1.5
MEMORY_ALLOWED = 1.03  # so much two runs of the same differ
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


class Source(OurKiosk):
    """Started by Python, and left alone. What it weighs is what it has mapped (RSS): a proportional share would count Python's own
    files for less, the more Pythons happen to run on this machine.
    """

    def weigh(self, process: int) -> float:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024

    def _taps(self, display: VirtualDisplay) -> list[float]:
        return []


class Bundled(Source):
    """program: of a bundle."""

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
        bundled, source = Bundled(folder / NAME), Source()
        for number in range(ROUNDS):
            print(f"  round {number + 1} of {ROUNDS}", flush=True)
            for subject in (bundled, source):
                with tempfile.TemporaryDirectory(dir=ROOT / ".bench", ignore_cleanup_errors=True) as name:
                    subject.round(Path(name))
        sizes = _sizes(folder)
    ratio = median(bundled.measured.starts) / median(source.measured.starts)
    weight = median(bundled.measured.memory) / median(source.measured.memory)
    starts = Table(
        "The bundle beside its source",
        ["median of the rounds", "start to first frame, s", "memory (RSS), MB"],
        f"The bundle takes {ratio:.2f} times as long to start (wanted: at most {SLOWER_ALLOWED}) and {weight:.2f} times the memory "
        "(wanted: no more).",
    )
    for name, subject in (("from its source, by Python", source), ("the bundle", bundled)):
        starts.rows.append([name, f"{median(subject.measured.starts):.2f}", f"{median(subject.measured.memory):.0f}"])
    print(starts, sizes, sep="\n")
    assert ratio <= SLOWER_ALLOWED, "the bundle starts too slowly"
    assert weight <= MEMORY_ALLOWED, "the bundle takes more memory"
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
