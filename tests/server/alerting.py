"""Things that deserve an alert, put into the database as intake and the office leave them."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from server.alerts.watching import look
from server.cases.box import SENSITIVE
from server.cases.models import Case, PaperSlip
from server.comments.models import FormComment, SealedComment
from server.devices.models import Device
from server.intake import store
from server.intake.models import Comment, OfficerDay, Reasons
from server.intake.sql import run
from server.places.models import Unit
from sync.entries import uuid7
from sync.reference import reference

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THURSDAY = date(2026, 11, 26)
SUNDAY = date(2026, 11, 29)
NOON = datetime(2026, 11, 26, 12, tzinfo=ZONE)


def votes(unit: Unit, day: date, satisfied: int, dissatisfied: int, officer: str = "") -> None:
    """Counted on a day."""
    counter = unit.counters.first()
    assert counter is not None
    OfficerDay.objects.create(
        unit_id=unit.pk, day=day, counter_id=counter.pk, officer_id=officer, satisfied=satisfied, dissatisfied=dissatisfied
    )
    run(store.mark_stale(unit.pk, [day]))


def case(unit: Unit, due: date, *, sensitive: bool = False, step: str = "opened") -> Case:
    """A case whose next step is to be done by a day."""
    name = reference(sha256(uuid7().bytes).hexdigest())
    opened = datetime.combine(due, datetime.min.time(), ZONE)
    return Case.objects.create(
        unit_id=unit.pk, id=name, source="paper", day=due, subject="Chờ lâu", opened_at=opened, stepped_at=opened, due=due,
        sensitive=sensitive, step=step,
    )  # fmt: skip


def comment(unit: Unit, at: datetime, *, sensitive: bool = False) -> str:
    """A comment that came from a kiosk and that nobody read; the hash of its sealed bytes."""
    vote, sealed = uuid7(), _sealed(unit, at)
    follow = {"unit_id": unit.pk, "vote": vote, "ledger": "l-1", "seq": 1, "said": ""}
    Comment.objects.create(**follow, id=uuid7(), sealed=sealed, key="k", at=at, arrived=True)
    if sensitive:
        Reasons.objects.create(**follow, id=uuid7(), reasons=["waited", SENSITIVE])
    return sealed


def form_comment(unit: Unit, vote: UUID, at: datetime) -> None:
    """A comment about a vote that came by telephone and that nobody read."""
    sealed = _sealed(unit, at)
    FormComment.objects.create(
        unit_id=unit.pk, vote=vote, sealed=sealed, key="k", device_id="d", device_key="k", expires=at, signature="s", received_at=at
    )


def paper(unit: Unit, day: date, reasons: list[str]) -> None:
    """A slip of paper that nobody read."""
    at = datetime.combine(day, datetime.min.time(), ZONE)
    PaperSlip.objects.create(unit_id=unit.pk, sealed=_sealed(unit, at), day=day, reasons=reasons, who="an", at=at)


def _sealed(unit: Unit, at: datetime) -> str:
    sealed = sha256(uuid7().bytes).hexdigest()
    SealedComment.objects.create(unit_id=unit.pk, sha256=sealed, device_id="", received_at=at, body=b"sealed")
    return sealed


def silent(device: str, since: datetime) -> None:
    """The kiosk was not heard since."""
    Device.objects.filter(pk=device).update(last_heard=since, enrolled_at=F("enrolled_at") - timedelta(days=30))


def watch(now: datetime = NOON) -> None:
    """As the timer does."""
    look(Unit.objects.all(), now)


def now_is(now: datetime, monkeypatch: object) -> None:
    """The server's clock stands still."""
    monkeypatch.setattr(timezone, "now", lambda: now)  # type: ignore[attr-defined]
