"""`python -m server …`: Django's manage.py for this project."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from server.installation.places import PROGRAM


def main() -> None:
    """Run the command named on the command line; faults of environment, database and data folder end it with a message and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    try:
        from server import faults, settings

        settings.ENVIRONMENT.prepare()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        execute_from_command_line(["sudo hailong-server" if Path(sys.prefix) == PROGRAM else "python -m server", *sys.argv[1:]])
    except Exception as error:
        line = faults.explained(error, settings.ENVIRONMENT)
        if line is None:
            raise
        sys.exit(line)


if __name__ == "__main__":
    main()
