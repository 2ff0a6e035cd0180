"""Every screen with sample data: for the rules in tests/screens, for `make screens`, and for whoever wants to see one in a window:

    python -m tests.stage.gallery NAME --window 1280x800

A new screen is one line in GALLERY: its name, and a function that makes the widget in a language. FOR_THE_RULES are there to be
measured only, and not photographed. What the screen tells is printed, a line each. Screens of a turn are those of the product, made
once for each language and filled anew for each name.
"""

import argparse
import atexit
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from msgspec.structs import replace
from nacl.signing import SigningKey

from kiosk.advice import _WHAT_TO_DO
from kiosk.calibration import CROSSES, Verdict
from kiosk.calibration import in_words as in_words_of_touch
from kiosk.choices import Wording
from kiosk.condition import Condition, in_words
from kiosk.connection.answers import Answer as Answered
from kiosk.connection.words import Sayings
from kiosk.doors import Doors
from kiosk.findings import Try
from kiosk.hours import LOCAL
from kiosk.qr import modules
from kiosk.servicing import Adjusted, Facts
from kiosk.setup.asked import Offer, Picture
from kiosk.signing import Answer, Duties, NotHere, Paused, SignedIn, Wrong
from kiosk.texts import translator
from kiosk.touch import Chip, Control, Target
from kiosk.ui.window import prepare
from kiosk.vote import Rating
from kiosk.words import wording
from sync.link import new_link
from sync.shown import Hours, Span
from sync.wire import KioskConfig, Place, decode
from tests.stage.people import NOBODY, STAFF, portrait
from tests.stage.touches import Player
from tests.sync.document import body

if TYPE_CHECKING:
    from kivy.uix.widget import Widget

    from kiosk.ui.screens.touched import TouchedScreen
    from kiosk.ui.servicing import Servicing
    from kiosk.ui.turn import TurnScreens

CONDITION = Condition(
    unit="Phường Thái Hòa", counter="Quầy 3", device="d-5H8JKM2N3P", version="0.1.0", waiting=12, outcome="received", detail="", advice="",
    exchange=datetime(2026, 11, 23, 9, 30, 7, tzinfo=LOCAL), next_in_seconds=60.0, clock_ahead=0.4, disk_free=21_400_000_000,
    disk_total=64_000_000_000,
)  # fmt: skip
Result = TypeVar("Result")
ANSWERS: dict[str, Answer] = {"0000": SignedIn(), "1111": Wrong(1), "2222": Paused(61.0), "3333": NotHere()}
LINK = new_link(
    "https://hailong.nghean.gov.vn", SigningKey(bytes([1] * 32)), "d-5H8JKM2N3P", UUID(int=7), datetime(2026, 11, 23, 9, 30, tzinfo=LOCAL)
)
FRAMES = 5  # until a screen is laid out
SAMPLE = decode(body("config-shown.json"), KioskConfig)
LONGER = 1.35  # German and Khmer need about so much more room than Vietnamese
LONGEST_COUNTER = "Quầy Tiếp nhận hồ sơ đất đai và môi trường"
LONGEST_UNIT = "Trung tâm Phục vụ hành chính công phường Hoàng Văn Thụ"
WRITTEN = "Tôi đã phải đi lại ba lần. Xin giải thích rõ hơn!"


@dataclass(frozen=True)
class Speech:
    """How a screen speaks. long: with a third more, in the tallest and deepest letters that Vietnamese has."""

    language: str
    long: bool = False

    def translate(self, sentence: str) -> str:
        return self.words(translator(self.language)(sentence))

    def words(self, sentence: str) -> str:
        return sentence + (" Ẫgỹ ỂỢp" * len(sentence))[: round(len(sentence) * (LONGER - 1))] if self.long else sentence


SPEECHES = {"vi": Speech("vi"), "en": Speech("en"), "long": Speech("vi", long=True)}


