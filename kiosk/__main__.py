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

from kiosk import RELEASED, __version__, rotation
from kiosk.advice import what_was_exported, why_later, why_not_exported, why_refused
from kiosk.clocks import Clocks, Moment
from kiosk.contact import Contact, Patience, enrol
from kiosk.database import AlreadyRunning
from kiosk.enrolment import Identity, device_key, load_identity
from kiosk.export import StickFault, export
from kiosk.facts import Facts
from kiosk.ledger import Binding, Ledger
from kiosk.open_ledger import NotRecorded
from kiosk.priority import go_first
from kiosk.requests import Requests
from kiosk.reset import StillWaiting, reset_for_imaging
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.settings import DEFAULT_FILE, BadSettings, Settings, is_server_address, read_settings, write_settings
from kiosk.texts import LANGUAGES, Translate, _, translator
from kiosk.ui.window import NoDisplay, prepare
from kiosk.visit import Visit
from kiosk.vote import Rating
from sync.client import Client
from sync.courier import Courier, Step
from sync.entries import Started, Vote, uuid7
from sync.errands import Errands
from sync.errors import ExchangeError, Refused, TryLater
from sync.http import Wire

SECONDS_FOR_THE_COURIER = 2.0
RUNNING_EXIT, BAD_SETTINGS_EXIT, REFUSED_EXIT, UNREACHABLE_EXIT, NO_DISPLAY_EXIT, STICK_EXIT = 1, 2, 3, 4, 5, 6

NOT_WRITABLE = _("Không dùng được {path}: {error}. Xin kiểm tra quyền ghi và chỗ trống của ổ đĩa.")
NOT_ENROLLED = _("Máy này chưa được đăng ký")
KEY_CHANGES_LATER = _("Khóa mới đã sẵn sàng; kiosk sẽ tự đổi khi liên lạc được với máy chủ.")
KEY_NOT_TAKEN = _("Máy chủ chưa nhận khóa mới. Kiosk vẫn dùng khóa cũ và sẽ thử lại khi chạy lệnh này lần nữa.")
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
    wire = _wire(settings)
    try:
        enrolment = enrol(wire, settings.data, key, code, __version__)
    except Refused as refused:
        _leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        _leave(why_later(later, settings, translate), UNREACHABLE_EXIT)
    with suppress(ExchangeError):  # the courier fetches it otherwise; until then votes are for nobody in particular
        config = Client(wire, enrolment.device, key, enrolment.signing_key).config(enrolment.config)
        Roster(settings.data, enrolment.unit, enrolment.counter).store(config)
    click.echo(translate("Đã đăng ký: {counter}, {unit}.").format(counter=enrolment.counter.name, unit=enrolment.unit.name))


@main.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def export_command(options: Options, folder: Path) -> None:
    """Write what waits for the server on the USB stick at FOLDER, and take in what the server wrote there."""
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        _leave("\n".join(fault.sentence(options.translate()) for fault in bad.faults), BAD_SETTINGS_EXIT)
    translate = options.translate(settings)
    identity = load_identity(settings.data, settings.provision)
    if identity is None or identity.enrolment is None:
        _leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
    if not folder.is_dir():
        _leave(translate("Không thấy thư mục {folder}. Xin cắm USB rồi thử lại.").format(folder=folder), STICK_EXIT)
    try:
        written = export(settings.data, folder, identity.enrolment.device, identity, Clocks(), lambda entries: click.echo(f"  {entries:,}"))
    except StickFault as fault:
        _leave(why_not_exported(fault, folder, translate), STICK_EXIT)
    for sentence in what_was_exported(written, folder, translate):
        click.echo(sentence)


