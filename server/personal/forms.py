"""What is asked on the pages of personal data."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from server.cases import private
from server.personal.matching import Sought, number_of, phone_of, words_of
from server.personal.rules import Rule
from sync.sealing import Written
from sync.writing import MAX_WRITER_ADDRESS, MAX_WRITER_NAME

LONGEST_HOLD = timedelta(days=5 * 366)
_PLAIN = {"autocomplete": "off"}
_NUMBER = _PLAIN | {"placeholder": "AB12-CD34"}
_LONG = {"max_length": "Dài quá %(limit_value)d ký tự. Xin rút ngắn."}


class SoughtForm(forms.Form):
    """Whose data is sought. Nothing of it is kept."""

    number = forms.CharField(
        label="Mã số góp ý",
        required=False,
        max_length=40,
        widget=forms.TextInput(_NUMBER),
        error_messages=_LONG,
    )
    phone = forms.CharField(
        label="Số điện thoại", required=False, max_length=40, widget=forms.TextInput(_PLAIN | {"inputmode": "tel"}), error_messages=_LONG
    )
    name = forms.CharField(
        label="Họ và tên", required=False, max_length=MAX_WRITER_NAME, widget=forms.TextInput(_PLAIN), error_messages=_LONG
    )
    address = forms.CharField(
        label="Địa chỉ", required=False, max_length=MAX_WRITER_ADDRESS, widget=forms.TextInput(_PLAIN), error_messages=_LONG
    )

    def clean(self) -> dict[str, Any]:
        """Something is sought, and it is enough to find by."""
        said = super().clean() or {}
        if said.get("number") and not number_of(said["number"]):
            self.add_error("number", "Mã số không đúng. Mã có 8 ký tự, ví dụ AB12-CD34; xin xem lại từng ký tự.")
        if said.get("phone") and not phone_of(said["phone"]):
            self.add_error("phone", "Số điện thoại cần có ít nhất 9 chữ số.")
        for field in ("name", "address"):
            if said.get(field) and len("".join(words_of(said[field]))) < 2:
                self.add_error(field, "Xin viết ít nhất hai chữ cái.")
        if not self.errors and not any(said.values()):
            raise forms.ValidationError("Xin điền ít nhất một ô.")
        return said

    @property
    def sought(self) -> Sought:
        """What was filled in."""
        return Sought(**self.cleaned_data)


class EraseForm(forms.Form):
    """Why something is erased, and that it is meant."""

    because = forms.CharField(
        label="Căn cứ",
        max_length=120,
        widget=forms.TextInput(_PLAIN),
        help_text="Số, ngày của đơn hoặc biên bản, ví dụ: Đơn số 15 ngày 26/11/2026. Dòng này được giữ mãi: không ghi tên, số điện thoại.",
        error_messages=_LONG | {"required": "Xin ghi số đơn hoặc lý do xóa."},
    )
    sure = forms.BooleanField(
        label="Tôi đã kiểm tra đúng người, và hiểu rằng không thể lấy lại.", error_messages={"required": "Xin đánh dấu để xác nhận."}
    )

    def clean_because(self) -> str:
        """No telephone number."""
        return _nothing_personal(self.cleaned_data["because"])


class TermsForm(forms.Form):
    """How many months things are kept."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 as Django hands them on
        super().__init__(*args, **options)
        for rule in Rule:
            usual, least, most = rule.limits
            between = f"Xin ghi một số từ {least} đến {most}."
            self.fields[rule.value] = forms.IntegerField(
                label=rule.label,
                min_value=least,
                max_value=most,
                help_text=f"{rule.reason} Từ {least} đến {most} tháng; thông thường {usual}.",
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), between),
            )


class HoldForm(forms.Form):
    """A case that is held back."""

    case = forms.CharField(
        label="Mã số vụ việc", max_length=40, widget=forms.TextInput(_PLAIN), error_messages=_LONG | {"required": "Xin ghi mã số vụ việc."}
    )
    until = forms.DateField(
        label="Giữ lại đến hết ngày",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Xin chọn một ngày.", "invalid": "Ngày cần viết như 26/11/2027."},
    )
    because = forms.CharField(
        label="Lý do",
        max_length=200,
        widget=forms.TextInput(_PLAIN),
        help_text="Ví dụ: đang giải quyết khiếu nại, hồ sơ số 7. Không ghi tên, số điện thoại của người dân.",
        error_messages=_LONG | {"required": "Xin ghi lý do."},
    )

    def clean_because(self) -> str:
        """No telephone number."""
        return _nothing_personal(self.cleaned_data["because"])

    def clean_case(self) -> str:
        """As it is kept."""
        if not (number := number_of(self.cleaned_data["case"])):
            raise forms.ValidationError("Mã số không đúng. Mã có 8 ký tự, ví dụ AB12-CD34.")
        return number

    def clean_until(self) -> date:
        """A day to come, and not for ever."""
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= until <= today + LONGEST_HOLD:
            raise forms.ValidationError(f"Xin chọn một ngày từ hôm nay đến {today + LONGEST_HOLD:%d/%m/%Y}.")
        return until


def _nothing_personal(text: str) -> str:
    if re.search(r"(?:\+?84|0)(?:[ .-]?\d){8,9}(?!\d)", text):
        raise forms.ValidationError("Dòng này được giữ mãi. Xin bỏ số điện thoại, chỉ ghi số đơn và ngày.")
    return " ".join(text.split())


def refuse_names(form: forms.Form, known: Iterable[Written]) -> None:
    """Say so where the reason, which is kept for ever, has something of whoever wrote. known: what they wrote, opened."""
    if said := form.cleaned_data.get("because"):
        for what in private.found(said, known, []):
            form.add_error("because", f"Dòng này được giữ mãi, mà đang có {what}. Xin bỏ đi, chỉ ghi số đơn và ngày.")
