"""The log, and what goes with it to whoever helps from afar."""

from pathlib import Path

import click
import msgspec

from kiosk.advice import what_was_copied, why_not_exported
from kiosk.clocks import Clocks
from kiosk.commands.options import STICK_EXIT, Options, leave, usable_or_leave
from kiosk.doctor.diagnosing import diagnose
from kiosk.export import StickFault
from kiosk.logs import last_lines
from kiosk.support import write_support_file


@click.command("logs")
@click.option("--lines", "most", type=click.IntRange(1), default=50, show_default=True, help="how many, the newest last")
@click.option("--bundle", "folder", type=click.Path(path_type=Path), help="write log, state, settings and versions as one ZIP file there")
@click.option("--json", "as_json", is_flag=True, help="for a program: a list of lines, or the path of the ZIP file")
@click.pass_obj
def logs_command(options: Options, most: int, folder: Path | None, *, as_json: bool) -> None:
    """Show the end of the log, or copy all of it with the kiosk's state: no votes, no comments, no secrets."""
    settings, translate = options.read(begun=True)
    if folder is not None:
        if not folder.is_dir():
            leave(translate("Không thấy thư mục {folder}. Xin cắm USB rồi thử lại.").format(folder=folder), STICK_EXIT)
        try:
            with usable_or_leave(settings.data, translate):
                path = write_support_file(settings, folder, Clocks(), diagnose(options.file, translate))
        except StickFault as fault:
            leave(why_not_exported(fault, folder, translate), STICK_EXIT)
        click.echo(_json({"bundle": str(path)}) if as_json else what_was_copied(path, translate))
        return
    with usable_or_leave(settings.data, translate):
        lines = last_lines(settings.data, most)
    if as_json:
        click.echo(_json(lines))
        return
    click.echo("\n".join(lines) if lines else translate("Chưa có nhật ký nào."))


def _json(told: object) -> str:
    return msgspec.json.encode(told).decode()