def main() -> None:
    """Show the screen until the program is ended."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("name", choices=sorted(GALLERY))
    arguments.add_argument("--lang", default="vi", choices=SPEECHES)
    arguments.add_argument("--window")
    arguments.add_argument("--touches", type=Path, help="a file that is played when it is laid there")
    given = arguments.parse_args()
    width, _, height = (given.window or "").partition("x")
    prepare((int(width), int(height)) if given.window else None)
    from kivy.clock import Clock  # Kivy reads its settings when it is imported

    from kiosk.ui.app import FullWindow
    from kiosk.ui.widgets.stage import Stage

    app = FullWindow(closable=True)
    if given.touches:
        player = Player(given.touches)
        Clock.schedule_interval(lambda _: player.look(), 0.01)
    stage = Stage()
    stage.add_widget(GALLERY[given.name](SPEECHES[given.lang]))
    app.open(stage)


@cache
def turn(speech: Speech, on_duty: Duties = NOBODY) -> "TurnScreens":
    """The product's screens in a language."""
    from kiosk.ui.signing import Signing
    from kiosk.ui.turn import TurnScreens

    screens = TurnScreens(speech.translate, "Tiếng Việt" if speech.language == "en" else "English", Signing(on_duty, speech.translate))
    for event in ("on_back", "on_send"):
        screens.comment.bind(**{event: lambda _, *told, event=event: print(event, *map(repr, told), flush=True)})
    return screens


def fill(speech: Speech, officer: int = 2, counter: str = "Quầy 3", photo: str = "") -> "TurnScreens":
    """The screens of a turn, of an officer (a number of STAFF), with the words of a unit that changed none."""
    screens = turn(speech)
    said = wording(replace(SAMPLE, texts={}, reasons=[]), speech.language)
    choices = [choice._replace(words=speech.words(choice.words)) for choice in said.choices]
    question, apology, good, thanked, sentence = map(speech.words, said[:5])
    screens.say(Wording(question, apology, good, thanked, sentence, choices))
    _id, name, title = STAFF[officer]
    screens.show_officer(name, title, counter, photo)
    return screens


def later(screen: "TouchedScreen", act: Callable[[], None]) -> None:
    """Do it when everything has its place."""
    from kivy.clock import Clock

    screen.mark(())
    left = iter(range(FRAMES))

    def wait(_: float) -> bool:
        if next(left, None) is None and screen.parent:
            act()
            return False
        return True

    Clock.schedule_interval(wait, 0)


def ask(speech: Speech, *pressed: Target, officer: int = 2, counter: str = "Quầy 3", photo: str = "") -> "Widget":
    screen = fill(speech, officer, counter, photo).ask
    later(screen, lambda: screen.mark(pressed))
    return screen


def ask_with_photo(speech: Speech) -> "Widget":
    """The question, about an officer with a photo."""
    folder = tempfile.TemporaryDirectory(prefix="hailong-gallery-")
    atexit.register(folder.cleanup)
    photo = Path(folder.name) / "photo.jpg"
    portrait().save(photo)
    return ask(speech, photo=str(photo))


def ask_at_a_counter(speech: Speech) -> "Widget":
    """Nobody is on duty: the counter is rated."""
    screens = fill(speech)
    screens.show_officer("Quầy 3", LONGEST_UNIT, "", "")
    screens.ask.mark(())
    return screens.ask


def why(
    speech: Speech, rating: Rating, *marked: Target, turned: int = 0, mend_left: float = 0.8, seconds: int = 0, officer: int = 2
) -> "Widget":
    """The reasons. turned: to which page. seconds: until the turn ends by itself, or 0 when that is not yet said."""
    screens = fill(speech, officer)
    screen = screens.why[rating]
    screen.turn_to(turned)
    screen.mend_left = mend_left
    screen.going = screens.going.format(seconds=seconds) if seconds else ""
    later(screen, lambda: screen.mark(marked))
    return screen


