"""Why there is no update; each has a word by which state, status and server name it.

NoUpdateError
├── UnreachableError      unreachable       nobody answers, or not our repository: tried again at the next look
├── UnsignedError         unsigned          not what the publisher signed: never installed
├── UnfitError            unfit             not a package of the kiosk, not for this machine, or it needs what is not there
├── NoRoomError           no-room           the disk is for votes first
└── NoWayBackError        no-way-back       the version that runs cannot be kept, so nothing is changed
"""


class NoUpdateError(Exception):
    """There is no update now; the message says why, for the log."""

    word = "no-update"


class UnreachableError(NoUpdateError):
    """Nobody answers, or it is not our repository."""

    word = "unreachable"


class UnsignedError(NoUpdateError):
    """Not what the publisher signed."""

    word = "unsigned"


class UnfitError(NoUpdateError):
    """Not a package of the kiosk, not for this machine, or it needs what is not there."""

    word = "unfit"


class NoRoomError(NoUpdateError):
    """The disk is for votes first."""

    word = "no-room"


class NoWayBackError(NoUpdateError):
    """The version that runs cannot be kept."""

    word = "no-way-back"
