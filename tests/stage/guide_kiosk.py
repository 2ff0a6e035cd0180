"""The kiosk's screens as the technician's guide shows them, by the names of its pictures: those of the gallery, of one plain commune."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.connection.answers import Answer
from kiosk.connection.words import Sayings
from kiosk.findings import Finding
from kiosk.hours import LOCAL
from kiosk.setup.asked import Offer
from tests.stage import gallery
from tests.stage.gallery import Speech

if TYPE_CHECKING:
    from kivy.uix.widget import Widget

SERVER = "https://hailong.nghean.gov.vn"
TOWN = "Phường Thái Hòa"
ENDS = datetime(2027, 2, 20, tzinfo=LOCAL)


def choose_counter(speech: Speech) -> "Widget":
    """Twelve counters on a stick, of which two are taken."""
    from kiosk.ui.screens.offers import OffersScreen

    used = {1: "09:05 26/11/2026", 2: "09:12 26/11/2026"}
    said = speech.translate("Đã dùng lúc {time}")
    offers = [Offer(f"{each}", f"Quầy {each}", TOWN, said.format(time=used[each]) if each in used else "") for each in range(1, 13)]
    screen = OffersScreen(speech.translate, offers=offers)
    screen.note = speech.translate("USB có cấu hình của {number} quầy.").format(number=len(offers))
    return screen


def scan(speech: Speech) -> "Widget":
    """The camera is about to read a counter's code."""
    screen = gallery.scan(speech)
    screen.note = ""
    return screen


def enrolled(speech: Speech) -> "Widget":
    """All was well."""
    say = Sayings(SERVER, "", "", speech.translate)
    found = [say.certificate_holds(ENDS, soon=False), say.ours(), say.right_clock(), say.enrolled("Quầy 3", TOWN)]
    return _tried(speech, f"Quầy 3, {TOWN}", found, go="Bắt đầu", note="Máy này đã là kiosk của quầy trên.")


def portal(speech: Speech) -> "Widget":
    """The network wants a login first."""
    say = Sayings(SERVER, "", "", speech.translate)
    return _tried(speech, f"Quầy 3, {TOWN}", [say.not_ours(Answer.PORTAL, 302)], go="Dùng khi chưa có mạng", back="Trở về", again="Thử lại")


def _tried(speech: Speech, headline: str, found: list[Finding], note: str = "", **buttons: str) -> "Widget":
    from kiosk.ui.screens.trying import TryingScreen

    say, translate = Sayings(SERVER, "", "", speech.translate), speech.translate
    ways = [say.name_found("hailong.nghean.gov.vn"), say.reached("hailong.nghean.gov.vn", 443, proxy=False)]
    words = {f"{name}_words": translate(word) for name, word in buttons.items()}
    return TryingScreen(headline=headline, findings=[*ways, *found], note=translate(note) if note else "", **words)


GALLERY: dict[str, Callable[[Speech], "Widget"]] = {
    "kiosk-cach-cai": gallery.ways,
    "kiosk-dia-chi": gallery.GALLERY["setup-address"],
    "kiosk-ma": gallery.GALLERY["setup-code"],
    "kiosk-chon-quay": choose_counter,
    "kiosk-quet-ma": scan,
    "kiosk-da-xong": enrolled,
    "kiosk-chua-noi": portal,
    "kiosk-ma-pin": gallery.technician_pin,
    "kiosk-ky-thuat": gallery.technician,
    "kiosk-cai-dat": gallery.adjusting,
    "kiosk-dia-chi-mang": gallery.network,
    "kiosk-cham-thu": gallery.touch_crosses,
    "kiosk-vuot-thu": gallery.touch_test,
    "kiosk-cham-lech": gallery.touch_found,
    "kiosk-len-ban": gallery.technician_with_update,
}
