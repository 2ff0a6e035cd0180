"""Joins the parts: settings, ledger, courier, window; and the command line."""

import logging
import sqlite3
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from kiosk import __version__
from kiosk.advice import why_later, why_refused
from kiosk.clocks import Clocks
from kiosk.database import AlreadyRunning
from kiosk.enrolment import Identity, device_key, load_identity, store_enrolment
from kiosk.facts import Facts
from kiosk.ledger import Binding, Ledger
from kiosk.open_ledger import NotRecorded
from kiosk.priority import go_first
from kiosk.reset import StillWaiting, reset_for_imaging
from kiosk.roster import Roster
from kiosk.settings import DEFAULT_FILE, BadSettings, Settings, is_server_address, read_settings, write_settings
from kiosk.texts import LANGUAGES, Translate, _, translator
from kiosk.ui.window import NoDisplay, prepare
from kiosk.visit import Visit
from kiosk.vote import Rating
from sync.client import Client, enrol
from sync.courier import Courier
from sync.entries import Started, Vote, uuid7
from sync.errors import ExchangeError, Refused, TryLater
from sync.http import Wire

SECONDS_FOR_THE_COURIER = 2.0
RUNNING_EXIT, BAD_SETTINGS_EXIT, REFUSED_EXIT, UNREACHABLE_EXIT, NO_DISPLAY_EXIT = 1, 2, 3, 4, 5

NOT_WRITABLE = _("Không dùng được {path}: {error}. Xin kiểm tra quyền ghi và chỗ trống của ổ đĩa.")
RUNNING = _("Kiosk đang chạy rồi: thư mục dữ liệu {data} đang được dùng.")
NO_DISPLAY = _("Không tìm thấy màn hình. Xin chạy trên máy có màn hình, hoặc đặt biến DISPLAY.")


@dataclass(frozen=True)
class Options:
    """What every command of the line is given."""

    file: Path
    language: str | None

    def translate(self, settings: Settings | None = None) -> Translate:
        return translator(self.language or (settings.language if settings else "vi"))


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


@click.group(invoke_without_command=True)
@click.option("--config", "file", type=click.Path(path_type=Path), default=DEFAULT_FILE, show_default=True, help="the settings, kiosk.toml")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="language of screens and messages (default: as set, else vi)")
@click.option("--window", "size", type=Size(), help="a window on a desk instead of the whole screen, e.g. 1280x800")
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context, file: Path, language: str | None, size: tuple[int, int] | None) -> None:
    """The satisfaction kiosk. Without a command it opens its window."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    context.obj = Options(file, language)
    if context.invoked_subcommand is None:
        context.exit(run(context.obj, size))


@main.command("enrol")
@click.argument("code")
@click.option("--server", help="the server's address; written to kiosk.toml where there is none yet")
@click.pass_obj
def enrol_command(options: Options, code: str, server: str | None) -> None:
    """Enrol this kiosk with a one-time CODE of its counter."""
    translate = options.translate()
    if server is not None and not options.file.exists():
        if not is_server_address(server):
            _leave(translate("Địa chỉ máy chủ phải có dạng https://hailong.tinh.gov.vn"), BAD_SETTINGS_EXIT)
        try:
            write_settings(options.file, server.rstrip("/"))
        except OSError as error:
            _leave(translate(NOT_WRITABLE).format(path=options.file, error=error.strerror), BAD_SETTINGS_EXIT)
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        _leave("\n".join(fault.sentence(translate) for fault in bad.faults), BAD_SETTINGS_EXIT)
    translate = options.translate(settings)
    if server is not None and server.rstrip("/") != settings.server.rstrip("/"):
        message = translate("Tệp {file} đã ghi máy chủ {server}. Nếu muốn đổi, xin sửa khóa server trong tệp đó rồi chạy lại.")
        _leave(message.format(file=options.file, server=settings.server), BAD_SETTINGS_EXIT)
    try:
        key = device_key(settings.data)
    except OSError as error:
        _leave(translate(NOT_WRITABLE).format(path=settings.data, error=error.strerror), BAD_SETTINGS_EXIT)
    wire = Wire(settings.server, settings.ca_file)
    try:
        enrolment = enrol(wire, key, code, __version__)
    except Refused as refused:
        _leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        _leave(why_later(later, settings, translate), UNREACHABLE_EXIT)
    store_enrolment(settings.data, enrolment)
    with suppress(ExchangeError):  # the courier fetches it otherwise; until then votes are for nobody in particular
        config = Client(wire, enrolment.device, key, enrolment.signing_key).config(enrolment.config)
        Roster(settings.data, enrolment.unit, enrolment.counter).store(config)
    click.echo(translate("Đã đăng ký: {counter}, {unit}.").format(counter=enrolment.counter.name, unit=enrolment.unit.name))


@main.command("reset")
@click.option("--for-imaging", is_flag=True, required=True, help="leave nothing that makes this tablet known: key, enrolment, ledgers")
@click.option("--force", is_flag=True, help="even if entries are not known to be on the server")
@click.pass_obj
def reset_command(options: Options, *, for_imaging: bool, force: bool) -> None:
    """Make this tablet ready to be the model of a disk image."""
    translate = options.translate()
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        _leave("\n".join(fault.sentence(translate) for fault in bad.faults), BAD_SETTINGS_EXIT)
    translate = options.translate(settings)
    try:
        done = reset_for_imaging(settings.data, force=force)
    except StillWaiting as still:
        message = translate(
            "Còn {waiting} mục chưa được máy chủ xác nhận, nên chưa làm gì cả. Xin để kiosk gửi hết rồi chạy lại; "
            "hoặc thêm --force: dữ liệu vẫn được giữ, nhưng không gửi nữa."
        )
        _leave(message.format(waiting=still.waiting), REFUSED_EXIT)
    except AlreadyRunning:
        _leave(translate(RUNNING).format(data=settings.data), RUNNING_EXIT)
    except (OSError, sqlite3.Error) as error:
        _leave(translate(NOT_WRITABLE).format(path=settings.data, error=error), BAD_SETTINGS_EXIT)
    if done.aside is None:
        click.echo(translate("Thư mục dữ liệu {data} vốn trống: máy này chưa có khóa, đăng ký hay sổ nào.").format(data=settings.data))
        return
    message = translate(
        "Máy này không còn khóa, đăng ký và sổ. Tất cả được chuyển sang {aside} ({waiting} mục chưa được máy chủ xác nhận). "
        "Trước khi sao ảnh đĩa, xin chép thư mục đó ra nơi khác rồi xóa nó khỏi máy; sau khi cài, mỗi máy đăng ký bằng mã riêng."
    )
    click.echo(message.format(aside=done.aside, waiting=done.waiting))


def run(options: Options, size: tuple[int, int] | None) -> int:
    """Open the kiosk's window; the exit code when it has ended."""
    translate = options.translate()
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        sentences = [fault.sentence(translate) for fault in bad.faults]
        return _show_faults(translate("Chưa dùng được: cần sửa tệp cấu hình"), sentences, size)
    translate = options.translate(settings)
    identity = load_identity(settings.data)
    if identity is None:
        sentence = translate(
            "Lấy mã đăng ký của quầy trên máy chủ {server}, rồi chạy trên máy này: hailong-kiosk --config {file} enrol MÃ"
        ).format(server=settings.server, file=options.file)
        return _show_faults(translate("Máy này chưa được đăng ký"), [sentence], size)
    try:
        prepare(size)
        return _run_kiosk(settings, identity, translate, size)
    except AlreadyRunning:
        click.echo(translate(RUNNING).format(data=settings.data), err=True)
        return RUNNING_EXIT
    except NoDisplay:
        click.echo(translate(NO_DISPLAY), err=True)
        return NO_DISPLAY_EXIT
    except (OSError, sqlite3.Error, NotRecorded) as error:
        logging.getLogger(__name__).exception("the kiosk could not start")
        sentence = translate(NOT_WRITABLE).format(path=settings.data, error=error)
        return _show_faults(translate("Không ghi được dữ liệu"), [sentence], size)


