"""What is typed after a command that root runs, read and explained in Vietnamese: argparse itself speaks English."""

import argparse
import re
from typing import NoReturn

_HEADINGS = {
    "usage: ": "Cách gõ: ",
    "positional arguments:": "Phải có:",
    "options:": "Có thể thêm:",
    "show this help message and exit": "xem phần này",
}
_SAID = (
    (r"the following arguments are required: (.*)", r"thiếu \1"),
    (r"unrecognized arguments: (.*)", r"không hiểu “\1”"),
    (r"argument (\S+): expected one argument", r"sau \1 phải có một từ"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"sau \1 không thể là \2; chọn một trong \3"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 có thể là \2"),
)


class Arguments(argparse.ArgumentParser):
    """Of one command. command: as it is typed after `sudo hailong-server`."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"sudo hailong-server {command}", description=description, allow_abbrev=False)

    def format_help(self) -> str:
        """All of it."""
        return _translated(super().format_help())

    def format_usage(self) -> str:
        """The line, or the few."""
        return _translated(super().format_usage())

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        for pattern, words in _SAID:
            message = re.sub(f"^{pattern}$", words, message)
        self.exit(2, f"{self.format_usage()}Chưa đúng: {message}.\n")


def _translated(text: str) -> str:
    for english, vietnamese in _HEADINGS.items():
        text = text.replace(english, vietnamese)
    return text
