"""Changes in the text of a kiosk.toml, which people write too: their comments and other keys stay."""

import json
import re
import tomllib
from collections.abc import Mapping

Value = str | int | float | bool | Mapping[str, str]

_TABLE = re.compile(r"^\s*\[")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def rewritten(text: str, changes: Mapping[str, Value | None]) -> str:
    """The text with other values of some keys; None takes one away, a mapping is a table. Where it is written so that a line cannot
    simply be exchanged, it is written anew, without its comments. Raises tomllib.TOMLDecodeError for a text that is no TOML.
    """
    before = tomllib.loads(text)
    wanted = {key: value for key, value in {**before, **changes}.items() if value is not None}
    kept, tables = _without(text, set(changes))
    new = [_line(key, value) for key, value in changes.items() if value is not None and not isinstance(value, Mapping)]
    table_lines = [line for key, value in changes.items() if isinstance(value, Mapping) for line in _table(key, value)]
    result = "".join(f"{line}\n" for line in [*new, *kept, *tables, *table_lines])
    return result if _loaded(result) == wanted else _written(wanted)


def _without(text: str, keys: set[str]) -> tuple[list[str], list[str]]:
    """The lines before the first table without those that set the keys, and the lines from it on without those tables."""
    kept: list[str] = []
    tables: list[str] = []
    lines, skipping = kept, False
    for line in text.removesuffix("\n").split("\n") if text else []:
        if _TABLE.match(line):
            lines, skipping = tables, line.strip().strip("[]").strip() in keys
        match = _KEY.match(line)
        if not skipping and not (lines is kept and match and match[1] in keys):
            lines.append(line)
    return kept, tables


def _loaded(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _written(table: Mapping[str, Value]) -> str:
    plain = [_line(key, value) for key, value in table.items() if not isinstance(value, Mapping)]
    tables = [line for key, value in table.items() if isinstance(value, Mapping) for line in _table(key, value)]
    return "".join(f"{line}\n" for line in [*plain, *tables])


def _table(name: str, table: Mapping[str, str]) -> list[str]:
    return ["", f"[{name}]", *[_line(key, value) for key, value in table.items()]]


def _line(key: str, value: Value) -> str:
    """A string of JSON is one of TOML, but for a character that JSON leaves as it is."""
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{key} = {written}"
