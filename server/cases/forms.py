"""What people fill in of cases: a form for each step, and for what is done beside."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.validators import RegexValidator

from server.cases.models import Case
from server.cases.steps import mondays
from server.cases.wording import MOST_SUBJECT
from server.places.models import Unit
from server.results.templatetags.vietnamese import weekday

MOST_WORDS = 4000  # of a note; sealed, some 12 kilobytes
MOST_PUBLISHED = 1000
MOST_PLACE = 200
MONDAYS = 8
LATEST = timedelta(days=90)

_one_line = RegexValidator(r"^[^\x00-\x1f\x7f]*\Z", "Chỉ được một dòng.")
_text = RegexValidator(r"^[^\x00-\x08\x0b-\x1f\x7f]*\Z", "Có ký tự lạ. Xin xóa và gõ lại.")
_LONG = "Dài quá. Xin rút gọn còn tối đa %(limit_value)d ký tự."


def words_field(label: str, *, ask: str, required: bool = True, most: int = MOST_WORDS, hint: str = "") -> forms.CharField:
    """Several lines in somebody's own words. ask: what is said where there are none."""
    return forms.CharField(
        label=label, required=required, max_length=most, validators=[_text], help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": ask, "max_length": _LONG},
    )  # fmt: skip


def line_field(label: str, *, ask: str, most: int, hint: str = "") -> forms.CharField:
    """One line."""
    return forms.CharField(
        label=label, max_length=most, validators=[_one_line], help_text=hint, error_messages={"required": ask, "max_length": _LONG}
    )


def day_field(label: str) -> forms.DateField:
    """A day, as a browser sends it or as people type it."""
    wrong = "Xin ghi ngày, ví dụ 30/11/2026."
    return forms.DateField(
        label=label, input_formats=["%Y-%m-%d", "%d/%m/%Y"], widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": wrong, "invalid": wrong},
    )  # fmt: skip


def hour_field(label: str) -> forms.TimeField:
    """A time of day, to the minute."""
    wrong = "Xin ghi giờ, ví dụ 08:30."
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": wrong, "invalid": wrong},
    )  # fmt: skip


class CaseForm(forms.Form):
    """A form of a case. open_fields: what stays readable, and so may hold nothing of the citizen."""

    open_fields: tuple[str, ...] = ()

    def __init__(self, unit: Unit, case: Case, people: Sequence[User], *args: Any, **more: Any) -> None:  # noqa: ANN401 as of Django's
        more.setdefault("label_suffix", "")
        more.setdefault("initial", self.suggested(unit, case))
        super().__init__(*args, **more)
        self.unit, self.case = unit, case
        self.prepare(people)

    def suggested(self, unit: Unit, case: Case) -> dict[str, object]:
        """What stands in the fields at first."""
        return {}

    def prepare(self, people: Sequence[User]) -> None:
        """Fill in what may be chosen."""


class VerifyForm(CaseForm):
    """What was found out."""

    words = words_field("Kết quả xác minh", ask="Xin ghi kết quả xác minh.", hint="Ví dụ: đã hỏi cán bộ ở quầy; hồ sơ trễ hẹn 3 ngày.")


class InviteForm(CaseForm):
    """When and where the citizen is asked to come."""

    open_fields = ("place",)
    day = day_field("Ngày gặp")
    hour = hour_field("Giờ")
    place = line_field("Địa điểm", ask="Xin ghi địa điểm.", most=MOST_PLACE)

    def suggested(self, unit: Unit, case: Case) -> dict[str, object]:
        """The next Monday that leaves some days."""
        return {"day": mondays(unit.today() + timedelta(days=2), 1)[0], "hour": "08:00", "place": case.place or _room(unit)}

    def clean_day(self) -> date:
        """A day to come, and not too far away."""
        day: date = self.cleaned_data["day"]
        today = self.unit.today()
        if not today <= day <= today + LATEST:
            raise forms.ValidationError(f"Xin chọn ngày từ hôm nay đến {today + LATEST:%d/%m/%Y}.")
        return day


