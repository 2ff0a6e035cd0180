"""Rows of a list that may be long, a page of them at a time."""

from collections.abc import Callable
from math import ceil

from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.ui.ahead import ahead

ROWS_A_PAGE = 6


class Pages(GridLayout):
    """items: of the whole list, each a callable that makes its widget. page: which are shown, from 0. turning: words with {page} and
    {pages}. words: those of the button that shows the next page; empty where one page holds all.
    """

    items = ListProperty()
    page = NumericProperty(0)
    turning = StringProperty()
    words = StringProperty()
    shown: tuple[Widget, ...] = ()

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.bind(items=self._fill, page=self._fill, turning=self._fill)

    def turn(self) -> None:
        """Show the next page; after the last the first."""
        self.page = (self.page + 1) % self._pages()

    def _pages(self) -> int:
        return max(1, ceil(len(self.items) / ROWS_A_PAGE))

    def _fill(self, *_: object) -> None:
        ahead.show_all()
        pages = self._pages()
        self.page = min(self.page, pages - 1)
        self.words = self.turning.format(page=self.page + 1, pages=pages) if pages > 1 else ""
        makers: list[Callable[[], Widget]] = self.items[self.page * ROWS_A_PAGE : (self.page + 1) * ROWS_A_PAGE]
        self.shown = tuple(make() for make in makers)
        self.clear_widgets()
        for row in (*self.shown, *(Widget() for _place in range(ROWS_A_PAGE - len(makers)))):  # rows keep their height
            self.add_widget(row)