def ask_with_most_words(speech: Speech) -> "Widget":
    """As much as a unit may ask."""
    screens = fill(speech)
    screens.ask.question = ("Ông/bà có hài lòng với sự phục vụ của cán bộ không? " * 6)[:299].strip()
    screens.ask.mark(())
    return screens.ask


def comment(speech: Speech, written: str = "", field: str = "", **known: str) -> "Widget":
    """The comment. field: which of the sender's is written in, after the consent; known: the fields so far."""
    screen = turn(speech).comment
    screen.clear()
    words, consent = screen._words, screen._consent
    words.write(written)
    if known or field == "consent":
        screen.act(words.ids.on)
    if known:
        screen.act(consent.ids.tick)
        for name, value in known.items():
            setattr(consent, name, value)
        if field:
            screen.act(consent.ids[field])
    return screen


def comment_link(speech: Speech) -> "Widget":
    """The comment, empty, with a link to the form."""
    screen = comment(speech)
    screen.link = LINK
    return screen


def noted(speech: Speech) -> "Widget":
    """A comment's number."""
    screen = turn(speech).noted
    screen.reference = "7K3M-2QX"
    screen.mark(())
    return screen


def sorry(speech: Speech) -> "Widget":
    return turn(speech).sorry


def thanks(speech: Speech) -> "Widget":
    return fill(speech).thanks


def rest(speech: Speech, at: str = "2026-11-25 18:10", config: KioskConfig = SAMPLE) -> "Widget":
    """The rest screen at a local time, with the opening hours of the frozen example."""
    from kiosk.ui.screens.rest import RestScreen

    now = datetime.fromisoformat(at).replace(tzinfo=LOCAL)
    resting = Doors(lambda: config, lambda: now).resting(speech.language)
    assert resting is not None
    screen = RestScreen(**resting._asdict())
    screen.bind(on_wake=lambda _: print("on_wake", flush=True))
    return screen


def fullest() -> KioskConfig:
    """As much as a unit may say on the rest screen."""
    spans = [Span("07:00", "08:30"), Span("09:00", "11:30"), Span("13:00", "15:00"), Span("15:30", "17:30")]
    notice = "Chủ tịch Ủy ban nhân dân phường Hoàng Văn Thụ tiếp công dân thường xuyên vào sáng thứ Hai hằng tuần, từ 08:00 đến 11:30, "
    week = [spans[:2], spans, [], [], [], [], []]
    unit = Place(SAMPLE.unit.id, LONGEST_UNIT)
    return replace(SAMPLE, unit=unit, hours=Hours(weekdays=week), reception={"vi": (notice + "tại phòng tiếp dân, tầng một.")[:150]})


def sign_in(speech: Speech, digits: str = "", **properties: object) -> "Widget":
    """Names to choose from; choosing one shows the pad."""
    from kiosk.ui.screens.sign_in import SignInScreen

    screen = SignInScreen(speech.translate, officers=STAFF, **properties)
    screen.digits = digits
    screen.bind(on_choose=lambda _, officer: setattr(screen, "chosen", officer))
    for event in ("on_choose", "on_pin", "on_sign_out", "on_leave"):
        screen.bind(**{event: lambda _, *told, event=event: print(event, *told, flush=True)})
    return screen


def wrong_pin(speech: Speech) -> "Widget":
    """A PIN was wrong, and another is typed."""
    said = speech.translate("Mã PIN chưa đúng. Còn {left} lần thử.").format(left=3)
    return sign_in(speech, chosen="o-6", digits="258", message=said)


def technician(speech: Speech, advice: str = "", message: str = "", **fields: object) -> "Widget":
    """How a kiosk is that has heard of its server a minute ago."""
    from kiosk.ui.screens.technician import TechnicianScreen

    facts = in_words(replace(CONDITION, **fields), speech.translate)
    screen = TechnicianScreen(speech.translate, facts=facts, advice=speech.translate(advice), message=speech.translate(message))
    screen.bind(on_task=lambda _, task: print("on_task", task.name, flush=True))
    return screen


