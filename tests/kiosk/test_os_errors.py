"""What the operating system says, in the technician's language."""

import errno
import os
from pathlib import Path

import pytest

from kiosk.advice import why_not_exported
from kiosk.export import StickFault
from kiosk.os_errors import not_usable
from kiosk.texts import translator

COMMON = (
    errno.EACCES,
    errno.EPERM,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EISDIR,
    errno.EROFS,
    errno.ENOENT,
    errno.EIO,
)


@pytest.mark.parametrize("number", COMMON)
def test_the_common_errors_are_told_without_the_systems_english(number: int) -> None:
    error = OSError(number, os.strerror(number), "/x")
    for language in ("vi", "en"):
        told = not_usable(Path("/data"), error, translator(language))
        assert told.startswith("Không dùng được /data: " if language == "vi" else "/data cannot be used: ")
        assert language == "en" or os.strerror(number).lower() not in told.lower()
    assert "Errno" not in why_not_exported(StickFault(error), Path("/media"), translator("vi"))


def test_any_other_error_keeps_its_own_words_and_has_a_hint() -> None:
    told = not_usable(Path("/data"), OSError(errno.EMFILE, "Too many open files"), translator("vi"))
    assert told == "Không dùng được /data: Too many open files; xin kiểm tra quyền ghi và chỗ trống của ổ đĩa."
    assert "database is locked" in not_usable(Path("/data"), ValueError("database is locked"), translator("vi"))
