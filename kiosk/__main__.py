"""The command line; without a command the kiosk's window, or what keeps it from opening."""

import atexit
import logging
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click

from kiosk import __version__
from kiosk.commands import doctor, enrol, export, logs, reset, rotate, status, sync
from kiosk.commands.options import (
    BAD_SETTINGS_EXIT,
    NO_DISPLAY_EXIT,
    NOT_ENROLLED,
    RUNNING,
    RUNNING_EXIT,
    Options,
    Size,
)
from kiosk.enrolment import load_identity
from kiosk.logs import Discreet, LogFile
from kiosk.os_errors import not_usable
from kiosk.running import run_kiosk
from kiosk.settings import DEFAULT_FILE, BadSettings, Settings, read_begun
from kiosk.storage.database import AlreadyRunning
from kiosk.storage.open_ledger import NotRecorded
from kiosk.texts import LANGUAGES, _
from kiosk.ui.window import NoDisplay, prepare

NO_DISPLAY = _("Không tìm thấy màn hình. Xin chạy trên máy có màn hình, hoặc đặt biến DISPLAY.")
NO_DATA = _("Không ghi được dữ liệu")
OPEN_AGAIN = _("Sau khi sửa, xin mở lại chương trình.")

log = logging.getLogger(__name__)


@click.group(invoke_without_command=True)
@click.option("--config", "file", type=click.Path(path_type=Path), default=DEFAULT_FILE, show_default=True, help="the settings, kiosk.toml")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="language of screens and messages (default: as set, else vi)")
@click.option("--window", "size", type=Size(), help="a window on a desk instead of the whole screen, e.g. 1280x800")
@click.option("--training", is_flag=True, help="begin in training: nothing is recorded, for a quarter of an hour at most")
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context, file: Path, language: str | None, size: tuple[int, int] | None, *, training: bool) -> None:
    """The satisfaction kiosk. Without a command it opens its window."""
    level = logging.INFO if context.invoked_subcommand is None else logging.WARNING
    output = logging.StreamHandler()
    output.setFormatter(Discreet())
    logging.basicConfig(level=level, handlers=[output])
    context.obj = Options(file, language)
    if context.invoked_subcommand is None:
        context.exit(run(context.obj, size, trains=training))


for command in (
    doctor.doctor_command,
    enrol.enrol_command,
    export.export_command,
    logs.logs_command,
    reset.reset_command,
    rotate.rotate_command,
    status.status_command,
    sync.sync_command,
):
    main.add_command(command)


def run(options: Options, size: tuple[int, int] | None, *, trains: bool = False) -> int:
    """Open the kiosk's window; the exit code when it has ended. trains: begin in training."""
    translate = options.translate()
    try:
        settings = read_begun(options.file)
    except BadSettings as bad:
        sentences = [fault.sentence(translate) for fault in bad.faults]
        return _show_faults(translate("Chưa dùng được: cần sửa tệp cấu hình"), [*sentences, translate(OPEN_AGAIN)], size)
    translate = options.translate(settings)
    _log_to_disk(settings.data)
    try:
        identity = load_identity(settings.data, settings.provision) if settings.server else None
    except OSError as error:
        return _show_faults(translate(NO_DATA), [not_usable(settings.data, error, translate), translate(OPEN_AGAIN)], size)
    if identity is None:
        return _set_up(settings, options, size)
    try:
        prepare(size)
        return run_kiosk(settings, identity, options, closable=size is not None, trains=trains)
    except AlreadyRunning:
        click.echo(translate(RUNNING).format(data=settings.data), err=True)
        return RUNNING_EXIT
    except NoDisplay:
        click.echo(translate(NO_DISPLAY), err=True)
        return NO_DISPLAY_EXIT
    except (OSError, sqlite3.Error, NotRecorded) as error:
        log.exception("the kiosk could not start")
        sentence = not_usable(settings.data, error, translate)
        return _show_faults(translate(NO_DATA), [sentence, translate(OPEN_AGAIN)], size)


def _log_to_disk(data: Path) -> None:
    try:
        logging.getLogger().addHandler(LogFile(data))
    except OSError as error:
        log.warning("there is no log on the disk: %s", error)
    log.info("the kiosk %s starts", __version__)


def _set_up(settings: Settings, options: Options, size: tuple[int, int] | None) -> int:
    """The first start; when it is done, the kiosk begins in this very process. settings: what is known already."""
    translate = options.translate(settings)
    click.echo(translate(NOT_ENROLLED), err=True)
    try:
        prepare(size)
    except NoDisplay:
        return BAD_SETTINGS_EXIT
    from kiosk.setup.installing import Installing  # once in a tablet's life: no other start is to wait for it
    from kiosk.ui.setup import show_setup
    from kiosk.ui.theme import theme

    theme.inches, theme.low = settings.diagonal_inches, settings.low
    with closing(Installing(options.file, settings, translate)) as installing:
        done = show_setup(installing, translate, closable=size is not None)
    return _begin_again() if done else 0


def _begin_again() -> int:
    """Start anew in place of this program, as whoever supervises it would; where a process cannot be replaced, they must."""
    if sys.platform != "win32":
        words = sys.argv[1:] if hasattr(sys, "_MEIPASS") else sys.orig_argv[1:]
        atexit._run_exitfuncs()
        os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 ourselves, with the words that we were started with
    from kiosk.ui.guard import RESTART_EXIT

    return RESTART_EXIT


def _show_faults(headline: str, sentences: list[str], size: tuple[int, int] | None) -> int:
    click.echo("\n".join([headline, *sentences]), err=True)
    try:
        prepare(size)
    except NoDisplay:
        return BAD_SETTINGS_EXIT
    from kiosk.ui.app import show_faults

    show_faults(headline, sentences, closable=size is not None)
    return BAD_SETTINGS_EXIT


if __name__ == "__main__":
    main()