def technician_in_trouble(speech: Speech) -> "Widget":
    """As much as may be said."""
    advice = speech.translate(_WHAT_TO_DO["not-our-server"]).format(server="https://hailong.nghean.gov.vn")
    said = "Đã thử đồng bộ; kết quả ở dòng “Lần gửi gần nhất”."
    return technician(speech, advice, said, outcome="failed", unit=LONGEST_UNIT, counter=LONGEST_COUNTER, clock_ahead=-4000.0, waiting=1073)


def servicing(speech: Speech, pin: bool = True) -> "Servicing":
    """The technician's screens for real, but for who answers: PINs by `ANSWERS`."""
    from kiosk.ui.servicing import Servicing

    one = Servicing(
        Serviced(speech, pin),
        speech.translate,
        lambda code: print("end", code, flush=True),
        lambda on: print("train", on, flush=True),
        bool,
        lambda: print("play", flush=True),
    )
    one.begin()
    return one


def without_pin(speech: Speech) -> "Widget":
    screen = servicing(speech, pin=False).screen
    assert screen is not None
    return screen


def technician_pin(speech: Speech) -> "Widget":
    """Eight digits are typed."""
    one = servicing(speech)
    assert one.screen is not None
    one.screen.digits = "73914628"
    return one.screen


def leaving(speech: Speech) -> "Widget":
    """Whether really to leave."""
    from kiosk.ui.screens.technician import Task

    one = servicing(speech)
    one._tasks[Task.LEAVE]()
    assert one.screen is not None
    return one.screen


def technician_with_update(speech: Speech) -> "Widget":
    """A stick with the next version is in."""
    screen = technician(speech)
    screen.offered = "0.2.0"
    return screen


def updating(speech: Speech) -> "Widget":
    """Whether really to change the version."""
    from kiosk.ui.screens.technician import Task

    one = servicing(speech)
    one._main.offered = "0.2.0"
    one._tasks[Task.UPDATE]()
    assert one.screen is not None
    return one.screen


def log(speech: Speech) -> "Widget":
    """The end of a log."""
    from kiosk.ui.screens.technician import Task

    one = servicing(speech)
    one._tasks[Task.LOG]()
    assert one.screen is not None
    return one.screen


def ways(speech: Speech, *, scans: bool = True) -> "Widget":
    """The first start, with a stick that holds a commune's folders."""
    from kiosk.ui.screens.ways import WaysScreen

    screen = WaysScreen(speech.translate, scans=scans)
    screen.note = speech.translate("USB có cấu hình của {number} quầy.").format(number=12)
    screen.bind(on_way=lambda _, way: print("on_way", way.name, flush=True), on_leave=lambda _: print("on_leave", flush=True))
    return screen


def entry(speech: Speech, kind: str, written: str = "") -> "Widget":
    """The server's address, or a code, is typed."""
    from kiosk.ui.screens.entry import EntryScreen

    title, hint = {
        "address": (speech.translate("Địa chỉ máy chủ"), "https://hailong.tinh.gov.vn"),
        "code": (speech.translate("Mã đăng ký của quầy"), speech.translate("ví dụ 7Q2K9-M3RT5")),
    }[kind]
    screen = EntryScreen(speech.translate, title, hint, plain=kind, accepts=lambda text: len(text) > 10)
    screen.write(written)
    for event in ("on_back", "on_done"):
        screen.bind(**{event: lambda _, *told, event=event: print(event, *told, flush=True)})
    return screen


