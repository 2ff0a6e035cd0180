"""Runs inside a machine: `hailong-kiosk-update`, broken off at its n-th step, or just before or after a program that it starts.

broken_off.py SECONDS N kill|wait WORDS…   SECONDS: of a trial. N: which step, 0 for none; kill: as by the OOM killer; wait: for the power
to be cut. Prints how many steps there were.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from kiosk.updating import apt, packages, session, steps
from kiosk.updating.__main__ import main


class Steps:
    """Counts them. at: where to break off."""

    def __init__(self, at: int, how: str) -> None:
        self._at = at
        self._how = how
        self.passed = 0

    def around(self, what: Callable[..., Any]) -> Callable[..., Any]:
        """The same, a step before it and one after it."""

        def counted(*words: Any, **more: Any) -> Any:  # noqa: ANN401 whatever it takes
            self._step()
            done = what(*words, **more)
            self._step()
            return done

        return counted

    def _step(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            print("here", flush=True)  # noqa: T201 the test waits for it
            if self._how == "wait":
                time.sleep(600)
            os.kill(os.getpid(), signal.SIGKILL)


def _run(seconds: str, at: str, how: str, *words: str) -> int:
    steps.TRIAL_SECONDS = float(seconds)
    steps.BETWEEN_GLANCES = 0.2
    counting = Steps(int(at), how)
    for module in (apt, packages, session):
        module.run = counting.around(module.run)  # type: ignore[attr-defined]
    steps.write_state = counting.around(steps.write_state)  # type: ignore[attr-defined]
    code = main(list(words))
    print(counting.passed)  # noqa: T201 the test reads it
    return code


if __name__ == "__main__":
    sys.exit(_run(*sys.argv[1:]))
