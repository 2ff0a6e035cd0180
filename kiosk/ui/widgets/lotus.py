"""A lotus of five petals, for the thank-you."""

from kivy.graphics import Color, Mesh, SmoothLine
from kivy.uix.widget import Widget

from kiosk.ui.theme import INK, LOTUS_DEEP, LOTUS_LIGHT

# each petal: its tip and the control points of its left and right edge, in a drawing of 200 × 145 whose foot is (100, 2)
FOOT = (100.0, 2.0)
PETALS = (
    (LOTUS_LIGHT, (0.0, 68.0), (4.0, -6.0), (34.0, 20.0)),
    (LOTUS_LIGHT, (200.0, 68.0), (166.0, 20.0), (196.0, -6.0)),
    (LOTUS_DEEP, (46.0, 104.0), (20.0, 46.0), (66.0, 50.0)),
    (LOTUS_DEEP, (154.0, 104.0), (134.0, 50.0), (180.0, 46.0)),
    (LOTUS_LIGHT, (100.0, 143.0), (56.0, 80.0), (144.0, 80.0)),
)
STEPS = 24
Point = tuple[float, float]


def _edge(start: Point, control: Point, end: Point) -> list[Point]:
    """A quadratic Bézier curve, as points."""

    def on_curve(a: float, c: float, b: float, t: float) -> float:
        return (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b

    shares = [step / STEPS for step in range(STEPS + 1)]
    return [(on_curve(start[0], control[0], end[0], t), on_curve(start[1], control[1], end[1], t)) for t in shares]


class Lotus(Widget):
    """The drawing is 212 : 150, outline included."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        scale = min(self.width / 212, self.height / 150)
        left, foot = self.x + self.width / 2 - 100 * scale, self.y + 3 * scale

        def place(points: list[Point]) -> list[Point]:
            return [(left + x * scale, foot + y * scale) for x, y in points]

        with self.canvas:
            for colour, tip, to_the_left, to_the_right in PETALS:
                near, far = place(_edge(FOOT, to_the_left, tip)), place(_edge(FOOT, to_the_right, tip))
                Color(rgba=colour)
                strip = [corner for pair in zip(near, far, strict=True) for corner in pair]
                Mesh(
                    vertices=[value for x, y in strip for value in (x, y, 0, 0)],
                    indices=list(range(len(strip))),
                    mode="triangle_strip",
                )
                Color(rgba=INK)
                outline = [value for point in near + far[-2::-1] for value in point]
                SmoothLine(points=outline, width=max(1.1, 2.6 * scale), overdraw_width=1.2)
