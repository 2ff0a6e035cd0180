"""A commune with votes to draw, and what a picture says."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import unescape
from xml.etree import ElementTree as ET

from django.template import engines
from django.test import Client
from django.utils import timezone

from server.intake.models import OfficerDay, ReasonDay, StaleDay, UnitHour
from server.places.models import Counter, Officer, Unit
from server.results.charts.drawn import look
from server.results.models import TransactionCount
from server.results.period import Kind, Period, containing

NOVEMBER = containing(Kind.MONTH, date(2026, 11, 1))
SVG = "{http://www.w3.org/2000/svg}"


def commune(name: str = "Phường Thái Hòa", parent: Unit | None = None) -> Unit:
    """Three officers at three counters, who had 45, 40 and 6 votes on the first three weekdays of November 2026 together."""
    unit = Unit.objects.create(name=name, kind=Unit.Kind.COMMUNE, parent=parent)
    for place, (who, good, bad) in enumerate((("Trần Quốc Bảo", 14, 1), ("Lê Hoàng Phúc", 12, 0), ("Phạm Thu Thảo", 2, 0)), 1):
        officer = Officer.objects.create(unit=unit, name=who, title="Công chức")
        counter = Counter.objects.create(unit=unit, name=f"Quầy {place}", on_duty=officer)
        for day in (NOVEMBER.first + timedelta(days=ahead) for ahead in (1, 2, 3)):
            voted(unit, day, good + (place == 2 and day.day == 3) * 4, bad, counter.pk, officer.pk)
            if day.day != 4:
                told(unit, day, 40, counter.pk)
    return unit


def voted(unit: Unit, day: date, satisfied: int, dissatisfied: int = 0, counter: str = "", officer: str = "", hour: int = 9) -> None:
    """So many more votes of a day, as intake leaves them."""
    good_bad = {"satisfied": satisfied, "dissatisfied": dissatisfied}
    OfficerDay.objects.create(unit_id=unit.pk, day=day, counter_id=counter, officer_id=officer, **good_bad)
    cell, _ = UnitHour.objects.get_or_create(unit_id=unit.pk, day=day, hour=hour, defaults={"satisfied": 0, "dissatisfied": 0})
    cell.satisfied, cell.dissatisfied = cell.satisfied + satisfied, cell.dissatisfied + dissatisfied
    cell.save()
    StaleDay.objects.get_or_create(unit_id=unit.pk, day=day, defaults={"changes": 1})


def told(unit: Unit, day: date, handled: int, counter: str = "") -> None:
    """So many transactions of a day."""
    key = {"unit_id": unit.pk, "day": day, "counter_id": counter, "officer_id": ""}
    TransactionCount.objects.create(**key, handled=handled, source="typed", who="lanhdao", at=timezone.now())


def reasoned(unit: Unit, reason: str, times: int, day: date = NOVEMBER.first) -> None:
    """A reason that was given so often."""
    ReasonDay.objects.create(unit_id=unit.pk, day=day, reason=reason, times=times)


def tag(name: str, unit: Unit, period: Period = NOVEMBER, more: str = "") -> str:
    """What the tag puts into a page."""
    template = engines["django"].from_string("{% load charts %}{% chart name unit period " + more + " %}")
    return template.render({"name": name, "unit": unit, "period": period, "other": period.before})


def address(figure: str) -> str:
    """Of the figure's widest picture."""
    found = re.search(r'<img src="([^"]+)"', figure)
    assert found
    return unescape(found[1])


def drawn(client: Client, name: str, unit: Unit, more: str = "", period: Period = NOVEMBER) -> str:
    """The picture of a chart, as the browser gets it."""
    answer = client.get(address(tag(name, unit, period, more)))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def sentences(svg: str) -> list[str]:
    """What the marks of a picture say."""
    return [mark.attrib["aria-label"].replace("\u00a0", " ") for mark in ET.fromstring(svg).iter() if mark.get("role") == "img"]  # noqa: S314 – ours


def texts(svg: str) -> list[str]:
    """What is written in a picture."""
    return [(text.text or "").replace("\u00a0", " ") for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 – ours


def clipped(svg: str) -> list[str]:
    """Texts of which anything lies outside of the picture."""
    root = ET.fromstring(svg)  # noqa: S314 – ours
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {width:g} {height:g}"
    return [
        said for said, (left, top, right, bottom) in _boxes(root, 0, 0) if left < -0.6 or top < 0 or right > width + 0.6 or bottom > height
    ]


def _boxes(element: ET.Element, x: float, y: float) -> list[tuple[str, tuple[float, float, float, float]]]:
    moved = re.match(r"translate\(([-\d.e]+),([-\d.e]+)\)", element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag == f"{SVG}text":
        return [(element.text or "", _box(element.attrib, element.text or "", x, y))]
    return [box for child in element for box in _boxes(child, x, y)]


def _box(said: Mapping[str, str], text: str, x: float, y: float) -> tuple[float, float, float, float]:
    """Of a text: its length, and the highest and lowest ink of its letters, marks above and below included."""
    weight = int(said["font-weight"])
    wide = look.length(text, weight)
    start = x - {"start": 0, "middle": wide / 2, "end": wide}[said["text-anchor"]]
    _, top, _, bottom = look.font(weight).getbbox(text, anchor="ls")
    return start, y + top * look.SIZE / 100, start + wide, y + bottom * look.SIZE / 100
