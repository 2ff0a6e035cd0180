"""Papers are made in the background: somebody asks, any process of the server takes what waits, and what it made stays for ever.

Who makes a paper holds a lease that each of its steps renews; when the process dies, the lease ends and another takes the paper up.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from server.places.models import Unit
from server.reports.building import STEPS, build
from server.reports.content import Report, figures
from server.reports.excel import as_excel
from server.reports.models import File, Paper
from server.reports.sound import UnsoundError
from server.reports.word import as_word
from server.results.period import Kind, Period
from server.spreadsheets.writing import EXCEL_TYPE

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than any step takes
MOST_TRIES = 3
DOCX, XLSX = "docx", "xlsx"
TYPES = {DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", XLSX: EXCEL_TYPE}
WRITERS: dict[str, Callable[[Report], bytes]] = {DOCX: as_word, XLSX: as_excel}
_ALL = 100 * (STEPS + len(WRITERS))
_UNSOUND = "Số liệu trong cơ sở dữ liệu không khớp nhau ({}). Xin báo người quản trị; chưa lập báo cáo."
_GIVEN_UP = "Không lập được sau nhiều lần thử. Xin báo người quản trị xem nhật ký của máy chủ."


class Made(NamedTuple):
    """The files of a report, by form."""

    report: Report
    files: dict[str, bytes]


class LostError(Exception):
    """Somebody else makes the paper by now."""


def ask(unit: Unit, period: Period, who: str, now: datetime) -> Paper:
    """Ask for a paper; one that nobody began yet is given again."""
    about = {"unit_id": unit.pk, "kind": period.kind, "first": period.first, "last": period.last}
    waiting = Paper.objects.filter(**about, state=Paper.State.WAITING).first()
    return waiting or Paper.objects.create(**about, who=who, asked_at=now, of=_ALL)


def take(now: datetime) -> Paper | None:
    """The paper that waits the longest, or whose maker died, from now on ours; None where there is none."""
    free = Paper.objects.filter(state__in=(Paper.State.WAITING, Paper.State.MAKING)).filter(Q(lease=None) | Q(lease__lt=now))
    for paper in free.order_by("asked_at", "id")[:5]:
        maker = token_hex(8)
        mine = Paper.objects.filter(unit_id=paper.unit_id, id=paper.id, maker=paper.maker, tries=paper.tries)
        fields = {"state": Paper.State.MAKING, "maker": maker, "lease": now + LEASE, "tries": F("tries") + 1, "done": 0, "of": _ALL}
        if mine.filter(state=paper.state).update(**fields):
            return Paper.objects.get(unit_id=paper.unit_id, id=paper.id)
    return None


def make(paper: Paper) -> None:
    """Make the paper that was taken. Raises `LostError` when it took so long that another took it up."""
    if paper.tries > MOST_TRIES:
        _end(paper, state=Paper.State.FAILED, fault=_GIVEN_UP)
        return
    period = period_of(paper)
    try:
        made = write(
            Unit.objects.select_related("parent").get(pk=paper.unit_id), period, timezone.now(), lambda done, of: _tell(paper, done)
        )
    except UnsoundError as unsound:
        logger.error("no report %s: %s", paper, unsound)
        _end(paper, state=Paper.State.FAILED, fault=_UNSOUND.format(unsound))
        return
    with transaction.atomic():
        _end(paper, state=Paper.State.MADE, made_at=timezone.now(), figures=figures(made.report), done=_ALL)
        for form, body in made.files.items():
            File.objects.create(unit_id=paper.unit_id, paper=paper.id, form=form, sha256=hashlib.sha256(body).hexdigest(), body=body)


def write(unit: Unit, period: Period, now: datetime, progress: Callable[[int, int], None]) -> Made:
    """Both files of a report. Raises `UnsoundError`."""
    report = build(unit, period, now, progress=lambda done, of: progress(done, _ALL))
    files = {}
    for place, (form, writer) in enumerate(WRITERS.items(), STEPS):
        progress(100 * place, _ALL)
        files[form] = writer(report)
    progress(_ALL, _ALL)
    return Made(report, files)


def work() -> bool:
    """Make a paper that waits; whether there was one. What goes wrong is logged, and tried again when the lease ends."""
    paper = take(timezone.now())
    if paper is None:
        return False
    try:
        make(paper)
    except LostError:
        logger.warning("another process took up the report %s", paper)
    except Exception:
        logger.exception("the report %s", paper)
    return True


def period_of(paper: Paper) -> Period:
    """What the paper is about."""
    return Period(Kind(paper.kind), paper.first, paper.last)


def _tell(paper: Paper, done: int) -> None:
    if not _mine(paper).update(done=done, lease=timezone.now() + LEASE):
        raise LostError


def _end(paper: Paper, **fields: object) -> None:
    if not _mine(paper).update(lease=None, **fields):
        raise LostError


def _mine(paper: Paper) -> QuerySet[Paper]:
    return Paper.objects.filter(unit_id=paper.unit_id, id=paper.id, maker=paper.maker, state=Paper.State.MAKING)
