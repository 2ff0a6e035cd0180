"""What all commands share: their options, how they end, and sentences that several say."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from kiosk import RELEASED
from kiosk.os_errors import not_usable
from kiosk.settings import BadSettings, Settings, read_begun, read_settings
from kiosk.texts import Translate, _, translator
from sync.http import Wire

RUNNING_EXIT, BAD_SETTINGS_EXIT, REFUSED_EXIT, UNREACHABLE_EXIT, NO_DISPLAY_EXIT, STICK_EXIT = 1, 2, 3, 4, 5, 6
FOUND_EXIT = 7  # doctor found something that does not work

NOT_ENROLLED = _(
    "Máy này chưa được đăng ký. Xin cài đặt trên màn hình của máy (từ USB, bằng mã, hoặc bằng mã QR); "
    "hoặc lấy mã của quầy (trên máy chủ: sudo hailong-server enrolcode --counter MÃ_QUẦY) "
    "rồi chạy trên máy này: sudo hailong-kiosk enrol MÃ"
)
RUNNING = _("Kiosk đang chạy rồi: thư mục dữ liệu {data} đang được dùng.")


@dataclass(frozen=True)
class Options:
    """What every command of the line is given."""

    file: Path
    language: str | None

    def speaks(self, settings: Settings | None = None) -> str:
        """The code of the language to use."""
        return self.language or (settings.language if settings else "vi")

    def translate(self, settings: Settings | None = None) -> Translate:
        return translator(self.speaks(settings))

    def read(self, *, begun: bool = False) -> tuple[Settings, Translate]:
        """The settings, and how to speak by them. Leaves, naming all faults, where they cannot be used.

        begun: it will do that the tablet is not set up yet; see `read_begun`.
        """
        try:
            settings = read_begun(self.file) if begun else read_settings(self.file)
        except BadSettings as bad:
            leave("\n".join(fault.sentence(self.translate()) for fault in bad.faults), BAD_SETTINGS_EXIT)
        return settings, self.translate(settings)


class Size(click.ParamType[tuple[int, int]]):
    """Width and height of a window, as 1280x800."""

    name = "WIDTHxHEIGHT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        width, _, height = str(value).partition("x")
        if not (width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 7680 and 320 <= int(height) <= 7680):
            self.fail(f"{value!r}: write it as 1280x800, each from 320 to 7680", param, ctx)
        return int(width), int(height)


def wire_of(settings: Settings) -> Wire:
    """HTTP to the server of the settings, by the office's proxy and authority where it has such."""
    return Wire(settings.server, settings.ca_file, proxy=settings.proxy, released=RELEASED)


@contextmanager
def usable_or_leave(path: Path, translate: Translate) -> Iterator[None]:
    """Leaves, saying why and what to do, where what is done meanwhile with the file or folder fails."""
    try:
        yield
    except OSError as error:
        leave(not_usable(path, error, translate), BAD_SETTINGS_EXIT)


def leave(message: str, code: int) -> NoReturn:
    """End with a message and an exit code."""
    click.echo(message, err=True)
    sys.exit(code)
