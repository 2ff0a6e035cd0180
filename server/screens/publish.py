"""Makes of what people edited what kiosks are told: `places.Unit.shown`, the JSON of those fields of `KioskConfig` that were changed."""

from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Any

import msgspec

from server.places.models import Unit
from server.screens.models import OpenSpan, OtherDay, OwnReason, Screens, Sentence
from sync import shown, wire

WEEKDAYS = 7


def publish(unit: Unit) -> None:
    """Let the kiosks of the unit, and of those below it, hear what is stored now: to be called when that has changed.

    Raises `Malformed` where it is beyond the limits of a configuration; nothing is changed then.
    """
    units = [unit, *unit.below.all()]
    told = {one.pk: _told(one) for one in units}
    for one in units:
        Unit.objects.filter(pk=one.pk).update(shown=told[one.pk])


def _told(unit: Unit) -> str:
    fields: dict[str, Any] = {}
    for one in (unit.parent, unit):
        screens = Screens.objects.filter(unit=one).first() if one else None
        if screens:
            fields = _over(fields, screens)
    others = fields.pop("others", [])
    if "hours" in fields:
        fields["hours"]["others"] = others[: shown.MAX_OTHER_DAYS]
    text = msgspec.json.encode(fields).decode()
    place = {"id": "u", "name": ""}
    wire.decode(msgspec.json.encode({"unit": place, "counter": place, "officers": [], "on_duty": None, **fields}), wire.KioskConfig)
    return text if fields else ""


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
