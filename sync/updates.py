"""How a kiosk gets its next version: what its configuration says of it, and what it says of the last one. Parts of `KioskConfig` and
`Health`.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.shown import LocalTime

MAX_REPOSITORY_KEY = 2048

RepositoryKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", max_length=MAX_REPOSITORY_KEY)]
Version = Annotated[str, Meta(pattern=r"^[0-9A-Za-z.+:~_-]{1,64}\Z")]
Word = Annotated[str, Meta(pattern=r"^[a-z-]{0,32}\Z")]


class Window(Struct, frozen=True):
    """From `opens` until before `closes`, local times; over midnight where it closes earlier than it opens."""

    opens: LocalTime
    closes: LocalTime


class Updates(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a kiosk's next version comes from: the server's Debian repository at `/kho`.

    key: by which the repository is signed, OpenPGP (RFC 4880), binary, in base64. window: when versions may change besides being closed.
    """

    suite: Literal["canary", "stable"]
    key: RepositoryKey
    window: Window | None = None


class Update(Struct, frozen=True, omit_defaults=True):
    """How the last change of version went: on trial, done, failed (the version before is back), or the package was refused. why: a word."""

    version: Version
    outcome: Literal["trial", "done", "failed", "refused"]
    why: Word = ""
