"""Charts of results: how long one takes new and kept, what it takes of memory, and how long it lets all else wait.

Peers in the same run: Altair with vl-convert in the worker itself, as their documentation shows it, on the same specifications; and
the least that could be, the same bars of days as SVG written by hand, without measuring any text.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape, quoteattr

from bench.figures import Table, median
from bench.memory import memory
from server.results.charts import days, lines, order
from server.results.charts.comparison import compare
from server.results.charts.days import DailyParticipation, Votes
from server.results.charts.hours import Moment, Week
from server.results.charts.intervals import Intervals
from server.results.charts.order import Data
from server.results.charts.participation import Participation
from server.results.charts.reasons import Given, Reasons
from server.results.charts.renderer import Renderer
from server.results.charts.size import Width
from server.results.charts.store import Store
from server.results.counts import Count, Row, total
from server.results.period import Kind, Period, containing
from sync.choices import DEFAULT_REASONS

ROUNDS = 15
AT_ONCE = 8
WANTED_MS = 200.0
_PERIOD = containing(Kind.MONTH, date(2026, 11, 1))


def samples(random: Random) -> dict[str, Data]:
    """Each chart, of a commune's month, and those of a country with its 34 provinces."""
    officers = [Row(str(n), f"Nguyễn Thị Minh Hạnh {n}", _count(random, 400)) for n in range(10)]
    provinces = [Row(str(n), f"Tỉnh Nghệ An {n}", _count(random, 90_000)) for n in range(34)]
    when = str(_PERIOD)
    week = Week(when, [Moment(day, hour, _count(random, 60)) for day in range(5) for hour in (7, 8, 9, 10, 11, 13, 14, 15, 16)])
    given = [Given(reason.words["vi"], random.randint(1, 400)) for reason in DEFAULT_REASONS[:8]]
    then = [replace(row, count=_count(random, 400)) for row in officers]
    return {
        "ngay, a month": Votes(when, days.stretches(_PERIOD, _by_day(random, _PERIOD, 60))),
        "gio": week,
        "khoang, 10 officers": Intervals(when, [lines.line(row) for row in lines.by_share(officers)], total(officers)),
        "khoang, 34 provinces": Intervals(when, [lines.line(row) for row in lines.by_share(provinces)], total(provinces)),
        "so-sanh, 10 officers": compare((when, officers, total(officers)), (str(_PERIOD.before), then, total(then))),
        "ly-do": Reasons(when, False, given),
        "tham-gia, a month": DailyParticipation(when, days.stretches(_PERIOD, _by_day(random, _PERIOD, 60))),
        "tham-gia, 10 officers": Participation(when, [lines.line(row) for row in lines.by_participation(officers)], total(officers)),
    }


def measure() -> list[Table]:
    """The tables of charts. Raises AssertionError where one takes longer than it should."""
    random, renderer = Random(20261126), Renderer()
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name) / "charts")
        before = memory(os.getpid())
        began = time.perf_counter()
        renderer.draw(order.encode(samples(random)["ngay, a month"], Width.HALF))
        first = _ms(began)
        ours = _times(random, lambda ordered: _ours(renderer, store, ordered))
        kept = _kept(store, random)
        with _watched() as pauses:
            _draw_many(random, renderer.draw)
        pause = max(pauses)
        at_once = _at_once(random, renderer.draw)
        process = renderer.process_id
        assert process is not None
        theirs = memory(process)
        worker = memory(os.getpid()) - theirs
    renderer.close()

    from server.results.charts.drawn import drawing  # here, not above: it brings Altair, whose memory is weighed

    def documented(ordered: bytes) -> str:
        raw = drawing.converter().vegalite_to_svg(drawing.chart(*order.decode(ordered)).to_dict(), allowed_base_urls=[])
        return str(raw)

    began = time.perf_counter()
    documented(order.encode(samples(random)["ngay, a month"], Width.HALF))
    first_documented = _ms(began)
    documented_times = _times(random, documented)
    with _watched() as pauses:
        _draw_many(random, documented)
    by_hand = median([_hand_written(random) for _ in range(ROUNDS)])
    table = Table(
        "Charts",
        ["chart", "new, ms", "slowest of the rounds", "kept, ms", "as documented, ms", "ratio"],
        f"{Width.HALF:d} pixels wide, {ROUNDS} rounds, each of other figures, the renderer running. As documented: Altair, which examines "
        f"each part of a specification, and vl-convert, in the worker itself. The month's bars written by hand as SVG: {by_hand:.2f} ms. "
        f"Wanted: at most {WANTED_MS:.0f} ms new, at the median.",
    )
    for chart, spent in ours.items():
        peer = median(documented_times[chart])
        row = [chart, f"{median(spent):.0f}", f"{max(spent):.0f}", f"{kept[chart]:.1f}", f"{peer:.0f}", f"{median(spent) / peer:.2f}"]
        table.rows.append(row)
    beside = Table(
        "Charts beside all else",
        ["", "renderer apart", "as documented"],
        f"The longest pause: of another thread of the worker (a kiosk's votes, say) while {ROUNDS} pictures are drawn. "
        f"{AT_ONCE} at once: until the last of {AT_ONCE} threads has its picture. The renderer ends when it is idle for ten minutes.",
        [
            ["first picture, start included, ms", f"{first:.0f}", f"{first_documented:.0f}"],
            ["longest pause of another thread, ms", f"{pause:.0f}", f"{max(pauses):.0f}"],
            [f"{AT_ONCE} at once, ms", f"{at_once:.0f}", f"{_at_once(random, documented):.0f}"],
            ["memory (PSS) of the worker, grown by, MB", f"{worker - before:.0f}", f"{memory(os.getpid()) - before:.0f}"],
            ["memory (PSS) of the renderer, MB", f"{theirs:.0f}", "–"],
        ],
    )
    print(table)
    print(beside)
    assert all(median(spent) <= WANTED_MS for spent in ours.values()), "charts are too slow"
    return [table, beside]