def offers(speech: Speech) -> "Widget":
    """A commune's counters on a stick, of which some are taken."""
    from kiosk.ui.screens.offers import OffersScreen

    used = speech.translate("Đã dùng lúc {time}").format(time="10:32 26/11/2026")
    told = [
        Offer("1", LONGEST_COUNTER, LONGEST_UNIT),
        Offer("2", "Quầy 2", LONGEST_UNIT, used),
        Offer("3", "Quầy 3", "Phường Thái Hòa", older=True),
    ]
    told += [
        Offer("4", "quay-4-c-7Q2K9XVT", "", wrong="kiosk.toml"),
        *(Offer(str(each), f"Quầy {each}", LONGEST_UNIT) for each in range(5, 13)),
    ]
    screen = OffersScreen(speech.translate, offers=told)
    screen.note = speech.translate("USB có cấu hình của {number} quầy.").format(number=12)
    screen.bind(on_offer=lambda _, offer: print("on_offer", offer.counter, flush=True))
    return screen


def trying(speech: Speech, *, well: bool = False, blocked: bool = False) -> "Widget":
    """The test of a connection that is well, or is blocked, perhaps for want of a proxy, or ends at a portal."""
    from kiosk.ui.screens.trying import TryingScreen

    translate, say = speech.translate, Sayings("https://hailong.nghean.gov.vn", "", "", speech.translate)
    findings = [say.name_found("hailong.nghean.gov.vn"), say.reached("hailong.nghean.gov.vn", 443, proxy=False)]
    screen = TryingScreen(headline=f"{LONGEST_COUNTER}, {LONGEST_UNIT}")
    if well:
        theirs = datetime(2026, 11, 26, 10, 32, tzinfo=LOCAL)
        clock = say.wrong_clock("clock", theirs - timedelta(days=2150), theirs)
        ends = say.certificate_holds(datetime(2027, 2, 20, tzinfo=LOCAL), soon=False)
        screen.findings = [*findings, ends, say.ours(), clock, say.enrolled("Quầy 3", "Phường Thái Hòa")]
        screen.note, screen.go_words = translate("Máy này đã là kiosk của quầy trên."), translate("Bắt đầu")
    else:
        portal, no_way = say.not_ours(Answered.PORTAL, 302), say.no_way("hailong.nghean.gov.vn", 443, "timeout", proxy=False)
        screen.findings = [findings[0], no_way] if blocked else [*findings, portal]
        screen.other_words = translate("Nhập proxy") if blocked else ""
        screen.go_words = translate("Dùng khi chưa có mạng")
        screen.back_words, screen.again_words = translate("Trở về"), translate("Thử lại")
    for event in ("on_back", "on_again", "on_go", "on_other"):
        screen.bind(**{event: lambda _, event=event: print(event, flush=True)})
    return screen


def scan(speech: Speech) -> "Widget":
    """The camera sees a code of something else."""
    from kiosk.ui.screens.scan import ScanScreen

    rows = modules("https://hailong.nghean.gov.vn/#7Q2K9-M3RT5")
    wide, high, size = 640, 360, 6
    pixels = bytearray(b"\xb4" * wide * high)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            for line in range(size):
                at = (60 + y * size + line) * wide + 200 + x * size
                pixels[at : at + size] = bytes([20 if dark else 235]) * size
    screen = ScanScreen(speech.translate, picture=Picture(wide, high, bytes(pixels)))
    screen.note = speech.translate("Đây không phải mã QR của một quầy. Mã đúng ở trang Thiết bị của máy chủ.")
    screen.bind(on_back=lambda _: print("on_back", flush=True))
    return screen


def touch_crosses(speech: Speech) -> "Widget":
    """One cross was touched."""
    from kiosk.ui.screens.touch_test import TouchTestScreen

    screen = TouchTestScreen(speech.translate)
    screen._told.append(CROSSES[0])
    return screen


def touch_test(speech: Speech) -> "Widget":
    """Some squares were touched."""
    from kiosk.ui.screens.touch_test import TouchTestScreen

    screen = TouchTestScreen(speech.translate)
    screen._verdict = Verdict(2.0)
    screen._touched.update({(0, 0), (1, 0), (1, 1), (2, 1)})
    return screen


