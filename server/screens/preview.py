"""What the kiosk of a counter will show, and which level said so: the page on which that is looked at before citizens do."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from server.places.scope import Right, may_in, units_for
from server.screens.models import OpenSpan, Sentence
from server.screens.publish import Level, config, levels
from sync.choices import DEFAULT_REASONS, DEFAULT_SENTENCES
from sync.shown import Reason
from sync.wire import KioskConfig

OWN = "có sẵn"
IDLE_SECONDS, THANKS_SECONDS = 20, 4  # what a kiosk does where nobody said anything


class Said(NamedTuple):
    """What a kiosk says or does, and the place that decided it, or `OWN`."""

    words: Any
    by: str


class Preview(NamedTuple):
    """A kiosk's screens in Vietnamese. hours: a line for each weekday, and for each day that differs."""

    sentences: dict[str, Said]
    wrong: Said
    right: Said
    idle_seconds: Said
    thanks_seconds: Said
    without_officer: Said
    form_address: Said
    hours: Said


@require_safe
@login_required
def preview(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The screens of the unit's kiosks, or of the one at the counter that is asked for."""
    unit = get_object_or_404(units_for(request.user, Right.SEE_DEVICES).select_related("parent__parent"), pk=unit_id)
    counters = unit.counters.order_by("name")
    chosen = request.GET.get("quay", "")
    counter = get_object_or_404(counters, pk=chosen) if chosen else None
    context = {
        "here": "today",
        "unit": unit,
        "counter": counter,
        "counters": counters,
        "officer": counter.on_duty if counter else None,
        "kiosk": of_levels(levels(unit, counter)),
        "arranges": may_in(request.user, Right.ARRANGE, unit.pk),
    }
    return render(request, "screens/preview.html", context)


def of_levels(found: list[Level]) -> Preview:
    """The screens of a kiosk that stands below these levels."""
    told = config(found[-1].fields)

    def said(name: str, words: Any) -> Said:  # noqa: ANN401 – a field of the configuration
        return Said(words, _by(found, name))

    def reasons(rating: str) -> Said:
        own = [reason for reason in told.reasons if reason.rating == rating]
        by = _first([(level.name, [one for one in level.fields.get("reasons", []) if one["rating"] == rating]) for level in found])
        return Said([_words(one) for one in own or [one for one in DEFAULT_REASONS if one.rating == rating]], by if own else OWN)

    sentences = {key: _sentence(found, told, key) for key in DEFAULT_SENTENCES}
    sentences[Sentence.Key.RECEPTION] = said("reception", told.reception.get("vi", ""))
    return Preview(
        sentences,
        reasons("dissatisfied"),
        reasons("satisfied"),
        said("idle_seconds", told.idle_seconds or IDLE_SECONDS),
        said("thanks_seconds", told.thanks_seconds or THANKS_SECONDS),
        said("without_officer", told.without_officer or "rate"),
        said("form_address", told.form_address or ""),
        said("hours", _hours(told)),
    )


def _by(found: list[Level], name: str) -> str:
    """The place that last changed a field."""
    return _first([(level.name, level.fields.get(name)) for level in found])


def _first(values: list[tuple[str, Any]]) -> str:
    """The place, from above, at which the last value came to hold; `OWN` where there is none."""
    last = values[-1][1]
    if not last:
        return OWN
    name = values[-1][0]
    for place, value in reversed(values):
        if value != last:
            break
        name = place
    return name


def _sentence(found: list[Level], told: KioskConfig, key: str) -> Said:
    changed = told.texts.get(key, {}).get("vi")
    by = _first([(level.name, _vietnamese(level.fields.get("texts", {}), key)) for level in found])
    return Said(changed, by) if changed else Said(DEFAULT_SENTENCES[key], OWN)


def _vietnamese(texts: Mapping[str, Mapping[str, str]], key: str) -> str | None:
    return texts.get(key, {}).get("vi")


def _words(reason: Reason) -> str:
    return reason.words["vi"]


def _hours(told: KioskConfig) -> list[str]:
    if told.hours is None:
        return []
    spans = [", ".join(f"{one.opens}–{one.closes}" for one in day) or "nghỉ" for day in told.hours.weekdays]
    lines = [f"{OpenSpan.Weekday(day).label}: {said}" for day, said in enumerate(spans)]
    for other in told.hours.others:
        when = f"{other.first:%d/%m/%Y}" if other.first == other.last else f"{other.first:%d/%m} – {other.last:%d/%m/%Y}"
        hours = ", ".join(f"{one.opens}–{one.closes}" for one in other.spans) or "nghỉ"
        why = f" ({other.words['vi']})" if "vi" in other.words else ""
        lines.append(f"{when}{why}: {hours}")
    return lines
