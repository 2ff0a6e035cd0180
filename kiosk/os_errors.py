"""What the operating system says of a file or a disk, for people: what is wrong, and what a technician does about it."""

import errno
import os
from typing import NamedTuple

from kiosk.texts import Translate, _


class InWords(NamedTuple):
    """wrong, hint: parts of a sentence in Vietnamese, to be translated."""

    wrong: str
    hint: str


_NO_PERMISSION = InWords(_("không có quyền đọc hoặc ghi"), _("xin kiểm tra quyền và chủ sở hữu của tệp, thư mục"))
_FULL = InWords(_("ổ đĩa đã đầy"), _("xin xóa bớt tệp trên ổ đĩa"))
_IN_WORDS = {
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENOTDIR: InWords(_("một phần của đường dẫn là tệp, không phải thư mục"), _("xin kiểm tra đường dẫn")),
    errno.EEXIST: InWords(_("đã có một tệp mang tên này"), _("xin kiểm tra đường dẫn")),
    errno.EISDIR: InWords(_("đây là thư mục, không phải tệp"), _("xin kiểm tra đường dẫn")),
    errno.EROFS: InWords(_("ổ đĩa chỉ cho phép đọc"), _("xin kiểm tra khóa chống ghi, hoặc gắn lại ổ đĩa ở chế độ ghi")),
    errno.ENOENT: InWords(_("không có tệp hoặc thư mục này"), _("xin kiểm tra đường dẫn")),
    errno.EIO: InWords(_("ổ đĩa có lỗi khi đọc hoặc ghi"), _("xin kiểm tra ổ đĩa, thay nếu cần")),
}


def in_words(error: Exception) -> InWords:
    """Of an OSError that is common, the words for it; of any other error its own text."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _IN_WORDS:
        return _IN_WORDS[number]
    return InWords(os.strerror(number) if number else str(error), _("xin kiểm tra quyền ghi và chỗ trống của ổ đĩa"))


def not_usable(path: os.PathLike[str], error: Exception, translate: Translate) -> str:
    """That a file or folder cannot be used, why, and what to do about it."""
    wrong, hint = in_words(error)
    return translate("Không dùng được {path}: {error}; {hint}.").format(path=path, error=translate(wrong), hint=translate(hint))
