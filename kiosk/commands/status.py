"""How the kiosk is."""

import click
import msgspec

from kiosk.clocks import Clocks
from kiosk.commands.options import BAD_SETTINGS_EXIT, NOT_ENROLLED, Options, leave, usable_or_leave
from kiosk.condition import condition, in_words, what_to_do
from kiosk.enrolment import load_identity
from kiosk.roster import Roster


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="for a program: one object, as kiosk.condition.Condition has it")
@click.pass_obj
def status_command(options: Options, *, as_json: bool) -> None:
    """Say how this kiosk is: what waits, the last exchange, device, version, disk, clock. It may run meanwhile.

    Exit codes: 0 that was told, however it is; 2 it cannot be: no settings, no enrolment, no data folder. `doctor` judges.
    """
    settings, translate = options.read()
    with usable_or_leave(settings.data, translate):
        identity = load_identity(settings.data, settings.provision)
        if identity is None:
            leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
        config = Roster(settings.data, identity.unit, identity.counter).config
        found = condition(settings.data, identity, config, Clocks().now())
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for line in in_words(found, translate):
        click.echo(f"{line.about}: {line.said}")
    for sentence in what_to_do(found, translate):
        click.echo(sentence)
