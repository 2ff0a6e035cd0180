"""What a unit may change on its kiosks, and what is refused."""

from typing import Any

import msgspec
import pytest

from sync.choices import DEFAULT_REASONS
from sync.entries import Malformed
from sync.shown import MAX_LABEL, MAX_LANGUAGES, MAX_NOTICE, MAX_OTHER_DAYS, MAX_REASONS, MAX_SENTENCE, MAX_SPANS, MAX_TEXTS
from sync.wire import KioskConfig, Officer, Place, decode

BASE: dict[str, object] = {
    "unit": {"id": "u-1", "name": "Phường"},
    "counter": {"id": "c-1", "name": "Quầy 1"},
    "officers": [],
    "on_duty": None,
}
REASON = {"id": "late", "rating": "dissatisfied", "icon": "late", "words": {"vi": "Trễ hẹn"}}
WEEK: list[list[dict[str, str]]] = [[]] * 7
DAY = {"first": "2027-02-05", "last": "2027-02-10"}


def config(**fields: object) -> KioskConfig:
    return decode(msgspec.json.encode({**BASE, **fields}), KioskConfig)


def span(opens: str, closes: str) -> dict[str, str]:
    return {"opens": opens, "closes": closes}


def hours(monday: list[dict[str, str]], **fields: object) -> dict[str, Any]:
    return {"weekdays": [monday, *WEEK[1:]], **fields}


def test_a_unit_that_changed_nothing_has_the_bytes_that_it_always_had() -> None:
    plain = KioskConfig(unit=Place("u-1", "U"), counter=Place("c-1", "C"), officers=[Officer("o-1", "N", "T")], on_duty=None)
    assert msgspec.json.encode(plain) == (
        b'{"unit":{"id":"u-1","name":"U"},"counter":{"id":"c-1","name":"C"},"officers":[{"id":"o-1","name":"N","title":"T"}],"on_duty":null}'
    )


def test_the_default_reasons_may_be_a_units() -> None:
    assert config(reasons=DEFAULT_REASONS).reasons == list(DEFAULT_REASONS)


def test_the_largest_that_is_allowed_is_taken() -> None:
    config(texts={f"k{number}": {"vi": "ư" * MAX_SENTENCE} for number in range(MAX_TEXTS)})
    config(texts={"thanks": {f"a{letter}": "x" for letter in "abcdefghijklmnop"[:MAX_LANGUAGES]}})
    config(reasons=[REASON | {"id": f"late-{number}"} for number in range(MAX_REASONS)])
    config(reasons=[REASON | {"words": {"vi": "ư" * MAX_LABEL}}])
    config(hours=hours([span(f"0{at}:00", f"0{at}:30") for at in range(MAX_SPANS)], others=[DAY] * MAX_OTHER_DAYS))
    config(texts={"thanks": {"vi": "three\nlines\nof words"}})
    config(idle_seconds=120, thanks_seconds=30)


@pytest.mark.parametrize(
    "fields",
    [
        {"texts": {f"k{number}": {"vi": "x"} for number in range(MAX_TEXTS + 1)}},
        {"texts": {"thanks": {"vi": "x" * (MAX_SENTENCE + 1)}}},
        {"texts": {"thanks": {"vi": ""}}},
        {"texts": {"thanks": {"vi": "four\nlines\nof\nwords"}}},
        {"texts": {"thanks": {"vi": "ends in a line break\n"}}},
        {"texts": {"thanks": {"vi": "a\tb"}}},
        {"texts": {"thanks": {"tiếng Việt": "x"}}},
        {"texts": {"../thanks": {"vi": "x"}}},
        {"texts": {"thanks": {f"a{letter}": "x" for letter in "abcdefghijklmnop"[: MAX_LANGUAGES + 1]}}},
        {"reasons": [REASON, REASON]},
        {"reasons": [REASON | {"id": f"late-{number}"} for number in range(MAX_REASONS + 1)]},
        {"reasons": [REASON | {"rating": "neither"}]},
        {"reasons": [REASON | {"icon": "../../etc/passwd"}]},
        {"reasons": [REASON | {"words": {"en": "Late"}}]},
        {"reasons": [REASON | {"words": {"vi": "x" * (MAX_LABEL + 1)}}]},
        {"hours": {"weekdays": WEEK[:6]}},
        {"hours": hours([span("11:30", "07:30")])},
        {"hours": hours([span("07:30", "11:30"), span("11:30", "17:00")])},
        {"hours": hours([span("7:30", "11:30")])},
        {"hours": hours([span("07:30", "24:00")])},
        {"hours": hours([span(f"0{at}:00", f"0{at}:30") for at in range(MAX_SPANS + 1)])},
        {"hours": hours([], others=[DAY] * (MAX_OTHER_DAYS + 1))},
        {"hours": hours([], others=[{"first": "2027-02-10", "last": "2027-02-05"}])},
        {"hours": hours([], others=[DAY | {"spans": [span("11:30", "07:30")]}])},
        {"hours": hours([], others=[{"first": "2027-02-30", "last": "2027-02-30"}])},
        {"reception": {"vi": "x" * (MAX_NOTICE + 1)}},
        {"idle_seconds": 14},
        {"idle_seconds": 121},
        {"thanks_seconds": 0},
        {"officers": [{"id": "o-1", "name": "N", "title": "T", "photo": "../x"}]},
    ],
)
def test_a_silly_or_hostile_configuration_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        config(**fields)
