"""What people type on the pages of alerts."""

from typing import Any

from django import forms

from server.alerts.models import Alert
from server.alerts.wishes import Held

MOST = 1000  # characters
SILENT = {30: "30 phút", 60: "1 giờ", 120: "2 giờ", 240: "4 giờ", 480: "8 giờ (một ngày làm việc)"}
_LONG = {"max_length": f"Dài quá. Xin rút gọn còn tối đa {MOST} ký tự."}
_THRESHOLD = "Xin ghi mức từ 50 đến 99, ví dụ 80."


class ActForm(forms.Form):
    """What somebody does with an alert: the button that was pressed, and what they say."""

    act = forms.ChoiceField(
        choices=[("nhan", "Nhận"), ("ghi", "Ghi chú"), ("dong", "Đóng")],
        error_messages={"required": "Xin chọn một việc.", "invalid_choice": "Xin chọn một việc."},
    )
    words = forms.CharField(required=False, max_length=MOST, error_messages=_LONG)

    def clean(self) -> dict[str, Any]:
        """To comment takes words, and so does to close."""
        said = super().clean() or {}
        words = (said.get("words") or "").replace("\x1e", " ").strip()
        if "words" not in self.errors and not words and said.get("act") in ("ghi", "dong"):
            closing = said["act"] == "dong"
            self.add_error("words", "Xin ghi đã làm gì, rồi đóng." if closing else "Xin ghi vài lời.")
        return {**said, "words": words}


class WishesForm(forms.Form):
    """What a unit sets for its alerts; left empty: as above it."""

    threshold = forms.IntegerField(
        required=False,
        min_value=50,
        max_value=99,
        error_messages={"invalid": _THRESHOLD, "min_value": _THRESHOLD, "max_value": _THRESHOLD},
    )
    silent_minutes = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *SILENT.items()],
        error_messages={"invalid_choice": "Xin chọn một trong các khoảng thời gian."},
    )
    digest_at = forms.TimeField(required=False, input_formats=["%H:%M"], error_messages={"invalid": "Xin ghi giờ như 07:30."})
    own_kinds = forms.BooleanField(required=False)
    kinds = forms.MultipleChoiceField(
        required=False, choices=Alert.Kind.choices, error_messages={"invalid_choice": "Xin chọn trong danh sách."}
    )

    def values(self) -> dict[str, Any]:
        """What is kept of it, as `Wishes` has it."""
        said = self.cleaned_data
        return {
            "threshold": said["threshold"],
            "silent_minutes": said["silent_minutes"],
            "digest_at": said["digest_at"],
            "kinds": sorted(said["kinds"]) if said["own_kinds"] else None,
        }


class AddressForm(forms.Form):
    """An e-mail address."""

    address = forms.EmailField(
        label="Địa chỉ thư điện tử",
        help_text="Một thư xác nhận được gửi đến địa chỉ này. Chưa xác nhận thì không thư nào khác được gửi.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": "Xin ghi địa chỉ thư điện tử.", "invalid": "Xin ghi địa chỉ như ten@xa.tinh.gov.vn."},
    )


def in_words(held: Held) -> dict[str, str]:
    """What holds, as the form says it beside an empty field."""
    kinds = ", ".join(Alert.Kind(kind).label.lower() for kind in sorted(held.kinds))
    return {
        "threshold": f"{held.threshold} %",
        "silent_minutes": SILENT.get(held.silent_minutes, f"{held.silent_minutes} phút"),
        "digest_at": f"{held.digest_at:%H:%M}",
        "kinds": "mọi loại" if len(held.kinds) == len(Alert.Kind) else kinds or "không loại nào",
    }
