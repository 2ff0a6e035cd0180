"""What people type or choose on the pages of devices."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from server.devices.provisioning import Provision, certificates, server_address

MAX_CERTIFICATES = 256 * 1024


class FilesForm(forms.Form):
    """What goes into provisioning files beside what the server knows."""

    server = forms.CharField(max_length=200, error_messages={"required": "Xin nhập địa chỉ máy chủ, ví dụ https://hailong.tinh.gov.vn"})
    ca = forms.FileField(required=False, error_messages={"empty": "Tệp chứng thư này trống. Xin chọn tệp khác, hoặc bỏ trống ô này."})

    @property
    def has_default(self) -> bool:
        """Whether certificates go in though none are given."""
        return settings.AUTHORITIES is not None

    def clean_server(self) -> str:
        """The address as kiosks take it."""
        try:
            return server_address(str(self.cleaned_data["server"]).strip())
        except ValueError as error:
            message = "Cần địa chỉ bắt đầu bằng https://, không có đường dẫn, ví dụ https://hailong.tinh.gov.vn"
            raise forms.ValidationError(message) from error

    def clean_ca(self) -> bytes | None:
        """Certificates in PEM, by default those by which this server is known, or None."""
        file: UploadedFile[Any] | None = self.cleaned_data["ca"]
        if file is None:
            return certificates(settings.AUTHORITIES.read_bytes()) if settings.AUTHORITIES else None
        try:
            if (file.size or 0) > MAX_CERTIFICATES:
                raise ValueError("too large")
            return certificates(file.read())
        except (OSError, ValueError) as error:
            message = "Tệp này không chứa chứng thư dạng PEM (-----BEGIN CERTIFICATE-----). Xin chọn tệp khác, hoặc bỏ trống ô này."
            raise forms.ValidationError(message) from error

    def given(self) -> Provision:
        """Of a valid form."""
        return Provision(self.cleaned_data["server"], self.cleaned_data["ca"])


class ReplaceForm(forms.Form):
    """What became of the old tablet's entries."""

    SENT, LOST = "da-gui-het", "khong-lay-duoc"

    state = forms.ChoiceField(
        choices=[(SENT, "đã gửi hết"), (LOST, "không lấy được")],
        error_messages={"required": "Xin chọn một trong hai câu.", "invalid_choice": "Xin chọn một trong hai câu."},
    )
