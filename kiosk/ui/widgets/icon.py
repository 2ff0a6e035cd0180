"""Line drawings by name, on a square of 24 × 24 whose origin is its top left corner."""

from math import cos, radians, sin

from kivy.graphics import Color, SmoothLine
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.theme import INK

SIDE = 24.0
Stroke = list[tuple[float, float]]


def _arc(x: float, y: float, radius: float, begin: float = 0.0, end: float = 360.0) -> Stroke:
    """Part of a circle; angles in degrees, clockwise from three o'clock."""
    steps = max(6, round(abs(end - begin) / 12))
    angles = [radians(begin + (end - begin) * step / steps) for step in range(steps + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def _dot(x: float, y: float) -> Stroke:
    return _arc(x, y, 0.7)


def _closed(*points: tuple[float, float]) -> Stroke:
    return [*points, points[0]]


_HEAD = _arc(12, 12, 9.5)
_EYES: list[Stroke] = [_dot(8.8, 9.6), _dot(15.2, 9.6)]
_CLOCK: list[Stroke] = [_arc(12, 12, 9.5), [(12, 6.5), (12, 12), (15.6, 14.4)]]
_SHEET: Stroke = [(14, 2.5), (5, 2.5), (5, 21.5), (19, 21.5), (19, 7.5), (14, 2.5), (14, 7.5), (19, 7.5)]
_CALENDAR: list[Stroke] = [_closed((3, 5), (21, 5), (21, 21.5), (3, 21.5)), [(3, 10), (21, 10)], [(8, 2.5), (8, 7)], [(16, 2.5), (16, 7)]]
_BUBBLE = _closed((3, 3.5), (21, 3.5), (21, 16.5), (12, 16.5), (7, 21), (7, 16.5), (3, 16.5))
_OTHER = [_arc(12, 12, 9.5), _dot(7.5, 12), _dot(12, 12), _dot(16.5, 12)]
_PERSON = [_arc(8.5, 7.5, 3.8), _arc(8.5, 21, 6.5, 180, 360)]

ICONS: dict[str, list[Stroke]] = {
    "attitude": [_HEAD, *_EYES, _arc(12, 18.4, 4, 222, 318)],
    "explanation": [_BUBBLE, _arc(12, 8, 2.2, 180, 390), [(13.9, 9.1), (12, 10.6), (12, 11.6)], _dot(12, 14)],
    "more-papers": [_SHEET, [(12, 11), (12, 18)], [(8.5, 14.5), (15.5, 14.5)]],
    "late": [*_CALENDAR, [(9, 13), (15, 18.5)], [(15, 13), (9, 18.5)]],
    "waiting": _CLOCK,
    "procedure": [
        _closed((8, 2.5), (20, 2.5), (20, 17), (8, 17)),
        [(8, 6.5), (4, 6.5), (4, 21.5), (16, 21.5), (16, 17)],
        [(11, 7), (17, 7)],
        [(11, 10), (17, 10)],
        [(11, 13), (15, 13)],
    ],
    "extra-cost": [_closed((2, 6), (22, 6), (22, 18), (2, 18)), _arc(12, 12, 3), _dot(5.6, 12), _dot(18.4, 12)],
    "other-bad": _OTHER,
    "friendly": [_HEAD, *_EYES, _arc(12, 11.4, 5.2, 25, 155)],
    "clear": [_BUBBLE, [(7.5, 8), (16.5, 8)], [(7.5, 12), (13.5, 12)]],
    "on-time": [*_CALENDAR, [(8.2, 15.6), (11, 18.2), (16, 13)]],
    "simple": [_SHEET, [(8.4, 14.6), (11, 17), (15.8, 11.8)]],
    "place": [
        [(2.5, 11.5), (12, 3), (21.5, 11.5)],
        [(5, 10), (5, 21.5), (19, 21.5), (19, 10)],
        [(9.5, 21.5), (9.5, 14.5), (14.5, 14.5), (14.5, 21.5)],
    ],
    "fair": [
        [(12, 3), (12, 21)],
        [(7.5, 21), (16.5, 21)],
        [(4.5, 6), (19.5, 6)],
        [(4.5, 6), (1.8, 13.5), (7.2, 13.5), (4.5, 6)],
        [(19.5, 6), (16.8, 13.5), (22.2, 13.5), (19.5, 6)],
    ],
    "devoted": [
        *_PERSON,
        [(18.4, 14), (15.4, 10.8), (15.4, 8.4), (17, 7.6), (18.4, 8.8), (19.8, 7.6), (21.4, 8.4), (21.4, 10.8), (18.4, 14)],
    ],
    "other-good": _OTHER,
    "ok": [_arc(12, 12, 9.5), [(7.4, 12.4), (10.8, 15.6), (16.6, 9)]],
    "warn": [_closed((12, 3), (22, 20.5), (2, 20.5)), [(12, 9.5), (12, 14.5)], _dot(12, 17.4)],
    "bad": [_arc(12, 12, 9.5), [(8.4, 8.4), (15.6, 15.6)], [(15.6, 8.4), (8.4, 15.6)]],
    "going": [_dot(6, 12), _dot(12, 12), _dot(18, 12)],
    "stick": [
        _closed((7, 9), (17, 9), (17, 21.5), (7, 21.5)),
        _closed((9, 2.5), (15, 2.5), (15, 9), (9, 9)),
        _dot(12, 5.8),
        [(12, 13), (12, 18)],
    ],
    "keys": [
        _closed((2, 5.5), (22, 5.5), (22, 18.5), (2, 18.5)),
        *(_dot(x, y) for y in (9.2, 12.2) for x in (5.8, 9.9, 14.1, 18.2)),
        [(8, 15.4), (16, 15.4)],
    ],
    "qr": [
        *(_closed((x, y), (x + 6.5, y), (x + 6.5, y + 6.5), (x, y + 6.5)) for x, y in ((3, 3), (14.5, 3), (3, 14.5))),
        *(_closed((x, y), (x + 1.6, y), (x + 1.6, y + 1.6), (x, y + 1.6)) for x, y in ((5.4, 5.4), (16.9, 5.4), (5.4, 16.9))),
        [(14.5, 14.5), (14.5, 17.5)],
        [(17.7, 14.5), (21, 14.5)],
        [(17.7, 17.7), (17.7, 21)],
        [(21, 17.7), (21, 21)],
        [(14.5, 20.6), (14.5, 21)],
    ],
    "loudspeaker": [
        _closed((2.5, 9), (7, 9), (12.5, 4), (12.5, 20), (7, 15), (2.5, 15)),
        _arc(12.5, 12, 4.5, -45, 45),
        _arc(12.5, 12, 8.5, -50, 50),
    ],
}


class Icon(Widget):
    """name: one of ICONS; another is drawn as “other”."""

    name = StringProperty()

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(pos=self._draw, size=self._draw, name=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        scale = min(self.width, self.height) / SIDE
        left, top = self.x + self.width / 2 - 12 * scale, self.y + self.height / 2 + 12 * scale
        with self.canvas:
            Color(rgba=INK)
            for stroke in ICONS.get(self.name, _OTHER):
                points = [value for x, y in stroke for value in (left + x * scale, top - y * scale)]
                SmoothLine(points=points, width=max(1.0, 0.95 * scale), overdraw_width=1.2)
