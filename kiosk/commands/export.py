"""Carry what waits by a USB stick."""

from pathlib import Path

import click

from kiosk.advice import what_was_exported, why_not_exported
from kiosk.clocks import Clocks
from kiosk.commands.options import BAD_SETTINGS_EXIT, NOT_ENROLLED, STICK_EXIT, Options, leave
from kiosk.enrolment import load_identity
from kiosk.export import StickFault, export


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def export_command(options: Options, folder: Path) -> None:
    """Write what waits for the server on the USB stick at FOLDER, and take in what the server wrote there."""
    settings, translate = options.read()
    if load_identity(settings.data, settings.provision) is None:
        leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
    if not folder.is_dir():
        leave(translate("Không thấy thư mục {folder}. Xin cắm USB rồi thử lại.").format(folder=folder), STICK_EXIT)
    try:
        written = export(settings.data, folder, settings.provision, Clocks(), lambda entries: click.echo(f"  {entries:,}"))
    except StickFault as fault:
        leave(why_not_exported(fault, folder, translate), STICK_EXIT)
    for sentence in what_was_exported(written, folder, translate):
        click.echo(sentence)
