"""What a unit types about its papers."""

from typing import TYPE_CHECKING

from django import forms

from server.documents.models import Details

if TYPE_CHECKING:
    DetailsModelForm = forms.ModelForm[Details]
else:
    DetailsModelForm = forms.ModelForm

_HINTS = {
    "body": "Viết như trong câu, ví dụ: Ủy ban nhân dân phường Thái Hòa. Trên giấy tự đổi sang chữ in hoa.",
    "superior": "Ủy ban nhân dân các cấp để trống. Trung tâm Phục vụ hành chính công ghi: UBND phường Thái Hòa.",
    "symbol": "Đứng sau tên loại, ví dụ UBND trong 12/GM-UBND.",
    "office": "Ví dụ VP; đứng sau chữ VT ở mục Nơi nhận.",
    "place": "Đứng trước ngày tháng, ví dụ Thái Hòa.",
    "authority": "Ví dụ TM. Ủy ban nhân dân; cấp phó ký thay thì ghi thêm dòng KT. Chủ tịch.",
    "position": "Ví dụ Chủ tịch, Phó Chủ tịch.",
    "signatory": "Để trống thì ghi tay khi ký.",
    "room": "Ví dụ: Phòng tiếp công dân, tầng 1.",
    "mondays": "Ví dụ: từ 7 giờ 30 phút đến 11 giờ 30 phút.",
    "numbered": "Bỏ chọn nếu văn thư ghi số từ sổ văn bản đi: trên giấy để chỗ trống trước ký hiệu.",
}


class DetailsForm(DetailsModelForm):
    """The unit's details."""

    class Meta:
        model = Details
        fields = [
            "body", "superior", "symbol", "office", "place", "numbered", "authority", "position", "signatory", "address", "phone", "room",
            "mondays",
        ]  # fmt: skip
        help_texts = _HINTS
        widgets = {"authority": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type] # Django's own
        for field in self.fields.values():
            field.error_messages["required"] = f"Xin nhập {field.label.lower() if field.label else ''}."
