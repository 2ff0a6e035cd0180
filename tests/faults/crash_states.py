"""What a power cut may leave of a folder, given what was done to it.

Of each file, what was written before its last sync is there; of the rest anything may be: nothing, a part in order, single writes,
single sectors of 512 bytes, or the right size with zeros. Names come and go in each folder in the order in which they were made, and
are certain only behind a sync of the folder. (So an ext4 that writes everything at once is one case among many.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from random import Random

from tests.faults.recording import Named, Recording, Resized, Spoken, Step, Synced, Written
from tests.faults.voter import Said

SECTOR = 512


class Fate(Enum):
    """What became of what was not synced."""

    NOTHING = auto()
    ALL = auto()
    A_PART = auto()
    A_TORN_PART = auto()
    SOME_WRITES = auto()
    SOME_SECTORS = auto()
    ZEROS = auto()


@dataclass(frozen=True)
class State:
    """files: path below the folder → content. said: the votes that must be there, from what the world had heard by then."""

    folders: frozenset[str]
    files: tuple[tuple[str, bytes], ...]
    said: tuple[int, ...]

    def build(self, folder: Path) -> None:
        """Make the folder so. folder: not there yet."""
        folder.mkdir()
        for name in sorted(self.folders):
            (folder / name).mkdir()
        for name, content in self.files:
            (folder / name).write_bytes(content)


def crash(recording: Recording, at: int, chance: Random, *, deaf: bool = False) -> State:
    """What a cut before step `at` left. deaf: the disk did not listen to syncs (a control)."""
    steps = recording.steps[:at]
    synced = {} if deaf else {step.node: index for index, step in enumerate(steps) if isinstance(step, Synced)}
    said = Said()
    said.hear(b"".join(step.text for step in steps if isinstance(step, Spoken)))
    names = _names(recording, steps, synced, chance)
    fate = chance.choice(list(Fate)) if chance.random() < 0.5 else None
    changes: dict[int, list[tuple[int, Written | Resized]]] = {}
    for index, step in enumerate(steps):
        if isinstance(step, Written | Resized):
            changes.setdefault(step.node, []).append((index, step))
    folders, files = set(), []
    for path, node in _walk(names, 0, ""):
        if node in names:
            folders.add(path)
            continue
        durable = synced.get(node, -1)
        sure = [step for index, step in changes.get(node, []) if index < durable]
        unsure = [step for index, step in changes.get(node, []) if index > durable]
        content = bytearray(recording.contents.get(node, b""))
        for step in sure:
            _apply(content, step)
        _befall(content, unsure, fate or chance.choice(list(Fate)), chance)
        files.append((path, bytes(content)))
    return State(frozenset(folders), tuple(files), tuple(sorted(said.kept)))


def _names(recording: Recording, steps: list[Step], synced: dict[int, int], chance: Random) -> dict[int, dict[str, int]]:
    pending: dict[int, int] = {}
    for index, step in enumerate(steps):
        if isinstance(step, Named) and index > synced.get(step.folder, -1):
            pending[step.folder] = pending.get(step.folder, 0) + 1
    luck = chance.random()
    left = {folder: 0 if luck < 0.2 else count if luck < 0.6 else chance.randint(0, count) for folder, count in pending.items()}
    names = {node: dict(found) for node, found in recording.names.items()}
    for index, step in enumerate(steps):
        if not isinstance(step, Named):
            continue
        if index > synced.get(step.folder, -1):
            if left[step.folder] == 0:
                continue
            left[step.folder] -= 1
        old, _, new = step.name.partition("\0")
        if step.node is None or new:
            names[step.folder].pop(old, None)
        if step.node is not None:
            names[step.folder][new or old] = step.node
    return names


def _walk(names: dict[int, dict[str, int]], node: int, path: str) -> Iterator[tuple[str, int]]:
    for name, child in names[node].items():
        yield path + name, child
        if child in names:
            yield from _walk(names, child, f"{path}{name}/")


def _befall(content: bytearray, unsure: list[Written | Resized], fate: Fate, chance: Random) -> None:
    if fate is Fate.NOTHING or not unsure:
        return
    if fate is Fate.ZEROS:
        size = max(len(content), *(step.offset + len(step.data) for step in unsure if isinstance(step, Written)), 0)
        content.extend(bytes(size - len(content)))
        return
    if fate in (Fate.A_PART, Fate.A_TORN_PART):
        kept = chance.randint(0, len(unsure) - 1)
        for step in unsure[:kept]:
            _apply(content, step)
        torn = unsure[kept]
        if fate is Fate.A_TORN_PART and isinstance(torn, Written):
            sectors = list(_sectors(torn))
            for step in sectors[: chance.randint(0, len(sectors))]:
                _apply(content, step)
        return
    for step in unsure:
        pieces = _sectors(step) if fate is Fate.SOME_SECTORS and isinstance(step, Written) else [step]
        for piece in pieces:
            if fate is Fate.ALL or chance.random() < 0.5:
                _apply(content, piece)


def _sectors(step: Written) -> Iterator[Written]:
    at, end = step.offset, step.offset + len(step.data)
    while at < end:
        upto = min(end, at - at % SECTOR + SECTOR)
        yield Written(step.node, at, step.data[at - step.offset : upto - step.offset])
        at = upto


def _apply(content: bytearray, step: Written | Resized) -> None:
    size = step.size if isinstance(step, Resized) else step.offset + len(step.data)
    if len(content) < size:
        content.extend(bytes(size - len(content)))
    if isinstance(step, Resized):
        del content[size:]
    else:
        content[step.offset : size] = step.data
