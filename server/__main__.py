"""`python -m server …`: Django's manage.py for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line; faults of the environment end it with a message and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    try:
        from server import settings

        settings.ENVIRONMENT.prepare()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(["python -m server", *sys.argv[1:]])


if __name__ == "__main__":
    main()
