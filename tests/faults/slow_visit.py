"""A citizen who will not wait, at a kiosk whose disk is slow: the real turn, the real recorder's thread, the real ledger.

Says `pressed` when the finger came up for the first time, `thanked 1` when the screen shows the thanks, `taps 80` at the end.
"""

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from kiosk.clocks import Clocks
from kiosk.storage.ledger import Ledger
from kiosk.visit import Screen, Visit
from kiosk.vote import Rating
from tests.faults.voter import BINDING, Plan, cast

TAPS_A_SECOND = 20


def visit(plan: Plan, speech: int) -> None:
    """One turn. The citizen taps until something happens; each tap that the turn takes is recorded as a vote of its own.

    broken: `hasty` thanks while the vote is still being recorded.
    """
    ledger, numbers = Ledger(plan.folder, Clocks()), count(plan.first)
    ledger.bind(BINDING)
    recorder = ThreadPoolExecutor(1)

    def record(rating: Rating) -> Future[None]:
        recorded = recorder.submit(cast, ledger, next(numbers))
        if "hasty" in plan.broken:
            recorded = Future()
            recorded.set_result(None)
        return recorded

    turn, taps = Visit(record, thanks_seconds=3.0), 0
    while turn.screen in (Screen.ASK, Screen.SAVING):
        turn.touch_down(taps, Rating.SATISFIED)
        turn.touch_up(taps, Rating.SATISFIED)
        taps += 1
        if taps == 1:
            _say(speech, "pressed")
        time.sleep(1 / TAPS_A_SECOND)
        turn.tick(time.monotonic())
    if turn.screen is Screen.THANKS:
        _say(speech, f"thanked {plan.first}")
    _say(speech, f"taps {taps}")


def _say(speech: int, line: str) -> None:
    os.writev(speech, [f"{line}\n".encode()])
