"""Look at everything, and say what to mend."""

import sys

import click
import msgspec

from kiosk.commands.options import FOUND_EXIT, Options
from kiosk.findings import Finding, Level, worst
from kiosk.settings import BadSettings, read_settings
from kiosk.texts import Translate, _

WORDS = {Level.OK: _("tốt"), Level.WARN: _("lưu ý"), Level.BAD: _("hỏng")}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="for a program: a list of objects, as kiosk.findings.Finding has it")
@click.pass_obj
def doctor_command(options: Options, *, as_json: bool) -> None:
    """Look at display, touch screen, disk, clock, settings and server, and say what to mend. Changes nothing; the kiosk may run."""
    from kiosk.doctor.diagnosing import diagnose  # no start of the kiosk is to wait for it

    translate = _speaks(options)
    found: list[Finding] = []
    for finding in diagnose(options.file, translate):
        found.append(finding)
        if not as_json:
            click.echo(_line(finding, translate))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    sys.exit(FOUND_EXIT if worst(found) is Level.BAD else 0)


def _speaks(options: Options) -> Translate:
    try:
        return options.translate(read_settings(options.file))
    except BadSettings:
        return options.translate()


def _line(finding: Finding, translate: Translate) -> str:
    wide = max(len(translate(word)) for word in WORDS.values()) + 2
    indented = f"\n{'':{wide}}"
    said = f"{translate(WORDS[finding.level]):{wide}}{finding.about}: {finding.said}".replace("\n", indented)
    return f"{said}{indented}→ {finding.mend}" if finding.mend else said
