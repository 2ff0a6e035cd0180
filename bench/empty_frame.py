"""A window of Kivy with nothing in it, which only changes its colour at each touch: what a frame costs before ours begins."""

from kiosk.ui.window import prepare

COLOURS = ((124, 207, 201), (246, 244, 238))


def main() -> None:
    prepare(None)
    from kivy.app import App
    from kivy.core.window import Window
    from kivy.uix.widget import Widget

    from kiosk.ui.sdl import wake_for_touches

    def paint(number: int) -> None:
        Window.clearcolor = [value / 255 for value in COLOURS[number]] + [1]
        Window.canvas.ask_update()

    class Empty(Widget):
        shown = 0

        def on_touch_up(self, touch: object) -> bool:
            self.shown = 1 - self.shown
            paint(self.shown)
            return True

    class EmptyApp(App):
        def build(self) -> Widget:
            paint(0)
            return Empty()

    wake_for_touches()
    EmptyApp().run()


if __name__ == "__main__":
    main()
