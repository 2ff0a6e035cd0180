"""Taking in a batch: one transaction, and then the receipt."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from server.devices.models import Device
from server.devices.rotation import require_key
from server.intake import store
from server.intake.archive import Own, boundary_below, digest_at, digests_between
from server.intake.clock import milliseconds
from server.intake.counting import NotTheirsError, count
from server.intake.desk import Desk, Ledger, lock
from server.intake.fold import ID_REUSED, fold
from server.intake.position import ForkError, GapError, common, known_lines
from server.intake.sql import Statement, run
from server.places.roster import roster
from server.problems import ProblemError
from server.releases.told import updates
from sync import entries, wire

FORKED = "forked"

logger = logging.getLogger(__name__)


class Sent(NamedTuple):
    """A batch on its way in: what it says, the bytes that said it, their signature, when they came, and the key that signed."""

    batch: wire.Batch
    body: bytes
    signature: str
    at: datetime
    key: str


def receive(device_id: str, sent: Sent) -> wire.Receipt:
    """Archive and count what is new in a batch of the device, commit, and acknowledge.

    Raises `revoked`; `gap` with the server's head; `forked` with the highest seq that this batch proves to be common.
    Nothing is stored then, but a fork flags the device.
    """
    sent = sent._replace(at=entries.to_the_millisecond(sent.at))  # as it is archived, so that a rebuild sees the same
    try:
        with transaction.atomic():
            return _receive(device_id, sent)
    except ProblemError as problem:
        if problem.code == FORKED:
            Device.objects.filter(pk=device_id).update(flag=FORKED)
        raise


def _receive(device_id: str, sent: Sent) -> wire.Receipt:
    header, lines = sent.batch.header, sent.batch.lines
    names = list(dict.fromkeys([header.ledger, *(held.ledger for held in header.ledgers)]))
    desk = lock(device_id, header.ledger, names)
    if desk.revoked:
        raise ProblemError("revoked")
    require_key(device_id, desk.public_key, sent.key, sent.at)
    heard = store.heard(device_id, header, sent.at)
    digests = entries.chain(header.previous, lines)
    ledger = desk.ledger(header.ledger)
    known = _known_lines(desk, ledger, header, digests)
    if known < len(lines):
        if ledger.seq == 0:
            ledger = desk.opening(header.ledger, lines[0])
        desk.ledgers[header.ledger] = _store(desk, ledger, sent, known, digests[-1], heard)
    else:
        run(heard)
    return wire.Receipt(
        request=wire.sha256(sent.body),
        nonce=header.nonce,
        time=sent.at,
        ledgers=[desk.acked(name) for name in names],
        next_seconds=settings.EXCHANGE_SECONDS,
        config=roster(desk.unit, desk.counter, desk.on_duty, desk.roster(), desk.shown, updates(canary=desk.canary)).digest,
    )


def _known_lines(desk: Desk, ledger: Ledger, header: wire.BatchHeader, digests: list[str]) -> int:
    if ledger.device_id != desk.device_id:
        raise _of_another_device(ledger)
    try:
        return known_lines(header, digests, ledger.seq, ledger.digest, lambda seq: digest_at(ledger.unit_id, ledger.ledger, seq))
    except GapError as error:
        raise ProblemError("gap", f"the batch begins at {header.first}", ledger.acked()) from error
    except ForkError as error:
        raise ProblemError(FORKED, f"the batch begins at {header.first}", _common(ledger, header, digests)) from error


def _common(ledger: Ledger, header: wire.BatchHeader, digests: list[str]) -> wire.Acked:
    """Where a forked ledger is the same as ours for certain; if the batch does not reach so far down, a guess below it."""
    last = min(header.first + len(digests) - 1, ledger.seq)
    held = digests_between(ledger.unit_id, ledger.ledger, header.first - 1, last)
    seq = common(header, digests, held)
    at = boundary_below(ledger.unit_id, ledger.ledger, header.first - 1) if seq is None else (seq, held[seq])
    return wire.Acked(ledger.ledger, *at)


def _store(desk: Desk, ledger: Ledger, sent: Sent, known: int, digest: str, heard: Statement) -> Ledger:
    """Count the batch's lines after the known ones, archive it, move the head; returns the ledger as it is then."""
    header, fresh = sent.batch.header, sent.batch.lines[known:]
    officers = desk.officers_of(ledger.unit_id)
    folded = fold(
        fresh,
        ledger.seq + 1,
        ledger=ledger.ledger,
        opened=ledger.counter_id is not None,
        knows=lambda seq, officer: officer in officers,
        clock=header.clock,
        genuine=header.genuine,
        received=milliseconds(sent.at),
        since=ledger.at,
    )
    moved = replace(ledger, seq=ledger.seq + len(fresh), digest=digest, at=folded.at)
    own = Own(ledger.ledger, dict(enumerate(fresh, ledger.seq + 1)))
    try:
        counted = count(moved, folded, own, sent.at)
    except NotTheirsError as error:
        raise _of_another_device(moved) from error
    device = [heard]
    if known == 0 and header.first == 1 and _says_forked(fresh[0]):
        device.append(store.alarm(desk.device_id, FORKED))
    if counted.ids_reused:
        logger.warning("device %s sent other bytes under a known id in ledger %s", desk.device_id, ledger.ledger)
        device.append(store.alarm(desk.device_id, ID_REUSED))
    kept = store.archive(moved, header.first, sent.body, sent.signature, sent.key, sent.at, folded.unknown_officers)
    run(*device, *counted.tallies, kept)
    return moved


def _says_forked(line: bytes) -> bool:
    """Whether a ledger begins where the kiosk itself found that its disk was cloned or put back: the server need not have seen it."""
    try:
        entry = entries.decode_entry(line)
    except entries.Malformed:
        return False
    return isinstance(entry, entries.Opened) and entry.reason == "forked"


def _of_another_device(ledger: Ledger) -> ProblemError:
    return ProblemError(FORKED, "another device holds this ledger", wire.Acked(ledger.ledger, 0, entries.GENESIS))
