"""A drawing that does not change, kept as one picture: redrawing a screen then costs one rectangle for it, also without a GPU."""

from functools import lru_cache

from kivy.clock import Clock
from kivy.graphics import Callback, Canvas, ClearBuffers, ClearColor, Fbo, Rectangle, RenderContext, Translate
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from kiosk.ui.surface import ORDER
from kiosk.ui.theme import Colour

COPY = "$HEADER$\nvoid main(void) { gl_FragColor = texture2D(texture0, tex_coord0); }"


def painted(drawing: Canvas, size: tuple[int, int], ground: Colour, corner: tuple[int, int] = (0, 0)) -> Texture:
    """The part of a drawing that is so large and begins at this corner, on an opaque colour. Sizes and places are pixels."""
    fbo = Fbo(size=size, texture=Texture.create(size=size, colorfmt=ORDER))
    with fbo:
        ClearColor(*ground)
        ClearBuffers()
        Translate(-corner[0], -corner[1])
    fbo.add(drawing)
    fbo.draw()
    fbo.remove(drawing)
    fbo.texture.mag_filter = fbo.texture.min_filter = "nearest"  # pixel by pixel: cheaper without a GPU than to interpolate
    return fbo.texture


class Picture(Widget):
    """Shows what was painted, on whole pixels."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._shown: Texture | None = None
        with self.canvas:
            self._put = Callback(self._draw)
        self.bind(pos=self._put_soon)

    def show(self, picture: Texture) -> None:
        self._shown = picture
        self._put_soon()

    def hide(self) -> None:
        self._shown = None
        self._put_soon()

    def corner(self) -> tuple[int, int]:
        """The pixel where the picture begins."""
        return round(self.x), round(self.y)

    def _put_soon(self, *_: object) -> None:
        self._put.ask_update()

    def _draw(self, _: Callback) -> None:
        if self._shown is not None:
            _copier().copy(self._shown, self.corner())


class _Copier(RenderContext):
    """Lays a picture over what is there, with neither colour nor transparency: what is copied as it is costs least."""

    def __init__(self) -> None:
        super().__init__(fs=COPY, use_parent_projection=True, use_parent_modelview=True)
        with self:
            self._picture = Rectangle()

    def copy(self, picture: Texture, corner: tuple[int, int]) -> None:
        self._picture.texture, self._picture.size, self._picture.pos = picture, picture.size, corner
        glDisable(GL_BLEND)
        self.draw()
        glEnable(GL_BLEND)


@lru_cache(maxsize=1)
def _copier() -> _Copier:
    return _Copier()


class Still(Picture):
    """Holds one child, which fills it, and is painted once for each size, and again when `paint_soon` is called. The child stands where
    the picture does, so that it can be touched, but on whole pixels.

    ground: the opaque colour behind the drawing. frames: after how many it is painted; a child that lays out others needs some.
    """

    ground = ColorProperty()
    frames = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._left = 0
        self._paint_next = Clock.create_trigger(self._paint, -1)
        self.bind(size=self.paint_soon, ground=self.paint_soon)

    def add_widget(self, widget: Widget, *args: object, **options: object) -> None:
        super().add_widget(widget, *args, **options)
        self.canvas.remove(widget.canvas)
        self.paint_soon()

    def paint_soon(self, *_: object) -> None:
        """The drawing has changed, or will until it is painted."""
        for drawing in self.children:
            drawing.pos, drawing.size = self.corner(), self.size
        self._left = self.frames
        self._paint_next()

    def _put_soon(self, *_: object) -> None:
        super()._put_soon()
        for drawing in self.children:
            drawing.pos = self.corner()

    def _paint(self, _: float) -> None:
        if self._left > 0:
            self._left -= 1
            Clock.schedule_once(self._paint)
            return
        if min(self.size) <= 0:
            self.hide()
            return
        size = (max(1, round(self.width)), max(1, round(self.height)))
        for drawing in self.children:
            drawing.size = size
            labels = [widget for widget in drawing.walk(restrict=True) if isinstance(widget, Label)]
            for label in labels:
                if label.texture is None:
                    label.texture_update()
            Builder.sync()  # what kv computes from the size reaches the canvas only now
            self.show(painted(drawing.canvas, size, self.ground, self.corner()))
            for label in labels:
                label.texture = label._label.texture = None  # a third of a screen's memory, and in the picture already