class ListForm(CaseForm):
    """On which Monday the citizen is received."""

    open_fields = ("place",)
    monday = forms.ChoiceField(
        label="Thứ Hai", error_messages={"required": "Xin chọn một thứ Hai.", "invalid_choice": "Xin chọn một thứ Hai trong danh sách."}
    )
    hour = hour_field("Giờ")
    place = line_field("Địa điểm", ask="Xin ghi địa điểm.", most=MOST_PLACE)

    def suggested(self, unit: Unit, case: Case) -> dict[str, object]:
        """As it is in the invitation."""
        monday = case.reception.isoformat() if case.reception else ""
        return {"monday": monday, "hour": case.hour or "08:00", "place": case.place or _room(unit)}

    def prepare(self, people: Sequence[User]) -> None:
        """The next ones, today's too."""
        days = mondays(self.unit.today() - timedelta(days=1), MONDAYS)
        cast(forms.ChoiceField, self.fields["monday"]).choices = [(day.isoformat(), f"{weekday(day)}, {day:%d/%m/%Y}") for day in days]


class MetForm(CaseForm):
    """What was said when they met."""

    words = words_field("Nội dung buổi gặp", ask="Xin ghi nội dung buổi gặp.")


class AnswerForm(CaseForm):
    """How the citizen was answered."""

    outcome = forms.ChoiceField(
        label="Đã trả lời như thế nào", widget=forms.RadioSelect, choices=[
            (Case.Outcome.APOLOGISED.value, "Đã xin lỗi và sửa"),
            (Case.Outcome.EXPLAINED.value, "Đã giải thích"),
        ],
        error_messages={"required": "Xin chọn một trong hai cách trả lời."},
    )  # fmt: skip
    words = words_field("Nội dung trả lời", ask="Xin ghi nội dung đã trả lời.")


class PublishForm(CaseForm):
    """What the board says."""

    open_fields = ("text",)
    text = words_field(
        "Nội dung công khai", ask="Xin ghi nội dung công khai.", most=MOST_PUBLISHED,
        hint="Nêu việc gì, đã xử lý thế nào. Không nêu tên, số điện thoại, địa chỉ của người dân, mã số vụ việc.",
    )  # fmt: skip


class CloseForm(CaseForm):
    """Why nothing more is done."""

    words = words_field("Lý do kết thúc", ask="Xin ghi lý do kết thúc.")


class WithdrawForm(CaseForm):
    """That the citizen takes it back, and how they said so."""

    words = words_field("Người dân rút bằng cách nào", ask="Xin ghi người dân rút bằng cách nào, ví dụ: gọi điện ngày 26/11.")


class NoteForm(CaseForm):
    """Anything worth keeping."""

    words = words_field("Ghi chú", ask="Xin ghi nội dung ghi chú.")


class AssignForm(CaseForm):
    """Who sees to it from now on."""

    handler = forms.ChoiceField(
        label="Người theo dõi", error_messages={"required": "Xin chọn một người.", "invalid_choice": "Xin chọn một người trong danh sách."}
    )

    def suggested(self, unit: Unit, case: Case) -> dict[str, object]:
        """Who does now."""
        return {"handler": case.handler}

    def prepare(self, people: Sequence[User]) -> None:
        """All who may."""
        names = [(user.get_username(), user.get_full_name() or user.get_username()) for user in people]
        cast(forms.ChoiceField, self.fields["handler"]).choices = [("", "– chọn –"), *names]


class RenameForm(CaseForm):
    """What the matter is called."""

    open_fields = ("subject",)
    subject = line_field("Tên vụ việc", ask="Xin ghi tên vụ việc.", most=MOST_SUBJECT, hint="Không nêu tên hay thông tin của người dân.")

    def suggested(self, unit: Unit, case: Case) -> dict[str, object]:
        """As it is called now."""
        return {"subject": case.subject}


def _room(unit: Unit) -> str:
    return f"Phòng tiếp công dân, {unit.name}"[:MOST_PLACE]
