"""How long leaders wait for a page: at 50 million votes on PostgreSQL and at 2 million on SQLite, and does it grow with the votes?

The country is invented (`python -m server simulate`), the server is real. HAILONG_BENCH_NATION names a PostgreSQL that holds it
already, because to fill one takes long; else one is made and thrown away.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import nation, questions
from bench.figures import Table, median, percentile
from bench.visitors import Leader, Page, Times, alone, found, together
from tests.postgres import private_postgres
from tests.stage.programs import ROOT, Server

NATION, TENTH, EMBEDDED = 50_000_000, 5_000_000, 2_000_000
LEADERS = 8
ROUNDS = 3
SECONDS, READING = 120.0, 2.0
WANTED = 0.2
DAYS = {"thang": "2026-10-15", "quy": "2026-08-15", "nam": "2026-06-15"}
LEVELS = ("xã", "tỉnh", "cả nước")
LENGTHS = ("tháng", "quý", "năm")


@dataclass
class Seen:
    """What the leaders of one database saw. alone, together: how long it took."""

    pages: Mapping[Leader, Sequence[Page]]
    alone: Times
    together: Times

    def kinds(self, *, charts: bool) -> list[str]:
        """Kinds of pages, or of charts, that anybody was led to."""
        return sorted({page.kind for pages in self.pages.values() for page in pages if page.is_chart == charts})

    def those(self, kind: str, level: str, period: str | None = None) -> list[Page]:
        """The pages of a kind that leaders of a level see; of a period, if it is said."""
        there = {page for pages in self.pages.values() for page in pages}
        return [page for page in there if (page.kind, page.level) == (kind, level) and period in (None, page.period)]


def measure() -> list[Table]:
    """The tables; says which pages take longer than wanted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / ".bench", ignore_cleanup_errors=True)))
        nation.fill(folder / "embedded" / "data", "", EMBEDDED)
        on_sqlite = _look(folder / "embedded", "")
        with _filled(folder / "tenth", TENTH, "--communes", "3321") as tenth:
            before = _look(folder / "tenth", tenth, also_together=False)
        given = os.environ.get("HAILONG_BENCH_NATION", "")
        url = given or stack.enter_context(_filled(folder / "nation", NATION))
        on_postgresql = _look(folder / "nation", url)
        tables = [
            _by_page(f"Pages at {NATION:,} votes on PostgreSQL", on_postgresql, _settings(url)),
            _by_page(f"Pages at {EMBEDDED:,} votes on SQLite", on_sqlite, "journal_mode=TRUNCATE, synchronous=EXTRA: as in service."),
            _growth(before, on_postgresql),
            _peers(folder / "nation", url, on_postgresql),
        ]
    for table in tables:
        print(table)
    slow = _slow(on_postgresql) + _slow(on_sqlite)
    if slow:
        print(f"slower than {WANTED} s: {', '.join(slow)}")
    return tables


@contextmanager
def _filled(folder: Path, votes: int, *options: str) -> Iterator[str]:
    with private_postgres(fsync=False) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in nation.SETTINGS:
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
        nation.fill(folder / "data", url, votes, *options)
        yield url


def _look(folder: Path, url: str, *, also_together: bool = True) -> Seen:
    with nation.inside(folder / "data", url) as pool:
        leaders = pool.submit(nation.leaders, LEADERS).result()
    with Server(folder, database=url or None) as server:
        pages = {leader: found(server.address, leader, DAYS) for leader in leaders}
        first = {leader: pages[leader] for leader in leaders[: len(LEVELS)]}
        print(f"  {sum(map(len, pages.values()))} pages and charts of {LEADERS} leaders", flush=True)
        drawn = folder / "data" / "charts"
        by_one = alone(server.address, first, ROUNDS, drawn)
        by_all = together(server.address, pages, SECONDS, READING, drawn) if also_together else Times()
    return Seen(pages, by_one, by_all)


def _slow(seen: Seen) -> list[str]:
    kinds = seen.kinds(charts=False) + seen.kinds(charts=True)
    return [kind for kind in kinds for level in LEVELS if median(seen.together.of(seen.those(kind, level)) or [0.0]) > WANTED]