@main.command("rotate")
@click.pass_obj
def rotate_command(options: Options) -> None:
    """Give this kiosk a new key; a running kiosk goes on with it."""
    translate = options.translate()
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        _leave("\n".join(fault.sentence(translate) for fault in bad.faults), BAD_SETTINGS_EXIT)
    translate = options.translate(settings)
    try:
        identity = load_identity(settings.data, settings.provision)
        if identity is None:
            _leave(translate(NOT_ENROLLED), REFUSED_EXIT)
        rotation.prepare(settings.data)
        Contact(_wire(settings), settings.data, settings.provision, __version__).settle()
    except OSError as error:
        _leave(translate(NOT_WRITABLE).format(path=settings.data, error=error.strerror), BAD_SETTINGS_EXIT)
    except Refused as refused:
        _leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        _leave(f"{why_later(later, settings, translate)}\n{translate(KEY_CHANGES_LATER)}", UNREACHABLE_EXIT)
    if rotation.is_pending(settings.data):
        _leave(translate(KEY_NOT_TAKEN), REFUSED_EXIT)
    click.echo(translate("Máy này đã đổi khóa. Các lượt đánh giá vẫn giữ nguyên."))


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
    identity = load_identity(settings.data, settings.provision)
    if identity is None:
        sentence = translate(
            "Lấy mã đăng ký của quầy trên máy chủ {server}, rồi chạy trên máy này: hailong-kiosk --config {file} enrol MÃ"
        ).format(server=settings.server, file=options.file)
        return _show_faults(translate(NOT_ENROLLED), [sentence], size)
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

    clocks = Clocks()
    ledger = Ledger(settings.data, clocks)
    former = frozenset(rotation.former_keys(settings.data))
    ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
    with suppress(NotRecorded):  # a full disk: the ledger has logged it, and each citizen will be told
        ledger.append(lambda now: Started(id=uuid7(), at=now.at, up=now.up, boot=now.boot, version=__version__))
    roster = Roster(settings.data, identity.unit, identity.counter)
    if roster.digest is None and settings.provision is not None and identity.enrolment is None:
        roster.store(settings.provision.roster)
    recorder = ThreadPoolExecutor(1, thread_name_prefix="recorder", initializer=go_first)

    def cast(rating: Rating) -> Future[None]:
        def vote(now: Moment) -> Vote:
            officer = roster.officer  # only now, when the ledger cannot move to another counter any more
            return Vote(id=uuid7(), at=now.at, up=now.up, boot=now.boot, officer=officer.id if officer else None, rating=rating.value)

        return recorder.submit(ledger.append, vote)

    app = KioskApp(Visit(cast, settings.thanks_seconds), translate, closable=size is not None)

    def show_officer() -> None:
        config, officer = roster.config, roster.officer
        if officer is None:
            app.show_officer(config.counter.name, config.unit.name, "")
        else:
            app.show_officer(officer.name, officer.title, config.counter.name)

    facts = Facts(settings.data, clocks, ledger, roster, show_officer)
    contact = Contact(_wire(settings), settings.data, settings.provision, __version__)

    def report(step: Step) -> None:
        advice = why_refused(contact.refused, translate) if step.outcome == "refused" and contact.refused else ""
        if advice:
            logging.getLogger(__name__).warning(advice)
        facts.note(step, advice)

    sealed = Sealed(settings.data, ledger.held)
    errands = Errands(sealed, contact)
    courier = Courier(ledger, contact, facts, report, errands=errands.run, wait=Patience(settings.data))
    stop = threading.Event()
    carrying = threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True)
    requests = Requests(settings.data, ledger, facts.store_config, sealed.erase)
    asked = threading.Thread(target=requests.run, args=(stop,), name="requests", daemon=True)

    def begin() -> None:
        carrying.start()
        asked.start()

    show_officer()
    app.start(when_shown=begin)
    stop.set()
    if asked.is_alive():
        asked.join(SECONDS_FOR_THE_COURIER)
    if carrying.is_alive():
        carrying.join(SECONDS_FOR_THE_COURIER)
    recorder.shutdown()
    ledger.close()
    return 0


def _wire(settings: Settings) -> Wire:
    return Wire(settings.server, settings.ca_file, proxy=settings.proxy, released=RELEASED)


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
