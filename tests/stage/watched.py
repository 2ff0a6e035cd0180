"""A kiosk that tells of its turns while it runs: the real one in its real window, started by `tests.stage.watched_kiosk`."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk.enrolment import device_key, store_enrolment
from kiosk.roster import Roster
from sync.wire import Enrolment, KioskConfig, sha256
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import Kiosk, free_port


@dataclass
class Turn:
    """From one question to the next. screens: those after it, by name. votes: ids of all that were recorded."""

    screens: list[str] = field(default_factory=list)
    votes: list[str] = field(default_factory=list)


class WatchedKiosk(Kiosk):
    """A kiosk whose server is out of reach. config: what it shows. sealing: the key of its comments, as the enrolment has it. options:
    of `tests.stage.watched_kiosk`.

    turns: so far, the last one still open. spots: what can be touched now, and where. Both are as of the last `listen`.
    """

    def __init__(self, folder: Path, display: VirtualDisplay, config: KioskConfig, sealing: str, *options: str) -> None:
        nobody = f"http://127.0.0.1:{free_port()}"
        super().__init__(folder, nobody, display, thanks_seconds=0.1, options=options, program="tests.stage.watched_kiosk")
        self.touches = folder / "touches.kvi"
        self._file = folder / "told"
        self._heard = 0
        self.turns: list[Turn] = []
        self.spots: dict[str, tuple[int, int]] = {}
        document = msgspec.json.encode(config)
        device_key(self.data)
        Roster(self.data, config.unit, config.counter).store(document)
        keys = {"signing_key": "0" * 64, "sealing_key": sealing}
        store_enrolment(self.data, Enrolment(device="d-1", unit=config.unit, counter=config.counter, config=sha256(document), **keys))

    def start(self) -> None:
        """Start it, and wait until it is shown: it may rest."""
        self.start_blindly()

        def shown() -> bool:
            if not self.runs:
                raise RuntimeError(f"the kiosk ended:\n{self.log.read_text()[-2000:]}")
            if self._file.exists():
                self.listen()
            return bool(self.spots) or self.screen == "REST"

        wait_until(shown, f"the kiosk is shown (its log: {self.log})")

    @property
    def screen(self) -> str:
        """The screen that is shown, by its name in `kiosk.visit.Screen`."""
        return self.turns[-1].screens[-1] if self.turns and self.turns[-1].screens else "ASK"

    def listen(self) -> None:
        """Take in what was told meanwhile."""
        with self._file.open("rb") as file:
            file.seek(self._heard)
            lines, end, _ = file.read().rpartition(b"\n")
        self._heard += len(lines) + len(end)
        for line in lines.splitlines():
            told = json.loads(line)
            if "spots" in told:
                self.spots = {name: (x, y) for name, x, y in told["spots"]}
                continue
            if self.turns:
                self.turns[-1].votes = told["votes"]
            if told["screen"] == "ASK":
                self.turns.append(Turn())
            else:
                self.turns[-1].screens.append(told["screen"])

    def spot(self, name: str) -> tuple[int, int]:
        """Where a thing is, as soon as it can be touched. Raises TimeoutError."""

        def there() -> bool:
            self.listen()
            return name in self.spots

        wait_until(there, f"{name!r} can be touched (its log: {self.log})", 30)
        return self.spots[name]
