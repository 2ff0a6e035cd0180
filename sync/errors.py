"""Why an exchange failed, told by what the caller does about it.

    ExchangeError
    ├── TryLater      nothing is wrong with us: wait (as long as the server said, if it did) and send the same again
    ├── Refused       the server, by its signature, refuses us: waiting alone does not help, a person must act
    └── Disagreed     the server, by its signature, holds something else than we thought: look at `at` first

Only a signed answer is ever `Refused` or `Disagreed`. Whatever cannot be proved to come from our server, from a reset
connection to a captive portal's page, is `TryLater`.
"""

from sync.wire import Acked


class ExchangeError(Exception):
    """Any exchange that did not end with a receipt."""


class TryLater(ExchangeError):
    """reason: one of unreachable, not-our-server, busy, cut-short. after_seconds: as the server asked, or None."""

    def __init__(self, reason: str, detail: str = "", after_seconds: float | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.after_seconds = after_seconds


class Refused(ExchangeError):
    """status: of HTTP. code: of the problem document, as listed in docs/wire.md."""

    def __init__(self, status: int, code: str, detail: str = "", after_seconds: float | None = None) -> None:
        super().__init__(f"{status} {code}: {detail}" if detail else f"{status} {code}")
        self.status = status
        self.code = code
        self.after_seconds = after_seconds


class Disagreed(ExchangeError):
    """forked: the server holds other bytes under our numbers. at: where the server stands in the ledger."""

    def __init__(self, *, forked: bool, at: Acked) -> None:
        super().__init__(f"{'forked' if forked else 'gap'} at {at.ledger}:{at.acked}")
        self.forked = forked
        self.at = at
