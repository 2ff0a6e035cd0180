"""Comments as they lie in the suggestion box, and cases about them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from server.cases.models import Case
from server.cases.steps import Step
from server.cases.taking import Matter, move, open_about
from server.intake.models import Comment, Vote
from sync import entries, wire
from sync.reference import reference
from sync.sealing import Written, key_id, seal
from tests.server.kiosk import Kiosk
from tests.server.test_comments import put, sealing_key

WORDS = "Chờ lâu quá, cán bộ không giải thích"
NAME, PHONE, HOME = "Phạm Thị Lan Chi", "0912345678", "Tổ 3 khối Tân Hòa"
OPENED = datetime(2026, 11, 2, 3, tzinfo=UTC)
PUBLISHED = "Ủy ban đã xin lỗi và thêm một quầy buổi sáng"
PATHS = {
    Step.OPENED: [],
    Step.VERIFIED: [Step.VERIFIED],
    Step.INVITED: [Step.VERIFIED, Step.INVITED],
    Step.LISTED: [Step.VERIFIED, Step.INVITED, Step.LISTED],
    Step.MET: [Step.VERIFIED, Step.INVITED, Step.MET],
    Step.ANSWERED: [Step.VERIFIED, Step.ANSWERED],
    Step.PUBLISHED: [Step.VERIFIED, Step.ANSWERED, Step.PUBLISHED],
    Step.CLOSED: [Step.CLOSED],
    Step.WITHDRAWN: [Step.WITHDRAWN],
}  # how each step is reached


def announced(kiosk: Kiosk, text: str = WORDS, *, rating: str = "satisfied", **about: str) -> bytes:
    """A comment that the server knows of and does not have yet; its sealed bytes. about: name and the like, with consent."""
    if not kiosk.lines:
        kiosk.open()
    if rating == "satisfied":
        kiosk.vote()
    else:
        kiosk.vote("dissatisfied")
    vote = kiosk.last_id()
    consent = {"consent": "Tôi đồng ý"} if about else {}
    body = seal(Written(text=text, language="vi", **about, **consent), sealing_key())
    kiosk.say(entries.Comment, vote=vote, sealed=wire.sha256(body), key=key_id(sealing_key()))
    kiosk.send()
    return body


def wrote(kiosk: Kiosk, text: str = WORDS, *, rating: str = "satisfied", **about: str) -> str:
    """A comment in the box; its hash."""
    body = announced(kiosk, text, rating=rating, **about)
    assert put(kiosk, body).status == 200
    return wire.sha256(body)


def vote_about(sealed: str) -> Vote:
    """The vote of a comment."""
    vote: UUID = Comment.objects.get(sealed=sealed).vote
    return Vote.objects.get(id=vote)


def case_at(kiosk: Kiosk, sealed: str, step: Step = Step.OPENED, *, sensitive: bool = False, days: int = 1, **fields: Any) -> Case:  # noqa: ANN401 – as of `move`
    """A case about a comment that came to a step, each so many days after the one before. fields: as of `move`, at that step."""
    matter = Matter(Case.Source.KIOSK, OPENED.date(), "Chờ lâu", officer_id=kiosk.officers[0].pk, sensitive=sensitive)
    case = open_about(kiosk.unit, matter, sealed, "vanphong", OPENED)
    now = OPENED
    for one in PATHS[step]:
        now += timedelta(days=days)
        move(case, one, "vanphong", now, **(fields if one == step else {}))
    return Case.objects.get(unit_id=case.unit_id, id=reference(sealed))


def published(
    kiosk: Kiosk, words: str = PUBLISHED, outcome: str = Case.Outcome.APOLOGISED, *, sensitive: bool = False, days: int = 1
) -> Case:
    """A case whose outcome was published, answered twice as many days after it was opened."""
    sealed = wrote(kiosk, name=NAME, phone=PHONE)
    return case_at(kiosk, sealed, Step.PUBLISHED, sensitive=sensitive, days=days, published=words, outcome=outcome)


def everything_kept() -> bytes:
    """All that stands in the database, one row after the other."""
    found = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – names of our own tables
            for row in cursor.fetchall():
                found += b"\n".join(bytes(cell) if isinstance(cell, bytes | memoryview) else f"{cell}".encode() for cell in row)
    return found
