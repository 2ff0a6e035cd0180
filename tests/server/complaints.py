"""Citizens who write: on a kiosk, by telephone, on paper; and an office that reads it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

from django.test import Client
from django.utils import timezone

from server.cases.models import Case
from server.cases.taking import FoundPaper, Matter, last_event, open_about, put_in
from server.comments.by_form import take_in
from server.comments.links import examine
from server.comments.words import CONSENT
from sync import entries
from sync.reference import reference
from sync.sealing import Written, key_id, seal
from sync.wire import sha256
from tests.server.kiosk import BOOT, Kiosk
from tests.server.phone import Phone
from tests.server.test_comments import put, sealing_key

NAME, PHONE, ADDRESS = "Đỗ Thị Quỳnh Như", "0912345678", "17 Nguyễn Trãi, phường Thái Hòa"
TEXT = "Chờ từ sáng tới trưa, hỏi không ai trả lời"
PERSONAL = (NAME, PHONE, ADDRESS, TEXT)


class Wrote(NamedTuple):
    """A comment, and the vote that it is about."""

    sealed: str
    vote: UUID

    @property
    def number(self) -> str:
        """By which its citizen asks."""
        return reference(self.sealed)


def written(text: str = TEXT, *, reachable: bool = True) -> Written:
    """What a citizen writes; reachable: with name, telephone and address."""
    if not reachable:
        return Written(text=text, language="vi")
    return Written(text=text, language="vi", name=NAME, phone=PHONE, address=ADDRESS, consent=CONSENT)


def vote(kiosk: Kiosk, reasons: Sequence[str] = ("waiting",), *, rating: Any = "dissatisfied") -> UUID:  # noqa: ANN401
    """A vote and why; not sent yet."""
    if not kiosk.lines:
        kiosk.open()
    kiosk.vote(rating)
    voted = kiosk.last_id()
    if reasons:
        kiosk.say(entries.Reasons, vote=voted, reasons=list(reasons))
    return voted


def complain(
    kiosk: Kiosk, reasons: Sequence[str] = ("waiting",), words: Written | None = None, *, rating: Any = "dissatisfied", arrives: bool = True  # noqa: ANN401
) -> Wrote:  # fmt: skip
    """A vote with a comment on the kiosk's screen, sent. arrives: the sealed words too."""
    voted = vote(kiosk, reasons, rating=rating)
    body = seal(words or written(), sealing_key())
    sealed = sha256(body)
    kiosk.lines.append(
        entries.encode_entry(
            entries.Comment(
                id=entries.uuid7(), at=datetime.now(UTC), up=kiosk.up, boot=BOOT, vote=voted, sealed=sealed, key=key_id(sealing_key())
            )
        )
    )
    assert kiosk.send().status == 200
    if arrives:
        assert put(kiosk, body).status == 200
    return Wrote(sealed, voted)


def by_telephone(kiosk: Kiosk, voted: UUID, words: Written | None = None) -> Wrote:
    """A comment about a vote by the form, whether the vote has come or not."""
    phone = Phone(kiosk, voted, made=timezone.now())
    match = re.search(r"/G/(\w+)/(\w+)$", phone.path)
    assert match
    return Wrote(take_in(examine(match[1], match[2], timezone.now()), words or written(), timezone.now()), voted)


def on_paper(kiosk: Kiosk, reasons: Sequence[str] = ("late",), words: Written | None = None) -> str:
    """A slip out of the paper box; its hash."""
    found = FoundPaper(kiosk.unit.today(), kiosk.counter.id, "", False, reasons)
    return put_in(kiosk.unit, words or written(), found, "van-phong", timezone.now())


def a_case(kiosk: Kiosk, reasons: Sequence[str] = ("waiting",), words: Written | None = None, **more: Any) -> Case:  # noqa: ANN401
    """A case about a comment."""
    wrote = complain(kiosk, reasons, words)
    matter = Matter(Case.Source.KIOSK, kiosk.unit.today(), "Chờ lâu – Quầy 1", wrote.vote, reasons=reasons, **more)
    return open_about(kiosk.unit, matter._replace(sensitive="extra-cost" in reasons), wrote.sealed, "van-phong", timezone.now())


def page(case: Case) -> str:
    """The address of a case."""
    return f"/vu-viec/{case.unit_id}/{case.id}/"


def press(client: Client, case: Case, deed: str, **fields: str) -> Any:  # noqa: ANN401 – the test client's answer
    """Do something in a case, from the page as it is now."""
    return client.post(page(case), {"da-xem": str(last_event(case)), "viec": deed, **fields})


def attach(client: Client, case: Case, name: str, body: bytes, **fields: str) -> Any:  # noqa: ANN401 – the test client's answer
    """Put a file to a case; the page that follows."""
    file = BytesIO(body)
    file.name = name
    return client.post(f"{page(case)}tep/", {"da-xem": str(last_event(case)), "tep": file, **fields}, follow=True)
