"""A face drawn as shapes: one circle, two eyes, one mouth that smiles or does not."""

from kivy.properties import AliasProperty, BooleanProperty, ColorProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside

MOUTH_POINTS = 41


class Face(Widget):
    """smiles: the mouth's shape. colour: of the skin."""

    smiles = BooleanProperty(True)
    colour = ColorProperty()

    def _diameter(self) -> float:
        return max(0.0, min(self.width, self.height) - 4)

    diameter = AliasProperty(_diameter, bind=("size",))

    def _mouth(self) -> list[float]:
        """A quadratic Bézier curve, as points."""
        reach, depth = 0.2 * self.diameter, 0.23 * self.diameter
        ends = self.center_y - (0.11 if self.smiles else 0.25) * self.diameter
        middle = ends - depth if self.smiles else ends + depth
        points: list[float] = []
        for step in range(MOUTH_POINTS):
            t = step / (MOUTH_POINTS - 1)
            points += [self.center_x + (2 * t - 1) * reach, (1 - t) ** 2 * ends + 2 * t * (1 - t) * middle + t**2 * ends]
        return points

    mouth = AliasProperty(_mouth, bind=("size", "pos", "smiles"))


load_beside(__file__)
