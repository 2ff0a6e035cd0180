"""Whether the unit is open at this moment, and what the rest screen says while it is not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from kiosk.hours import is_open, opens_next
from kiosk.texts import translator
from kiosk.timetable import OPENING_HOURS, next_opening, today, week
from kiosk.words import reception, sentence
from sync.wire import KioskConfig


class Resting(NamedTuple):
    """The sentences of the rest screen; see `kiosk.ui.screens.rest.RestScreen`."""

    place: str
    headline: str
    hours: str
    opening: str
    usual: str
    week: list[tuple[str, str]]
    reception: str
    invitation: str


class Doors:
    """config: gives the configuration in force. local_time: gives the time at the counter, or None while nobody knows it. nobody:
    whether the screen is to rest because nobody is on duty.
    """

    def __init__(
        self, config: Callable[[], KioskConfig], local_time: Callable[[], datetime | None], nobody: Callable[[], bool] = lambda: False
    ) -> None:
        self._config = config
        self._local_time = local_time
        self._nobody = nobody

    def opens_within(self, span: timedelta) -> bool:
        """Whether the unit will open within so long. False while it is open, and where nobody knows its hours or the time."""
        hours, at = self._config().hours, self._local_time()
        if hours is None or at is None or is_open(hours, at):
            return False
        opens = opens_next(hours, at)
        return opens is not None and opens - at <= span

    def resting(self, language: str) -> Resting | None:
        """What is said in a language while the unit is closed; None while it is open."""
        config, at = self._config(), self._local_time()
        hours = config.hours
        opened = hours is None or at is None or is_open(hours, at)
        if opened and not self._nobody():
            return None
        translate = translator(language)
        place, invitation = f"{config.unit.name}, {config.counter.name}", sentence("rest", language, config.texts, translate)
        if hours is None or at is None or opened:
            return Resting(place, translate("Quầy hiện chưa có cán bộ trực"), "", "", "", [], "", invitation)
        headline, spans = today(hours, at, language, translate)
        return Resting(
            place=place,
            headline=headline,
            hours=spans,
            opening=next_opening(hours, at, translate),
            usual=translate(OPENING_HOURS),
            week=week(hours, translate),
            reception=reception(config.reception, language),
            invitation=invitation,
        )
