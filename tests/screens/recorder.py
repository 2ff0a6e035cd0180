"""Shows every screen of a gallery in a real window, one after the other in one process, and writes down what was to be seen.

    python -m tests.screens.recorder tests.stage.gallery FOLDER 10.1 vi,en,long [low] [direct] [parts]

FOLDER gets views.json and a picture of each screen in each language; `long` is pseudo-long Vietnamese. direct: as where OpenGL is too old
to copy pictures. parts: of each screen only a few parts are drawn, on red.
"""

import importlib
import sys
from pathlib import Path

from kiosk.ui.window import prepare


def main(gallery: str, folder: Path, inches: float, languages: list[str], options: list[str]) -> None:
    """Record the module's GALLERY on this display, as if its diagonal were so many inches."""
    prepare(None)
    from kivy.clock import Clock

    from kiosk.ui import surface
    from kiosk.ui.app import FullWindow
    from kiosk.ui.theme import theme
    from tests.screens.reading import Recorder

    theme.inches, theme.low = inches, "low" in options
    if "direct" in options:
        surface.FIRST_WITH_BLIT = sys.maxsize
    app = FullWindow(closable=False)
    recorder = Recorder(app, importlib.import_module(gallery).GALLERY, folder, inches, languages, "parts" in options)

    def step(elapsed: float) -> None:
        if not recorder.step(elapsed):
            app.stop()

    Clock.schedule_interval(step, 0)
    app.open(recorder.frame)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4].split(","), sys.argv[5:])