def adjusting(speech: Speech, brightness: int | None = 80, message: str = "") -> "Widget":
    """How loud and how bright it is. brightness: None where it cannot be changed."""
    from kiosk.ui.screens.adjusting import AdjustingScreen

    screen = AdjustingScreen(speech.translate, volume=60, brightness=brightness, message=speech.translate(message))
    screen.bind(on_wish=lambda _, wish: print("on_wish", wish.name, flush=True))
    return screen


def adjusting_in_trouble(speech: Speech) -> "Widget":
    """A display without a light of its own, and a file that cannot be written."""
    return adjusting(speech, None, "Chưa lưu được: tệp cấu hình kiosk.toml có lỗi. Xin sửa tệp đó.")


def touch_found(speech: Speech) -> "Widget":
    """The touch screen is off."""
    from kiosk.ui.screens.reading import ReadingScreen

    words = in_words_of_touch(Verdict(24.0, (1.111, 0.003, -0.089, 0.001, 0.943, 0.047)), speech.translate)
    return ReadingScreen(headline=speech.translate("Kết quả thử màn hình"), words=words, back_words=speech.translate("Trở về"))


def network(speech: Speech, server: str = "https://hailong.nghean.gov.vn", **properties: object) -> "Widget":
    """The addresses."""
    from kiosk.ui.screens.network import NetworkScreen

    screen = NetworkScreen(speech.translate, server=server, **properties)
    for event in ("on_type_server", "on_type_proxy", "on_examine", "on_keep", "on_back"):
        screen.bind(**{event: lambda _, event=event: print(event, flush=True)})
    return screen


def network_changed(speech: Speech) -> "Widget":
    """Others were typed, and could not be kept."""
    message = speech.translate("Chưa lưu được: tệp cấu hình kiosk.toml có lỗi. Xin sửa tệp đó.")
    server = "https://danhgia.trungtamhanhchinhcong.nghean.gov.vn"
    return network(speech, server, proxy="http://10.171.10.250:3128", message=message, changed=True)


class Serviced:
    """A kiosk without ledger and courier: `kiosk.servicing.Service`. speech: what it speaks."""

    def __init__(self, speech: Speech, has_pin: bool) -> None:
        self._speech = speech
        self.has_pin = has_pin
        self._adjusted = Adjusted(60, 80, "https://hailong.nghean.gov.vn", "")

    def why_not(self, digits: str) -> "Future[Wrong | Paused | NotHere | None]":
        answer = ANSWERS[digits]
        return done(None if isinstance(answer, SignedIn) else answer)

    def facts(self) -> Future[Facts]:
        return done(Facts(in_words(CONDITION, translator("vi")), ""))

    def exchange(self) -> Future[None]:
        return done(None)

    def export(self) -> Future[str]:
        return done("")

    def copy_log(self) -> Future[str]:
        return done("")

    def update(self, version: str) -> Future[str]:
        print("update", version, flush=True)
        return done("")

    def adjusted(self) -> Adjusted:
        return self._adjusted

    def set_volume(self, percent: int) -> Future[str]:
        self._adjusted = self._adjusted._replace(volume=percent)
        return done("")

    def set_brightness(self, percent: int) -> Future[str]:
        self._adjusted = self._adjusted._replace(brightness=percent)
        return done("")

    def examine(self, server: str, proxy: str) -> Try[bool]:
        trial: Try[bool] = Try()
        trial.findings.append(Sayings(server, proxy, "", self._speech.translate).ours())
        trial.done.set_result(True)
        return trial

    def readdress(self, server: str, proxy: str) -> Future[str]:
        print("readdress", server, proxy, flush=True)
        return done("")

    def log(self) -> list[str]:
        line = "26/11 08:{:02}:07 WARNING kiosk.advice: Không kết nối được máy chủ https://hailong.nghean.gov.vn. Xin kiểm tra mạng."
        return [line.format(minute) for minute in range(40)]


