"""What people are told to type is what can be typed where the packages are installed: there root calls, and every word is one of the
program's. (`python -m server` is for development.)
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import get_commands

from kiosk.__main__ import main
from server.installation.__main__ import BY_ROOT

ROOT = Path(__file__).resolve().parents[2]
TYPED = re.compile(r"(sudo )?(?<![-/.\w])hailong-(kiosk|server) ([a-z]\w*)")
FOR_DEVELOPMENT = re.compile(r"python -m (server|kiosk)(?: ([a-z]\w*))?")
WORDS = {"kiosk": set(main.commands), "server": {*get_commands(), *BY_ROOT, "help"}}
OPERATIONS = ROOT / "docs" / "operations.md"

pytestmark = pytest.mark.once


def said_by_programs() -> Iterator[tuple[Path, str]]:
    """Every text in code that is no docstring."""
    for module in (*ROOT.glob("server/**/*.py"), *ROOT.glob("kiosk/**/*.py")):
        tree = ast.parse(module.read_text("utf-8"))
        remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
                yield module, node.value


def translated() -> Iterator[tuple[Path, str]]:
    for catalogue in ROOT.glob("assets/locale/**/*.po"):
        with catalogue.open("rb") as file:
            yield from ((catalogue, str(message.string)) for message in read_po(file))


def written(files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for file in files:
        yield file, file.read_text("utf-8")


def seen() -> Iterator[tuple[Path, str]]:
    """Every text that people see, with the file in which it stands."""
    yield from said_by_programs()
    yield from translated()
    yield from written([*ROOT.glob("server/**/*.html"), *ROOT.glob("server/**/*.txt"), *ROOT.glob("kiosk/**/*.kv")])
    yield from written(ROOT.glob("docs/vi/*.md"))


def wrong(texts: Iterable[tuple[Path, str]]) -> list[str]:
    """Commands without `sudo`, and words that the program does not know."""
    found = [(file, typed) for file, text in texts for typed in TYPED.finditer(text)]
    assert found
    return [f"{file.relative_to(ROOT)}: {typed[0]}" for file, typed in found if not typed[1] or typed[3] not in WORDS[typed[2]]]


def test_every_command_in_what_people_see_is_typed_with_sudo_and_exists() -> None:
    assert wrong(seen()) == []


def test_nobody_is_shown_how_developers_start_a_program() -> None:
    shown = [f"{file.relative_to(ROOT)}: {text}" for file, text in seen() if FOR_DEVELOPMENT.search(text) and file.name != "__main__.py"]
    assert shown == []


def test_every_command_in_the_operators_documentation_is_typed_with_sudo_or_for_development_and_exists() -> None:
    assert wrong(written([OPERATIONS])) == []
    for typed in FOR_DEVELOPMENT.finditer(OPERATIONS.read_text("utf-8")):
        assert typed[2] is None or typed[2] in WORDS[typed[1]], typed[0]
