"""What was found of one thing, and how bad it is."""

from enum import StrEnum
from pathlib import Path

import msgspec

GIGABYTE = 10**9


class Level(StrEnum):
    """ok: as it should be. warn: works, but somebody should see to it. bad: something does not work, or could be lost."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True):
    """about: what was looked at, a word that programs may rely on. words, advice: for people; no advice where all is well."""

    about: str
    level: Level
    words: str
    advice: str = ""


def ok(about: str, words: str) -> Finding:
    """All is well."""
    return Finding(about, Level.OK, words)


def warn(about: str, words: str, advice: str) -> Finding:
    """Somebody should see to it."""
    return Finding(about, Level.WARN, words, advice)


def bad(about: str, words: str, advice: str) -> Finding:
    """It does not work, or could be lost."""
    return Finding(about, Level.BAD, words, advice)


def gigabytes(size: int) -> str:
    """Such as 12,4 GB."""
    return f"{size / GIGABYTE:.1f} GB".replace(".", ",")


def folder_of_disk(path: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.exists())
