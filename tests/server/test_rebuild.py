"""What is rebuilt from archive, places and decisions equals what was kept."""

import io
import random
from threading import Thread
from typing import Any, Literal

import pytest
from django.core.management import call_command
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.devices.models import Device
from server.intake import rebuild as rebuilding
from server.intake.decisions import Line, decide, refold
from server.intake.models import Batch, Decision, Quarantine, Vote
from server.places.models import Officer
from sync import entries
from tests.server.kiosk import Counted, Kiosk, counted, enrolled
from tests.server.test_exactly_once import at_once

RATINGS: list[Literal["satisfied", "dissatisfied"]] = ["satisfied", "dissatisfied"]


def unseen(done: int, total: int) -> None:
    """Nobody looks at the progress."""


def kept() -> dict[str, list[dict[str, Any]]]:
    """Everything that is derived from the archive, row by row."""

    def rows(table: type[Model]) -> list[dict[str, Any]]:
        found = [{name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()} for row in table._default_manager.values()]
        return sorted(found, key=repr)

    return {table.__name__: rows(table) for table in rebuilding.DERIVED}


def a_life(seed: int) -> None:
    """Two kiosks of a unit that vote, change, carry, move, and send nonsense, in batches cut at random; a person decides now and then."""
    tables: tuple[type[Model], ...] = (*rebuilding.DERIVED, Batch, Decision)
    for table in tables:
        table._default_manager.all().delete()
    chance = random.Random(seed)
    first = enrolled()
    kiosks = [first.open(), enrolled(first.unit).open()]
    sent = dict.fromkeys((0, 1), 0)
    votes = [entries.uuid7()]
    for step in range(chance.randint(4, 9)):
        which = chance.randrange(2)
        kiosk, other = kiosks[which], kiosks[1 - which]
        for _ in range(chance.randint(1, 7)):
            votes.append(_something(chance, kiosk, other, votes))
        overlap = chance.randint(0, min(2, sent[which]))
        assert kiosk.send(sent[which] + 1 - overlap).status == 200
        sent[which] = len(kiosk.lines)
        if chance.random() < 0.3:
            Officer.objects.get_or_create(id=f"o-{chance.randrange(3)}-{kiosk.unit.id}", unit=kiosk.unit, name="Muộn", title="Công chức")
        if chance.random() < 0.3:
            at = Batch.objects.order_by("-number")[0].received_at
            lines = [Line(row.ledger, row.seq) for row in Quarantine.objects.filter(unit_id=kiosk.unit.id) if chance.random() < 0.5]
            decide(lines, chance.choice([Decision.Verdict.ACCEPT, Decision.Verdict.REJECT]), "Hạnh", at)
            refold(at)
        if chance.random() < 0.2:
            device = Device.objects.get(pk=kiosk.device)
            device.counter = enrolled(kiosk.unit).counter
            device.save()
        if chance.random() < 0.2:
            kiosk.ledger, kiosk.lines, carried = f"l-{entries.uuid7().hex}", [], kiosk.lines[1:]
            kiosk.open(**({"unit": "u-nowhere"} if chance.random() < 0.2 else {}))
            kiosk.lines += carried[-chance.randint(0, 5) :] if step else []
            sent[which] = 0


def _something(chance: random.Random, kiosk: Kiosk, other: Kiosk, votes: list[Any]) -> Any:  # noqa: ANN401 – an id of a vote
    """Write a line of some kind; gives the id of a vote."""
    what = chance.randrange(9)
    vote, rating = chance.choice(votes[-4:]), chance.choice(RATINGS)
    if what < 3:
        officer = chance.choice(["first", "first", None, f"o-{chance.randrange(3)}-{kiosk.unit.id}"])
        return kiosk.vote(rating, officer=officer).last_id()
    if what == 3:
        kiosk.say(entries.Change, vote=vote, rating=rating, after=chance.choice([0.5, 0.5, 11.0]))
    elif what == 4:
        kiosk.say(entries.Reasons, vote=vote, reasons=["r-slow"])
    elif what == 5:
        kiosk.say(entries.Comment, vote=vote, sealed="5" * 64, key="ab" * 8)
    elif what == 6:
        kiosk.lines.append(chance.choice([b"nonsense", b"", b'{"kind":"dance"}']))
    elif what == 7 and len(other.lines) > 1:
        kiosk.lines.append(chance.choice(other.lines[1:]))
    else:
        kiosk.vote(rating, id=vote)
    return vote


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_rebuilt_equals_kept(seed: int) -> None:
    a_life(seed)
    before = kept()
    rebuilding.rebuild(unseen)
    assert kept() == before


def test_what_was_changed_by_hand_is_mended(kiosk: Kiosk) -> None:
    kiosk.open().votes(3, 2).send()
    before = kept()
    Vote.objects.filter(seq=3).delete()
    Vote.objects.filter(seq=4).update(satisfied=False)
    assert kept() != before
    output = io.StringIO()
    call_command("rebuild", stdout=output)
    assert output.getvalue() == "Rebuilt from 1 batches.\n"
    assert kept() == before


def test_a_rebuild_that_fails_leaves_what_was_there(kiosk: Kiosk) -> None:
    kiosk.open().votes(3)
    kiosk.send(1, 2)
    kiosk.send(3)
    before = kept()
    calls = []

    def fail(done: int, total: int) -> None:
        calls.append((done, total))
        if done == 2:
            raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        rebuilding.rebuild(fail)
    assert calls == [(1, 2), (2, 2)]
    assert kept() == before


def test_control_a_rebuild_that_forgets_who_was_unknown_differs(kiosk: Kiosk) -> None:
    kiosk.open().vote(officer="o-LATER").send()
    before = kept()
    Batch.objects.update(unknown_officers="")
    rebuilding.rebuild(unseen)
    assert kept() != before


def test_after_a_rebuild_kiosks_go_on_where_they_were(kiosk: Kiosk) -> None:
    kiosk.open().votes(3)
    kiosk.send()
    rebuilding.rebuild(unseen)
    kiosk.votes(0, 2)
    assert kiosk.send(5).receipt.ledgers[0].acked == 6
    assert Vote.objects.count() == 5


def test_batches_that_come_during_a_rebuild_wait_and_count(kiosk: Kiosk) -> None:
    kiosk.open().votes(20, 4)
    kiosk.send(1, 5)
    posted: list[int] = []
    sender = Thread(target=lambda: posted.extend(at_once([(kiosk, [kiosk.batch(first, first + 3) for first in range(6, 26, 4)])])))

    def during(done: int, total: int) -> None:
        sender.start()
        sender.join(0.3)
        assert posted == []

    rebuilding.rebuild(during)
    sender.join()
    assert posted == [200] * 5
    assert counted(kiosk.unit) == Counted(20, 4)
