"""What a USB stick brings back from the server: its keys, our enrolment, answers to our batches, and the configuration.

Keys and enrolment say who we are; that is kept at once, and whatever runs reads it from disk. The rest changes ledgers: it is
handed to the kiosk as files in `requests/`, and the running kiosk (or the next that runs) takes it in.
"""

import logging
import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kiosk.enrolment import Identity, follow_server_keys, load_identity, store_enrolment
from kiosk.provisioning import Provision
from kiosk.rotation import own_keys
from sync.entries import Malformed
from sync.files import make_folder, write_whole
from sync.keys import KeyChanges
from sync.signature import name_by_key
from sync.stick import ANSWERS, CONFIG, ENROL, ENTRIES, FOLDER, KEYS, MAX_FILE_BYTES, Answer, decode_answer, read_file
from sync.wire import Acked, Enrolment, Problem, Receipt, decode, sha256

HANDED_IN = "requests"

log = logging.getLogger(__name__)


class Said(NamedTuple):
    """What an answer says. stands: how far the server holds ledgers. time, config, erase: of a receipt."""

    stands: Sequence[Acked]
    time: datetime | None = None
    config: str | None = None
    erase: Sequence[str] = ()


def read_answer(data: bytes, own: Collection[str], server_keys: Collection[str]) -> Said:
    """What our server said to a batch of ours. own, server_keys: public keys that we, and it, have or had (hex).

    Raises `Malformed` for anything else, and for a fork, which the network settles.
    """
    answer = decode_answer(data)
    if not answer.is_ours(ENTRIES, own, server_keys):
        raise Malformed("not our server's answer to a batch of ours")
    if answer.status == 200:
        receipt = decode(answer.body, Receipt)
        if receipt.request != answer.request:
            raise Malformed("a receipt for another batch")
        return Said(receipt.ledgers, receipt.time, receipt.config, receipt.erase)
    problem = decode(answer.body, Problem)
    if problem.code == "gap" and problem.at is not None:
        return Said([problem.at])
    raise _refused(problem)


def take_from(stick: Path, data: Path, provision: Provision | None, now: datetime) -> tuple[Identity, list[Said]]:
    """Take in what the server wrote for us; gives who we are then, and what it said of our ledgers, in the order of our batches.

    data: the data folder. provision: of kiosk.toml, or None. What is not for us stays where it is. Raises OSError, and LookupError
    for a kiosk that is nobody yet.
    """
    own = own_keys(data)
    nameless = [stick / FOLDER / name_by_key(key) for key in sorted(own)]
    for folder in _folders(_who(data, provision), nameless):
        _take_keys(folder, data, _who(data, provision))
    for folder in nameless:
        _take_enrolment(folder, data, _who(data, provision), own, now)
    identity = _who(data, provision)
    said = [one for folder in _folders(identity, nameless) for one in _hand_over(folder, data, own, identity.server_keys(now))]
    if identity.enrolment is not None:  # the secret has done its work, and what waits is written again under our id
        for folder in nameless:
            if folder.exists():
                shutil.rmtree(folder)
    return identity, said


def _who(data: Path, provision: Provision | None) -> Identity:
    identity = load_identity(data, provision)
    if identity is None:
        raise LookupError("this kiosk is neither enrolled nor provisioned")
    return identity


def _folders(identity: Identity, nameless: Sequence[Path]) -> Iterator[Path]:
    """All that may be ours on the stick, the latest last."""
    yield from nameless
    if identity.enrolment is not None:
        yield nameless[0].with_name(identity.enrolment.device)


def _take_keys(folder: Path, data: Path, identity: Identity) -> None:
    path = folder / KEYS
    if not path.is_file():
        return
    try:
        follow_server_keys(data, identity, decode(read_file(path), KeyChanges).changes)
    except Malformed as error:
        log.warning("the server's keys on the stick were not taken in: %s", error)


def _take_enrolment(folder: Path, data: Path, identity: Identity, own: Collection[str], now: datetime) -> None:
    """A server that our provisioning file names says who we are. Where we know it already, the network was faster."""
    for path, answer in _answers(folder):
        if not answer.is_ours(ENROL, own, identity.server_keys(now)):
            continue
        try:
            if answer.status != 200:
                raise _refused(decode(answer.body, Problem))
            if identity.enrolment is None:
                store_enrolment(data, decode(answer.body, Enrolment))
        except Malformed as error:
            log.warning("%s on the stick was not taken in: %s", path.name, error)
            continue
        path.unlink()
        return


def _hand_over(folder: Path, data: Path, own: Collection[str], server_keys: Collection[str]) -> list[Said]:
    said = []
    inbox = data / HANDED_IN
    make_folder(inbox)
    for path, answer in _answers(folder):
        content = answer.encode()
        try:
            said.append(read_answer(content, own, server_keys))
        except Malformed as error:
            log.warning("%s on the stick was not taken in: %s", path.name, error)
            continue
        write_whole(inbox / f"{path.name}.answer", content, 0o600)
        path.unlink()
    for digest in {receipt.config for receipt in said if receipt.config}:
        path = folder / CONFIG / digest
        if path.exists() and path.stat().st_size <= MAX_FILE_BYTES and sha256(content := read_file(path)) == digest:
            write_whole(inbox / f"{digest}.config", content, 0o600)
            path.unlink()
    return said


def _answers(folder: Path) -> Iterator[tuple[Path, Answer]]:
    """What lies there as an answer, in the order of our requests."""
    for path in sorted((folder / ANSWERS).glob("*")) if (folder / ANSWERS).is_dir() else []:
        try:
            yield path, decode_answer(read_file(path))
        except Malformed as error:
            log.warning("%s on the stick is no answer: %s", path.name, error)


def _refused(problem: Problem) -> Malformed:
    return Malformed(f"the server refused: {problem.code} {problem.detail}")
