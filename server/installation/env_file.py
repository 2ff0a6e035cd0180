"""/etc/hailong-server/server.env: the variables of the server, in the form that systemd reads (systemd.exec(5), EnvironmentFile=)."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from sync.files import write_whole

_LINE = re.compile(r"\s*([A-Z][A-Z0-9_]*)=(.*)")
_ROOT_ONLY = 0o600
_HEAD = "# Thiết lập của máy chủ Hài Lòng. Sửa xong: sudo systemctl restart hailong-server\n"


def read(path: Path) -> dict[str, str]:
    """The variables; none where there is no file. Raises OSError, ValueError for a quotation mark that is not closed."""
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if match := _LINE.fullmatch(line):
            value = match[2].strip()
            found[match[1]] = "".join(shlex.split(value)) if value[:1] in ("'", '"') else value
    return found


def write(path: Path, variables: Mapping[str, str]) -> None:
    """Put the variables into the file, whole or not at all; remarks and variables that it had beside these stay. Raises OSError."""
    left = dict(variables)
    lines = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else [*_HEAD.splitlines()]:
        match = _LINE.fullmatch(line)
        lines.append(_line(match[1], left.pop(match[1])) if match and match[1] in left else line)
    lines += [_line(name, value) for name, value in left.items()]
    write_whole(path, ("\n".join(lines) + "\n").encode(), _ROOT_ONLY)


def _line(name: str, value: str) -> str:
    escaped = re.sub(r'([\\"])', r"\\\1", value)
    return f'{name}="{escaped}"'
