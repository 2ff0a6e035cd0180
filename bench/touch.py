"""From a finger to what is seen of it, on every screen: the real kiosk, touched by XTEST, and the display's memory read until it changes.

An empty frame of Kivy is measured in the same run, by the same means: what ours may take is told by it.
"""

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import uniform

from msgspec.structs import replace

from bench.figures import Table, percentile
from bench.memory import CONFIG, SEALING
from bench.tap import FRAME_MILLISECONDS
from kiosk.typing import TONES
from sync.pins import hash_pin
from sync.wire import KioskConfig
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.pointer import Pointer
from tests.stage.programs import ROOT, SATISFIED_COLOUR
from tests.stage.watched import WatchedKiosk

ROUNDS, TOUCHES = 3, 40
ASIDE = (2, 2)
MEND_SECONDS = 5.2
REPEAT_SECONDS = 0.6
STILL_SECONDS = 0.06
SIGNING_IN = replace(CONFIG, officers=[replace(officer, pin=hash_pin("2580")) for officer in CONFIG.officers])
RESTING = replace(SIGNING_IN, on_duty=None, without_officer="rest")


@dataclass
class Touched:
    """Milliseconds until something was seen, after a finger went down, and after it came up."""

    down: list[float] = field(default_factory=list)
    up: list[float] = field(default_factory=list)


