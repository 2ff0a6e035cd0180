"""`python -m server …`: Django's manage.py for this project."""

import os
import sys
from io import TextIOBase
from pathlib import Path
from typing import TextIO, cast

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand, OutputWrapper

from server.installation.places import PROGRAM


class _Plain(TextIOBase):
    """Standard error, without the name of a Python class before what a command says."""

    def isatty(self) -> bool:
        return sys.stderr.isatty()

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text.replace("CommandError: ", "", 1))


class _Commands(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        if subcommand not in get_commands():
            sys.exit(f"Không có lệnh “{subcommand}”. Các lệnh thường dùng: sudo hailong-server help")
        command = super().fetch_command(subcommand)
        command.stderr = OutputWrapper(cast(TextIO, _Plain()))
        command.stderr.style_func = command.style.ERROR
        return command


def main() -> None:
    """Run the command named on the command line; faults of environment, database and data folder end it with a message and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    try:
        from server import faults, settings

        settings.ENVIRONMENT.prepare()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        _Commands(["sudo hailong-server" if Path(sys.prefix) == PROGRAM else "python -m server", *sys.argv[1:]]).execute()
    except Exception as error:
        line = faults.explained(error, settings.ENVIRONMENT)
        if line is None:
            raise
        sys.exit(line)


if __name__ == "__main__":
    main()
