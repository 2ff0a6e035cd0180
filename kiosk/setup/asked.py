"""What the setup screens ask of the kiosk. Imports nothing of how it is done."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from kiosk.findings import Try


class Offer(NamedTuple):
    """A counter for which a stick holds a prepared folder. key: names the folder. used: when another tablet took it, in words, or
    nothing. wrong: why it cannot be used, or nothing; counter is the folder's name then. older: another one for the same counter is newer.
    """

    key: str
    counter: str
    unit: str
    used: str = ""
    wrong: str = ""
    older: bool = False


class Offers(NamedTuple):
    """What the sticks hold. sticks: how many there are. alone: the one that may be taken unasked, or None: it is the only one, good, and
    nobody has used it.
    """

    sticks: int
    offers: Sequence[Offer] = ()
    alone: Offer | None = None


class Outcome(NamedTuple):
    """How a try ended. place: the counter and its unit, where the kiosk may begin now; else nothing. offline: whether it may begin without
    having reached its server, by `without_network`.
    """

    place: str = ""
    offline: bool = False


class Picture(NamedTuple):
    """What a camera sees: grey, one byte a pixel, rows from the top."""

    width: int
    height: int
    pixels: bytes


class Scan(Protocol):
    """A camera at work. picture: its latest, or None. found: the server's address and the code of a QR code that it saw. stranger: whether
    it saw another QR code. broken: whether it works no more.
    """

    picture: Picture | None
    found: tuple[str, str] | None
    stranger: bool
    broken: bool

    def stop(self) -> None:
        """Let the camera go."""


class Setup(Protocol):
    """`kiosk.setup.installing.Installing`. What is said is in the technician's language."""

    @property
    def server(self) -> str:
        """The address that is known already, or nothing."""

    @property
    def has_camera(self) -> bool:
        """Whether a QR code can be read here."""

    @property
    def is_done(self) -> bool:
        """Whether the kiosk knows who it is: somebody may have used the command line."""

    def is_address(self, text: str) -> bool:
        """Whether that may be a server's address."""

    def is_proxy(self, text: str) -> bool:
        """Whether that may be a proxy's address."""

    def is_code(self, text: str) -> bool:
        """Whether that may be an enrolment code."""

    def as_code(self, text: str) -> str:
        """What is meant by keys that were typed for a code, as people read it: 7Q2K9-M3RT5."""

    def offers(self) -> Future[Offers]:
        """What the sticks hold now."""

    def by_code(self, address: str, code: str, proxy: str = "") -> Try[Outcome]:
        """Test the connection, enrol, and keep the settings. proxy: through which the server is reached; empty: as it was set before."""

    def by_offer(self, offer: Offer, proxy: str = "") -> Try[Outcome]:
        """Test the connection, enrol by the secret of a prepared folder, and keep what it holds. proxy: as of `by_code`."""

    def without_network(self, offer: Offer, proxy: str = "") -> Try[Outcome]:
        """Keep what a prepared folder holds: the kiosk begins now, and enrols when it reaches its server."""

    def scan(self) -> Scan:
        """Let the camera look for a QR code."""
