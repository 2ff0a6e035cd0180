"""What is asked of the running kiosk by files in `requests/`: only our server's answers to our batches change anything."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from kiosk import rotation
from kiosk.enrolment import device_key, store_enrolment
from kiosk.requests import Requests
from kiosk.storage.ledger import Ledger
from sync.entries import GENESIS
from sync.signature import sign_answer, sign_request
from sync.stick import ENTRIES, Answer
from sync.wire import PROBLEM_TYPE, Acked, Enrolment, Place, Problem, Receipt, sha256
from tests.kiosk.conftest import a_vote

SERVER, STRANGER = SigningKey(b"s" * 32), SigningKey(b"x" * 32)
CONFIG = b'{"unit":{"id":"u-1","name":"U"},"counter":{"id":"c-1","name":"C"},"officers":[],"on_duty":null}'
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Asked:
    """A kiosk with three entries, and its requests."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        key = SERVER.verify_key.encode().hex()
        store_enrolment(
            folder,
            Enrolment(
                device="d-1", signing_key=key, sealing_key=key, unit=Place("u-1", "U"), counter=Place("c-1", "C"), config=sha256(CONFIG)
            ),
        )
        self.folder = folder / "requests"
        self.folder.mkdir()
        self.key = device_key(folder)
        self.ledger = ledger
        for _ in range(2):
            ledger.append(a_vote)
        self.configs: list[bytes] = []
        self.erased: list[str] = []
        self.requests = Requests(folder, ledger, self.configs.append, self.erased.append)

    @property
    def acked(self) -> int:
        return self.ledger.held()[0].acked

    def stand(self, seq: int) -> Acked:
        held = self.ledger.held()[0]
        return Acked(held.ledger, seq, GENESIS if seq == 0 else self.ledger.digest_at(held.ledger, seq) or "")

    def receipt(self, seq: int, *, of: bytes = b"batch", erase: tuple[str, ...] = ()) -> bytes:
        return msgspec.json.encode(
            Receipt(
                request=sha256(of), nonce="n", time=NOW, ledgers=[self.stand(seq)], next_seconds=60, config=sha256(CONFIG), erase=[*erase]
            )
        )

    def hand_in(self, body: bytes, *, status: int = 200, kiosk: SigningKey | None = None, server: SigningKey = SERVER) -> None:
        batch = b"batch"
        signed = sign_request(kiosk or self.key, "POST", ENTRIES, batch)
        answer = Answer(status, sha256(batch), signed, sign_answer(server, status, batch, body), body)
        (self.folder / "1.answer").write_bytes(answer.encode())
        self.requests.look()


@pytest.fixture
def asked(tmp_path: Path, open_ledger: Callable[..., Ledger]) -> Asked:
    return Asked(tmp_path, open_ledger())


def test_a_receipt_moves_acked_up_and_a_later_one_down(asked: Asked) -> None:
    asked.hand_in(asked.receipt(3))
    assert asked.acked == 3
    asked.hand_in(asked.receipt(1))
    assert asked.acked == 1
    assert not list(asked.folder.iterdir())


def test_a_gap_moves_acked_to_where_the_server_stands(asked: Asked) -> None:
    asked.hand_in(asked.receipt(3))
    asked.hand_in(msgspec.json.encode(Problem(type=PROBLEM_TYPE + "gap", title="", status=409, at=asked.stand(2))), status=409)
    assert asked.acked == 2


def test_erasures_of_a_receipt_are_done(asked: Asked) -> None:
    asked.hand_in(asked.receipt(0, erase=("ab" * 32,)))
    assert asked.erased == ["ab" * 32]


def test_a_configuration_is_taken_when_a_receipt_names_it(asked: Asked) -> None:
    (asked.folder / "1.config").write_bytes(CONFIG)
    asked.requests.look()
    assert asked.configs == []
    (asked.folder / "1.config").write_bytes(CONFIG)
    asked.hand_in(asked.receipt(1))
    assert asked.configs == [CONFIG]
    assert not list(asked.folder.iterdir())


def test_a_receipt_for_a_batch_that_a_former_key_of_ours_signed_counts(asked: Asked) -> None:
    rotation.prepare(asked.folder.parent)
    (asked.folder.parent / rotation.NEXT_KEY).replace(asked.folder.parent / "device.key")  # as when the server has taken it
    asked.hand_in(asked.receipt(3), kiosk=asked.key)
    assert asked.acked == 3


def forgeries(asked: Asked) -> list[Callable[[], None]]:
    """Answers that say: the server holds nothing. They would move `acked` if they were believed."""
    return [
        lambda: asked.hand_in(asked.receipt(0), server=STRANGER),
        lambda: asked.hand_in(asked.receipt(0), kiosk=STRANGER),
        lambda: asked.hand_in(asked.receipt(0, of=b"another batch")),
        lambda: asked.hand_in(
            msgspec.json.encode(Problem(type=PROBLEM_TYPE + "revoked", title="", status=403, at=asked.stand(0))), status=403
        ),
        lambda: asked.hand_in(b"\xff"),
    ]


def test_no_other_answer_moves_anything(asked: Asked) -> None:
    asked.hand_in(asked.receipt(3))
    for forged in forgeries(asked):
        forged()
        assert asked.acked == 3
        assert not list(asked.folder.iterdir())


def test_control_a_kiosk_that_does_not_ask_who_signed_is_moved(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.hand_in(asked.receipt(3))
    monkeypatch.setattr(Answer, "is_ours", lambda *_: True)
    for forged in forgeries(asked)[:2]:
        asked.hand_in(asked.receipt(3))
        forged()
        assert asked.acked == 0


def test_what_the_ledger_holds_otherwise_is_left_to_the_network(asked: Asked) -> None:
    asked.hand_in(
        msgspec.json.encode(Problem(type=PROBLEM_TYPE + "gap", title="", status=409, at=Acked(asked.stand(1).ledger, 1, "0" * 64))),
        status=409,
    )
    assert asked.acked == 0
