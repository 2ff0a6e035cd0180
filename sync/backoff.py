"""How long to wait after failures: exponential, with full jitter, for ever.

Source: M. Brooker, “Exponential Backoff And Jitter”, AWS Architecture Blog, 2015.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

BASE_SECONDS = 5.0
LONGEST_SECONDS = 900.0
SHORTEST_RETRY_AFTER_SECONDS = 1.0
LONGEST_RETRY_AFTER_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Backoff:
    """An immutable count of failures in a row."""

    failures: int = 0

    def after_failure(self) -> "Backoff":
        return replace(self, failures=self.failures + 1)

    def seconds(self, uniform: Callable[[float, float], float]) -> float:
        """The wait after this many failures: uniform(0, min(900 s, 5 s · 2ⁿ)), n = 0 after the first."""
        doublings = min(max(self.failures - 1, 0), 16)
        return uniform(0, min(LONGEST_SECONDS, BASE_SECONDS * 2**doublings))


def honour(after_seconds: float, uniform: Callable[[float, float], float]) -> float:
    """The wait for a server's Retry-After (seconds): within 1 s … 6 h, plus up to 20 % so that kiosks spread out."""
    clamped = min(max(after_seconds, SHORTEST_RETRY_AFTER_SECONDS), LONGEST_RETRY_AFTER_SECONDS)
    return clamped * uniform(1.0, 1.2)
