"""What pages and papers say about slips and cases: reasons, places and people by name, how much time is left."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from server.places.models import Counter, Officer
from server.screens.models import OwnReason
from sync.choices import DEFAULT_REASONS

_STANDARD = {reason.id: reason.words["vi"] for reason in DEFAULT_REASONS}
MOST_SUBJECT = 200  # characters


class Names:
    """Counters, officers and reasons by their ids, asked for once for many."""

    def __init__(self, counters: Iterable[str], officers: Iterable[str], reasons: Iterable[Sequence[str]]) -> None:
        self._counters = dict(Counter.objects.filter(id__in=set(counters)).values_list("id", "name"))
        self._officers = dict(Officer.objects.filter(id__in=set(officers)).values_list("id", "name"))
        given = {name for some in reasons for name in some}
        own = OwnReason.objects.filter(name__in=given - _STANDARD.keys()).values_list("name", "vietnamese")
        self._reasons = {**dict(own), **_STANDARD}

    def counter(self, key: str) -> str:
        """Its name; empty for none."""
        return self._counters.get(key, key)

    def officer(self, key: str) -> str:
        """Their name; empty for none."""
        return self._officers.get(key, key)

    def reasons(self, keys: Iterable[str]) -> list[str]:
        """Their words."""
        return [self._reasons.get(key, key) for key in keys]


class Left(NamedTuple):
    """How much time is left, in words. late: it is past."""

    words: str
    late: bool


def left(due: date | None, today: date) -> Left | None:
    """Until a day; None where nothing is awaited."""
    if due is None:
        return None
    days = (due - today).days
    if days < 0:
        return Left(f"quá hạn {-days} ngày", True)
    return Left("hạn hôm nay" if days == 0 else "hạn ngày mai" if days == 1 else f"còn {days} ngày", False)


def subject(reasons: Collection[str], counter: str, day: date) -> str:
    """What a new case is called until somebody gives it a better name. reasons: in words."""
    about = "; ".join(reasons) or f"Góp ý ngày {day:%d/%m/%Y}"
    return f"{about} – {counter}"[:MOST_SUBJECT] if counter else about[:MOST_SUBJECT]
