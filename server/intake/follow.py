"""Entries about votes: a change, reasons, a comment. They are kept with their vote, or wait for it under its id."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from server.intake import follow_store, models
from server.intake.archive import Own, lines_of
from server.intake.clock import Moment, milliseconds
from server.intake.fold import ID_REUSED, Follow, NewVote, Rejected
from server.intake.sql import run
from server.intake.tally import Given
from sync.entries import Change, Comment, Malformed, Reasons, Vote, decode_entry
from sync.wire import sha256

CHANGE_SECONDS = 10.0
_TABLES: Mapping[type[Change | Reasons | Comment], type[models.Change | models.Reasons | models.Comment]] = {
    Change: models.Change,
    Reasons: models.Reasons,
    Comment: models.Comment,
}


class Settled(NamedTuple):
    """What became of entries about votes. now, before: votes that were changed, as they count now and did before. given: new reasons."""

    now: list[NewVote]
    before: list[NewVote]
    given: list[Given]
    rejected: list[Rejected]


def settle(unit_id: str, follows: Sequence[Follow], own: Own, received: datetime) -> Settled:
    """Keep each entry with its vote, let those wait whose vote is not there, change the votes that are to be changed."""
    known = models.Vote.objects.filter(unit_id=unit_id, id__in={follow.entry.vote for follow in follows})
    votes = {vote.id: vote for vote in known}
    early = [follow for follow in follows if follow.entry.vote not in votes]
    ready = [follow for follow in follows if follow.entry.vote in votes]
    rejected = _wait(unit_id, early, received) if early else []
    late = _late([follow for follow in ready if isinstance(follow.entry, Change)], votes, own)
    rejected += [_rejected(follow, "late-change") for follow in late]
    too_late = {(follow.ledger, follow.seq) for follow in late}
    before: list[NewVote] = []
    given: list[Given] = []
    for kind in _TABLES:
        chosen = [follow for follow in ready if isinstance(follow.entry, kind) and (follow.ledger, follow.seq) not in too_late]
        if chosen:
            kept, refused = _keep(kind, unit_id, chosen)
            rejected += refused
            if kind is Change:
                before = _turn(unit_id, kept, votes)
            given += [Given(milliseconds(votes[entry.vote].at), entry.reasons) for *_, entry in kept if isinstance(entry, Reasons)]
    return Settled([vote._replace(satisfied=not vote.satisfied) for vote in before], before, given, rejected)


def woken(unit_id: str) -> list[Follow]:
    """The entries that waited for votes which are there now, in the order in which they came; they wait no more."""
    there = models.Vote.objects.filter(unit_id=unit_id).values("id")
    rows = list(models.Waiting.objects.filter(unit_id=unit_id, vote__in=there).order_by("received_at", "ledger", "seq"))
    models.Waiting.objects.filter(unit_id=unit_id, id__in=[row.id for row in rows]).delete()
    follows = []
    for row in rows:
        line = bytes(row.line)
        entry = decode_entry(line)
        if isinstance(entry, Change | Reasons | Comment):  # nothing else ever waits
            follows.append(Follow(row.ledger, row.seq, line, Moment(row.at, estimated=False), entry))
    return follows


def _wait(unit_id: str, follows: Sequence[Follow], received: datetime) -> list[Rejected]:
    """Let them wait for their votes; returns those under whose id another line waits."""
    ids = {follow.entry.id for follow in follows}
    waiting = {row.id: bytes(row.line) for row in models.Waiting.objects.filter(unit_id=unit_id, id__in=ids)}
    rows, rejected = [], []
    for ledger, seq, line, moment, entry in follows:
        if entry.id not in waiting:
            waiting[entry.id] = line
            place = {"unit_id": unit_id, "ledger": ledger, "seq": seq}
            rows.append(models.Waiting(**place, id=entry.id, vote=entry.vote, line=line, at=moment.at, received_at=received))
        elif waiting[entry.id] != line:
            rejected.append(Rejected(ledger, seq, line, moment, ID_REUSED))
    models.Waiting.objects.bulk_create(rows, ignore_conflicts=True)
    return rejected


def _late(changes: Sequence[Follow], votes: Mapping[UUID, models.Vote], own: Own) -> list[Follow]:
    """The changes of another boot than their vote's, or not within `CHANGE_SECONDS` of uptime after it."""
    if not changes:
        return []
    lines = lines_of([votes[follow.entry.vote] for follow in changes], own)
    late = []
    for follow in changes:
        vote = _vote(lines[follow.entry.vote])
        if vote is None or vote.boot != follow.entry.boot or not 0 <= follow.entry.up - vote.up <= CHANGE_SECONDS:
            late.append(follow)
    return late


def _vote(line: bytes) -> Vote | None:
    try:
        entry = decode_entry(line)
    except Malformed:
        return None
    return entry if isinstance(entry, Vote) else None


def _turn(unit_id: str, changes: Sequence[Follow], votes: Mapping[UUID, models.Vote]) -> list[NewVote]:
    """Let votes say what their changes say; returns those that said something else, as they were."""
    before = []
    for follow in changes:
        vote = votes[follow.entry.vote]
        if isinstance(follow.entry, Change) and vote.satisfied != (follow.entry.rating == "satisfied"):
            before.append(_as_counted(vote))
    for satisfied in (True, False):
        if turned := [vote.id for vote in before if vote.satisfied != satisfied]:
            models.Vote.objects.filter(unit_id=unit_id, id__in=turned).update(satisfied=satisfied)
    return before


def _as_counted(vote: models.Vote) -> NewVote:
    return NewVote(vote.id, vote.seq, vote.officer_id, vote.satisfied, milliseconds(vote.at), vote.estimated, vote.counter_id)


def _keep(kind: type[Change | Reasons | Comment], unit_id: str, follows: Sequence[Follow]) -> tuple[list[Follow], list[Rejected]]:
    """Keep what is the first of its kind about its vote; the very same line from another ledger is no second one."""
    [rows] = run(follow_store.insert(kind, unit_id, follows))
    places = set(rows)
    kept = [follow for follow in follows if (follow.ledger, follow.seq) in places]
    others = [follow for follow in follows if (follow.ledger, follow.seq) not in places]
    if not others:
        return kept, []
    table = _TABLES[kind].objects.filter(unit_id=unit_id)
    by_id = {row.id: row for row in table.filter(id__in={follow.entry.id for follow in others})}
    rejected = []
    for follow in others:
        same = by_id.get(follow.entry.id)
        if same is None:
            rejected.append(_rejected(follow, f"second-{kind.__name__.lower()}"))
        elif same.said != sha256(follow.line):
            rejected.append(_rejected(follow, ID_REUSED))
    return kept, rejected


def _rejected(follow: Follow, reason: str) -> Rejected:
    return Rejected(follow.ledger, follow.seq, follow.line, follow.moment, reason)
