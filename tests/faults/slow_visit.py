"""A citizen who will not wait, at a kiosk whose disk is slow: the real turn, the real recorder's thread, the real ledger.

Says `pressed` when the finger came up for the first time, `thanked 1` when the screen shows the thanks, `taps 80` at the end.
"""

import os
import time
from concurrent.futures import Future
from itertools import count
from uuid import UUID

from kiosk.clocks import Clocks
from kiosk.comments import Comments
from kiosk.recorder import Recorder
from kiosk.sealed import Sealed
from kiosk.storage.ledger import Ledger
from kiosk.visit import Screen, Visit
from kiosk.vote import Rating
from tests.faults.voter import BINDING, Plan, cast, vote_id

TAPS_A_SECOND = 20


def visit(plan: Plan, speech: int) -> None:
    """One turn. The citizen taps until something happens; each tap that the turn takes is recorded as a vote of its own.

    broken: `hasty` thanks while the vote is still being recorded.
    """
    ledger = Ledger(plan.folder, Clocks())
    ledger.bind(BINDING)
    turn, taps = Visit(_Recorder(ledger, plan), ["vi"]), 0
    while turn.screen is Screen.ASK:
        turn.touch_down(taps, Rating.SATISFIED)
        turn.touch_up(taps, Rating.SATISFIED)
        taps += 1
        if taps == 1:
            _say(speech, "pressed")
        time.sleep(1 / TAPS_A_SECOND)
        turn.tick(time.monotonic())
    if turn.screen is Screen.WHY:
        _say(speech, f"thanked {plan.first}")
    _say(speech, f"taps {taps}")


class _Recorder(Recorder):
    def __init__(self, ledger: Ledger, plan: Plan) -> None:
        sealed = Sealed(plan.folder, ledger.held)
        super().__init__(ledger.append, lambda: None, Comments(ledger.append, sealed, str))
        self._ledger, self._numbers, self._hasty = ledger, count(plan.first), "hasty" in plan.broken

    def vote(self, rating: Rating) -> Future[UUID]:
        number = next(self._numbers)

        def record() -> UUID:
            cast(self._ledger, number)
            return vote_id(number)

        recorded = self._thread.submit(record)
        if self._hasty:
            recorded = Future()
            recorded.set_result(vote_id(number))
        return recorded


def _say(speech: int, line: str) -> None:
    os.writev(speech, [f"{line}\n".encode()])
