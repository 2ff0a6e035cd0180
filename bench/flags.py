"""How often the detectors of staging and neglect are wrong on honest days, and how often they find what was planted.

`python -m bench.flags` writes the tables at the end of docs/flags.md. The same seed gives the same tables.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from multiprocessing import Pool
from typing import NamedTuple

from bench.figures import Table
from bench.honest import SPANS, Day, days, desks
from server.flags.detecting import DAYS_BEFORE, WEEKS_BEFORE, Evidence, in_day, in_week
from server.flags.findings import Ballot, Finding, Opening
from tests.stage.programs import ROOT

PAGE = ROOT / "docs" / "flags.md"
HEADING = "\n## False alarms on honest days"

SIZES = (4, 6, 8, 12)  # counters of a commune
COMMUNES = 12  # of each size
MONTHS = 6  # of each commune, of four weeks
WARM_UP = 12  # weeks, so that there is a history
TRIES = 200  # of each planted case
WORKERS = 2
KINDS = {
    "burst": "burst",
    "outside": "outside hours",
    "streak": "streak at closing",
    "silent": "kiosk on, no votes",
    "hardly": "hardly rated",
    "unlike": "unlike own history",
}

_OPEN = {f"c{number}": Opening(SPANS, known=True) for number in range(max(SIZES))}


class Past(NamedTuple):
    """A commune's days; the last one, or the last week, is what a case is planted in."""

    days: Sequence[Day]

    def day(self, changed: Day | None = None) -> list[Finding]:
        """What is found in the last day, or in another in its place."""
        last = changed or self.days[-1]
        before = [one for one in self.days[:-1] if one.day >= last.day - DAYS_BEFORE]
        rows = [row for one in before for row in one.worked()]
        by_hour = sum((one.by_hour() for one in before), Counter[int]())
        return in_day(Evidence(last.day, last.ballots, last.worked(), rows, by_hour, _OPEN, last.heard, len(last.served)))

    def week(self, change: Callable[[Day], Day] = lambda day: day) -> list[Finding]:
        """What is found in the last week, each of its days changed."""
        monday = self.days[-1].day - timedelta(days=self.days[-1].day.weekday())
        rows = [row for one in self.days if one.day >= monday for row in change(one).worked()]
        before = [row for one in self.days if monday - WEEKS_BEFORE <= one.day < monday for row in one.worked()]
        return in_week(rows, before)


def main() -> None:
    """Measure and write."""
    with Pool(WORKERS) as pool:
        honest = pool.map(_honest, [(size, seed) for size in SIZES for seed in range(COMMUNES)])
        planted = pool.map(_planted, range(TRIES), chunksize=10)
    tables = [_false_alarms(honest), _found(planted)]
    text = PAGE.read_text("utf-8").partition(HEADING)[0].rstrip()
    PAGE.write_text("\n\n".join([text, *(str(table).strip() for table in tables)]) + "\n", "utf-8")
    for table in tables:
        print(table)


def _false_alarms(honest: Sequence[tuple[int, Counter[str], int]]) -> Table:
    months = COMMUNES * MONTHS
    table = Table(
        HEADING.removeprefix("\n## "),
        ("flags a month, counters", *map(str, SIZES)),
        f"Of {months} months of four weeks for each size, "
        f"{sum(votes for _, _, votes in honest):,} votes in all (`bench/honest.py`): citizens by appointment and in queues, families that "
        "vote together, busy and idle days, officers with bad days, participation that goes up and down. Wanted: at most one flag a month.",
    )
    by_size = {size: sum((found for of, found, _ in honest if of == size), Counter[str]()) for size in SIZES}
    for kind, label in KINDS.items():
        table.rows.append((label, *(f"{by_size[size][kind] / months:.2f}" for size in SIZES)))
    table.rows.append(("**all**", *(f"**{by_size[size].total() / months:.2f}**" for size in SIZES)))
    assert all(found.total() <= months for found in by_size.values()), "more than one false flag a month"
    return table