def _run_kiosk(settings: Settings, identity: Identity, translate: Translate, size: tuple[int, int] | None) -> int:
    from kiosk.ui.app import KioskApp

    enrolment = identity.enrolment
    clocks = Clocks()
    ledger = Ledger(settings.data, clocks)
    ledger.bind(Binding(identity.public_key, enrolment.unit.id, enrolment.counter.id))
    with suppress(NotRecorded):  # a full disk: the ledger has logged it, and each citizen will be told
        ledger.append(lambda now: Started(id=uuid7(), at=now.at, up=now.up, boot=now.boot, version=__version__))
    roster = Roster(settings.data, enrolment.unit, enrolment.counter)
    recorder = ThreadPoolExecutor(1, thread_name_prefix="recorder", initializer=go_first)

    def cast(rating: Rating) -> Future[None]:
        officer = roster.officer.id if roster.officer else None
        return recorder.submit(
            ledger.append,
            lambda now: Vote(id=uuid7(), at=now.at, up=now.up, boot=now.boot, officer=officer, rating=rating.value),
        )

    app = KioskApp(Visit(cast, settings.thanks_seconds), translate, closable=size is not None)

    def show_officer() -> None:
        config, officer = roster.config, roster.officer
        if officer is None:
            app.show_officer(config.counter.name, config.unit.name, "")
        else:
            app.show_officer(officer.name, officer.title, config.counter.name)

    facts = Facts(settings.data, clocks, ledger, roster, show_officer)
    wire = Wire(settings.server, settings.ca_file)
    courier = Courier(ledger, Client(wire, enrolment.device, identity.key, enrolment.signing_key), facts, facts.note)
    stop = threading.Event()
    carrying = threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True)
    show_officer()
    app.start(when_shown=carrying.start)
    stop.set()
    if carrying.is_alive():
        carrying.join(SECONDS_FOR_THE_COURIER)
    recorder.shutdown()
    ledger.close()
    return 0


def _show_faults(headline: str, sentences: list[str], size: tuple[int, int] | None) -> int:
    click.echo("\n".join([headline, *sentences]), err=True)
    try:
        prepare(size)
    except NoDisplay:
        return BAD_SETTINGS_EXIT
    from kiosk.ui.app import show_faults

    show_faults(headline, sentences, closable=size is not None)
    return BAD_SETTINGS_EXIT


def _leave(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
