"""Makes of what people edited what kiosks are told: `places.Unit.shown`, the JSON of those fields of `KioskConfig` that were changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.db.models import Q

from server.places.models import Counter, Unit
from server.screens.models import OpenSpan, OtherDay, OwnReason, Screens, Sentence
from sync import shown, wire

WEEKDAYS = 7
_AT_ONCE = 500
_Place = TypeVar("_Place", Unit, Counter)


class Level(NamedTuple):
    """A place that changed something on its kiosks, or those below it. fields: what its kiosks are told, those above included."""

    name: str
    fields: Mapping[str, Any]


def publish(unit: Unit) -> None:
    """Let the kiosks of the unit, and of those below it, hear what is stored now: to be called when that has changed.

    Raises `Malformed` where it is beyond the limits of a configuration; nothing is changed then.
    """
    units = list(Unit.objects.filter(Q(pk=unit.pk) | Q(parent=unit) | Q(parent__parent=unit)).select_related("parent__parent"))
    counters = list(
        Counter.objects.filter(Q(unit__in=units), Q(screens__isnull=False) | ~Q(shown="")).select_related("unit__parent__parent")
    )
    paths = {one.pk: _path(one, None) for one in units}
    paths |= {one.pk: _path(one.unit, one) for one in counters}
    stored = _stored({place.pk for path in paths.values() for place in path})
    told = {one.pk: _text(_levels(paths[one.pk], stored)[-1].fields) for one in units}
    told_to = {one.pk: _text(_levels(paths[one.pk], stored)[-1].fields) if one.pk in stored else "" for one in counters}
    _tell(units, told)
    _tell(counters, told_to)


def levels(unit: Unit, counter: Counter | None = None) -> list[Level]:
    """What holds at each level from the country down to the unit, or to a counter of it; the last is what its kiosk is told."""
    path = _path(unit, counter)
    return _levels(path, _stored({place.pk for place in path}))


def config(fields: Mapping[str, Any]) -> wire.KioskConfig:
    """The configuration of a kiosk that is told these fields, without its place and people. Raises `Malformed`."""
    fields = _limited(fields)
    place = {"id": "u", "name": ""}
    return wire.decode(msgspec.json.encode({"unit": place, "counter": place, "officers": [], "on_duty": None, **fields}), wire.KioskConfig)


def _path(unit: Unit, counter: Counter | None) -> list[Unit | Counter]:
    """From the country down."""
    path = (unit.parent.parent if unit.parent else None, unit.parent, unit, counter)
    return [place for place in path if place is not None]


def _stored(places: Collection[str]) -> dict[str, Screens]:
    """What was changed, by the id of the place; read at once, because a country has thousands."""
    changed = Screens.objects.order_by().prefetch_related("sentences", "reasons", "spans", "other_days")
    return changed.in_bulk(places)


def _levels(path: Sequence[Unit | Counter], stored: Mapping[str, Screens]) -> list[Level]:
    above: dict[str, Any] = {}
    found = []
    for place in path:
        if place.pk in stored:
            above = _over(above, stored[place.pk])
        found.append(Level(place.name, above))
    return found


def _tell(places: Sequence[_Place], told: Mapping[str, str]) -> None:
    changed = [place for place in places if place.shown != told[place.pk]]
    for place in changed:
        place.shown = told[place.pk]
    if changed:
        type(changed[0])._default_manager.bulk_update(changed, ["shown"], batch_size=_AT_ONCE)


def _text(fields: Mapping[str, Any]) -> str:
    config(fields)
    limited = _limited(fields)
    return msgspec.json.encode(limited).decode() if limited else ""


def _limited(fields: Mapping[str, Any]) -> dict[str, Any]:
    """With the days that differ inside the hours, where a kiosk looks for them."""
    limited = dict(fields)
    others = limited.pop("others", [])
    if "hours" in limited:
        limited["hours"] = {**limited["hours"], "others": others[: shown.MAX_OTHER_DAYS]}
    return limited


def _over(above: dict[str, Any], screens: Screens) -> dict[str, Any]:
    """What holds where these screens were changed, above them those."""
    fields = dict(above)
    texts = dict(above.get("texts", {}))
    sentences: dict[str, dict[str, str]] = {}
    for sentence in screens.sentences.all():
        sentences.setdefault(sentence.key, {})[sentence.language] = sentence.words
    if reception := sentences.pop(Sentence.Key.RECEPTION, None):
        fields["reception"] = reception
    if texts := {**texts, **sentences}:
        fields["texts"] = texts
    if reasons := _reasons(above.get("reasons", []), [reason for reason in screens.reasons.all() if reason.offered]):
        fields["reasons"] = reasons
    if spans := list(screens.spans.all()):
        fields["hours"] = {"weekdays": [_spans((one.opens, one.closes) for one in spans if one.weekday == day) for day in range(WEEKDAYS)]}
    fields["others"] = [_other(day) for day in screens.other_days.all()] + above.get("others", [])
    for name in ("idle_seconds", "thanks_seconds", "without_officer", "form_address", "technician"):
        if value := getattr(screens, name):
            fields[name] = value
    return fields


def _reasons(above: list[dict[str, Any]], own: Iterable[OwnReason]) -> list[dict[str, Any]]:
    """A unit that has reasons for an answer has none from above for that answer."""
    mine = [
        {
            "id": reason.name,
            "rating": reason.rating,
            "icon": reason.icon,
            "words": {"vi": reason.vietnamese, **({"en": reason.english} if reason.english else {})},
        }
        for reason in own
    ]
    changed = {reason["rating"] for reason in mine}
    return mine + [reason for reason in above if reason["rating"] not in changed]


def _spans(pairs: Iterable[tuple[time | None, time | None]]) -> list[dict[str, str]]:
    return [{"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"} for opens, closes in pairs if opens and closes]


def _other(day: OtherDay) -> dict[str, Any]:
    spans = _spans([(day.morning_opens, day.morning_closes), (day.afternoon_opens, day.afternoon_closes)])
    words = {language: text for language, text in (("vi", day.vietnamese), ("en", day.english)) if text}
    return {"first": day.first, "last": day.last, **({"spans": spans} if spans else {}), **({"words": words} if words else {})}


def overlapping(spans: Iterable[OpenSpan]) -> list[tuple[OpenSpan, OpenSpan]]:
    """Pairs of the same day that overlap or touch, which a kiosk would not take."""
    ordered = sorted(spans, key=lambda one: (one.weekday, one.opens))
    return [(one, following) for one, following in pairwise(ordered) if one.weekday == following.weekday and following.opens <= one.closes]
