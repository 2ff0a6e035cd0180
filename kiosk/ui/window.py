"""How Kivy is set up, before anything of it is imported. Nothing on the tablet but our own settings decides."""

import atexit
import logging
import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.ui.sdl import Display


class NoDisplay(Exception):
    """There is no screen to open a window on."""


def prepare(size: tuple[int, int] | None) -> None:
    """Decide everything about the window that Kivy would take from its arguments, its environment and its config file.

    size: of a window on a desk, in pixels; None is the whole screen. Raises `NoDisplay`.
    """
    home = tempfile.TemporaryDirectory(prefix="hailong-kivy-")
    atexit.register(home.cleanup)
    for name in [name for name in os.environ if name.startswith("KCFG_")]:
        del os.environ[name]
    os.environ.update(
        KIVY_HOME=home.name,
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",  # else Kivy takes over the root logger
        KIVY_WINDOW="sdl2",
        KIVY_TEXT="sdl2",
        KIVY_IMAGE="sdl2",  # else it also loads whatever else could show pictures, and keeps it
        SDL_MOUSE_FOCUS_CLICKTHROUGH="1",  # the first tap counts, whatever has the focus
        SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR="0",
    )
    logging.getLogger("kivy").addFilter(_worth_logging)

    from kivy.config import Config

    for option in Config.options("input"):
        Config.remove_option("input", option)
    # SDL turns the first finger on any touchscreen into the pointer; a second provider would deliver every touch twice
    Config.set("input", "mouse", "mouse,disable_multitouch")
    from kiosk.ui.sdl import first_display

    display = first_display()
    if display is None or display.driver in ("offscreen", "dummy"):
        raise NoDisplay
    options = {
        ("kivy", "exit_on_escape"): "0",
        ("kivy", "keyboard_mode"): "system",
        ("kivy", "pause_on_minimize"): "0",
        ("graphics", "allow_screensaver"): "0",
        ("graphics", "maxfps"): "60",
        ("graphics", "multisamples"): "0",
        ("graphics", "vsync"): "0",
        **(_whole_screen(display) if size is None else _desk(*size)),
    }
    for (section, option), value in options.items():
        Config.set(section, option, value)


def _worth_logging(record: logging.LogRecord) -> bool:
    """Kivy complains of input libraries that we switch off."""
    return record.levelno >= logging.WARNING and not str(record.msg).startswith("Input: ")


def _desk(width: int, height: int) -> dict[tuple[str, str], str]:
    return {("graphics", "fullscreen"): "0", ("graphics", "width"): str(width), ("graphics", "height"): str(height)}


def _whole_screen(display: "Display") -> dict[tuple[str, str], str]:
    """On X11 a window without border over the whole display: SDL's own full screen needs a window manager, and we may have none."""
    hidden_pointer = {("graphics", "show_cursor"): "0"}
    if display.driver != "x11":
        return {**hidden_pointer, ("graphics", "fullscreen"): "auto"}
    return {
        **hidden_pointer,
        **_desk(display.width, display.height),
        ("graphics", "borderless"): "1",
        ("graphics", "resizable"): "0",
        ("graphics", "position"): "custom",
        ("graphics", "left"): "0",
        ("graphics", "top"): "0",
    }
