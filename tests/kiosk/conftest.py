"""Ledgers in a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.clocks import Clocks, Moment
from kiosk.storage.ledger import Binding, Ledger
from sync.entries import Vote, uuid7

BINDING = Binding(device="ab" * 32, unit="u-1", counter="c-1")


def a_vote(now: Moment) -> Vote:
    return Vote(id=uuid7(), at=now.at, up=now.up, boot=now.boot, officer="o-1", rating="satisfied")


@pytest.fixture
def open_ledger(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    """Opens the ledger in the test's folder, as a start of the kiosk does."""
    opened: list[Ledger] = []

    def start(binding: Binding = BINDING) -> Ledger:
        if opened:
            opened.pop().close()
        ledger = Ledger(tmp_path, Clocks())
        opened.append(ledger)
        ledger.bind(binding)
        return ledger

    yield start
    for ledger in opened:
        ledger.close()
