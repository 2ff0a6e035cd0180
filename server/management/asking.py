"""What nobody else may read is asked for twice on the terminal, or read from standard input."""

import getpass
import sys
from typing import Literal

from django.core.management.base import CommandError

Secret = Literal["password", "pin"]
_CALLED: dict[Secret, str] = {"password": "Mật khẩu mới", "pin": "Mã PIN mới"}


def asked(what: Secret, *, from_stdin: bool) -> str:
    """It. Raises CommandError without a terminal, and where it was not typed the same twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError(f"Không có màn hình để hỏi. Xin dùng --{what}-stdin.")
    typed = getpass.getpass(f"{_CALLED[what]} (gõ không hiện chữ): ")
    if getpass.getpass("Gõ lại lần nữa: ") != typed:
        raise CommandError("Hai lần gõ không giống nhau. Chưa thay đổi gì.")
    return typed
