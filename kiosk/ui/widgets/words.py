"""Text that is drawn only where it stands: a label as wide as its words, and wrapped where those are too wide."""

from kivy.properties import NumericProperty
from kivy.uix.label import Label


class Words(Label):
    """room: the width in pixels that the words may take."""

    room = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(room=self._fit, text=self._fit, font_size=self._fit, font_name=self._fit, texture_size=self._take_size)
        self.size_hint = (None, None)
        self.halign = "center"
        self.pos_hint = {"center_x": 0.5}
        self._fit()

    def _fit(self, *_: object) -> None:
        self.text_size = (None, None)
        self.texture_update()
        if self.texture_size[0] > self.room > 0:
            self.text_size = (self.room, None)
        if not self.text:
            self.size = (0, 0)

    def _take_size(self, *_: object) -> None:
        self.size = self.texture_size if self.text else (0, 0)
        if self.texture:
            self.texture.mag_filter = self.texture.min_filter = "nearest"  # as in Still
