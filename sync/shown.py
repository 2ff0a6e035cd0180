"""What a unit may change on its kiosks: sentences, reasons, opening hours. Parts of `sync.wire.KioskConfig`."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

MAX_TEXTS = 40
MAX_LANGUAGES = 8
MAX_SENTENCE = 300
MAX_NOTICE = 150
MAX_LABEL = 60
MAX_REASONS = 20
MAX_SPANS = 4
MAX_OTHER_DAYS = 100
MAX_FORM_ADDRESS = 64
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z"
FORM_ADDRESS_PATTERN = r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?\Z"

Key = Annotated[str, Meta(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*\Z", max_length=32)]
Language = Annotated[str, Meta(pattern=LANGUAGE_PATTERN)]
Sentence = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+(\n[^\x00-\x1f\x7f]+){0,2}\Z", max_length=MAX_SENTENCE)]
Label = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+\Z", max_length=MAX_LABEL)]
Notice = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+\Z", max_length=MAX_NOTICE)]
Notices = Annotated[dict[Language, Notice], Meta(max_length=MAX_LANGUAGES)]
Sentences = Annotated[dict[Language, Sentence], Meta(max_length=MAX_LANGUAGES)]
Labels = Annotated[dict[Language, Label], Meta(max_length=MAX_LANGUAGES)]
Texts = Annotated[dict[Key, Sentences], Meta(max_length=MAX_TEXTS)]
IdleSeconds = Annotated[int, Meta(ge=15, le=120)]
ThanksSeconds = Annotated[int, Meta(ge=1, le=30)]
LocalTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z")]
FormAddress = Annotated[str, Meta(pattern=FORM_ADDRESS_PATTERN, max_length=MAX_FORM_ADDRESS)]
Rated = Literal["satisfied", "dissatisfied"]


class Reason(Struct, frozen=True, kw_only=True):
    """Why a citizen may have voted so. id: never given to another meaning. icon: its name. words: by language, Vietnamese always."""

    id: Key
    rating: Rated
    icon: Key
    words: Labels

    def __post_init__(self) -> None:
        if "vi" not in self.words:
            raise ValueError(f"the reason {self.id} has no Vietnamese words")


class Span(Struct, frozen=True):
    """Open from `opens` until before `closes`: local times of one day, such as 07:30 and 11:30."""

    opens: LocalTime
    closes: LocalTime


Spans = Annotated[list[Span], Meta(max_length=MAX_SPANS)]


class OtherDays(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Dates that are not as their weekday, `last` included. spans: empty where closed. words: why, such as a holiday's name."""

    first: date
    last: date
    spans: Spans = []
    words: Labels = {}

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the days from {self.first} end before they begin")
        _require_order(self.spans)


class Hours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the unit is open, in its local time. weekdays: the spans of Monday … Sunday. others: days that differ; the first that fits."""

    weekdays: Annotated[list[Spans], Meta(min_length=7, max_length=7)]
    others: Annotated[list[OtherDays], Meta(max_length=MAX_OTHER_DAYS)] = []

    def __post_init__(self) -> None:
        for spans in self.weekdays:
            _require_order(spans)


def _require_order(spans: Sequence[Span]) -> None:
    times = [time for span in spans for time in (span.opens, span.closes)]
    if any(earlier >= later for earlier, later in pairwise(times)):
        raise ValueError(f"opening hours not in order: {', '.join(times)}")


def require_reasons(reasons: Sequence[Reason]) -> None:
    """Nothing, when these may be one unit's. Raises ValueError for an id given twice, and for too many of one rating."""
    ids = Counter(reason.id for reason in reasons)
    if twice := [name for name, times in ids.items() if times > 1]:
        raise ValueError(f"two reasons have the id {twice[0]}")
    for rating, number in Counter(reason.rating for reason in reasons).items():
        if number > MAX_REASONS:
            raise ValueError(f"{number} reasons of {rating}; {MAX_REASONS} are allowed")
