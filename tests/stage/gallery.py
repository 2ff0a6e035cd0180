"""One screen by its name in a real window, with sample data: `python -m tests.stage.gallery NAME --window 1280x800`.

What the screen tells is printed, a line each: the tests read it.
"""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.texts import Translate, translator
from kiosk.ui.window import prepare

if TYPE_CHECKING:
    from kivy.uix.widget import Widget


def main() -> None:
    """Show the screen until the program is ended."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("name", choices=sorted(GALLERY))
    arguments.add_argument("--lang", default="vi")
    arguments.add_argument("--window")
    given = arguments.parse_args()
    width, _, height = (given.window or "").partition("x")
    prepare((int(width), int(height)) if given.window else None)
    from kiosk.ui.app import FullWindow

    app = FullWindow(closable=True)
    app.open(GALLERY[given.name](translator(given.lang)))


def comment(translate: Translate) -> "Widget":
    """The comment, empty."""
    from kiosk.ui.screens.comment import CommentScreen

    screen = CommentScreen(translate)
    for event in ("on_back", "on_send"):
        screen.bind(**{event: lambda _, *told, event=event: print(event, *map(repr, told), flush=True)})
    return screen


GALLERY: dict[str, "Callable[[Translate], Widget]"] = {"comment": comment}

if __name__ == "__main__":
    main()