class Finger:
    """Touches, and looks how long it takes. kiosk: where; found: what was measured, by the words of the table."""

    def __init__(self, kiosk: WatchedKiosk, pointer: Pointer, found: dict[str, Touched]) -> None:
        self.kiosk, self._pointer, self._found = kiosk, pointer, found

    def tap(self, name: str) -> None:
        """Without measuring."""
        self._pointer.move(*self.kiosk.spot(name))
        self._pointer.down()
        self._pointer.up()

    def hold(self, name: str, until: str) -> None:
        """Rest on a thing until another can be touched."""
        self._pointer.move(*self.kiosk.spot(name))
        self._pointer.down()
        self.kiosk.spot(until)
        self._pointer.up()

    def measure(self, what: str, *names: str, acts: bool = False) -> None:
        """Touch things again and again, in turn. acts: come up over them; else slide off, and only the finger that goes down counts."""
        self.kiosk.spot(names[0])
        time.sleep(REPEAT_SECONDS)  # a finger this quick is taken for the one that led here
        for number in range(TOUCHES):
            spot = self.kiosk.spot(names[number % len(names)])
            self._pointer.move(*spot)
            self._found[what].down.append(self._until_seen(self._pointer.down))
            if acts:
                self._found[what].up.append(self._until_seen(self._pointer.up))
            else:
                self._pointer.move(*ASIDE)
                self._pointer.up()

    def measure_waking(self, what: str) -> None:
        """Touch the resting screen; then wait until it rests again."""
        while "satisfied" not in self.kiosk.spots:  # it has just started
            self._pointer.move(*ASIDE)
            self._pointer.down()
            self._pointer.up()
            time.sleep(0.1)
            self.kiosk.listen()
        for _ in range(TOUCHES // 4):
            wait_until(lambda: self._shows("REST"), "the screen rests", 60)
            self._pointer.move(*ASIDE)
            self._found[what].down.append(self._until_seen(self._pointer.down))
            self._pointer.up()

    def _shows(self, screen: str) -> bool:
        self.kiosk.listen()
        return self.kiosk.screen == screen

    def _until_seen(self, act: Callable[[], None]) -> float:
        return until_seen(self.kiosk.display, act)


def until_seen(display: VirtualDisplay, act: Callable[[], None]) -> float:
    """Milliseconds from what a finger does to the first change of what is shown. It does it when nothing moves. Raises TimeoutError."""
    before = display.stripes()
    quiet = time.monotonic() + STILL_SECONDS
    while time.monotonic() < quiet:
        time.sleep(0.01)
        if (now := display.stripes()) != before:
            before, quiet = now, time.monotonic() + STILL_SECONDS
    time.sleep(uniform(0, 0.02))
    began = time.perf_counter()
    act()
    while display.stripes() == before:
        time.sleep(0.0001)
        if time.perf_counter() > began + 10:
            raise TimeoutError("nothing is seen of a touch")
    return 1000 * (time.perf_counter() - began)


def empty_frames() -> list[float]:
    """Milliseconds until a window with nothing in it has changed its colour."""
    with VirtualDisplay() as display, Pointer(display.name) as pointer:
        window = subprocess.Popen([sys.executable, "-m", "bench.empty_frame"], cwd=ROOT, env=display.environment, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: display.pixel(*ASIDE) == SATISFIED_COLOUR, "the empty window shows")
            pointer.move(*ASIDE)
            found = []
            for _ in range(TOUCHES):
                pointer.down()
                found.append(until_seen(display, pointer.up))
            return found
        finally:
            window.terminate()
            window.wait()


def measure() -> list[Table]:
    """The table of touches. Raises AssertionError where one takes too long."""
    found: dict[str, Touched] = defaultdict(Touched)
    nothing: list[float] = []
    for number in range(ROUNDS):
        print(f"  round {number + 1} of {ROUNDS}", flush=True)
        with _a_finger(SIGNING_IN, found) as finger:
            _walk(finger)
        with _a_finger(RESTING, found, "--hurried") as finger:
            finger.measure_waking("rest: anywhere")
        nothing += empty_frames()
    allowed = max(FRAME_MILLISECONDS, 3 * percentile(nothing, 0.99))
    table = Table(
        "Touch → seen, on every screen",
        ("milliseconds until something is seen", "finger down: median", "p99", "finger up: median", "p99", "n"),
        f"An answer to a touch may take {allowed:.1f} ms at p99: one frame, or three times an empty frame of the same run. Where nothing "
        "stands under “finger up”, the finger slid off before it came up.",
    )
    for what, touched in found.items():
        table.rows.append((what, *_row(touched.down), *_row(touched.up), str(len(touched.down))))
    table.rows.append(("an empty frame of Kivy", "–", "–", *_row(nothing), str(len(nothing))))
    print(table)
    slow = [what for what, touched in found.items() if percentile([*touched.down, *touched.up], 0.99) > allowed]
    assert not slow, f"too slow: {slow}"
    return [table]


def _row(values: list[float]) -> tuple[str, str]:
    return (f"{percentile(values, 0.5):.2f}", f"{percentile(values, 0.99):.2f}") if values else ("–", "–")


def _walk(finger: Finger) -> None:
    """Through every screen but the one that rests."""
    kiosk = finger.kiosk
    finger.measure("question: an answer", "satisfied", "dissatisfied")
    finger.measure("question: the other language", "language", acts=True)
    finger.tap("dissatisfied")
    kiosk.spot("done")
    reasons = list(kiosk.spots)[:2]
    time.sleep(MEND_SECONDS)  # nothing moves any more by itself
    finger.measure("why: a reason", *reasons)
    finger.measure("why: a button", "write", "done")
    finger.tap("write")
    finger.measure("comment: a letter", *"chao", acts=True)
    finger.measure("comment: a tone", *list(TONES)[:2], acts=True)
    finger.tap("Tiếp tục")
    kiosk.spot("Gửi góp ý")
    finger.measure("consent: the box", next(name for name in kiosk.spots if name.startswith("Tôi đồng ý")), acts=True)
    finger.tap("Gửi góp ý")
    finger.measure("number: the button", "done")
    finger.tap("done")
    kiosk.spot("satisfied")
    officer = CONFIG.officers[0].name
    finger.hold("officer", until=officer)
    finger.measure("sign-in: a name", officer)
    finger.tap(officer)
    finger.measure("sign-in: a digit", "2", "Xóa", acts=True)


@contextmanager
def _a_finger(config: KioskConfig, found: dict[str, Touched], *options: str) -> Iterator[Finger]:
    with tempfile.TemporaryDirectory(dir=ROOT / ".bench") as name, VirtualDisplay() as display, Pointer(display.name) as pointer:
        kiosk = WatchedKiosk(Path(name), display, config, SEALING, *options)
        kiosk.settings.write_text(kiosk.settings.read_text() + "idle_seconds = 120\n")
        with kiosk:
            yield Finger(kiosk, pointer, found)
