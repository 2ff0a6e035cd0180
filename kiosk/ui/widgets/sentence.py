"""What is asked or said: as large as its room allows, for a unit may say more than we do."""

from kivy.properties import ListProperty, NumericProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_beside


class Sentence(Label):
    """sizes: of the font, the largest first; the first that fits is taken, else the last. room: the height in pixels that it may
    take; least: that it takes anyway. For layouts that set a child's width alone, as a BoxLayout does.
    """

    sizes = ListProperty([44])
    least = NumericProperty(0)
    room = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(**dict.fromkeys(("text", "width", "sizes", "room", "font_name"), self._fit))
        self._fit()

    def _fit(self, *_: object) -> None:
        if self.width <= min(self.sizes):
            return
        self.text_size = self.width, None
        for size in self.sizes:
            self.font_size: float = size
            self.texture_update()
            if self.texture_size[1] <= self.room:
                return


load_beside(__file__)
