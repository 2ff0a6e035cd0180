"""One citizen's turn, from the tap to the thank-you and back. No Kivy; time and touches are handed in.

    ASK ──(an answer)──► WHY ──(done, or no touch for idle_seconds)──► THANKS ──(thanks_seconds)──► ASK
     │                      │ ▲                                 ▲
     │           (to write) ▼ │ (back)                          │
     │                     COMMENT ──(sent)──► NOTED ──(done)───┘
     └──(on no disk at all: from anywhere)──► SORRY ──(sorry_seconds)──► ASK

Holding the officer's card on ASK for HOLD_SECONDS leads to SIGN_IN, and from there back to ASK.

While the unit is closed, ASK without a touch for idle_seconds becomes REST, and any finger wakes it.

One tap is the whole vote. What follows only adds to it, and leaving anywhere keeps what was given. No step is taken before
what it rests on is durable: meanwhile the screen stays as it is, and `saving` says what the turn waits for.

A touch acts only when it went down as the only finger on the screen that is shown, and comes up over the same target. So a
touch that began on the screen before, a second finger, and the same touch delivered twice (Kivy does that on some
touchscreens) do nothing. Nor does the second tap of an impatient finger: one that comes down within REPEAT_SECONDS after the
screen appeared, where the tap was that led there.
"""

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from math import dist
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from kiosk.touch import FAR, Chip, Control, Place, Press, Target
from kiosk.vote import ContactDetails, Rating

HOLD_SECONDS = 2.0
REPEAT_SECONDS, REPEAT_REACH = 0.5, 120.0
MEND_SECONDS = 5.0
LATEST_MEND_SECONDS = 9.0  # a change counts when it comes at most 10 s after its vote: `sync.entries.Change`
COUNTDOWN_SECONDS = {False: 10.0, True: 20.0}  # longer for whoever writes, and may be looking for a word


class Screen(Enum):
    """What is shown."""

    ASK = auto()
    WHY = auto()
    THANKS = auto()
    SORRY = auto()
    COMMENT = auto()
    NOTED = auto()
    SIGN_IN = auto()
    REST = auto()


@dataclass(frozen=True)
class Pace:
    """How long things stay, in seconds. idle, writing: without a touch, until a turn ends by itself."""

    thanks: float = 4.0
    sorry: float = 10.0
    idle: float = 20.0
    writing: float = 60.0


class Records(Protocol):
    """Where a turn is kept. Each future ends when it is durable, or raises when it is on no disk."""

    def vote(self, rating: Rating) -> Future[UUID]:
        """A new vote; gives its id."""

    def change(self, vote: UUID, rating: Rating) -> Future[None]:
        """The vote says this instead."""

    def reasons(self, vote: UUID, reasons: Sequence[str]) -> Future[None]:
        """Why the vote is so: ids of reasons."""

    def comment(self, vote: UUID, text: str, contact: ContactDetails | None, language: str) -> Future[str]:
        """What the citizen wrote; gives the reference number of it."""

    def link(self, vote: UUID) -> Future[str]:
        """Where the citizen can write about the vote on a telephone, or empty; never raises."""


_TURN = (Screen.WHY, Screen.COMMENT, Screen.NOTED)  # where a turn ends by itself


class Shown(NamedTuple):
    """A screen, and for WHY after which answer."""

    screen: Screen
    rating: Rating | None = None


class _Given(NamedTuple):
    """The vote of this turn, as it stands, and whether it was mended."""

    vote: UUID
    rating: Rating
    mended: bool = False


class _Step(NamedTuple):
    """What the turn waits for, what is shown when that is durable, and what to do first."""

    future: Future[Any]
    ahead: Shown
    done: Callable[[], None]