def _ours(renderer: Renderer, store: Store, ordered: bytes) -> str:
    """As the server answers: looked for, drawn, kept."""
    digest = order.digest(ordered)
    assert store.find(digest) is None
    picture = renderer.draw(ordered)
    store.keep(digest, picture)
    return picture


def _times(random: Random, draw: Callable[[bytes], str]) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for chart, data in samples(random).items():
            began = time.perf_counter()
            draw(order.encode(data, Width.HALF))
            spent.setdefault(chart, []).append(_ms(began))
    return spent


def _kept(store: Store, random: Random) -> dict[str, float]:
    spent = {}
    for chart, data in samples(random).items():
        ordered = order.encode(data, Width.HALF)
        store.keep(order.digest(ordered), "<svg>" + "0123456789" * 1500 + "</svg>")
        began = time.perf_counter()
        assert store.find(order.digest(order.encode(data, Width.HALF)))
        spent[chart] = _ms(began)
    return spent


def _draw_many(random: Random, draw: Callable[[bytes], str]) -> None:
    for _ in range(ROUNDS):
        draw(order.encode(samples(random)["khoang, 10 officers"], Width.HALF))


def _at_once(random: Random, draw: Callable[[bytes], str]) -> float:
    """Milliseconds until the last has its picture, at the median."""
    spent = []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(5):
            orders = [order.encode(samples(random)["ngay, a month"], Width.HALF) for _ in range(AT_ONCE)]
            began = time.perf_counter()
            list(threads.map(draw, orders))
            spent.append(_ms(began))
    return median(spent)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Milliseconds between the steps of another thread, which wants to take one each millisecond."""
    gaps, ended = [0.0], threading.Event()

    def step() -> None:
        last = time.perf_counter()
        while not ended.is_set():
            time.sleep(0.001)
            gaps.append(_ms(last))
            last = time.perf_counter()

    thread = threading.Thread(target=step)
    thread.start()
    try:
        yield gaps
    finally:
        ended.set()
        thread.join()


def _hand_written(random: Random) -> float:
    stretches = days.stretches(_PERIOD, _by_day(random, _PERIOD, 60))
    began = time.perf_counter()
    bars = []
    for place, one in enumerate(stretches):
        x, good, bad = 40 + place * 16, one.count.satisfied * 3, one.count.dissatisfied * 3
        says = quoteattr(f"{one.says}: {one.count.n} lượt")
        bars.append(f'<rect x="{x}" y="{200 - good}" width="11" height="{good}" fill="#7CCFC9" aria-label={says}/>')
        bars.append(f'<rect x="{x}" y="{200 - good - bad}" width="11" height="{bad}" fill="#F4B266"/>')
        bars.append(f'<text x="{x}" y="220">{escape(one.label)}</text>')
    assert f'<svg viewBox="0 0 520 270">{"".join(bars)}</svg>'
    return _ms(began)


def _by_day(random: Random, period: Period, most: int) -> dict[date, Count]:
    found = (period.first + timedelta(days=ahead) for ahead in range(period.days))
    return {day: _count(random, most) for day in found if day.weekday() < 5}


def _count(random: Random, most: int) -> Count:
    n = random.randint(most // 2, most)
    bad = random.randint(0, n // 8)
    return Count(n - bad, bad, round(n * random.uniform(1.2, 3)), n)


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000