def done(result: Result) -> "Future[Result]":
    """A future that has ended."""
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def fault(speech: Speech) -> "Widget":
    """For the technician."""
    from kiosk.ui.screens.fault import FaultScreen

    translate = speech.translate
    sentences = [
        "/etc/hailong/kiosk.toml: server: " + translate("còn thiếu"),
        "/etc/hailong/kiosk.toml: thanks_seconds (0): " + translate("cần một số giây từ 0.1 đến 60"),
        translate("Sau khi sửa, xin mở lại chương trình."),
    ]
    return FaultScreen(headline=translate("Chưa dùng được: cần sửa tệp cấu hình"), sentences="\n\n".join(sentences))


KNOWN = {"name": "Nguyễn Văn Ưởng", "phone": "0912 345 678", "address": "Xóm 4, xã Thái Hòa"}
GALLERY: dict[str, Callable[[Speech], "Widget"]] = {
    "ask": ask,
    "ask-pressed": lambda speech: ask(speech, Rating.DISSATISFIED),
    "ask-photo": ask_with_photo,
    "ask-longest-names": lambda speech: ask(speech, officer=5, counter=LONGEST_COUNTER),
    "ask-most-words": ask_with_most_words,
    "ask-no-officer": ask_at_a_counter,
    "why-good": lambda speech: why(speech, Rating.SATISFIED, Chip("friendly")),
    "why": lambda speech: why(speech, Rating.DISSATISFIED, Chip("explanation"), Chip("waiting")),
    "why-going": lambda speech: why(speech, Rating.DISSATISFIED, Control.DONE, turned=1, mend_left=0, seconds=8, officer=5),
    "comment": comment,
    "comment-link": comment_link,
    "comment-written": lambda speech: comment(speech, WRITTEN),
    "comment-consent": lambda speech: comment(speech, WRITTEN, "consent"),
    "comment-known": lambda speech: comment(speech, WRITTEN, **KNOWN),
    "comment-phone": lambda speech: comment(speech, WRITTEN, "phone", **KNOWN),
    "noted": noted,
    "thanks": thanks,
    "sorry": sorry,
    "rest": rest,
    "rest-fullest": lambda speech: rest(speech, "2026-11-24 18:10", fullest()),
    "rest-holiday": lambda speech: rest(speech, "2027-02-08 09:00"),
    "sign-in": lambda speech: sign_in(speech, serving=STAFF[2][1]),
    "sign-in-pin": wrong_pin,
    "fault": fault,
    "setup": ways,
    "setup-without-camera": lambda speech: ways(speech, scans=False),
    "setup-address": lambda speech: entry(speech, "address", "https://hailong.nghean.gov.vn"),
    "setup-code": lambda speech: entry(speech, "code", "7Q2K9-M3RT5-8H4JT-2MWQX"),
    "setup-offers": offers,
    "setup-portal": trying,
    "setup-proxy": lambda speech: trying(speech, blocked=True),
    "setup-done": lambda speech: trying(speech, well=True),
    "setup-scan": scan,
    "technician": technician,
    "technician-in-trouble": technician_in_trouble,
    "technician-pin": technician_pin,
    "technician-without-pin": without_pin,
    "technician-leaving": leaving,
    "technician-log": log,
    "technician-with-update": technician_with_update,
    "technician-updating": updating,
    "adjusting": adjusting,
    "adjusting-in-trouble": adjusting_in_trouble,
    "network": network,
    "network-changed": network_changed,
    "touch-crosses": touch_crosses,
    "touch-test": touch_test,
    "touch-found": touch_found,
}
FOR_THE_RULES = {
    "setup-without-camera",
    "ask-longest-names",
    "ask-most-words",
    "ask-no-officer",
    "rest-fullest",
    "rest-holiday",
    "comment-consent",
}

if __name__ == "__main__":
    main()
