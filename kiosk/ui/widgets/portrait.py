"""Who is rated: the officer's photo in a round frame, or a dignified drawing where there is none."""

import logging

from kivy.core.image import Image
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside

log = logging.getLogger(__name__)


class Portrait(Widget):
    """photo: path of a square picture, or empty. shows_photo: whether it could be read; texture: what was read."""

    photo = StringProperty()
    shows_photo = BooleanProperty(False)
    texture = ObjectProperty(None, allownone=True)

    def on_photo(self, _: Widget, photo: str) -> None:
        self.texture = _texture(photo) if photo else None
        self.shows_photo = self.texture is not None


def _texture(photo: str) -> object:
    """The picture, also good when it is drawn small; None where the file cannot be read: the drawing stands in for it."""
    try:
        return Image(photo, mipmap=True, nocache=True).texture
    except Exception:
        log.exception("the photo %s cannot be shown", photo)
        return None


load_beside(__file__)
