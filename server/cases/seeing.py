"""Opening what is sealed for somebody who looks at a page: each opening stands in the record."""

import logging
from typing import NamedTuple

from django.http import HttpRequest

from server.cases.models import Paper
from server.comments.opening import open_sealed
from server.record.keeping import Action, note
from sync.entries import Malformed
from sync.sealing import Written

_logger = logging.getLogger(__name__)


class Opened(NamedTuple):
    """What a page shows of something sealed. written: the words, None where they were erased or cannot be opened; paper: of a case."""

    sealed: str
    written: Written | None = None
    paper: Paper | None = None


def open_for(request: HttpRequest, unit_id: str, sealed: str, detail: str) -> Opened:
    """Open the words, and note that somebody saw them. detail: what they are, nothing personal."""
    try:
        written = open_sealed(sealed)
    except LookupError:
        return Opened(sealed)
    except Malformed as error:
        _logger.error("%s cannot be opened: %s", sealed, error)
        return Opened(sealed)
    note(request, Action.VIEW, unit_id, sealed, detail)
    return Opened(sealed, written)


def open_paper(request: HttpRequest, paper: Paper) -> Opened:
    """Open a paper of a case; an attachment stays closed until it is fetched."""
    if paper.kind == Paper.Kind.ATTACHMENT:
        return Opened(paper.sealed, paper=paper)
    return open_for(request, paper.unit_id, paper.sealed, f"{paper.get_kind_display().lower()} của vụ việc")._replace(paper=paper)
