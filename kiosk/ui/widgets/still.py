"""A drawing that does not change, kept as one picture: redrawing a screen then costs one rectangle for it, also without a GPU."""

from kivy.clock import Clock
from kivy.graphics import Callback, ClearBuffers, ClearColor, Color, Fbo, Rectangle, Translate
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.lang import Builder
from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.widget import Widget


class Still(Widget):
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
        with self.canvas:
            Color(1, 1, 1, 1)
            Callback(_paint_over)
            self._picture = Rectangle()
            Callback(_blend)
        self.bind(pos=self._place, size=self.paint_soon, ground=self.paint_soon)

    def add_widget(self, widget: Widget, *args: object, **options: object) -> None:
        super().add_widget(widget, *args, **options)
        self.canvas.remove(widget.canvas)
        self.paint_soon()

    def paint_soon(self, *_: object) -> None:
        """The drawing has changed, or will until it is painted."""
        for drawing in self.children:
            drawing.pos, drawing.size = self._corner(), self.size
        self._left = self.frames
        self._paint_next()

    def _corner(self) -> tuple[int, int]:
        return round(self.x), round(self.y)

    def _place(self, *_: object) -> None:
        self._picture.pos = self._corner()
        for drawing in self.children:
            drawing.pos = self._corner()

    def _paint(self, _: float) -> None:
        if self._left > 0:
            self._left -= 1
            Clock.schedule_once(self._paint)
            return
        if min(self.size) <= 0:
            self._picture.size = (0, 0)
            return
        size = (max(1, round(self.width)), max(1, round(self.height)))
        fbo = Fbo(size=size)
        with fbo:
            ClearColor(*self.ground)
            ClearBuffers()
            Translate(-self._corner()[0], -self._corner()[1])
        for drawing in self.children:
            drawing.size = size
            Builder.sync()  # what kv computes from the size reaches the canvas only now
            fbo.add(drawing.canvas)
        fbo.draw()
        for drawing in self.children:
            fbo.remove(drawing.canvas)
        fbo.texture.mag_filter = fbo.texture.min_filter = "nearest"  # pixel by pixel: cheaper without a GPU than to interpolate
        self._picture.texture, self._picture.size = fbo.texture, size
        self._place()


def _paint_over(_: Callback) -> None:
    """A picture is opaque: to mix it with what it covers would be work for nothing."""
    glDisable(GL_BLEND)


def _blend(_: Callback) -> None:
    glEnable(GL_BLEND)
