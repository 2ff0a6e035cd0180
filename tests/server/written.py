"""What citizens wrote and the office put beside it, for the tests of personal data."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.utils import timezone

from server.cases.models import Case, Paper
from server.cases.taking import Matter, add_paper, open_about
from server.comments.by_office import keep
from server.comments.models import SealedComment
from server.comments.words import CONSENT
from server.places.models import Unit
from sync import entries, wire
from sync.sealing import Written, key_id, seal
from tests.server.kiosk import Kiosk
from tests.server.test_comments import put, sealing_key

TEXT = "Chờ lâu quá, cán bộ không giải thích"
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


class Citizen(NamedTuple):
    """Who writes."""

    name: str = "Nguyễn Thị Tuyết"
    phone: str = "0912345678"
    address: str = "Số 12, khối 3, phường Thái Hòa"


def comment_on(kiosk: Kiosk, citizen: Citizen | None = None, text: str = TEXT, *, sensitive: bool = False, consent: str = CONSENT) -> str:
    """A comment that was written on the kiosk and came to the server; its hash. sensitive: with the reason that only leaders see."""
    if not kiosk.lines:
        kiosk.open()
    kiosk.vote("dissatisfied")
    vote = kiosk.last_id()
    if sensitive:
        kiosk.say(entries.Reasons, vote=vote, reasons=["extra-cost"])
    said = citizen._asdict() | {"consent": consent} if citizen else {}
    body = seal(Written(text=text, language="vi", **said), sealing_key())
    sealed = wire.sha256(body)
    kiosk.say(entries.Comment, vote=vote, sealed=sealed, key=key_id(sealing_key()))
    assert kiosk.send().status == 200
    assert put(kiosk, body).status == 200
    return sealed


def case_about(unit: Unit, sealed: str, *, sensitive: bool = False, at: datetime | None = None) -> Case:
    """A case about a comment."""
    now = at or timezone.now()
    return open_about(unit, Matter(Case.Source.KIOSK, now.date(), "Chờ lâu", sensitive=sensitive), sealed, "an", now)


def note_in(case: Case, text: str = "Đã gọi điện, bà hẹn thứ Hai", kind: str = Paper.Kind.NOTE) -> str:
    """Something that the office put to a case; its hash."""
    sealed = keep(case.unit_id, Written(text=text), "an", timezone.now())
    add_paper(case, kind, sealed, "an", timezone.now())
    return sealed


def body_of(sealed: str) -> bytes:
    """The sealed bytes."""
    return bytes(SealedComment.objects.get(sha256=sealed).body)


def held() -> set[str]:
    """The hashes of all sealed bytes in the database."""
    return set(SealedComment.objects.values_list("sha256", flat=True))
