"""Why an exchange failed, told by what the caller does about it.

    ExchangeError
    ├── TryLater      nothing is wrong with us: wait (as long as the server said, if it did) and send the same again
    │   └── OtherKey  somebody signed the answer by a key that we do not know: ask whether the server's keys have changed
    ├── Refused       the server, by its signature, refuses us: waiting alone does not help, a person must act
    └── Disagreed     the server, by its signature, holds something else than we thought: look at `at` first

Only a signed answer is ever `Refused` or `Disagreed`. Whatever cannot be proved to come from our server, from a reset
connection to a captive portal's page, is `TryLater`.
"""

from typing import Literal

from sync.wire import Acked

Reason = Literal[
    "unknown-name",  # the server's name cannot be resolved
    "refused",  # the machine is there, and nobody listens
    "unreachable",  # no way to the machine
    "timeout",  # no whole answer within the limits
    "cut-short",  # the connection ended before the answer did
    "proxy",  # the proxy of kiosk.toml cannot be reached, or refuses
    "certificate-expired",  # or not yet valid; or it is the kiosk's clock that is wrong
    "certificate-name",  # for another host
    "certificate-issuer",  # by nobody whom we trust
    "ca-file",  # the certificates that we are to trust cannot be read
    "not-our-server",  # an answer, but none that our server signed for this request
    "other-key",  # an answer that is signed, but by no key that we trust
    "busy",  # 429, 503 or a signed 5xx
]


class ExchangeError(Exception):
    """Any exchange that did not end with a receipt."""


class TryLater(ExchangeError):
    """reason: what a technician can do something about. after_seconds: as the server asked, or None."""

    def __init__(self, reason: Reason, detail: str = "", after_seconds: float | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason
        self.after_seconds = after_seconds


class OtherKey(TryLater):
    """An answer that is signed, but by no key that we trust."""

    def __init__(self, status: int) -> None:
        super().__init__("other-key", f"an answer {status} signed by a key that we do not know")


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
