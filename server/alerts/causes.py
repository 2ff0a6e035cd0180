"""What causes an alert: for each kind a rule, with its figures. Pure.

A cause lasts as long as its rule holds; the alert that it made ends with it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from server.alerts.models import Alert
from server.alerts.opening import open_minutes, works
from server.flags.chances import beta_binomial_at_least, predicted, spread
from server.results.counts import Count
from server.results.period import Period

Kind = Alert.Kind

BURST_DAYS = 4  # a burst is told for so many days, today included: a Friday's is still there on Monday
USUAL_DAYS = 28  # before it, that say what is usual
FEWEST_DISSATISFIED = 5
FEWEST_BEFORE = 100  # votes
FEWEST_DAYS = 5
LEAST_SPREAD = 0.005  # of the share between days, however alike they were, as `server.flags.history` has it
BURST_LIMIT = 1e-3  # a unit, a day
UNREAD_DAYS = 2  # working days

WORSE, MUCH = 2, 5  # twice as bad as when it was closed, and by so much more


@dataclass(frozen=True)
class Cause:
    """Something that deserves an alert. subject: what it is about, the same each time; weight: how bad it is, in the kind's own measure:
    points, votes, days, comments, lines.
    """

    kind: Alert.Kind
    subject: str
    weight: int = 1
    figures: Mapping[str, Any] = field(default_factory=dict)
    sensitive: bool = False

    @property
    def about(self) -> str:
        """What the alert is known by in the unit."""
        return f"{self.kind.value}_{self.subject}"


class Overdue(NamedTuple):
    """A case past its date."""

    case: str
    due: date
    step: str
    sensitive: bool


class Unread(NamedTuple):
    """Comments of a kind that nobody read: how many, and when the first came, on the unit's clocks."""

    number: int
    first: date
    sensitive: bool


class Heard(NamedTuple):
    """A kiosk in service. heard: last, or when it was enrolled, on the unit's clocks; never: it has not been heard since."""

    device: str
    counter: str
    heard: datetime
    never: bool
    flag: str


def low_share(month: Period, votes: Count, threshold: int) -> list[Cause]:
    """The share of a month is below the threshold, in percent: the whole interval is, so chance alone does not explain it."""
    if votes.share is None or not votes.share.high < threshold / 100:
        return []
    figures = {"satisfied": votes.satisfied, "dissatisfied": votes.dissatisfied, "threshold": threshold}
    return [Cause(Kind.SHARE, f"{month.first:%Y-%m}", max(1, round(threshold - 100 * votes.share.high)), figures)]


def burst(day: date, votes: Count, before: Sequence[Count]) -> list[Cause]:
    """Far more of a day's votes are dissatisfied than the unit's own days before let expect. before: of each of these days.

    The count against a beta-binomial distribution around the usual share, as wide as days differ and the history is short. A day is
    looked at again and again while its votes come; the count can become too high only with a dissatisfied one, so the chance is taken
    so many times (Bonferroni). Against the share and not the number, because a busy day is no complaint.
    """
    days = [one for one in before if one.n]
    satisfied, n = sum(one.satisfied for one in days), sum(one.n for one in days)
    if votes.dissatisfied < FEWEST_DISSATISFIED or n < FEWEST_BEFORE or len(days) < FEWEST_DAYS:
        return []
    if votes.dissatisfied * n <= (n - satisfied) * votes.n:
        return []
    usual = predicted(n - satisfied, n, spread([(one.dissatisfied, one.n) for one in days], LEAST_SPREAD))
    if votes.dissatisfied * beta_binomial_at_least(votes.dissatisfied, votes.n, usual) > BURST_LIMIT:
        return []
    figures = {"dissatisfied": votes.dissatisfied, "satisfied": votes.satisfied, "before": n, "before_satisfied": satisfied}
    return [Cause(Kind.BURST, day.isoformat(), votes.dissatisfied, figures)]


def overdue(case: Overdue, today: date) -> list[Cause]:
    """A case whose next step was to be done by a day that is over."""
    late = (today - case.due).days
    if late < 1:
        return []
    return [Cause(Kind.CASE, case.case, late, {"due": case.due.isoformat(), "days": late, "step": case.step}, case.sensitive)]


def unread(comments: Unread) -> list[Cause]:
    """Comments that nobody read for `UNREAD_DAYS`. Those for leaders alone are another matter, or their number would tell of them."""
    if not comments.number:
        return []
    figures = {"number": comments.number, "first": comments.first.isoformat()}
    return [Cause(Kind.UNREAD, "leaders" if comments.sensitive else "box", comments.number, figures, comments.sensitive)]


def silent(kiosk: Heard, shown: str, now: datetime, minutes: int) -> list[Cause]:
    """A kiosk that was not heard for so many minutes of opening time. now: on the unit's clocks."""
    missed = open_minutes(shown, kiosk.heard, now)
    if missed < minutes:
        return []
    day = 8 * 60
    figures = {"counter": kiosk.counter, "heard": kiosk.heard.isoformat(timespec="minutes"), "never": kiosk.never}
    return [Cause(Kind.SILENT, kiosk.device, max(1, missed // day), figures)]


def flagged(kiosk: Heard) -> list[Cause]:
    """A kiosk that intake flagged: a fork, an id used twice."""
    return [Cause(Kind.FLAGGED, f"{kiosk.device}_{kiosk.flag}", 1, {"counter": kiosk.counter, "flag": kiosk.flag})] if kiosk.flag else []


def put_aside(lines: int) -> list[Cause]:
    """Lines in quarantine about which nobody decided."""
    return [Cause(Kind.QUARANTINE, "lines", lines, {"lines": lines})] if lines else []


def wanted(causes: Collection[Cause], kinds: Collection[str], shown: str, today: date, known: Collection[str]) -> dict[str, Cause]:
    """Those of the causes that the unit wants to hear of, by what they are about. On a day on which it is closed nothing begins: only
    what is known already goes on.
    """
    works_today = works(shown, today)
    return {one.about: one for one in causes if one.kind in kinds and (works_today or one.about in known)}


def much_worse(weight: int, then: int) -> bool:
    """Whether a matter has grown so much since it was closed that it is to be told again."""
    return weight >= WORSE * then and weight >= then + MUCH
