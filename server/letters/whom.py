"""Whom a letter of a case goes to: what the citizen, or the office, sealed of them."""

from typing import NamedTuple

from server.cases.models import Case, Paper
from server.comments.opening import open_sealed
from sync.entries import Malformed


class Citizen(NamedTuple):
    """How to reach somebody; each may be empty."""

    name: str = ""
    address: str = ""
    phone: str = ""

    def addressed(self, case: Case) -> str:
        """By name, or kindly by the number of what they wrote."""
        return f"Ông/Bà {self.name}" if self.name else f"Ông/Bà có góp ý số {case.id}"


def citizen_of(case: Case) -> Citizen:
    """What is known, the office's last word first; erased is as never said. Whoever asks records that it was opened."""
    papers = Paper.objects.filter(unit_id=case.unit_id, case=case.id, kind__in=[Paper.Kind.CONTACT, Paper.Kind.COMMENT])
    for paper in sorted(papers, key=lambda paper: (paper.kind == Paper.Kind.CONTACT, paper.at), reverse=True):
        try:
            written = open_sealed(paper.sealed)
        except (LookupError, Malformed):
            continue
        if written.name or written.address or written.phone:
            return Citizen(written.name, written.address, written.phone)
    return Citizen()
