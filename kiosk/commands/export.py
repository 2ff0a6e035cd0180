"""Carry what waits by a USB stick."""

import sys
from pathlib import Path

import click
import msgspec

from kiosk.advice import what_was_exported, why_not_exported, why_refused_by_stick
from kiosk.clocks import Clocks
from kiosk.commands.options import BAD_SETTINGS_EXIT, NOT_ENROLLED, REFUSED_EXIT, STICK_EXIT, Options, leave, usable_or_leave
from kiosk.enrolment import load_identity
from kiosk.export import StickFault, export
from sync.errors import Refused


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="for a program: one object, as kiosk.export.Written has it")
@click.pass_obj
def export_command(options: Options, folder: Path, *, as_json: bool) -> None:
    """Write what waits for the server on the USB stick at FOLDER, and take in what the server wrote there.

    Exit codes: 0 it is on the stick, 2 no settings, enrolment or data folder, 3 the server refused this kiosk, 6 the stick cannot be used.
    """
    settings, translate = options.read()
    with usable_or_leave(settings.data, translate):
        identity = load_identity(settings.data, settings.provision)
    if identity is None:
        leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
    if folder.exists() and not folder.is_dir():
        leave(translate("{folder} không phải là thư mục. Xin chỉ thư mục của USB rồi chạy lại.").format(folder=folder), STICK_EXIT)
    if not folder.is_dir():
        leave(translate("Không thấy thư mục {folder}. Xin cắm USB rồi thử lại.").format(folder=folder), STICK_EXIT)
    try:
        written = export(settings.data, folder, settings.provision, Clocks(), _nothing if as_json else _progress)
    except Refused as refused:
        leave(why_refused_by_stick(refused, translate), REFUSED_EXIT)
    except StickFault as fault:
        leave(why_not_exported(fault, folder, translate), STICK_EXIT)
    if as_json:
        click.echo(msgspec.json.encode(written._asdict()).decode())
        return
    for sentence in what_was_exported(written, folder, translate):
        click.echo(sentence)


def _nothing(entries: int) -> None:
    """A program waits for the end."""


def _progress(entries: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"  {entries:,}")
