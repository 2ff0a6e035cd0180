"""What a unit holds of what citizens wrote, and of each thing by which rule it goes, and when.

The one place that asks the database for it: search, export, erasure and the night's run all begin here. Who may not see what is
sensitive gets a list without it.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from server.cases.box import slips
from server.cases.models import Case, Paper, Reading
from server.cases.steps import Step
from server.comments.models import FormComment, OfficeWriting, SealedComment
from server.comments.register import register
from server.intake.models import Comment
from server.personal.models import Hold, Terms
from server.personal.rules import USUAL, Months, Rule, goes_on
from server.places.models import Unit

_EVER = (date(1971, 1, 1), date(2999, 1, 1))  # a kiosk's clock may have said anything


class Kind(StrEnum):
    """What a thing is."""

    KIOSK = "kiosk"
    FORM = "form"
    PAPER = "paper"
    CONTACT = "contact"
    NOTE = "note"
    ATTACHMENT = "attachment"

    @property
    def label(self) -> str:
        """As the office and the citizen read it."""
        return _LABELS[self]


_LABELS = {
    Kind.KIOSK: "Góp ý viết trên kiosk",
    Kind.FORM: "Góp ý gửi bằng điện thoại",
    Kind.PAPER: "Góp ý do cơ quan nhập",
    Kind.CONTACT: "Cách liên hệ do cơ quan ghi",
    Kind.NOTE: "Ghi chú của cơ quan",
    Kind.ATTACHMENT: "Tệp kèm theo",
}
_OFFICE = {Paper.Kind.CONTACT: Kind.CONTACT, Paper.Kind.NOTE: Kind.NOTE, Paper.Kind.ATTACHMENT: Kind.ATTACHMENT}


class Thing(NamedTuple):
    """Something sealed that the unit still holds. came: when the server got it. vote: that it was written with, if any.

    goes: on which day it is erased, None while its case is open. until: it is held back up to that day, None where it is not.
    """

    sealed: str
    kind: Kind
    came: datetime
    device_id: str
    vote: UUID | None
    cases: tuple[str, ...]
    sensitive: bool
    rule: Rule | None
    goes: date | None
    until: date | None

    def is_due(self, today: date) -> bool:
        """Whether it is to be erased now."""
        return self.goes is not None and self.goes <= today and not self.is_held_back(today)

    def is_held_back(self, today: date) -> bool:
        """Whether a leader keeps it from every erasure."""
        return self.until is not None and today <= self.until


class Kept(NamedTuple):
    """For how many months a unit keeps things, and which unit said so, None for the program."""

    months: Months
    said_by: Unit | None


def kept_by(unit: Unit | None) -> Kept:
    """What the unit says, else the nearest above it that says anything."""
    while unit is not None:
        terms = Terms.objects.filter(unit_id=unit.pk).first()
        if terms is not None:
            return Kept({rule: getattr(terms, rule.value) for rule in Rule}, unit)
        unit = unit.parent
    return Kept(USUAL, None)


def things_of(unit_id: str, *, sensitive: bool, only: Collection[str] | None = None) -> list[Thing]:
    """What the unit holds, the latest first. sensitive: whether whoever asks may see that too; only: these hashes of it."""
    unit = Unit.objects.select_related("parent__parent").filter(pk=unit_id).first()
    zone, months = ZoneInfo(unit.time_zone if unit else settings.TIME_ZONE), kept_by(unit).months
    rows = SealedComment.objects.filter(unit_id=unit_id)
    if only is not None:
        rows = rows.filter(sha256__in=list(only))
    erased = register().hashes()
    held = [row for row in rows.values_list("sha256", "device_id", "received_at") if row[0] not in erased]
    about = _About(unit_id)
    found = []
    for sealed, device_id, came in held:
        cases = about.cases[sealed]
        vote = about.votes.get(sealed)
        rule, goes = about.goes(sealed, came, months, zone)
        until = max((about.held_back[case.id] for case in cases if case.id in about.held_back), default=None)
        secret = about.is_sensitive(sealed)
        if sensitive or not secret:
            names = tuple(case.id for case in cases)
            found.append(Thing(sealed, about.kind(sealed), came, device_id, vote, names, secret, rule, goes, until))
    return sorted(found, key=lambda one: (one.came, one.sealed), reverse=True)


def unit_ids() -> list[str]:
    """The units that hold anything."""
    return sorted(SealedComment.objects.order_by().values_list("unit_id", flat=True).distinct())


class _About:
    """What a unit's rows say about its sealed things, read once."""

    def __init__(self, unit_id: str) -> None:
        cases = {case.id: case for case in Case.objects.filter(unit_id=unit_id)}
        self.cases: dict[str, list[Case]] = defaultdict(list)
        self._papers: dict[str, str] = {}
        for sealed, case, kind in Paper.objects.filter(unit_id=unit_id).order_by("at").values_list("sealed", "case", "kind"):
            self._papers.setdefault(sealed, kind)
            if case in cases:
                self.cases[sealed].append(cases[case])
        self.votes: dict[str, UUID] = {}
        self._kinds: dict[str, Kind] = dict.fromkeys(
            OfficeWriting.objects.filter(unit_id=unit_id).values_list("sealed", flat=True), Kind.PAPER
        )
        for table, kind in ((Comment, Kind.KIOSK), (FormComment, Kind.FORM)):
            for sealed, vote in table.objects.filter(unit_id=unit_id).values_list("sealed", "vote"):
                self.votes[sealed], self._kinds[sealed] = vote, kind
        self._sensitive = {case.vote for case in cases.values() if case.sensitive and case.vote}
        unit = Unit.objects.filter(pk=unit_id).first()
        box = slips(unit, _EVER[0], _EVER[1], sensitive=True) if unit else []
        self._secret = {one.sealed for one in box if one.sensitive}
        self._read = {row.sealed: row for row in Reading.objects.filter(unit_id=unit_id)}
        self.held_back = dict(Hold.objects.filter(unit_id=unit_id).values_list("case", "until"))

    def is_sensitive(self, sealed: str) -> bool:
        """As the suggestion box says, or its case, or a case about its vote."""
        vote = self.votes.get(sealed)
        return sealed in self._secret or any(case.sensitive for case in self.cases[sealed]) or (vote in self._sensitive)

    def kind(self, sealed: str) -> Kind:
        kind = self._kinds.get(sealed, Kind.KIOSK)
        return _OFFICE.get(Paper.Kind(self._papers[sealed]), kind) if sealed in self._papers else kind

    def goes(self, sealed: str, came: datetime, months: Months, zone: ZoneInfo) -> tuple[Rule | None, date | None]:
        """By which rule it goes, and when: of several cases, with the last."""
        if cases := self.cases[sealed]:
            if not all(Step(case.step).is_over for case in cases):
                return None, None
            ends = [(Rule.WITHDRAWN if case.step == Step.WITHDRAWN else Rule.ENDED, case.stepped_at) for case in cases]
            goes, rule = max((goes_on(at, months[rule], zone), rule) for rule, at in ends)
            return rule, goes
        reading = self._read.get(sealed)
        if reading is not None and reading.became != Reading.Became.CASE:
            return Rule.NOTED, goes_on(reading.at, months[Rule.NOTED], zone)
        return Rule.UNREAD, goes_on(came, months[Rule.UNREAD], zone)
