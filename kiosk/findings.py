"""What a look at something found, for whoever mends it: the connection test and `doctor` tell nothing else. Imports nothing of ours."""

from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Level(StrEnum):
    """OK: nothing to do. WARN: it works, and somebody should see to it. BAD: it does not work."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """check: what was looked at, a name for programs. about, said, mend: the same for people, what was found, and what to do about it
    (nothing where all is well), in the reader's language.
    """

    check: str
    level: Level
    about: str
    said: str
    mend: str = ""


class Try(Generic[Result]):
    """Something that takes a while, and finds things meanwhile. findings: so far, in their order; from any thread. done: how it ended, when
    all was found.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.done: Future[Result] = Future()


def worst(findings: list[Finding]) -> Level:
    """The gravest level; OK where nothing was found."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.BAD, Level.WARN) if level in levels), Level.OK)
