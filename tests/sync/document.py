"""Reads docs/wire.md: its examples, tables and limits; and the frozen files that they are of."""

import base64
import importlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nacl.signing import SigningKey

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "wire"
TEXT = (ROOT / "docs" / "wire.md").read_text("utf-8")
UNITS = {"bytes": 1, "characters": 1, "": 1, "s": 1, "min": 60, "h": 3600, "days": 86_400}


class Signed(msgspec.Struct, frozen=True):
    """A signature of the examples. of: the file whose bytes are the body; text: what is signed."""

    of: str
    text: str
    signature: str


class Pair(msgspec.Struct, frozen=True):
    """A key of the examples, hex."""

    private: str
    public: str

    @property
    def signing(self) -> SigningKey:
        return SigningKey(bytes.fromhex(self.private))


class Signatures(msgspec.Struct, frozen=True):
    """signatures.json."""

    kiosk: Pair
    server: Pair
    sealing: Pair
    requests: list[Signed]
    answers: list[Signed]


class Limit(NamedTuple):
    """A row of the table of limits. name: of a constant, or of an environment variable."""

    name: str
    value: float


def body(name: str) -> bytes:
    """A frozen file as the body that it stands for."""
    data = (EXAMPLES / name).read_bytes().removesuffix(b"\n")
    return base64.b64decode(data) if name.endswith(".base64") else data


def lines(name: str) -> list[bytes]:
    """The lines of a frozen file."""
    return (EXAMPLES / name).read_bytes().splitlines()


def signatures() -> Signatures:
    return msgspec.json.decode(body("signatures.json"), type=Signatures)


def embedded() -> dict[str, str]:
    """The blocks of the document, by the file that is named above each."""
    return dict(re.findall(r"^\[([\w.-]+)\]\(\.\./tests/wire/\1\)\n\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))


def rows(head: str) -> list[list[str]]:
    """The cells of the one table that begins with this row."""
    [_, rest] = TEXT.split(f"\n{head}\n")
    table = rest.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def quoted(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall("`([^`]+)`", cell)


def limits() -> list[Limit]:
    found = []
    for _, value, name in rows("| what | value | in the code |"):
        number, _, unit = value.partition(" ")
        found.append(Limit(quoted(name)[0], float(number.replace(",", "")) * UNITS[unit]))
    return found


def constant(name: str) -> float:
    """The value of a constant by its dotted name; seconds of a time."""
    module, _, attribute = name.rpartition(".")
    value: Any = getattr(importlib.import_module(module), attribute)
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
