"""The counters for which a stick holds a prepared folder: one is chosen for this tablet."""

from math import ceil

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.push
import kiosk.ui.widgets.sentence  # noqa: F401 their kv classes are used in ours
from kiosk.setup.asked import Offer
from kiosk.texts import Translate
from kiosk.ui.ahead import ahead
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger

ROWS_A_PAGE = 6


class OfferRow(BoxLayout):
    """A counter to choose. second: its unit, or why it had better not be chosen; taken: whether it had better not."""

    touchable = "button"
    offer = ObjectProperty()
    name = StringProperty()
    second = StringProperty()
    taken = BooleanProperty(False)
    pressed = BooleanProperty(False)


class OffersScreen(BoxLayout, OneFinger):
    """offers: of `kiosk.setup.asked`. note: what is to be said of the sticks. Events: `on_offer` (offer), `on_back`."""

    offers = ListProperty()
    note = StringProperty()
    page = NumericProperty(0)
    page_words = StringProperty()

    __events__ = ("on_offer", "on_back")

    def __init__(self, translate: Translate, **properties: object) -> None:
        self.words = {"title": translate("Chọn quầy của máy này"), "back": translate("Trở về")}
        self._translate = translate
        super().__init__(**properties)
        self.bind(offers=self._fill, page=self._fill)
        self._fill()

    def under(self, x: float, y: float) -> Widget | None:
        rows = [row for row in self.ids.rows.children if isinstance(row, OfferRow)]
        targets = [*rows, self.ids.back, *([self.ids.more] if self.page_words else [])]
        return next((one for one in targets if one.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        if isinstance(target, OfferRow):
            self.dispatch("on_offer", target.offer)
        elif target is self.ids.back:
            self.dispatch("on_back")
        else:
            self.page = (self.page + 1) % self._pages()

    def on_offer(self, offer: Offer) -> None:
        """A counter was chosen."""

    def on_back(self) -> None:
        """Another way."""

    def _pages(self) -> int:
        return max(1, ceil(len(self.offers) / ROWS_A_PAGE))

    def _fill(self, *_: object) -> None:
        self.let_go()
        ahead.show_all()
        translate, pages = self._translate, self._pages()
        self.page = min(self.page, pages - 1)
        self.page_words = translate("Xem tiếp ({page}/{pages})").format(page=self.page + 1, pages=pages) if pages > 1 else ""
        rows = self.ids.rows
        rows.clear_widgets()
        shown = self.offers[self.page * ROWS_A_PAGE : (self.page + 1) * ROWS_A_PAGE]
        for offer in shown:
            second = translate("Chưa dùng được: chạm để xem") if offer.wrong else offer.used or offer.unit
            rows.add_widget(OfferRow(offer=offer, name=offer.counter, second=second, taken=bool(offer.wrong or offer.used)))
        for _place in range(ROWS_A_PAGE - len(shown)):  # rows keep their height
            rows.add_widget(Widget())


load_beside(__file__)
