"""Who may not read what a citizen wrote gets it by nothing: tried on every address there is, and on papers, files, e-mails and logs."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.core.management import call_command
from django.utils import timezone

from server.alerts.digest import digest
from server.alerts.letters import of_digest
from server.alerts.models import Mail
from server.cases.models import Case, Paper
from server.cases.taking import add_paper
from server.comments.by_office import KeptFile, keep, keep_file
from server.places.models import Membership
from server.record.models import Line
from sync import entries
from sync.sealing import Written
from tests.server.addresses import filled, rows
from tests.server.boxed import case_at, vote_about, wrote
from tests.server.database import undone
from tests.server.people import user_of
from tests.server.world import ABOVE, ELSEWHERE, HERE, Person, World, world

pytestmark = pytest.mark.once
Role = Membership.Role


@dataclass(frozen=True)
class Complaint:
    """What may be read of a citizen by few. sealed: everything of it."""

    case: Case
    sealed: list[str]
    secrets: tuple[str, ...]
    readers: frozenset[str]


LEADERS = frozenset({f"{Role.LEADER} {HERE}", f"{Role.LEADER} {ABOVE}"})
READERS = LEADERS | {f"{Role.STAFF} {HERE}"}
_SOME = READERS | {
    "nobody", "superuser", f"{Role.OFFICER} {HERE}", f"{Role.TECHNICIAN} {HERE}", f"{Role.ADMINISTRATOR} {ABOVE}",
    f"{Role.AUDITOR} {ABOVE}", f"{Role.LEADER} {ELSEWHERE}",
}  # fmt: skip
PHONES = {False: "0987000111", True: "0987000222"}


def complaint(everything: World, words: str, *, sensitive: bool) -> Complaint:
    """A comment with name and number, a case about it that waits for a meeting, and what the office put beside it."""
    kiosk, now, who = everything.here, timezone.now(), "vanphong"
    name, phone, note, file = f"Bùi {words[:5]} Kín", PHONES[sensitive], f"ghi chú {words}", f"tệp {words}"
    sealed = wrote(kiosk, words, rating="dissatisfied", name=name, phone=phone, address=f"ngõ {words}")
    kiosk.say(entries.Reasons, vote=vote_about(sealed).id, reasons=["extra-cost" if sensitive else "waiting"])
    kiosk.send()
    case = case_at(kiosk, sealed, sensitive=sensitive)
    beside = [
        (Paper.Kind.NOTE, keep(case.unit_id, Written(text=note), who, now)),
        (Paper.Kind.ATTACHMENT, keep_file(case.unit_id, KeptFile("giay.pdf", "application/pdf", file.encode()), who, now)),
    ]
    for kind, one in beside:
        add_paper(case, kind, one, who, now)
    secrets = (words, name, phone, note, file)
    return Complaint(case, [sealed, *(one for _, one in beside)], secrets, LEADERS if sensitive else READERS)


@pytest.fixture
def everything() -> World:
    logging.disable(logging.NOTSET)
    return world()


def some(everything: World) -> list[Person]:
    """Readers, and everybody else once: where they may the most."""
    return [one for one in everything.people if str(one) in _SOME]


@pytest.mark.usefixtures("stays_open", "refused_in_short")
def test_nobody_gets_what_a_citizen_wrote_but_those_who_may(
    everything: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    usual = complaint(everything, "Sông Lam chảy ngược", sensitive=False)
    secret = complaint(everything, "Phong bì màu tím", sensitive=True)
    call_command("watch")
    wrong, got = list[str](), set[tuple[str, bool]]()
    for person in some(everything):
        for where, answer in answers(person, everything, (usual, secret)):
            for one in (usual, secret):
                if any(word in answer for word in one.secrets):
                    got.add((str(person), one is secret))
                    if str(person) not in one.readers:
                        wrong.append(f"{person}: {where}")
            if secret.case.id in answer and str(person) not in LEADERS and "tra-cuu" not in where:
                wrong.append(f"{person}: {where}: its number")
    assert wrong == []
    assert got == {(name, False) for name in READERS} | {(name, True) for name in LEADERS}, "who may, gets it: the control"

    unit = everything.here.unit
    month = f"month:{unit.today()}"
    call_command("report", unit.pk, month, word=tmp_path / "report.docx", excel=tmp_path / "report.xlsx")
    said = [readable((tmp_path / name).read_bytes()) for name in ("report.docx", "report.xlsx")]
    for person in some(everything):
        if person.role is not None:
            said += mail(person, everything)
    said += [caplog.text, "".join(capfd.readouterr()), *(f"{line.subject} {line.detail}" for line in Line.objects.all())]
    assert len(said) > 10
    for one in (usual, secret):
        assert [(word, text[:80]) for text in said for word in (*one.secrets, one.case.id) if word in text] == []


def answers(person: Person, everything: World, complaints: tuple[Complaint, Complaint]) -> Iterator[tuple[str, str]]:
    """What somebody is answered at every address, about either case, and where forms are sent as whoever may would send them."""
    for place, sent in asked(everything, complaints):
        if place.startswith("/admin/") and person.role not in ("superuser", Role.ADMINISTRATOR):
            continue  # one door for all, and they do not pass it
        with undone():
            answer = person.client.get(place) if sent is None else person.client.post(place, sent)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            answer.close()
            found = readable(body)
            if found:
                yield f"{place} {'' if sent is None else 'sent'}", f"{answer.headers}{found}"


def asked(everything: World, complaints: tuple[Complaint, Complaint]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Places, and what is sent there, None where nothing is."""
    unit = everything.here.unit.pk
    for address, row in rows():
        for one in complaints if "case_id" in address else complaints[:1]:
            yield filled(replace(everything, here_case=one.case.id), address, row) + row.query, None
    for one in complaints:
        case = f"/vu-viec/{unit}/{one.case.id}"
        for sealed in one.sealed:
            yield f"{case}/tep/{sealed}", None
            yield f"/khen/{unit}/moi/?gop-y={sealed}", None
        yield f"/gop-y/{unit}/?ngay={one.case.day}", None
        yield f"/gop-y/{unit}/", {"viec": "ghi-nhan", "gop-y": one.sealed[0]}
        yield f"/du-lieu-ca-nhan/{unit}/tim/", {"phone": PHONES[one.case.sensitive]}
        for kind in ("html", "json"):
            yield f"/du-lieu-ca-nhan/{unit}/xuat/", {"muc": one.sealed, "tep": kind}
        yield f"/du-lieu-ca-nhan/{unit}/xoa/", {"muc": one.sealed}
        yield "/tra-cuu/", {"so": one.case.id}
        for letter in LETTERS:
            yield f"{case}/{letter}/", LETTERS[letter]


_WHOM = {"to": "Ông Kín", "address": "", "ask": "", "dated": "2026-11-26", "numbered": ""}
LETTERS: dict[str, dict[str, Any]] = {"giay-moi": _WHOM, "thu-xin-loi": _WHOM, "tra-loi": _WHOM}  # refused, and shown again as it is known


def mail(person: Person, everything: World) -> list[str]:
    """Their digest."""
    user, unit = user_of(person.client), everything.here.unit
    said = digest(user, unit, unit.today())
    if said is None:
        return []
    letter = of_digest(Mail(user=user, unit=unit, day=unit.today(), kind=Mail.Kind.DIGEST), said, "ai@example.vn")
    return [letter.message().as_string(), str(letter.body), *(str(content) for content, _ in letter.alternatives)]


def readable(body: bytes) -> str:
    """All words of an answer, also of those inside a Word or Excel file."""
    if is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
            body += re.sub(rb"<[^>]+>", b"", body)
    return body.decode("utf-8", "replace")
