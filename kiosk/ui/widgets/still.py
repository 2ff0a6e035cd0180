"""A drawing that does not change, kept as one picture: redrawing a screen then costs one rectangle for it, also without a GPU."""

from kivy.clock import Clock
from kivy.graphics import ClearBuffers, ClearColor, Color, Fbo, Rectangle
from kivy.lang import Builder
from kivy.properties import ColorProperty
from kivy.uix.widget import Widget


class Still(Widget):
    """Holds one child, which fills it, and is painted once for each size. ground: the opaque colour behind the drawing."""

    ground = ColorProperty()

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._paint_soon = Clock.create_trigger(self._paint, -1)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle()
        self.bind(pos=self._place, size=self._paint_soon, ground=self._paint_soon)

    def add_widget(self, widget: Widget, *args: object, **options: object) -> None:
        super().add_widget(widget, *args, **options)
        self.canvas.remove(widget.canvas)
        self._paint_soon()

    def _place(self, *_: object) -> None:
        self._picture.pos = round(self.x), round(self.y)

    def _paint(self, _: float) -> None:
        size = (max(1, round(self.width)), max(1, round(self.height)))
        fbo = Fbo(size=size)
        with fbo:
            ClearColor(*self.ground)
            ClearBuffers()
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
