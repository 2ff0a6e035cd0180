"""Enrol by a code."""

from contextlib import suppress

import click

from kiosk import __version__
from kiosk.advice import why_later, why_refused
from kiosk.commands.options import BAD_SETTINGS_EXIT, NOT_WRITABLE, REFUSED_EXIT, UNREACHABLE_EXIT, Options, leave, wire_of
from kiosk.contact import enrol
from kiosk.enrolment import device_key
from kiosk.roster import Roster
from kiosk.settings import is_server_address, write_settings
from sync.client import Client
from sync.errors import ExchangeError, Refused, TryLater


@click.command("enrol")
@click.argument("code")
@click.option("--server", help="the server's address; written to kiosk.toml where there is none yet")
@click.pass_obj
def enrol_command(options: Options, code: str, server: str | None) -> None:
    """Enrol this kiosk with a one-time CODE of its counter."""
    translate = options.translate()
    if server is not None and not options.file.exists():
        if not is_server_address(server):
            leave(translate("Địa chỉ máy chủ phải có dạng https://hailong.tinh.gov.vn"), BAD_SETTINGS_EXIT)
        try:
            write_settings(options.file, server.rstrip("/"))
        except OSError as error:
            leave(translate(NOT_WRITABLE).format(path=options.file, error=error.strerror), BAD_SETTINGS_EXIT)
    settings, translate = options.read()
    if server is not None and server.rstrip("/") != settings.server.rstrip("/"):
        message = translate("Tệp {file} đã ghi máy chủ {server}. Nếu muốn đổi, xin sửa khóa server trong tệp đó rồi chạy lại.")
        leave(message.format(file=options.file, server=settings.server), BAD_SETTINGS_EXIT)
    try:
        key = device_key(settings.data)
    except OSError as error:
        leave(translate(NOT_WRITABLE).format(path=settings.data, error=error.strerror), BAD_SETTINGS_EXIT)
    wire = wire_of(settings)
    try:
        enrolment = enrol(wire, settings.data, key, code, __version__)
    except Refused as refused:
        leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        leave(why_later(later, settings, translate), UNREACHABLE_EXIT)
    with suppress(ExchangeError):  # the courier fetches it otherwise; until then votes are for nobody in particular
        config = Client(wire, enrolment.device, key, enrolment.signing_key).config(enrolment.config)
        Roster(settings.data, enrolment.unit, enrolment.counter).store(config)
    click.echo(translate("Đã đăng ký: {counter}, {unit}.").format(counter=enrolment.counter.name, unit=enrolment.unit.name))
