"""The display's own light, by Linux's /sys/class/backlight. What it was before it was dimmed is on disk, so that a kiosk that crashed
in the dark is bright again at its next start.
"""

import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from sync.files import write_whole

LIGHTS = Path("/sys/class/backlight")
DIMMED = 0.12  # of the brightest: dark in a dark hall, and still to be read
FORMER = "backlight.json"

log = logging.getLogger(__name__)


class Backlight:
    """data: the data folder. lights: where the system has its lights. One that may not be written is left alone."""

    def __init__(self, data: Path, lights: Path = LIGHTS) -> None:
        self._former = data / FORMER
        self._lights = lights
        self.restore()

    def dim(self) -> bool:
        """Darker, never dark. False where no light can be changed."""
        now = {name: value for name in self._names() if (value := self._read(name, "brightness")) is not None}
        if not now:
            return False
        with suppress(OSError):
            write_whole(self._former, json.dumps(now).encode())
            dimmed = [self._write(name, self._dark(name, bright)) for name, bright in now.items()]
            if any(dimmed):
                return True
            self._former.unlink()
        return False

    @property
    def percent(self) -> int | None:
        """How bright it is now, of the brightest; None where no light can be changed."""
        for name in self._names():
            now, brightest = self._read(name, "brightness"), self._read(name, "max_brightness")
            if now is not None and brightest and os.access(self._lights / name / "brightness", os.W_OK):
                return round(100 * now / brightest)
        return None

    def set(self, percent: int) -> bool:
        """Be as bright as that, of the brightest. False where no light can be changed."""
        written = [self._write(name, max(1, round(percent / 100 * (self._read(name, "max_brightness") or 1)))) for name in self._names()]
        return any(written)

    def restore(self) -> None:
        """As bright as before; nothing where it was not dimmed."""
        try:
            before = json.loads(self._former.read_bytes())
            for name, bright in before.items():
                if name in self._names():
                    self._write(name, int(bright))
        except (ValueError, AttributeError, TypeError):
            log.warning("%s cannot be used", self._former)
        except OSError:
            return
        with suppress(OSError):
            self._former.unlink()

    def _dark(self, name: str, bright: int) -> int:
        brightest = self._read(name, "max_brightness") or bright
        return min(bright, max(1, round(DIMMED * brightest)))

    def _names(self) -> list[str]:
        try:
            return sorted(light.name for light in self._lights.iterdir())
        except OSError:
            return []

    def _read(self, name: str, what: str) -> int | None:
        try:
            return int((self._lights / name / what).read_text("ascii"))
        except (OSError, ValueError):
            return None

    def _write(self, name: str, value: int) -> bool:
        try:
            (self._lights / name / "brightness").write_text(f"{value}\n", "ascii")
        except OSError:
            return False
        return True
