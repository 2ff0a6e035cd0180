"""Workbooks as people might send them: good ones, and such as no page takes."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Change = Callable[[str, bytes], bytes]

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
OLD_EXCEL = _OLE + bytes(600)
PASSWORD = _OLE + "EncryptedPackage".encode("utf-16-le")


def made(name: str, *rows: Sequence[Any]) -> bytes:
    """A workbook with one sheet. Rows are what stands in the cells from the left; text that begins with = is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def packed(good: bytes, change: Change | None = None, **parts: bytes) -> bytes:
    """A good workbook, some of its parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(name, content) if change else content)
        for name, content in parts.items():
            after.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return out.getvalue()


def with_macro(good: bytes) -> bytes:
    return packed(good, xl__vbaProject_bin=b"macro")


def with_entities(good: bytes) -> bytes:
    """Its first sheet declares an entity."""
    return packed(good, lambda _, content: content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1))


def damaged(good: bytes) -> bytes:
    """Its first sheet ends too early."""
    return packed(good, lambda name, content: b"<worksheet><sheetData><row" if "sheet1" in name else content)


def unreadable(good: bytes) -> dict[str, tuple[bytes, str]]:
    """Files that no page takes, whatever it is about, and what is said of them. good: one that would be taken."""
    return {
        "nothing": (b"", "Tệp trống"),
        "old Excel": (OLD_EXCEL, "kiểu cũ (.xls)"),
        "password": (PASSWORD, "mật khẩu"),
        "macros": (with_macro(good), "macro"),
        "zip bomb": (packed(good, xl__media__a_bin=bytes(160 * 1024 * 1024)), "bung ra quá lớn"),
        "entities": (with_entities(good), "khai báo lạ"),
        "another archive": (b"PK\x05\x06" + bytes(18), "không phải tệp Excel"),
        "torn": (good[:900], "bị hỏng"),
        "damaged": (damaged(good), "bị hỏng"),
        "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "Không đọc được chữ"),
        "binary": (b"abc\x00def", "không phải tệp Excel"),
        "quotes": (b'"' + b"a" * 200_000, "dấu ngoặc kép"),
    }
