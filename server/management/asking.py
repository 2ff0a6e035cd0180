"""What nobody else may read is asked for twice on the terminal, or read from standard input."""

import getpass
import sys

from django.core.management.base import CommandError


def asked(what: str, *, from_stdin: bool) -> str:
    """The password or PIN, called `what`. Raises CommandError without a terminal, and where it was not typed the same twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError(f"There is no terminal to ask for the {what}. Use --{what.lower()}-stdin.")
    typed = getpass.getpass(f"{what[0].upper()}{what[1:]}: ")
    if getpass.getpass("Again: ") != typed:
        raise CommandError(f"The two {what}s differ.")
    return typed