def _by_page(title: str, seen: Seen, note: str) -> Table:
    columns = ["ms: median / p90, of 8 leaders at once", *(f"{level}" for level in LEVELS), "one leader alone, a year"]
    table = Table(title, columns, f"Wanted: at most {WANTED * 1000:.0f} ms at the median. Each of the {LEADERS} reads a page for up to "
                  f"{READING:.0f} s, in an order of their own, for {SECONDS:.0f} s; over months, quarters and years. {note}")  # fmt: skip
    for charts in (False, True):
        for kind in seen.kinds(charts=charts):
            cells = [_cell(seen.together.of(seen.those(kind, level))) for level in LEVELS]
            year = [seconds for level in LEVELS for seconds in seen.alone.of(seen.those(kind, level, "năm") or seen.those(kind, level))]
            table.rows.append([f"`{kind}`", *cells, _cell(year)])
        if seen.kinds(charts=charts):
            what = "all charts" if charts else "all pages"
            for length in LENGTHS:
                by_level = [[page for kind in seen.kinds(charts=charts) for page in seen.those(kind, level, length)] for level in LEVELS]
                cells = [_cell(seen.together.of(pages)) for pages in by_level]
                table.rows.append([f"{what}, {length}", *cells, _cell(seen.alone.of(page for pages in by_level for page in pages))])
    return table


def _cell(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:.0f} / {percentile(seconds, 0.9) * 1000:.0f}" if seconds else "–"


def _growth(before: Seen, after: Seen) -> Table:
    table = Table(
        "Do pages grow with the votes?",
        ["one leader alone, median of all pages and charts", f"{TENTH:,} votes, ms", f"{NATION:,} votes, ms", "ratio"],
        "The same communes, days and rows shown; ten times the votes.",
    )
    ratios = defaultdict(list)
    for level in LEVELS:
        sides = []
        for seen in (before, after):
            kinds = seen.kinds(charts=False) + seen.kinds(charts=True)
            sides.append({(kind, length): seen.alone.of(seen.those(kind, level, length)) for kind in kinds for length in ("", *LENGTHS)})
        for key in sides[0].keys() & sides[1].keys():
            if sides[0][key] and sides[1][key]:
                ratios[level].append((median(sides[0][key]), median(sides[1][key])))
        low, high = (median([pair[side] for pair in ratios[level]]) * 1000 for side in (0, 1))
        ratio = median([after_ / before_ for before_, after_ in ratios[level]])
        table.rows.append([level, f"{low:.0f}", f"{high:.0f}", f"{ratio:.2f}"])
    return table


def _peers(folder: Path, url: str, seen: Seen) -> Table:
    units = dict(zip(("commune", "province", "country"), (leader.unit for leader in seen.pages), strict=False))
    with nation.inside(folder / "data", url) as pool:
        answers = pool.submit(questions.asked, units, DAYS).result()
    table = Table(
        f"The same questions at {NATION:,} votes, by other ways",
        ["ms (median)", "ours, as pages ask", "first tier alone, SQL", "raw votes, best index, SQL", "raw ÷ ours"],
        "Raw votes are read by a covering index (unit, time; satisfied, counter and officer beside), vacuumed. All three count the same.",
    )
    names = {"thang": "a month", "quy": "a quarter", "nam": "a year"}
    for name, length, ours, tallies, votes in answers:
        times = [f"{seconds * 1000:,.0f}" if seconds >= 0.01 else f"{seconds * 1000:.1f}" for seconds in (ours, tallies, votes)]
        table.rows.append([f"{name}, {names[length]}", *times, f"{votes / ours:,.0f}"])
    return table


def _settings(url: str) -> str:
    with psycopg.connect(url) as connection:
        shown = [(name, connection.execute(f"SHOW {name}".encode()).fetchall()[0][0]) for name in ("shared_buffers", "work_mem")]
        [(size,)] = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchall()
    return f"The database has {size}; {', '.join(f'{name}={value}' for name, value in shown)}."
