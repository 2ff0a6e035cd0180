"""Enrol by a code."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from kiosk import __version__
from kiosk.advice import why_later, why_refused
from kiosk.commands.options import BAD_SETTINGS_EXIT, REFUSED_EXIT, UNREACHABLE_EXIT, Options, leave, usable_or_leave, wire_of
from kiosk.connection.words import Sayings
from kiosk.contact import enrol
from kiosk.enrolment import device_key
from kiosk.roster import Roster
from kiosk.settings import SERVER_ADDRESS, BadSettings, Settings, is_server_address, read_settings
from kiosk.setup.code import code_and_mark
from kiosk.setup.keeping import draft_of_server, own_authorities
from kiosk.texts import Translate
from sync.client import Client
from sync.errors import ExchangeError, Refused, TryLater
from sync.fetching import WrongAuthorityError


@click.command("enrol")
@click.argument("code")
@click.option("--server", help="the server's address; written to kiosk.toml where there is none yet")
@click.pass_obj
def enrol_command(options: Options, code: str, server: str | None) -> None:
    """Enrol this kiosk with a one-time CODE of its counter."""
    settings, translate = options.read() if server is None else _settings_of(options, server)
    data = settings.data
    code, mark = code_and_mark(code) or (code, "")
    with usable_or_leave(data, translate):
        key = device_key(data)
    try:
        with (
            usable_or_leave(options.file, translate),
            _first_settings(options.file, settings, mark) as kept,
            usable_or_leave(data, translate),
        ):
            wire = wire_of(kept)
            enrolment = enrol(wire, data, key, code, __version__)
    except WrongAuthorityError:
        wrong = Sayings(settings.server, "", "", translate).wrong_authority()
        leave(f"{wrong.said} {wrong.mend}", REFUSED_EXIT)
    except Refused as refused:
        leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        leave(why_later(later, settings, translate), UNREACHABLE_EXIT)
    with suppress(ExchangeError):  # the courier fetches it otherwise; until then votes are for nobody in particular
        config = Client(wire, enrolment.device, key, enrolment.signing_key).config(enrolment.config)
        Roster(data, enrolment.unit, enrolment.counter).store(config)
    click.echo(translate("Đã đăng ký: {counter}, {unit}.").format(counter=enrolment.counter.name, unit=enrolment.unit.name))


def _settings_of(options: Options, server: str) -> tuple[Settings, Translate]:
    """The settings, of which the server may be all. Leaves where they cannot be used, or name another server."""
    translate = options.translate()
    if not is_server_address(server):
        leave(f"--server ({server}): {translate(SERVER_ADDRESS)}", BAD_SETTINGS_EXIT)
    if not options.file.exists():
        return Settings(server.rstrip("/")), translate
    try:
        settings = read_settings(options.file)
    except BadSettings as bad:
        sentences = [fault.sentence(translate) for fault in bad.faults]
        if bad.misses("server"):
            sentences.append(translate('Xin thêm dòng server = "{server}" vào đầu tệp này.').format(server=server))
        leave("\n".join(sentences), BAD_SETTINGS_EXIT)
    translate = options.translate(settings)
    if server.rstrip("/") != settings.server.rstrip("/"):
        message = translate("Tệp {file} đã ghi máy chủ {server}. Nếu muốn đổi, xin sửa khóa server trong tệp đó rồi chạy lại.")
        leave(message.format(file=options.file, server=settings.server), BAD_SETTINGS_EXIT)
    return settings, translate


@contextmanager
def _first_settings(file: Path, settings: Settings, mark: str) -> Iterator[Settings]:
    """A first kiosk.toml, which stays only if what is done meanwhile succeeds: else a mistyped server would be kept.

    mark: of the office's own authority, or empty. Raises OSError, `TryLater`, `WrongAuthorityError`.
    """
    if file.exists():
        yield settings
        return
    draft = draft_of_server(file, settings.server, authorities=own_authorities(settings.server, mark))
    try:
        yield draft.settings
        draft.keep()
    finally:
        draft.drop()
