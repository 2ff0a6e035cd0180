"""Typing in a slip of paper out of the suggestion box."""

from datetime import timedelta
from typing import Any, cast

from django import forms

from server.cases.forms import day_field, words_field
from server.cases.taking import FoundPaper
from server.comments.words import CONSENT
from server.places.models import Unit
from sync.choices import DEFAULT_REASONS
from sync.sealing import Written
from sync.writing import MAX_WRITER_ADDRESS, MAX_WRITER_NAME

OLDEST = timedelta(days=366)
_MOST_PHONE = 20
_ANSWERS = {"bad": False, "good": True, "": None}
_CONTACT = ("name", "phone", "address")


class PaperForm(forms.Form):
    """The words on a slip, when it was found, and what it says further."""

    day = day_field("Ngày mở hòm thư, tìm thấy phiếu")
    text = words_field("Chép nguyên văn lời trên phiếu", ask="Xin chép lời trên phiếu.")
    answer = forms.ChoiceField(
        label="Phiếu nói chung là", required=False, widget=forms.RadioSelect,
        choices=[("bad", "Không hài lòng"), ("good", "Hài lòng, khen"), ("", "Không rõ")],
    )  # fmt: skip
    counter = forms.ChoiceField(label="Quầy (nếu phiếu có nêu)", required=False)
    officer = forms.ChoiceField(label="Cán bộ (nếu phiếu có nêu)", required=False)
    reasons = forms.MultipleChoiceField(
        label="Lý do (nếu phiếu có nêu)", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(reason.id, reason.words["vi"]) for reason in DEFAULT_REASONS if reason.rating == "dissatisfied"],
    )  # fmt: skip
    consent = forms.BooleanField(label="Phiếu có câu này, và người viết đã đồng ý", required=False)
    name = forms.CharField(label="Họ và tên", required=False, max_length=MAX_WRITER_NAME)
    phone = forms.RegexField(
        r"^\+?[0-9 .()-]{0,20}\Z", label="Số điện thoại", required=False, max_length=_MOST_PHONE,
        error_messages={"invalid": "Số điện thoại chỉ gồm chữ số."},
    )  # fmt: skip
    address = forms.CharField(label="Địa chỉ", required=False, max_length=MAX_WRITER_ADDRESS)

    def __init__(self, unit: Unit, *args: Any, **more: Any) -> None:  # noqa: ANN401 as of Django's
        super().__init__(*args, **{"label_suffix": "", "initial": {"day": unit.today(), "answer": "bad"}, **more})
        self.unit = unit
        places = [("", "– không nêu –"), *unit.counters.order_by("name").values_list("id", "name")]
        people = [("", "– không nêu –"), *unit.officers.order_by("name").values_list("id", "name")]
        for name, choices in (("counter", places), ("officer", people)):
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Nothing of the writer without their consent (Law 91/2025/QH15)."""
        said = super().clean() or {}
        day = said.get("day")
        today = self.unit.today()
        if day and not today - OLDEST <= day <= today:
            self.add_error("day", "Xin ghi ngày đã qua, không quá một năm.")
        if any(said.get(name) for name in _CONTACT) and not said.get("consent"):
            self.add_error(
                "consent",
                "Phiếu không ghi sự đồng ý thì không được lưu họ tên, số điện thoại, địa chỉ. Xin xóa những ô ấy, "
                "hoặc đánh dấu nếu phiếu có câu đồng ý.",
            )
        return said

    @property
    def wording(self) -> str:
        """What the citizen agrees to on the paper, word for word."""
        return CONSENT

    @property
    def written(self) -> Written:
        """What is sealed."""
        said = self.cleaned_data
        text = said["text"].replace("\r\n", "\n")
        if not any(said[name] for name in _CONTACT):
            return Written(text=text, language="vi")
        phone = "".join(char for char in said["phone"] if char in "+0123456789")
        return Written(text=text, language="vi", name=said["name"], phone=phone, address=said["address"], consent=CONSENT)

    @property
    def found(self) -> FoundPaper:
        """What is known beside."""
        said = self.cleaned_data
        return FoundPaper(said["day"], said["counter"], said["officer"], _ANSWERS[said["answer"]], said["reasons"])
