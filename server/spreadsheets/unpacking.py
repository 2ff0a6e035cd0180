"""Is the file what it should be, before anything reads it: not too large, no archive that bursts, no macros, no password."""

import zipfile
from io import BytesIO
from typing import NamedTuple

_MOST_PARTS = 2000
_MEGABYTE = 1024 * 1024
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_CHUNK = 1 << 20
SAVE_AS = "Xin mở tệp bằng Excel hoặc LibreOffice, chọn “Lưu thành”, kiểu “Excel Workbook (.xlsx)”, rồi tải lên lại."


class UnreadableError(Exception):
    """The file as a whole cannot be used; the message says, in Vietnamese, why and what to do."""


class Limits(NamedTuple):
    """How large a file may be, in megabytes: as it is sent, and unpacked. mend: what to do with a larger one."""

    sent: int
    unpacked: int
    mend: str

    def check(self, size: int) -> None:
        """Raises UnreadableError for a file of more bytes than may be sent."""
        if size > self.sent * _MEGABYTE:
            raise UnreadableError(f"Tệp lớn hơn {self.sent} MB. {self.mend}")


def is_workbook(body: bytes, limits: Limits) -> bool:
    """Whether the file is a workbook that may be read; False: it is text. Raises UnreadableError."""
    limits.check(len(body))
    if not body.strip():
        raise UnreadableError("Tệp trống. Xin chọn lại tệp.")
    if body.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in body:
            raise UnreadableError("Tệp được bảo vệ bằng mật khẩu. Xin bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc) rồi tải lên lại.")
        raise UnreadableError(f"Đây là tệp Excel kiểu cũ (.xls), máy chủ không đọc được. {SAVE_AS}")
    if not body.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            _check(archive, limits)
    except UnreadableError:
        raise
    except Exception as error:  # a damaged archive lets zipfile and its decompressors fail in many ways
        raise UnreadableError(f"Tệp bị hỏng hoặc tải lên chưa trọn vẹn. {SAVE_AS}") from error
    return True


def _check(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked * _MEGABYTE:
        raise UnreadableError("Tệp nén bung ra quá lớn, không phải bảng tính thông thường. Xin chép các ô cần nhập sang một tệp mới.")
    if any("vbaproject" in name.lower() for name in names):
        raise UnreadableError(f"Tệp có macro, máy chủ không nhận. {SAVE_AS}")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise UnreadableError(f"Đây không phải tệp Excel (.xlsx) hay CSV. {SAVE_AS}")
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnreadableError("Tệp được bảo vệ bằng mật khẩu. Xin bỏ mật khẩu rồi tải lên lại.")
        if part.filename.endswith((".xml", ".rels")) and _declares(archive, part):
            raise UnreadableError(f"Tệp có phần khai báo lạ (DTD), máy chủ không nhận. {SAVE_AS}")


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether the part declares entities of its own, which a workbook never does: they may name other files, or grow without end."""
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen = (before + chunk).replace(b"\x00", b"")  # UTF-16 too
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                return True
            before = chunk[-32:]
    return False
