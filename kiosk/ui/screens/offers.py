"""The counters for which a stick holds a prepared folder: one is chosen for this tablet."""

from functools import partial

from kivy.properties import BooleanProperty, ListProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.ui.widgets.pages
import kiosk.ui.widgets.push
import kiosk.ui.widgets.sentence  # noqa: F401 their kv classes are used in ours
from kiosk.setup.asked import Offer
from kiosk.texts import Translate
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.finger import OneFinger


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

    __events__ = ("on_offer", "on_back")

    def __init__(self, translate: Translate, **properties: object) -> None:
        self.words = {
            "title": translate("Chọn quầy của máy này"),
            "turning": translate("Xem tiếp ({page}/{pages})"),
            "back": translate("Trở về"),
        }
        self._translate = translate
        super().__init__(**properties)
        self.bind(offers=self._fill)
        self._fill()

    def under(self, x: float, y: float) -> Widget | None:
        targets = [*self.ids.rows.shown, self.ids.back, *([self.ids.more] if self.ids.rows.words else [])]
        return next((one for one in targets if one.collide_point(x, y)), None)

    def act(self, target: Widget) -> None:
        if isinstance(target, OfferRow):
            self.dispatch("on_offer", target.offer)
        elif target is self.ids.back:
            self.dispatch("on_back")
        else:
            self.ids.rows.turn()

    def on_offer(self, offer: Offer) -> None:
        """A counter was chosen."""

    def on_back(self) -> None:
        """Another way."""

    def _fill(self, *_: object) -> None:
        self.let_go()
        self.ids.rows.items = [partial(self._row, offer) for offer in self.offers]

    def _row(self, offer: Offer) -> OfferRow:
        translate = self._translate
        second = offer.used or (translate("Tệp cũ hơn của quầy này") if offer.older else offer.unit)
        if offer.wrong:
            second = translate("Chưa dùng được: chạm để xem")
        return OfferRow(offer=offer, name=offer.counter, second=second, taken=bool(offer.wrong or offer.used or offer.older))


load_beside(__file__)
