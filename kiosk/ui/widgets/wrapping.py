"""Breaking text into lines. No Kivy: how wide words are is handed in."""

from collections.abc import Callable


def wrap(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines that fit into the room, broken behind spaces, and within a word that is wider than the room by itself.

    The lines joined are the text. Spaces at a line's end may stick out, for nobody sees them.
    """
    lines, line = [], ""
    for word in _words(text):
        if line and measure((line + word).rstrip(" ")) > room:
            lines.append(line)
            line = ""
        line += word
        while measure(line.rstrip(" ")) > room and len(line) > 1:
            fits = next((count for count in range(len(line) - 1, 1, -1) if measure(line[:count]) <= room), 1)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


def _words(text: str) -> list[str]:
    """The words, each with the spaces behind it."""
    words, start = [], 0
    for at in range(1, len(text)):
        if text[at - 1] == " " and text[at] != " ":
            words.append(text[start:at])
            start = at
    return [*words, text[start:]] if text else []
