"""What the technician's screen asks of the kiosk. No Kivy, and nothing of how it is done."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from kiosk.signing import NotHere, Paused, Wrong


class Facts(NamedTuple):
    """How the kiosk is, in words: pairs of what a line is about and what it says; and what is to be done, or nothing."""

    lines: Sequence[tuple[str, str]]
    advice: str


class Service(Protocol):
    """`kiosk.technician.Technician`. Whatever takes a while gives a future; what is said is in the technician's language."""

    @property
    def has_pin(self) -> bool:
        """Whether any PIN opens the screen."""

    def why_not(self, digits: str) -> Future[Wrong | Paused | NotHere | None]:
        """Look at a PIN. None: it is the right one."""

    def facts(self) -> Future[Facts]:
        """How the kiosk is now."""

    def exchange(self) -> Future[None]:
        """Talk to the server now; done when that has ended, well or not, which the facts tell then."""

    def export(self) -> Future[str]:
        """Write what waits on the USB stick; what came of it."""

    def log(self) -> Sequence[str]:
        """The last lines of the log, the newest last."""
