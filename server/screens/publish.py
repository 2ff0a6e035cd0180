"""Makes of what people edited what kiosks are told: `places.Unit.shown`, the JSON of those fields of `KioskConfig` that were changed."""

from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
from django.db.models import Q

from server.places.models import Counter, Unit
from server.screens.models import OpenSpan, OtherDay, OwnReason, Screens, Sentence
from sync import shown, wire

WEEKDAYS = 7


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
    told = {one.pk: _text(levels(one)[-1].fields) for one in units}
    told_to = {one.pk: _text(levels(one.unit, one)[-1].fields) if hasattr(one, "screens") else "" for one in counters}
    for one in units:
        if one.shown != told[one.pk]:
            Unit.objects.filter(pk=one.pk).update(shown=told[one.pk])
    for counter in counters:
        Counter.objects.filter(pk=counter.pk).update(shown=told_to[counter.pk])


def levels(unit: Unit, counter: Counter | None = None) -> list[Level]:
    """What holds at each level from the country down to the unit, or to a counter of it; the last is what its kiosk is told."""
    above: dict[str, Any] = {}
    found = []
    upwards = (unit.parent.parent if unit.parent else None, unit.parent, unit, counter)
    for place in upwards:
        if place is not None:
            screens = Screens.objects.filter(place=place.pk).first()
            above = _over(above, screens) if screens else above
            found.append(Level(place.name, above))
    return found


def config(fields: Mapping[str, Any]) -> wire.KioskConfig:
    """The configuration of a kiosk that is told these fields, without its place and people. Raises `Malformed`."""
    fields = _limited(fields)
    place = {"id": "u", "name": ""}
    return wire.decode(msgspec.json.encode({"unit": place, "counter": place, "officers": [], "on_duty": None, **fields}), wire.KioskConfig)


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
    if reasons := _reasons(above.get("reasons", []), screens.reasons.filter(offered=True)):
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
