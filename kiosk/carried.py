"""What a USB stick brings back from the server: answers to our batches, and the configuration.

Whoever holds the stick hands them to the kiosk as files in `requests/`; the running kiosk (or the next that runs) takes them in.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from kiosk.enrolment import Identity
from kiosk.files import make_folder, write_whole
from sync.entries import Malformed
from sync.stick import ANSWERS, CONFIG, decode_answer, read_file
from sync.wire import Acked, Problem, Receipt, decode, sha256

HANDED_IN = "requests"

log = logging.getLogger(__name__)


class Said(NamedTuple):
    """What an answer says. stands: how far the server holds ledgers. time, config, erase: of a receipt."""

    stands: Sequence[Acked]
    time: datetime | None = None
    config: str | None = None
    erase: Sequence[str] = ()


def read_answer(data: bytes, identity: Identity, now: datetime) -> Said:
    """What our server said to a batch of ours. Raises `Malformed` for anything else, and for a fork, which the network settles."""
    answer = decode_answer(data)
    if not any(answer.is_ours(identity.public_key, server_key) for server_key in identity.server_keys(now)):
        raise Malformed("not our server's answer to a batch of ours")
    if answer.status == 200:
        receipt = decode(answer.body, Receipt)
        if receipt.request != answer.request:
            raise Malformed("a receipt for another batch")
        return Said(receipt.ledgers, receipt.time, receipt.config, receipt.erase)
    problem = decode(answer.body, Problem)
    if problem.code == "gap" and problem.at is not None:
        return Said([problem.at])
    raise Malformed(f"the server refused: {problem.code} {problem.detail}")


def hand_over(folder: Path, data: Path, identity: Identity, now: datetime) -> list[Said]:
    """Move what the server wrote for us on a stick into the kiosk's `requests/`; gives what it said, in the order of our batches.

    folder: the kiosk's on the stick. data: the data folder. What is not for us stays where it is. Raises OSError.
    """
    said = []
    inbox = data / HANDED_IN
    make_folder(inbox)
    for path in sorted((folder / ANSWERS).glob("*")) if (folder / ANSWERS).is_dir() else []:
        try:
            content = read_file(path)
            said.append(read_answer(content, identity, now))
        except Malformed as error:
            log.warning("%s on the stick was not taken in: %s", path.name, error)
            continue
        write_whole(inbox / f"{path.name}.answer", content, 0o600)
        path.unlink()
    for digest in {receipt.config for receipt in said if receipt.config}:
        path = folder / CONFIG / digest
        if path.exists() and sha256(content := read_file(path)) == digest:
            write_whole(inbox / f"{digest}.config", content, 0o600)
            path.unlink()
    return said
