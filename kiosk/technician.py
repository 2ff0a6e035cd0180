"""What a technician may do at the kiosk: `kiosk.servicing.Service`, for real."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kiosk.advice import what_was_exported, why_not_exported, why_refused_by_stick
from kiosk.clocks import Clocks
from kiosk.condition import condition, in_words
from kiosk.enrolment import Identity
from kiosk.export import StickFault, export
from kiosk.roster import Roster
from kiosk.servicing import Facts
from kiosk.settings import Settings
from kiosk.signing import NotHere, Paused, Wrong
from kiosk.sticks import mounted_sticks
from kiosk.texts import Translate
from kiosk.tries import Locked, Tries
from sync.errors import Refused


class Technician:
    """Does one thing after the other, in a thread of its own.

    who: who the kiosk is now. waiting: entries that the server is not known to hold. hurry: lets the next exchange begin; `exchanged`
    is to be called when one has ended and nothing goes on at once. sticks: where USB sticks are mounted.
    """

    def __init__(
        self,
        settings: Settings,
        who: Callable[[], Identity],
        roster: Roster,
        clocks: Clocks,
        waiting: Callable[[], int],
        hurry: Callable[[], None],
        log: Callable[[], Sequence[str]],
        translate: Translate,
        sticks: Callable[[], Sequence[Path]] = mounted_sticks,
    ) -> None:
        self._settings = settings
        self._who = who
        self._roster = roster
        self._clocks = clocks
        self._waiting = waiting
        self._hurry = hurry
        self.log = log
        self._translate = translate
        self._sticks = sticks
        self._tries = Tries(settings.data / "technician-tries.json", clocks)
        self._lock = threading.Lock()
        self._awaited: list[Future[None]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="technician")

    @property
    def has_pin(self) -> bool:
        """Whether any PIN opens the screen, by the configuration in force."""
        return self._roster.config.technician is not None

    def why_not(self, digits: str) -> Future[Wrong | Paused | NotHere | None]:
        """Look at a PIN. None: it is the right one. NotHere: the configuration in force has none any more."""
        return self._thread.submit(self._why_not, digits)

    def facts(self) -> Future[Facts]:
        """How the kiosk is now. The future raises OSError, sqlite3.Error."""
        return self._thread.submit(self._facts)

    def exchange(self) -> Future[None]:
        """Talk to the server now; done when that has ended, well or not."""
        awaited: Future[None] = Future()
        with self._lock:
            self._awaited.append(awaited)
        self._hurry()
        return awaited

    def exchanged(self) -> None:
        """An exchange has ended. From any thread."""
        with self._lock:
            awaited, self._awaited = self._awaited, []
        for one in awaited:
            one.set_result(None)

    def export(self) -> Future[str]:
        """Write what waits on the USB stick, if there is just one; what came of it, in sentences."""
        return self._thread.submit(self._export)

    def close(self) -> None:
        """Wait until a stick is written."""
        self._thread.shutdown(cancel_futures=True)

    def _why_not(self, digits: str) -> Wrong | Paused | NotHere | None:
        pin = self._roster.config.technician
        return NotHere() if pin is None else self._tries.why_not(Locked("technician", pin), digits)

    def _facts(self) -> Facts:
        now = condition(self._settings.data, self._who(), self._roster.config, self._clocks.now(), self._waiting())
        return Facts(in_words(now, self._translate), now.advice)

    def _export(self) -> str:
        translate, settings = self._translate, self._settings
        sticks = self._sticks()
        if not sticks:
            return translate(
                "Không thấy USB nào. Xin cắm USB, đợi vài giây rồi bấm lại. Nếu vẫn không thấy, máy chưa tự gắn USB: "
                "xin gắn tay rồi chạy: hailong-kiosk export THƯ_MỤC"
            )
        if len(sticks) > 1:
            names = ", ".join(map(str, sticks))
            return translate("Thấy nhiều USB: {names}. Xin chỉ để lại một chiếc rồi bấm lại.").format(names=names)
        [stick] = sticks
        try:
            written = export(settings.data, stick, settings.provision, self._clocks, lambda _: None)
        except Refused as refused:
            return why_refused_by_stick(refused, translate)
        except StickFault as fault:
            return why_not_exported(fault, stick, translate)
        return "\n".join(what_was_exported(written, stick, translate))
