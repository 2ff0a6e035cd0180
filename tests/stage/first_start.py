"""The real kiosk, but that its USB sticks and its camera are what the environment names: `python -m tests.stage.first_start --config FILE`.

HAILONG_TEST_STICK: a folder that counts as a mounted stick, while it is there. HAILONG_TEST_PICTURE: a picture at which the camera looks.
"""

import os
import time
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

from kiosk.__main__ import main
from kiosk.setup import installing
from kiosk.setup.asked import Picture
from kiosk.setup.camera import Cameras

STICK, PICTURE = "HAILONG_TEST_STICK", "HAILONG_TEST_PICTURE"


def sticks() -> Sequence[Path]:
    """What is plugged in."""
    stick = Path(os.environ.get(STICK, "/nonexistent"))
    return [stick] if stick.is_dir() else []


def looks_at(_: Path) -> Generator[Picture, None, None]:
    """A camera that sees the picture, ten times a second."""
    with Image.open(os.environ[PICTURE]) as opened:
        seen = opened.convert("L")
    while True:
        yield Picture(seen.width, seen.height, seen.tobytes())
        time.sleep(0.1)


class OneCamera(Cameras):
    """There is one where there is something to look at."""

    @property
    def first(self) -> Path | None:
        return Path("/dev/null") if PICTURE in os.environ else None


if __name__ == "__main__":
    setattr(installing, "Installing", partial(installing.Installing, sticks=sticks, cameras=OneCamera(look=looks_at)))  # noqa: B010 mypy
    main()
