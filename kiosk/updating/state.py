"""Where an update stands: one file, whole at any moment, that anybody may read and that survives a power cut."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from sync.files import make_folder, write_whole

FOLDER = Path("/var/lib/hailong-update")
NAME = "state.json"
ASKED = "update-asked.json"  # in the kiosk's data folder: the kiosk, which is not root, asks for the file that it names

Step = Literal["install", "trial", "back"]
Outcome = Literal["done", "failed", "refused"]


@dataclass(frozen=True, kw_only=True)
class Underway:
    """An update that has begun. version: which is to be there; previous: which was. new, kept: their package files.

    by_hand: a technician asked for it. owed: the version before had an exchange, so this one owes one too. why: it goes back.
    boot, up: since when the kiosk is tried. tries: how often this step was begun. seen: its first screen was. looks: how often nobody
    could be reached since.
    """

    step: Step
    version: str
    previous: str
    new: str
    kept: str
    by_hand: bool = False
    owed: bool = True
    why: str = ""
    boot: str = ""
    up: float = 0.0
    tries: int = 0
    seen: bool = False
    looks: int = 0


@dataclass(frozen=True)
class Last:
    """How the last update ended. why: a word of `kiosk.updating.steps` or `kiosk.updating.errors`, empty where all went well."""

    version: str
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True)
class State:
    """failed: versions that are not tried again by themselves, each with why."""

    underway: Underway | None = None
    last: Last | None = None
    failed: dict[str, str] = field(default_factory=dict)

    def ended(self, version: str, outcome: Outcome, why: str = "") -> "State":
        """Nothing is underway any more."""
        failed = {name: reason for name, reason in self.failed.items() if name != version}
        if outcome == "failed":
            failed[version] = why
        return replace(self, underway=None, last=Last(version, outcome, why), failed=failed)


def read_state(folder: Path) -> State:
    """What was noted last; nothing where there is nothing that can be read. Raises OSError."""
    try:
        table = json.loads((folder / NAME).read_text("utf-8"))
        underway, last = table["underway"], table["last"]
        return State(
            underway=None if underway is None else Underway(**underway),
            last=None if last is None else Last(**last),
            failed={str(name): str(why) for name, why in table["failed"].items()},
        )
    except FileNotFoundError:
        return State()
    except (ValueError, TypeError, KeyError, AttributeError):
        return State()


def write_state(folder: Path, state: State) -> None:
    """Keep it, durably. Raises OSError."""
    make_folder(folder)
    table: dict[str, Any] = asdict(state)
    write_whole(folder / NAME, json.dumps(table, indent=1).encode())
