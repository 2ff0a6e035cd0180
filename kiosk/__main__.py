"""Joins the parts: settings, ledger, courier, window; and the command line."""

import logging
import sqlite3
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import click

from kiosk import __version__, rotation
from kiosk.advice import Told, after_exchange
from kiosk.backlight import Backlight
from kiosk.clocks import Clocks
from kiosk.commands import enrol, export, reset, rotate, status
from kiosk.commands.options import (
    BAD_SETTINGS_EXIT,
    NO_DISPLAY_EXIT,
    RUNNING,
    RUNNING_EXIT,
    Options,
    Size,
    wire_of,
)
from kiosk.comments import Comments
from kiosk.contact import Contact, Patience
from kiosk.doors import Doors
from kiosk.duty import OnDuty
from kiosk.enrolment import Identity, load_identity
from kiosk.facts import Facts
from kiosk.links import Links
from kiosk.os_errors import not_usable
from kiosk.photos import Photos
from kiosk.recent import Recent
from kiosk.recorder import Recorder
from kiosk.requests import Requests
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.settings import DEFAULT_FILE, BadSettings, Settings, read_settings
from kiosk.sounds import Files
from kiosk.storage.database import AlreadyRunning
from kiosk.storage.ledger import Binding, Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.technician import Technician
from kiosk.texts import LANGUAGES, _
from kiosk.training import Training
from kiosk.ui.window import NoDisplay, prepare
from kiosk.visit import Pace, Visit
from kiosk.words import is_own, wording
from sync.courier import Courier, Step
from sync.entries import Started, uuid7
from sync.errands import Errands
from sync.wire import Receipt

SECONDS_FOR_THE_COURIER = 2.0
TRAINING_ENDS_BEFORE = timedelta(minutes=1)  # the unit opens

NO_DISPLAY = _("Không tìm thấy màn hình. Xin chạy trên máy có màn hình, hoặc đặt biến DISPLAY.")
NO_DATA = _("Không ghi được dữ liệu")
OPEN_AGAIN = _("Sau khi sửa, xin mở lại chương trình.")


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
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    context.obj = Options(file, language)
    if context.invoked_subcommand is None:
        context.exit(run(context.obj, size, trains=training))


for command in (enrol.enrol_command, export.export_command, rotate.rotate_command, reset.reset_command, status.status_command):
    main.add_command(command)


def run(options: Options, size: tuple[int, int] | None, *, trains: bool = False) -> int:
    """Open the kiosk's window; the exit code when it has ended. trains: begin in training."""
    translate = options.translate()
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        sentences = [fault.sentence(translate) for fault in bad.faults]
        return _show_faults(translate("Chưa dùng được: cần sửa tệp cấu hình"), [*sentences, translate(OPEN_AGAIN)], size)
    translate = options.translate(settings)
    try:
        identity = load_identity(settings.data, settings.provision)
    except OSError as error:
        return _show_faults(translate(NO_DATA), [not_usable(settings.data, error, translate), translate(OPEN_AGAIN)], size)
    if identity is None:
        sentence = translate(
            "Lấy mã đăng ký của quầy trên máy chủ {server} (python -m server enrolcode --counter MÃ_QUẦY), "
            "rồi chạy trên máy này: hailong-kiosk --config {file} enrol MÃ"
        ).format(server=settings.server, file=options.file)
        again = translate("Sau khi đăng ký, xin mở lại chương trình.")
        return _show_faults(translate("Máy này chưa được đăng ký"), [sentence, again], size)
    try:
        prepare(size)
        return _run_kiosk(settings, identity, options, size, trains=trains)
    except AlreadyRunning:
        click.echo(translate(RUNNING).format(data=settings.data), err=True)
        return RUNNING_EXIT
    except NoDisplay:
        click.echo(translate(NO_DISPLAY), err=True)
        return NO_DISPLAY_EXIT
    except (OSError, sqlite3.Error, NotRecorded) as error:
        logging.getLogger(__name__).exception("the kiosk could not start")
        sentence = not_usable(settings.data, error, translate)
        return _show_faults(translate(NO_DATA), [sentence, translate(OPEN_AGAIN)], size)


