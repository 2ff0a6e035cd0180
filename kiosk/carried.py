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

from kiosk import __version__
from kiosk.enrolment import Identity, follow_server_keys, load_identity, store_enrolment
from kiosk.provisioning import Provision
from kiosk.rotation import own_keys
from sync.client import enrol_request
from sync.entries import Malformed
from sync.errors import Refused
from sync.files import make_folder, write_whole
from sync.keys import KeyChanges
from sync.signature import name_by_key
from sync.stick import ANSWERS, CONFIG, ENROL, ENTRIES, FOLDER, KEYS, MAX_FILE_BYTES, Answer, decode_answer, read_file
from sync.wire import Acked, Enrolment, Problem, Receipt, decode, sha256

HANDED_IN = "requests"
AWAIT_A_PERSON = ("unknown-device", "bad-signature", "revoked", "too-old")

log = logging.getLogger(__name__)


class Said(NamedTuple):
    """What an answer says. stands: how far the server holds ledgers. time, config, erase: of a receipt."""

    stands: Sequence[Acked]
    time: datetime | None = None
    config: str | None = None
    erase: Sequence[str] = ()


def read_answer(data: bytes, own: Collection[str], server_keys: Collection[str]) -> Said:
    """What our server said to a batch of ours. own, server_keys: public keys that we, and it, have or had (hex).

    Raises `Refused` where the server refuses us, `Malformed` for anything else, and for a fork, which the network settles.
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
    if problem.code in AWAIT_A_PERSON:
        raise _refused(answer.status, problem)
    raise Malformed(f"the server refused: {problem.code} {problem.detail}")


def take_from(stick: Path, data: Path, provision: Provision | None, now: datetime) -> tuple[Identity, list[Said]]:
    """Take in what the server wrote for us; gives who we are then, and what it said of our ledgers, in the order of our batches.

    data: the data folder. provision: of kiosk.toml, or None. What is not for us stays where it is. Raises OSError, LookupError for
    a kiosk that is nobody yet, and `Refused` where the server refuses who we still are: once, so that what was mended is written.
    """
    own = own_keys(data)
    nameless = [stick / FOLDER / name_by_key(key) for key in sorted(own)]
    for folder in _folders(_who(data, provision), nameless):
        _take_keys(folder, data, _who(data, provision))
    refusals = [_take_enrolment(folder, data, provision, own, now) for folder in nameless]
    identity = _who(data, provision)
    said: list[Said] = []
    for folder in _folders(identity, nameless):
        refused = _hand_over(folder, data, own, identity.server_keys(now), said)
        refusals.append(refused if folder.name == stick_name(identity) else None)
    if identity.enrolment is not None:  # the secret has done its work, and what waits is written again under our id
        for folder in nameless:
            if folder.exists():
                shutil.rmtree(folder)
    for told in filter(None, refusals):
        raise told
    return identity, said


def stick_name(identity: Identity) -> str:
    """The name of this kiosk's folder on a stick."""
    return identity.enrolment.device if identity.enrolment else name_by_key(identity.public_key)


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


def _take_enrolment(folder: Path, data: Path, provision: Provision | None, own: Collection[str], now: datetime) -> Refused | None:
    """A server that our provisioning file names says who we are, or refuses the secret that is in the file still.

    Where we know who we are already, the network was faster.
    """
    identity = _who(data, provision)
    for path, answer in _answers(folder):
        if not answer.is_ours(ENROL, own, identity.server_keys(now)):
            continue
        try:
            refused = _refused(answer.status, decode(answer.body, Problem)) if answer.status != 200 else None
            if refused is None and identity.enrolment is None:
                store_enrolment(data, decode(answer.body, Enrolment))
        except Malformed as error:
            log.warning("%s on the stick was not taken in: %s", path.name, error)
            continue
        path.unlink()
        return refused if provision is not None and _is_asked_still(answer, identity, provision) else None
    return None


def _is_asked_still(answer: Answer, identity: Identity, provision: Provision) -> bool:
    asked = enrol_request(identity.key, provision.secret, __version__)
    return identity.enrolment is None and answer.request == sha256(asked)


def _hand_over(folder: Path, data: Path, own: Collection[str], server_keys: Collection[str], said: list[Said]) -> Refused | None:
    """Adds to `said`, and gives how the server refused a batch, if it did and a person must act."""
    inbox = data / HANDED_IN
    make_folder(inbox)
    refusal: Refused | None = None
    for path, answer in _answers(folder):
        if answer.is_ours(ENROL, own, server_keys):
            continue
        content = answer.encode()
        try:
            said.append(read_answer(content, own, server_keys))
        except Refused as refused:
            refusal = refused
            path.unlink()
            continue
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
    return refusal


def _answers(folder: Path) -> Iterator[tuple[Path, Answer]]:
    """What lies there as an answer, in the order of our requests."""
    for path in sorted((folder / ANSWERS).glob("*")) if (folder / ANSWERS).is_dir() else []:
        try:
            yield path, decode_answer(read_file(path))
        except Malformed as error:
            log.warning("%s on the stick is no answer: %s", path.name, error)


def _refused(status: int, problem: Problem) -> Refused:
    return Refused(status, problem.code, problem.detail)
