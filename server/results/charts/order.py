"""What the server orders from the renderer: the data of a picture, and how wide. Pure."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from server.results.charts import faces
from server.results.charts.comparison import Comparison
from server.results.charts.days import DailyParticipation, Votes
from server.results.charts.hours import Week
from server.results.charts.intervals import Intervals
from server.results.charts.participation import Participation
from server.results.charts.reasons import Reasons
from server.results.charts.size import Width

Data = Votes | DailyParticipation | Week | Intervals | Comparison | Reasons | Participation
KINDS: dict[str, type[Data]] = {
    kind.__name__: kind for kind in (Votes, DailyParticipation, Week, Intervals, Comparison, Reasons, Participation)
}
_PROGRAM = Path(__file__).resolve().parent


def encode(data: Data, width: Width) -> bytes:
    """An order."""
    return msgspec.json.encode((type(data).__name__, int(width), data), order="deterministic")


def decode(order: bytes) -> tuple[Data, Width]:
    """What was ordered. Raises msgspec.DecodeError, KeyError, ValueError."""
    kind, width, raw = msgspec.json.decode(order, type=tuple[str, int, msgspec.Raw])
    return msgspec.json.decode(raw, type=KINDS[kind]), Width(width)


def digest(order: bytes) -> str:
    """Of all that a picture is made of: the order, and the program that draws it."""
    return hashlib.sha256(_program() + order).hexdigest()


@cache
def _program() -> bytes:
    """Of our own files, of the fonts, and of the libraries' versions: an upgrade draws again."""
    files = [*sorted(_PROGRAM.rglob("*.py")), *(faces.FOLDER / name for name in faces.FILES.values())]
    said = hashlib.sha256(version("vl-convert-python").encode() + version("altair").encode())
    for file in (*files, _PROGRAM.parent / "templatetags" / "vietnamese.py"):
        said.update(file.read_bytes())
    return said.digest()
