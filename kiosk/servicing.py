"""What the technician's screen asks of the kiosk. No Kivy, and nothing of how it is done."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from kiosk.findings import Try
from kiosk.signing import NotHere, Paused, Wrong


class Facts(NamedTuple):
    """How the kiosk is, in words: pairs of what a line is about and what it says; and what is to be done, or nothing.

    offered: the version of the program that lies on a stick, where it is another than the one that runs; else empty.
    """

    lines: Sequence[tuple[str, str]]
    advice: str
    offered: str = ""


class Adjusted(NamedTuple):
    """What can be changed at the kiosk. volume: percent. brightness: of the display, percent; None where it cannot be changed. server,
    proxy: addresses; proxy is empty where there is none, and never holds name and password.
    """

    volume: int
    brightness: int | None
    server: str
    proxy: str


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

    def copy_log(self) -> Future[str]:
        """Write the log and the kiosk's state on the USB stick, for whoever helps; what came of it."""

    def update(self, version: str) -> Future[str]:
        """Let the version that lies on a stick be installed, which closes the kiosk; why that cannot begin, or nothing."""

    def adjusted(self) -> Adjusted:
        """As it is now."""

    def set_volume(self, percent: int) -> Future[str]:
        """Louder or softer, from now on; why that could not be kept, or nothing. So does the next."""

    def set_brightness(self, percent: int) -> Future[str]:
        """Brighter or darker."""

    def examine(self, server: str, proxy: str) -> Try[bool]:
        """Look whether the kiosk would reach its server there, as typed; nothing is changed. It ends with whether all is well."""

    def readdress(self, server: str, proxy: str) -> Future[str]:
        """Keep these addresses for the next start; why that was not done, or nothing."""

    def log(self) -> Sequence[str]:
        """The last lines of the log, the newest last."""
