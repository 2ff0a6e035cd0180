"""What stands in a letter, before it is made: each form gives the fields of its kind (`facts`)."""

from django import forms

from server.cases.models import Case
from server.documents.filling import Fact
from server.documents.heading import long_date
from server.results.templatetags.vietnamese import weekday


class _Phrase(forms.CharField):
    """Words that the layout ends with a full stop."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").rstrip(" .;")


def _words(
    label: str, *, hint: str = "", required: bool = True, rows: int = 0, most: int = 300, sentences: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    errors = {"required": f"Xin nhập: {label.lower()}.", "max_length": f"Dài quá, xin rút còn tối đa {most} ký tự."}
    field = forms.CharField if sentences else _Phrase
    return field(label=label, help_text=hint, required=required, max_length=most, widget=widget, error_messages=errors)


def _day(label: str, *, required: bool = True) -> forms.DateField:
    errors = {"required": f"Xin chọn: {label.lower()}.", "invalid": "Ngày chưa đúng. Xin nhập như 30/11/2026."}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, error_messages=errors, input_formats=["%Y-%m-%d", "%d/%m/%Y"])


class LetterForm(forms.Form):
    """What every letter says."""

    to = _words("Kính gửi", most=200)
    address = _words("Địa chỉ người nhận", required=False)
    ask = _words("Khi cần thì liên hệ", required=False)
    dated = _day("Ngày ký")
    numbered = forms.BooleanField(
        label="Hệ thống cấp số", required=False, help_text="Bỏ chọn để văn thư ghi số: trên giấy có chỗ trống trước ký hiệu."
    )

    def facts(self, case: Case) -> dict[str, Fact]:
        """The fields of the kind."""
        said = self.cleaned_data
        return {"nguoi_nhan": said["to"], "dia_chi": said["address"], "so_gop_y": case.id, "lien_he": said["ask"]}

    def subject(self, case: Case) -> str:
        """What the letter's number is taken for."""
        return case.id


class InvitationForm(LetterForm):
    """To a meeting."""

    field_order = ("to", "address", "about", "why", "day", "hour", "where", "receiver", "bring")
    about = _words("Trích yếu", hint="Đứng dưới chữ GIẤY MỜI.", most=200)
    why = _words("Mời để làm gì", rows=3, most=1000)
    day = _day("Ngày gặp")
    hour = _words("Giờ gặp", hint="Ví dụ: 8 giờ 00.", most=50)
    where = _words("Nơi gặp")
    receiver = _words("Người tiếp", required=False, most=200)
    bring = _words("Xin mang theo", required=False)

    def facts(self, case: Case) -> dict[str, Fact]:
        """The fields of the kind."""
        said = self.cleaned_data
        return {
            **super().facts(case),
            "ve_viec": said["about"],
            "noi_dung": said["why"],
            "thoi_gian": f"{said['hour']}, {weekday(said['day'])}, {long_date(said['day'])}",
            "dia_diem": said["where"],
            "nguoi_tiep": said["receiver"],
            "mang_theo": said["bring"],
        }

    def subject(self, case: Case) -> str:
        """To another day goes another letter."""
        return f"{case.id} {self.cleaned_data['day']:%Y-%m-%d}"


class ApologyForm(LetterForm):
    """The head of the office is sorry."""

    field_order = ("to", "address", "about", "opening", "receipt", "file_kind", "state", "reason", "new_day", "sorry", "promise")
    about = _words("Trích yếu", hint="Đứng dưới chữ THƯ XIN LỖI.", most=200)
    opening = _words("Câu mở đầu", rows=3, most=1000, sentences=True)
    receipt = _words("Số biên nhận", required=False, hint="Góp ý không về hồ sơ nào thì để trống: dòng này không có trên thư.", most=100)
    file_kind = _words("Loại hồ sơ", required=False)
    state = _words("Tình trạng", required=False, hint="Ví dụ: trễ hạn 03 ngày làm việc; ghi sai thông tin.")
    reason = _words("Lý do", required=False, rows=2, most=1000)
    new_day = _day("Ngày hẹn trả kết quả mới", required=False)
    sorry = _words("Lời xin lỗi", rows=3, most=2000, sentences=True)
    promise = _words("Lời hứa", required=False, rows=3, most=2000, sentences=True)

    def facts(self, case: Case) -> dict[str, Fact]:
        """The fields of the kind."""
        said = self.cleaned_data
        return {
            **super().facts(case),
            "ve_viec": said["about"],
            "mo_dau": said["opening"],
            "so_bien_nhan": said["receipt"],
            "loai_ho_so": said["file_kind"],
            "tinh_trang": said["state"],
            "ly_do": said["reason"],
            "ngay_hen_moi": long_date(said["new_day"]) if said["new_day"] else "",
            "loi_xin_loi": said["sorry"],
            "cam_ket": said["promise"],
        }


class ExplanationForm(LetterForm):
    """An answer that explains."""

    field_order = ("to", "address", "about", "opening", "answer")
    about = _words("Trích yếu", hint="Đứng sau chữ V/v, dưới số của công văn.", most=200)
    opening = _words("Câu mở đầu", rows=3, most=1000, sentences=True)
    answer = _words("Nội dung trả lời", rows=8, hint="Mỗi dòng là một đoạn.", most=8000, sentences=True)

    def facts(self, case: Case) -> dict[str, Fact]:
        """The fields of the kind."""
        said = self.cleaned_data
        paragraphs = [line.strip() for line in said["answer"].splitlines() if line.strip()]
        return {**super().facts(case), "ve_viec": said["about"], "mo_dau": said["opening"], "tra_loi": list[Fact](paragraphs)}
