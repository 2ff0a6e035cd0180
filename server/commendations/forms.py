"""The form of a commendation."""

from datetime import date

from django import forms
from django.http import QueryDict

from server.commendations.keeping import Given
from server.commendations.wording import MOST, obstacle
from server.places.models import Officer, Unit
from server.results.addressed import EARLIEST
from sync.sealing import Written


class CommendationForm(forms.Form):
    """Who is commended, for which day, what for, and whether everybody may read it."""

    officer = forms.ChoiceField(
        label="Cán bộ được khen",
        error_messages={"required": "Xin chọn cán bộ được khen.", "invalid_choice": "Xin chọn cán bộ trong danh sách."},
    )
    day = forms.DateField(
        label="Ngày",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Xin ghi ngày.", "invalid": "Xin ghi ngày như 26/11/2026."},
    )
    words = forms.CharField(
        label="Khen vì việc gì",
        help_text="Ví dụ: “Tận tình hướng dẫn, giải quyết hồ sơ sớm hơn hẹn”. Không ghi tên, số điện thoại, hoàn cảnh của người dân.",
        widget=forms.Textarea({"rows": 3}),
        max_length=MOST,
        error_messages={"required": "Xin ghi lý do khen.", "max_length": f"Dài quá. Xin rút gọn còn tối đa {MOST} ký tự."},
    )
    public = forms.BooleanField(label="Công khai lời khen trên bảng công khai của đơn vị", required=False)

    def __init__(self, unit: Unit, data: QueryDict | None, begin: Given, written: Written | None, *, publishes: bool) -> None:
        """begin: what is filled in first. written: the comment that it comes from, which may not be repeated. publishes: whether the
        user may decide what is public; else that stays as it was.
        """
        super().__init__(data, initial={**begin._asdict(), "officer": begin.officer_id, "day": f"{begin.day}"})
        self.unit, self.begin, self.written, self.publishes = unit, begin, written, publishes
        officers = Officer.objects.filter(unit=unit)
        there = [officer for officer in officers if officer.active or officer.pk == begin.officer_id]
        choices = [("", "Xin chọn"), *((officer.pk, f"{officer.name}, {officer.title}") for officer in there)]
        self.fields["officer"].choices = choices  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs["max"] = f"{unit.today()}"

    def clean_day(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["day"]
        if not EARLIEST <= day <= self.unit.today():
            raise forms.ValidationError(f"Ngày phải từ {EARLIEST:%d/%m/%Y} đến hôm nay.")
        return day

    def clean_words(self) -> str:
        """Nothing of the citizen's."""
        words = str(self.cleaned_data["words"])
        if fault := obstacle(words, self.written):
            raise forms.ValidationError(fault)
        return words

    @property
    def given(self) -> Given:
        """What was filled in."""
        said = self.cleaned_data
        public = bool(said["public"]) if self.publishes else self.begin.public
        return Given(said["officer"], said["day"], said["words"], public)