def _honest(task: tuple[int, int]) -> tuple[int, Counter[str], int]:
    """Size, flags by kind, and votes of a commune's months."""
    size, seed = task
    chance = random.Random(f"honest {size} {seed}")
    every = list(days(chance, desks(chance, size), WARM_UP + 4 * MONTHS))
    found: Counter[str] = Counter()
    for number in range(WARM_UP * 5, len(every)):
        past = Past(every[max(0, number - 65) : number + 1])
        found.update(finding.kind for finding in past.day())
        if past.days[-1].day.weekday() == 4:
            found.update(finding.kind for finding in past.week())
    return size, found, sum(len(day.ballots) for day in every[WARM_UP * 5 :])


def _found(planted: Sequence[dict[str, bool]]) -> Table:
    table = Table(
        "Found of what was planted",
        ("planted at one of six counters", "found, %"),
        f"{TRIES} communes, each with a history of {WARM_UP} weeks; the case is added to an honest day or week. Found is a flag of the "
        "right kind at the right counter or officer.",
    )
    for case in planted[0]:
        table.rows.append((case, f"{100 * sum(one[case] for one in planted) / len(planted):.0f}"))
    return table


def _planted(seed: int) -> dict[str, bool]:
    chance = random.Random(f"planted {seed}")
    of = desks(chance, 6)
    past = Past(list(days(chance, of, WARM_UP + 1)))
    last = past.days[-1]
    desk = of[0]
    counter, officer = desk.counter_id, desk.officer_id
    on_leave = counter not in last.served
    last = replace(last, served=last.served + Counter({counter: 30} if on_leave else {}), heard=last.heard | {counter})

    def more(kind: str, votes: int, begins: str, minutes: float) -> bool:
        found = past.day(_with(last, counter, officer, votes, begins, minutes))
        return any(one.kind == kind and one.counter_id == counter for one in found)

    cases = {f"{votes} satisfied votes in 3 minutes": more("burst", votes, "09:20", 3) for votes in (5, 7, 9, 14)}
    cases |= {f"{votes} satisfied votes in 10 minutes": more("burst", votes, "14:30", 10) for votes in (10, 14, 20)}
    cases |= {f"{votes} votes at 18:30": more("outside", votes, "18:30", 20) for votes in (2, 4, 8)}
    cases |= {f"{votes} satisfied votes in the last hour, evenly": more("streak", votes, "16:00", 60) for votes in (15, 20, 30)}
    for kept, words in ((0.0, "no votes all day, kiosk on"), (0.15, "one vote in seven left, all day")):
        cases[words] = any(one.kind == "silent" and one.counter_id == counter for one in past.day(_without(last, counter, kept, chance)))
    for kept in (0.0, 0.15, 0.3):
        found = past.week(lambda day, kept=kept: _without(day, counter, kept, chance))  # type: ignore[misc]
        cases[f"{kept:.0%} of the votes left, all week"] = any(one.kind == "hardly" and one.counter_id == counter for one in found)
    for worse in (0.1, 0.2, 0.3):
        found = past.week(lambda day, worse=worse: _worse(day, counter, worse, chance))  # type: ignore[misc]
        cases[f"{worse:.0%} of satisfied votes turned, all week"] = any(one.kind == "unlike" and one.officer_id == officer for one in found)
    return cases


def _with(day: Day, counter: str, officer: str, votes: int, begins: str, minutes: float) -> Day:
    """The day and so many satisfied votes, evenly from a time on."""
    start = datetime.combine(day.day, time.fromisoformat(begins))
    added = [Ballot(start + timedelta(minutes=minutes * number / votes), counter, officer, True) for number in range(votes)]
    return replace(day, ballots=tuple(sorted([*day.ballots, *added])))


def _without(day: Day, counter: str, kept: float, chance: random.Random) -> Day:
    """The day, with that part of a counter's votes left."""
    return replace(day, ballots=tuple(one for one in day.ballots if one.counter_id != counter or chance.random() < kept))


def _worse(day: Day, counter: str, worse: float, chance: random.Random) -> Day:
    """The day, with that part of a counter's satisfied votes turned to dissatisfied ones."""
    turned = (one._replace(satisfied=False) if one.counter_id == counter and chance.random() < worse else one for one in day.ballots)
    return replace(day, ballots=tuple(turned))


if __name__ == "__main__":
    main()
