"""Which lines somebody may read, and asks for."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from server.places.models import Unit
from server.places.names import holds
from server.places.scope import Right, Somebody, topmost, units_for
from server.record.models import Line, first_id

MANY = 150  # units are suggested by name up to this number
FEW = 5  # lines at most that one look into the record makes
PAGE = 50
CHOICES = [("", "mọi việc"), *Line.Action.choices]
_CHUNK = 2000
_LAST_DAY = date(2999, 12, 31)
_DATE = {"invalid": "Ngày không đúng. Xin chọn hoặc viết như 2026-11-26."}


def area(user: Somebody) -> QuerySet[Unit]:
    """The units whose record the user reads."""
    return units_for(user, Right.SEE_RECORD)


def sees_all(user: Somebody) -> bool:
    """Whether the user also reads lines that are about no unit: who has the right for the whole country."""
    return bool(getattr(user, "is_superuser", False)) or area(user).filter(kind=Unit.Kind.COUNTRY).exists()


def tops(units: QuerySet[Unit]) -> list[str]:
    """The ids of those units that stand under no other of them: in whose record it is kept that it was read."""
    return list(topmost(units).order_by("id").values_list("id", flat=True)[: FEW + 1])


class Search(forms.Form):
    """What of the record somebody asks for. All may be left empty."""

    unit = forms.CharField(required=False, max_length=200)
    who = forms.CharField(required=False, max_length=150)
    action = forms.ChoiceField(
        required=False,
        choices=CHOICES,
        error_messages={"invalid_choice": "Không có việc này. Xin chọn trong danh sách."},
    )
    since = forms.DateField(required=False, error_messages=_DATE)
    until = forms.DateField(required=False, error_messages=_DATE)
    before = forms.UUIDField(required=False, error_messages={"invalid": "Địa chỉ trang không đúng. Xin bắt đầu lại từ dòng mới nhất."})

    def clean(self) -> dict[str, Any]:
        """The days in their order, and days that there are clocks for."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", "“Đến ngày” sớm hơn “Từ ngày”. Xin đổi lại.")
        for name, day in (("since", since), ("until", until)):
            if day and not date(2000, 1, 1) <= day <= _LAST_DAY:
                self.add_error(name, "Năm không đúng. Xin chọn ngày từ năm 2000 trở đi.")
        return found

    def units(self, user: Somebody) -> QuerySet[Unit]:
        """Those of the user's units that are asked for, by id or by a part of the name; all when none is named."""
        asked = self.cleaned_data["unit"].strip()
        units = area(user)
        if not asked:
            return units
        named = [unit_id for unit_id, name in units.values_list("id", "name") if unit_id == asked or holds(name, asked)]
        return units.filter(id__in=named)

    def lines(self, user: Somebody) -> QuerySet[Line]:
        """The lines that the user asks for and may read, the newest first."""
        asked = self.cleaned_data
        lines = Line.objects.order_by("-id")
        if asked["unit"].strip() or not sees_all(user):
            lines = lines.filter(unit_id__in=self.units(user).values("id"))
        if who := asked["who"].strip():
            lines = lines.filter(who=who)
        if asked["action"]:
            lines = lines.filter(action=asked["action"])
        if asked["since"]:
            lines = lines.filter(id__gte=first_id(_midnight(asked["since"])))
        if asked["until"]:
            lines = lines.filter(id__lt=first_id(_midnight(asked["until"] + timedelta(days=1))))
        if asked["before"]:
            lines = lines.filter(id__lt=asked["before"])
        return lines


def in_chunks(lines: QuerySet[Line]) -> Iterator[list[Line]]:
    """All of them, without one long read of the database while whoever fetches them is slow."""
    chunk = list(lines[:_CHUNK])
    while chunk:
        yield chunk
        chunk = list(lines.filter(id__lt=chunk[-1].id)[:_CHUNK])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