class Visit:
    """The turn. languages: codes, the usual one first. Times are seconds of any clock that never jumps.

    screen: what is shown. press: the finger that is down, or None. chosen: ids of the reasons touched so far. turned: how often
    further reasons were asked for. language: in which the screens are. closed: whether the unit is; set from outside.
    reference: the number of the comment that is NOTED. pace: may be changed at any time.
    """

    def __init__(self, records: Records, languages: Sequence[str], pace: Pace = Pace()) -> None:
        self._records = records
        self._languages = languages
        self.pace = pace
        self._now = self._pressed_at = self._shown_at = self._touched_at = self._voted_at = 0.0
        self._step: _Step | None = None
        self._came_by = FAR
        self._given: _Given | None = None
        self._link: Future[str] | None = None
        self.screen = Screen.ASK
        self.press: Press | None = None
        self.chosen: tuple[str, ...] = ()
        self.turned = 0
        self.language = languages[0]
        self.closed = False
        self.reference = ""

    @property
    def saving(self) -> Future[Any] | None:
        """What the turn waits for."""
        return self._step.future if self._step else None

    @property
    def shown(self) -> Shown:
        """What is on the screen."""
        return Shown(self.screen, self._given.rating if self._given and self.screen is Screen.WHY else None)

    @property
    def ahead(self) -> Shown:
        """What will be, when that has succeeded."""
        return self._step.ahead if self._step else self.shown

    @property
    def next_language(self) -> str:
        """What the language will be when its button is touched."""
        return self._languages[(self._languages.index(self.language) + 1) % len(self._languages)]

    @property
    def link(self) -> str:
        """Where the citizen can write on a telephone instead; empty while there is no such place, or it is not known yet."""
        return self._link.result() if self._link is not None and self._link.done() else ""

    @property
    def mend_seconds(self) -> float:
        """How long “Bấm nhầm?” can still be touched; 0 when not any more."""
        if self.screen is not Screen.WHY or self._given is None or self._given.mended:
            return 0.0
        return max(0.0, min(self._shown_at + MEND_SECONDS, self._voted_at + LATEST_MEND_SECONDS) - self._now)

    @property
    def untouched_seconds(self) -> float:
        """Since when no finger has touched anything, or another screen appeared."""
        return self._now - self._touched_at

    @property
    def idle_seconds(self) -> float:
        """How long until the turn ends by itself."""
        patience = self.pace.writing if self.screen in (Screen.COMMENT, Screen.SIGN_IN) else self.pace.idle
        return max(0.0, patience - self.untouched_seconds)

    @property
    def resting_seconds(self) -> float:
        """For how long the screen has rested; 0 where it does not."""
        return self._now - self._shown_at if self.screen is Screen.REST else 0.0

    @property
    def countdown(self) -> float | None:
        """The seconds until then, when it is time to say so, else None."""
        left = self.idle_seconds
        return left if self.screen in _TURN and left <= COUNTDOWN_SECONDS[self.screen is Screen.COMMENT] else None

    def touch_down(self, touch: Hashable, target: Target | None, place: Place = FAR) -> None:
        """A finger went down, on a target or (None) beside all."""
        self._touched_at = self._now
        if self.screen is Screen.REST:
            self._show(Screen.ASK)
            return
        if self._step is None and self.press is None and target is not None and self._acts(target) and not self._repeats(place):
            self.press, self._pressed_at = Press(touch, target, place), self._now

    def touch_up(self, touch: Hashable, target: Target | None) -> None:
        """A finger came up. Sliding off cancels."""
        self._touched_at = self._now
        press = self.press
        if self._step is not None or press is None or press.touch != touch:
            return
        if press.target != target or not self._acts(press.target):
            self.press = None
            return
        self._act(press.target)

    def tick(self, now: float) -> None:
        """Time went on."""
        self._now = now
        if self._step is not None:
            if self._step.future.done():
                self._go_on(self._step)
        elif self.screen is Screen.REST:
            if not self.closed:
                self._show(Screen.ASK)
        elif self.screen is Screen.SIGN_IN:
            if not self.idle_seconds:
                self._show(Screen.ASK)
        elif self.screen is Screen.ASK:
            if self.press is not None and self.press.target is Control.OFFICER and now - self._pressed_at >= HOLD_SECONDS:
                self._show(Screen.SIGN_IN)
            elif not self.idle_seconds and self.press is None and (self.closed or self.language != self._languages[0]):
                self._show(Screen.REST if self.closed else Screen.ASK)
        elif self.screen in _TURN:
            if not self.idle_seconds and self.press is None:
                self.leave()
        elif now - self._shown_at >= (self.pace.thanks if self.screen is Screen.THANKS else self.pace.sorry):
            self._show(Screen.ASK)

    def leave(self) -> None:
        """The turn ends, and what was given is kept."""
        if self._given is not None and self.chosen and self._step is None:
            chosen, self.chosen = self.chosen, ()
            self._step = _Step(self._records.reasons(self._given.vote, chosen), Shown(Screen.THANKS), lambda: None)
        elif self.screen in _TURN and self._step is None:
            self._show(Screen.THANKS)

    def begin_again(self) -> None:
        """A screen has failed: back to the question at once, and what was given is kept."""
        if self._given is not None and self.chosen:
            self._records.reasons(self._given.vote, self.chosen)
        self._step = None
        self._show(Screen.ASK)

    def touched(self) -> None:
        """A finger is busy on a screen that minds its fingers by itself."""
        self._touched_at = self._now

    def back(self) -> None:
        """The citizen would rather not write; the officer has signed in, or would rather not."""
        if self.screen is Screen.COMMENT and self._step is None:
            self._show(Screen.WHY)
        elif self.screen is Screen.SIGN_IN:
            self._show(Screen.ASK)

    def send(self, text: str, contact: ContactDetails | None) -> None:
        """The citizen has written something."""
        if self.screen is Screen.COMMENT and self._step is None and self._given is not None:
            noted = self._records.comment(self._given.vote, text, contact, self.language)
            self._step = _Step(noted, Shown(Screen.NOTED), lambda: self._note(noted.result()))

    def _repeats(self, place: Place) -> bool:
        """Whether it is the tap once more that led to this screen."""
        return self._now - self._shown_at < REPEAT_SECONDS and dist(place, self._came_by) < REPEAT_REACH

    def _acts(self, target: Target) -> bool:
        """Whether the target is one of the screen that is shown."""
        if target is Control.LANGUAGE:
            return self.screen in (Screen.ASK, Screen.WHY)
        if target is Control.MISTAKEN:
            return self.mend_seconds > 0
        if target in (Control.OFFICER, Control.QUESTION):
            return self.screen is Screen.ASK
        if target is Control.DONE:
            return self.screen in (Screen.WHY, Screen.NOTED)
        return self.screen is (Screen.ASK if isinstance(target, Rating) else Screen.WHY)

    def _act(self, target: Target) -> None:
        if isinstance(target, Rating):
            vote = self._records.vote(target)
            self._voted_at = self._now
            self._step = _Step(vote, Shown(Screen.WHY, target), lambda: self._begin(_Given(vote.result(), target)))
            return
        if target is Control.DONE:
            self.leave()
            return
        if target is Control.WRITE and self._given is not None:
            self._link = self._records.link(self._given.vote)
            self._show(Screen.COMMENT)
            return
        if target is Control.MISTAKEN and self._given is not None:
            self._mend(self._given)
            return
        self.press = None
        if target is Control.LANGUAGE:
            self.language = self.next_language
        elif target is Control.MORE:
            self.turned += 1
        elif isinstance(target, Chip):
            kept = tuple(reason for reason in self.chosen if reason != target.reason)
            self.chosen = kept if len(kept) < len(self.chosen) else (*self.chosen, target.reason)

    def _begin(self, given: _Given) -> None:
        self._given, self.chosen, self.turned = given, (), 0

    def _note(self, reference: str) -> None:
        self.reference = reference

    def _mend(self, given: _Given) -> None:
        other = given._replace(rating=Rating.DISSATISFIED if given.rating is Rating.SATISFIED else Rating.SATISFIED, mended=True)
        self._step = _Step(self._records.change(*other[:2]), Shown(Screen.WHY, other.rating), lambda: self._begin(other))

    def _go_on(self, step: _Step) -> None:
        self._step = None
        if step.future.exception() is None:
            step.done()
            self._show(step.ahead.screen)
        else:
            self._show(Screen.SORRY)

    def _show(self, screen: Screen) -> None:
        self.screen = screen
        self._came_by, self.press = self.press.place if self.press is not None else FAR, None
        self._shown_at = self._touched_at = self._now
        if screen in (Screen.ASK, Screen.REST):
            self._given, self._link, self.chosen, self.language = None, None, (), self._languages[0]
