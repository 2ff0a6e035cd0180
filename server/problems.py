"""Why the server refuses a request: the catalogues of problems, and the exception that carries one to its answer."""

from typing import NamedTuple

from sync.wire import PROBLEM_TYPE, Acked, Problem


class Kind(NamedTuple):
    """HTTP status and title of a problem."""

    status: int
    title: str


CATALOGUE = {
    "malformed": Kind(400, "The request does not follow the contract"),
    "bad-signature": Kind(401, "The signature does not hold"),
    "unknown-device": Kind(401, "The device is not enrolled here"),
    "code-unknown": Kind(403, "There is no such enrolment code"),
    "code-used": Kind(403, "The enrolment code has been used"),
    "code-expired": Kind(403, "The enrolment code has expired"),
    "revoked": Kind(403, "The device has been revoked"),
    "key-taken": Kind(403, "The key belongs to another device"),
    "not-found": Kind(404, "There is nothing here"),
    "wrong-method": Kind(405, "The method is not allowed here"),
    "forked": Kind(409, "The ledger differs from what the server holds"),
    "gap": Kind(409, "Entries before this batch are missing"),
    "not-named": Kind(409, "No entry that the server holds names this"),
    "erased": Kind(410, "This was erased, and is not taken in again"),
    "length-required": Kind(411, "The request does not say its length"),
    "too-large": Kind(413, "The request is too large"),
    "unsupported": Kind(415, "The body is not of the expected type"),
    "too-old": Kind(426, "The kiosk's program is too old for this server"),
    "too-many-tries": Kind(429, "Too many tries"),
    "too-many-batches": Kind(429, "Too many batches within a minute"),
    "busy": Kind(503, "The server is busy"),
}
"""What kiosks are told, as in docs/wire.md; other systems too."""

FURTHER = {
    "bad-token": Kind(401, "There is no valid token"),
    "not-allowed": Kind(403, "The token does not allow this"),
    "bad-period": Kind(422, "The period cannot be understood"),
    "day-outside": Kind(422, "The unit does not count on this day"),
    "unknown-counter": Kind(422, "The unit has no such counter"),
    "unknown-officer": Kind(422, "The unit has no such officer"),
    "counted-twice": Kind(422, "A counter and officer are counted twice"),
    "unsound": Kind(409, "The figures contradict each other"),
    "too-many-calls": Kind(429, "Too many calls within a minute"),
}
"""What only other systems are told, as in docs/api.md."""


def kind(code: str) -> Kind:
    """The status and title of a problem of either catalogue."""
    return CATALOGUE[code] if code in CATALOGUE else FURTHER[code]


class ProblemError(Exception):
    """A request is refused.

    code: one of the catalogues. detail: what exactly, for the technician, without secrets. at: for `gap` and `forked`,
    where the server stands. headers: further HTTP headers of the answer, such as Retry-After.
    """

    def __init__(self, code: str, detail: str = "", at: Acked | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.at = at
        self.headers = headers or {}

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return kind(self.code).status

    def document(self) -> Problem:
        """The RFC 9457 problem document."""
        status, title = kind(self.code)
        return Problem(type=PROBLEM_TYPE + self.code, title=title, status=status, detail=self.detail, at=self.at)