def _run_kiosk(settings: Settings, identity: Identity, options: Options, size: tuple[int, int] | None, *, trains: bool) -> int:
    from kiosk.ui.app import KioskApp
    from kiosk.ui.theme import theme

    translate = options.translate(settings)
    recent = Recent()
    logging.getLogger().addHandler(recent)
    theme.inches, theme.low = settings.diagonal_inches, settings.low
    clocks = Clocks()
    ledger = Ledger(settings.data, clocks)
    former = frozenset(rotation.former_keys(settings.data))
    ledger.bind(Binding(identity.public_key, identity.unit.id, identity.counter.id, former))
    with suppress(NotRecorded):  # a full disk: the ledger has logged it, and each citizen will be told
        ledger.append(lambda now: Started(id=uuid7(), at=now.at, up=now.up, boot=now.boot, version=__version__))
    roster = Roster(settings.data, identity.unit, identity.counter)
    if roster.digest is None and settings.provision is not None and identity.enrolment is None:
        roster.store(settings.provision.roster)
    on_duty = OnDuty(settings.data, ledger, roster, clocks, changed=lambda: show())
    sealed = Sealed(settings.data, ledger.held)

    def now_known() -> Identity:
        return load_identity(settings.data, settings.provision) or identity  # the keys may have changed since

    comments = Comments(ledger.append, sealed, lambda: now_known().sealing_key)
    links = Links(lambda: roster.config, now_known, lambda: facts.local_time())
    recorder = Recorder(ledger.append, on_duty.officer_id, comments, links.of)
    languages = [options.speaks(settings), *(language for language in LANGUAGES if language != options.speaks(settings))]
    doors = Doors(lambda: roster.config, lambda: facts.local_time(), lambda: on_duty.rests)
    training = Training(recorder, lambda: clocks.now().up, lambda: doors.opens_within(TRAINING_ENDS_BEFORE))
    visit = Visit(training, languages)
    files = Files(settings.sounds)
    app = KioskApp(visit, training, languages, on_duty, files, Backlight(settings.data), closable=size is not None)

    def show() -> None:
        config, officer = roster.config, on_duty.officer
        visit.pace = Pace(thanks=config.thanks_seconds or settings.thanks_seconds, idle=config.idle_seconds or settings.idle_seconds)
        app.offer_sign_in(offered=bool(on_duty.may_sign_in))
        said = {language: wording(config, language) for language in languages}
        app.say(said)
        spoken = said if settings.spoken_question else {}
        app.sound(
            settings.volume,
            {language: files.question(language, our_words=is_own("question", one.question, language)) for language, one in spoken.items()},
        )
        if officer is None:
            app.show_officer(config.counter.name, config.unit.name, "")
        else:
            app.show_officer(officer.name, officer.title, config.counter.name, str(roster.photos.of(officer) or ""))

    facts = Facts(settings.data, clocks, ledger, roster, on_duty.configuration_came)
    contact = Contact(wire_of(settings), settings.data, settings.provision, __version__)
    told = Told()

    def report(step: Step) -> None:
        advice = after_exchange(step.outcome, contact.trouble, settings, translate)
        told.say(advice)
        facts.note(step, advice)
        if step.wait_seconds > 0:
            show()  # at midnight whoever signed in at the counter is signed out
            technician.exchanged()

    errands = Errands(sealed, contact)
    photos = Photos(roster.photos, lambda: roster.officers, contact.photo, show)

    def run_errands(receipt: Receipt) -> None:
        errands.run(receipt)
        photos.run()

    patience = Patience(settings.data)
    courier = Courier(ledger, contact, facts, report, errands=run_errands, wait=patience)
    technician = Technician(settings, now_known, roster, clocks, ledger.waiting, patience.hurry, recent.lines, translate)
    stop = threading.Event()
    carrying = threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True)
    requests = Requests(settings.data, ledger, facts.store_config, sealed.erase, settings.provision)
    asked = threading.Thread(target=requests.run, args=(stop,), name="requests", daemon=True)

    def begin() -> None:
        carrying.start()
        asked.start()

    def resting(language: str) -> dict[str, object] | None:
        said = doors.resting(language)
        return said and said._asdict()

    show()
    app.watch_doors(resting)
    app.let_in(technician, translate)
    if trains:
        app.train(on=True)
    app.start(when_shown=begin)
    stop.set()
    patience.hurry()
    technician.close()
    if asked.is_alive():
        asked.join(SECONDS_FOR_THE_COURIER)
    if carrying.is_alive():
        carrying.join(SECONDS_FOR_THE_COURIER)
    recorder.close()
    on_duty.close()
    ledger.close()
    return app.exit_code


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
