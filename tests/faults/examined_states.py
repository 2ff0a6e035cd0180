"""Crash states by the thousand: recorded once, rebuilt in memory, examined by several processes."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.crash_states import State, crash
from tests.faults.invariants import Verdict, examine
from tests.faults.recording import Recording, before, read
from tests.faults.stage import MEMORY, ROOT, Strace
from tests.faults.voter import Forked, Plan

A_PIECE = 50
VOTES = 60
KEPT = ROOT / ".run" / "faults"  # states that were found wanting, to be looked at


@dataclass(frozen=True)
class Piece:
    """Some states of one recording. thanked: votes whose citizens were thanked before it.

    control: is meant to lose. deaf: syncs do nothing.
    """

    recording: Recording
    thanked: tuple[int, ...]
    seed: str
    states: int = A_PIECE
    control: bool = False
    deaf: bool = False


def recorded(folder: Path, plan: Callable[[Path], Plan]) -> Recording:
    """What the real process did to a folder while it went through its plan."""
    folder.mkdir(exist_ok=True)
    start = before(folder)
    strace = Strace(folder.with_name(f"{folder.name}.calls"))
    Forked(plan(folder), strace.attach).ended()
    return read(strace.calls(), folder, start)


def states(piece: Piece) -> list[State]:
    """As many different states as the piece wants, or fewer where there are no more."""
    chance, steps = Random(piece.seed), len(piece.recording.steps)
    found = dict.fromkeys(crash(piece.recording, chance.randint(0, steps), chance, deaf=piece.deaf) for _ in range(piece.states))
    return list(found)


def examined(piece: Piece) -> list[Verdict]:
    verdicts = []
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name) / "data"
        for number, state in enumerate(states(piece)):
            state.build(folder)
            kept = KEPT / f"{piece.seed}-{number}"
            verdict = examine(folder, {*piece.thanked, *state.said}, VOTES).named(kept)
            shutil.rmtree(folder)
            verdicts.append(verdict)
            if verdict.wrong and not piece.control:
                KEPT.mkdir(parents=True, exist_ok=True)
                shutil.rmtree(kept, ignore_errors=True)
                state.build(kept)
    return verdicts


def pieces(histories: list[tuple[Recording, tuple[int, ...]]], states: int, seed: str) -> list[Piece]:
    """Pieces of all recordings in turn, each with the votes that were thanked for before it began."""
    return [Piece(*_at(histories, number), f"{seed}-{number}", states=min(A_PIECE, states)) for number in range(-(-states // A_PIECE))]


def _at(histories: list[tuple[Recording, tuple[int, ...]]], number: int) -> tuple[Recording, tuple[int, ...]]:
    return histories[number % len(histories)]
