"""What the kiosk wrote down, as far as an update needs it. Root reads it, so nothing in it is believed beyond its form.

The kiosk's own user can change these files. What it could do by that is to name another repository; but a package that the publisher
did not sign is installed from nowhere.
"""

import base64
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from kiosk.hours import LOCAL, is_open, local_time, opens_next

BEFORE_OPENING = timedelta(minutes=20)  # download, installation, two minutes of trial, and the way back
NIGHT = ("20:00", "05:00")  # for a unit that told no opening hours
MAX_BYTES = 2 * 1024 * 1024

_SERVER = re.compile(r"(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1)|https://\[[0-9A-Fa-f:]+\])(:\d{1,5})?/?")
_PROXY = re.compile(r"http://[!-~]+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Source:
    """Where updates come from. server: its address without a slash at the end. key: of its repository, OpenPGP, binary. ca: certificates
    (PEM) to trust instead of the system's, or None. proxy: through which it is reached, or empty.
    """

    server: str
    suite: Literal["canary", "stable"]
    key: bytes
    ca: bytes | None
    proxy: str


@dataclass(frozen=True)
class Proof:
    """The new version's own word. boot, up: when it was given. exchange: the server acknowledged what it sent."""

    version: str
    boot: str
    up: float
    exchange: bool


class Told:
    """settings: kiosk.toml. data: the kiosk's data folder."""

    def __init__(self, settings: Path, data: Path) -> None:
        self._settings = settings
        self._data = data

    def source(self) -> Source | None:
        """Where updates come from, or None where the server told of none, or that cannot be read."""
        try:
            settings = tomllib.loads(_text(self._settings))
        except (OSError, ValueError):
            return None
        server, proxy = settings.get("server"), settings.get("proxy", "")
        updates = _table(self._config().get("updates"))
        if not isinstance(server, str) or not _SERVER.fullmatch(server) or updates.get("suite") not in ("canary", "stable"):
            return None
        if not isinstance(proxy, str) or (proxy and (not _PROXY.fullmatch(proxy) or '"' in proxy)):
            return None
        try:
            key = base64.b64decode(updates["key"], validate=True)
            ca = _bytes(self._settings.parent / str(settings["ca_file"])) if "ca_file" in settings else None
        except (OSError, KeyError, TypeError, ValueError):
            return None
        return Source(server.removesuffix("/"), updates["suite"], key, ca, proxy)

    def local_time(self, boot: str, up: float) -> datetime | None:
        """The time at the counter, as the server told it in this boot; else None."""
        genuine = _table(_table(_read(self._data / "status.json")).get("genuine"))
        try:
            heard = SimpleNamespace(time=datetime.fromisoformat(genuine["time"]), up=float(genuine["up"]), boot=str(genuine["boot"]))
            return local_time(heard, SimpleNamespace(boot=boot, up=up))  # type: ignore[arg-type]  # the same fields, without msgspec
        except (KeyError, TypeError, ValueError, OverflowError):
            return None

    def may_install(self, boot: str, up: float, *, guess: bool = False) -> bool:
        """Whether the counter is closed, and stays so until an update can have come and gone.

        Where the unit told no opening hours, at night. Without the server's time never: then nobody knows what time it is. guess: believe
        the tablet's own clock then, as for the way back from a version that does not reach the server.
        """
        now = self.local_time(boot, up) or (datetime.now(LOCAL) if guess else None)
        if now is None:
            return False
        config = self._config()
        try:
            hours = _hours(config["hours"]) if config.get("hours") else None
            span = _table(_table(config.get("updates")).get("window"))
            window = (_time(span["opens"]), _time(span["closes"])) if span else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        if window is not None and not _within(window, now):
            return False
        if hours is None:
            return window is not None or _within(NIGHT, now)
        opens = opens_next(hours, now)
        return not is_open(hours, now) and (opens is None or opens - now > BEFORE_OPENING)

    def exchanged(self) -> bool:
        """Whether the last exchange of the version that ran came to its end."""
        return _table(_read(self._data / "status.json")).get("outcome") == "received"

    def proof(self) -> Proof | None:
        """What the running version has shown, or None before its first screen."""
        said = _table(_read(self._data / "proof.json"))
        try:
            if said.get("first_screen") is not True:
                return None
            return Proof(str(said["version"]), str(said["boot"]), float(said["up"]), said.get("exchange") is True)
        except (KeyError, TypeError, ValueError):
            return None

    def _config(self) -> Mapping[str, Any]:
        return _table(_read(self._data / "config.json"))


def _hours(told: Any) -> Any:  # noqa: ANN401 as it was in the JSON
    """With the names by which `kiosk.hours` reads. Raises KeyError, TypeError, ValueError, AttributeError."""

    def spans(of: list[dict[str, str]]) -> list[SimpleNamespace]:
        return [SimpleNamespace(opens=_time(span["opens"]), closes=_time(span["closes"])) for span in of]

    others = [
        SimpleNamespace(first=date.fromisoformat(one["first"]), last=date.fromisoformat(one["last"]), spans=spans(one.get("spans", [])))
        for one in told.get("others", [])
    ]
    weekdays = [spans(day) for day in told["weekdays"]]
    if len(weekdays) != 7:
        raise ValueError("a week has seven days")
    return SimpleNamespace(weekdays=weekdays, others=others)


def _within(window: tuple[str, str], now: datetime) -> bool:
    """Whether a time lies in a window, which may go over midnight."""
    opens, closes = window
    clock = f"{now:%H:%M}"
    return opens <= clock < closes if opens <= closes else not closes <= clock < opens


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError(f"no time: {text!r}")
    return text


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read(path: Path) -> object:
    try:
        return json.loads(_text(path))
    except (OSError, ValueError, RecursionError):
        return None


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8")


def _bytes(path: Path) -> bytes:
    """A small file's content. Raises OSError; ValueError where it is none, as a pipe, or too large."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{path} is too large")
    return data
