"""How many cases a run wants, from which seed, and how far it is.

FAULTS_LONG: the long column instead of CI's. FAULTS_SCALE: a factor on either. FAULTS_SEED: repeats a run.
FAULTS_JOBS: how many processes share the cases.
"""

import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Case = TypeVar("Case")
Found = TypeVar("Found")

LONG = bool(os.environ.get("FAULTS_LONG"))
SCALE = float(os.environ.get("FAULTS_SCALE", "1"))
SEED = int(os.environ.get("FAULTS_SEED") or int.from_bytes(os.urandom(4), "big"))
JOBS = int(os.environ.get("FAULTS_JOBS") or os.cpu_count() or 1)


def how_many(ci: int, long: int) -> int:
    """How many cases this run wants, given CI's and the long column's number: at least one."""
    return max(1, round((long if LONG else ci) * SCALE))


def chance(*names: object) -> random.Random:
    """Random numbers that depend on the run's seed and on what they are for, and on nothing else."""
    return random.Random("-".join(str(part) for part in (SEED, *names)))


def watched(fault: str, cases: Iterable[Case], total: int | None = None) -> Iterator[Case]:
    """The cases, with a bar on the terminal in the long column. total: how many, where `cases` has no length."""
    of = total if total is not None else len(cases) if isinstance(cases, Sized) else 0
    for done, case in enumerate(cases, 1):
        yield case
        if LONG and (done == of or done % max(1, of // 200) == 0):
            full = 40 * done // max(1, of)
            end = "\n" if done == of else ""
            print(f"\r{fault:>4} [{'#' * full}{'.' * (40 - full)}] {done:,}/{of:,}", end=end, file=sys.stderr, flush=True)  # noqa: T201


def shared_out(fault: str, work: Callable[[Case], Found], cases: list[Case]) -> list[Found]:
    """What `work` found in each case, with several processes at it. work: a function of a module; case: anything that pickles."""
    with ProcessPoolExecutor(JOBS, mp_context=get_context("fork")) as pool:
        return list(watched(fault, pool.map(work, cases, chunksize=1), len(cases)))
