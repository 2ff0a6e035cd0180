"""Attachments: PDF and pictures, taken from a browser into memory alone, sealed, and given out so that no browser runs them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from server.comments.by_office import KeptFile

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 20  # of a case
_LONGEST_NAME = 100
_KINDS = {  # by how they begin: https://mimesniff.spec.whatwg.org/
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
    b"\x89PNG\r\n\x1a\n": ("image/png", (".png",)),
}


class NotTakenError(Exception):
    """Why a file is not taken, for the person who sent it."""


class Kept(FileUploadHandler):
    """Takes files into memory, for on the disk they would lie unsealed; of one that is too long, nothing."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 as of Django's
        super().__init__(*args, **more)
        self.too_long = False
        self._parts: list[bytes] = []
        self._bytes = 0

    def new_file(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 as of Django's
        """Another file begins."""
        super().new_file(*args, **more)
        self._parts, self._bytes = [], 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what came, until it is too much."""
        self._bytes += len(raw_data)
        if self._bytes > MOST_BYTES:
            self.too_long, self._parts = True, []
            raise SkipFile
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """The whole file."""
        return SimpleUploadedFile(self.file_name or "", b"".join(self._parts))


def taken(name: str, body: bytes) -> KeptFile:
    """The file, of the kind that its bytes say. Raises `NotTakenError`."""
    for begins, (kind, endings) in _KINDS.items():
        if body.startswith(begins):
            plain = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable()).strip(". ")
            if not plain.lower().endswith(endings):
                plain = f"{plain[: _LONGEST_NAME - 8] or 'tệp'}{endings[0]}"
            return KeptFile(plain[-_LONGEST_NAME:], kind, body)
    raise NotTakenError("Chỉ nhận tệp PDF, ảnh JPEG hoặc PNG. Tệp này là loại khác." if body else "Tệp này trống.")


def download(file: KeptFile) -> HttpResponse:
    """The file, to be saved and not shown."""
    answer = HttpResponse(file.body, content_type=file.kind)
    answer["Content-Disposition"] = content_disposition_header(True, file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer
