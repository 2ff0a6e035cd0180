"""What a stick brings back is believed when our server said it to us; and a kiosk that has no id yet can be carried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from kiosk import rotation
from kiosk.clocks import Clocks
from kiosk.enrolment import Identity, device_key, load_identity, store_enrolment
from kiosk.export import Written, export
from kiosk.provisioning import Provision
from kiosk.storage.ledger import Binding, Ledger
from sync import stick
from sync.errors import Refused
from sync.keys import KeyChange, KeyChanges, announce
from sync.signature import name_by_key, sign_answer
from sync.wire import PROBLEM_TYPE, Acked, Enrolment, EnrolRequest, KioskConfig, Place, Problem, Receipt, decode, decode_batch, sha256
from tests.kiosk.conftest import a_vote

SERVER, NEXT, STRANGER = SigningKey(b"s" * 32), SigningKey(b"n" * 32), SigningKey(b"x" * 32)
NOW = datetime.now(UTC)
UNIT, COUNTER = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 3")
SECRET = "7Q2K9XVTM4" + "0" * 16


def public(key: SigningKey) -> str:
    return key.verify_key.encode().hex()


PROVISION = Provision(
    SECRET, public(SERVER), public(SERVER), msgspec.json.encode(KioskConfig(unit=UNIT, counter=COUNTER, officers=[], on_duty=None))
)


def an_enrolment(device: str = "d-1", signing_key: SigningKey = SERVER) -> Enrolment:
    return Enrolment(
        device=device, signing_key=public(signing_key), sealing_key=public(SERVER), unit=UNIT, counter=COUNTER, config=sha256(b"")
    )


class Carried:
    """A provisioned kiosk with three entries, its stick, and whoever answers what is on it."""

    def __init__(self, folder: Path) -> None:
        self.data, self.stick = folder / "data", folder / "stick"
        self.data.mkdir()
        self.stick.mkdir()
        self.key = device_key(self.data)
        self.ledger = Ledger(self.data, Clocks())
        self.ledger.bind(Binding(public(self.key), UNIT.id, COUNTER.id))
        for _ in range(2):
            self.ledger.append(a_vote)

    @property
    def identity(self) -> Identity:
        identity = load_identity(self.data, PROVISION)
        assert identity is not None
        return identity

    @property
    def nameless(self) -> Path:
        return self.stick / stick.FOLDER / name_by_key(public(self.key))

    def export(self) -> Written:
        return export(self.data, self.stick, PROVISION, Clocks(), lambda entries: None)

    def requests(self, folder: Path) -> list[stick.Request]:
        return [stick.decode_request(path.read_bytes()) for path in sorted((folder / stick.REQUESTS).iterdir())]

    def answer(self, number: int, body: bytes, server: SigningKey = SERVER, status: int = 200) -> None:
        """Answer the request of that number on the stick."""
        request = self.requests(self.nameless)[number]
        said = stick.Answer(status, sha256(request.body), request.signature, sign_answer(server, status, request.body, body), body)
        (self.nameless / stick.ANSWERS).mkdir(exist_ok=True)
        (self.nameless / stick.ANSWERS / f"{number}").write_bytes(said.encode())

    def enrol(self, enrolment: Enrolment, server: SigningKey = SERVER) -> None:
        self.answer(0, msgspec.json.encode(enrolment), server)

    def acknowledge(self, server: SigningKey = SERVER) -> None:
        """Answer the batch: all of it is held."""
        batch, held = self.requests(self.nameless)[1].body, self.ledger.held()[0]
        at = Acked(held.ledger, held.last, self.ledger.digest_at(held.ledger, held.last) or "")
        said = Receipt(request=sha256(batch), nonce="n", time=NOW, ledgers=[at], next_seconds=60, config=sha256(b""))
        self.answer(1, msgspec.json.encode(said), server)

    def bring_keys(self, *changes: KeyChange) -> None:
        (self.nameless / stick.KEYS).write_bytes(msgspec.json.encode(KeyChanges(list(changes))))


def change(previous: SigningKey, following: SigningKey, at: datetime = NOW - timedelta(days=1)) -> KeyChange:
    return announce(previous, public(following), public(following), at)


@pytest.fixture
def carried(tmp_path: Path) -> Carried:
    return Carried(tmp_path)


def test_a_kiosk_without_an_id_is_named_by_its_key_and_asks_first_to_be_enrolled(carried: Carried) -> None:
    written = carried.export()
    assert (written.entries, written.secret) == (3, True)
    enrolment, batch = carried.requests(carried.nameless)
    assert {enrolment.device, batch.device} == {carried.nameless.name}
    assert (enrolment.method, enrolment.path) == ("POST", stick.ENROL)
    asked = decode(enrolment.body, EnrolRequest)
    assert (asked.code, asked.key) == (SECRET, public(carried.key))
    assert len(decode_batch(batch.body).lines) == 3


def test_the_enrolment_that_our_server_gave_is_kept_and_the_secret_leaves_the_stick(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment())
    written = carried.export()
    assert (written.enrolled, written.secret) == (True, False)
    assert carried.identity.enrolment == an_enrolment()
    assert not carried.nameless.exists()
    assert all(SECRET.encode() not in path.read_bytes() for path in carried.stick.rglob("*") if path.is_file())
    [batch] = carried.requests(carried.stick / stick.FOLDER / "d-1")  # no receipt came, so it is written again
    assert batch.device == "d-1"


def test_receipts_that_come_with_the_enrolment_count(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment())
    carried.acknowledge()
    assert carried.export() == Written(entries=0, comments=0, answers=1, enrolled=True)


def test_receipts_that_come_without_an_enrolment_count_too(carried: Carried) -> None:
    carried.export()
    carried.acknowledge()
    written = carried.export()
    assert (written.entries, written.answers, written.secret) == (0, 1, True)


@pytest.mark.parametrize("server", [STRANGER, NEXT])
def test_an_enrolment_that_nobody_vouches_for_is_not_taken(carried: Carried, server: SigningKey) -> None:
    carried.export()
    carried.enrol(an_enrolment(signing_key=server), server)
    carried.bring_keys(change(STRANGER, NEXT))  # no link leads there from the key of the provisioning file
    assert not carried.export().enrolled
    assert carried.identity.enrolment is None


def test_an_answer_to_another_request_is_no_enrolment(carried: Carried) -> None:
    carried.export()
    carried.answer(1, msgspec.json.encode(an_enrolment()))
    assert not carried.export().enrolled


def test_a_refused_enrolment_is_none(carried: Carried) -> None:
    carried.export()
    carried.answer(0, msgspec.json.encode(an_enrolment()), status=403)
    assert not carried.export().enrolled


def refusal(code: str) -> bytes:
    return msgspec.json.encode(Problem(type=PROBLEM_TYPE + code, title="", status=403))


def test_an_enrolment_that_the_server_refused_is_told_once_and_nothing_contradicts_it(
    carried: Carried, caplog: pytest.LogCaptureFixture
) -> None:
    carried.export()
    carried.answer(0, refusal("code-used"), status=403)
    with pytest.raises(Refused, match="code-used"):
        carried.export()
    assert caplog.messages == []
    assert carried.export().entries == 3


def test_a_refusal_of_another_secret_than_the_files_is_over(carried: Carried) -> None:
    carried.export()
    carried.answer(0, refusal("code-used"), status=403)
    renewed = replace(PROVISION, secret="8" + SECRET[1:])
    assert export(carried.data, carried.stick, renewed, Clocks(), lambda entries: None).secret


def test_where_the_network_was_faster_the_refused_secret_does_not_matter(carried: Carried) -> None:
    carried.export()
    carried.answer(0, refusal("code-used"), status=403)
    carried.answer(1, refusal("unknown-device"), status=401)
    store_enrolment(carried.data, an_enrolment())
    assert carried.export().entries == 3


def test_a_batch_that_the_server_refused_is_told_once(carried: Carried, caplog: pytest.LogCaptureFixture) -> None:
    carried.export()
    carried.answer(1, refusal("revoked"), status=403)
    with pytest.raises(Refused, match="revoked"):
        carried.export()
    assert caplog.messages == []
    assert carried.export().entries == 3


def test_a_refusal_that_a_stranger_signed_is_none(carried: Carried) -> None:
    carried.export()
    carried.answer(0, refusal("code-used"), STRANGER, 403)
    carried.answer(1, refusal("revoked"), STRANGER, 403)
    assert carried.export().entries == 3


def test_another_kiosks_enrolment_is_not_taken(carried: Carried, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Carried(tmp_path / "other")
    for kiosk in (carried, other):
        kiosk.export()
    other.enrol(an_enrolment("d-2"))
    (carried.nameless / stick.ANSWERS).mkdir()
    (carried.nameless / stick.ANSWERS / "1").write_bytes((other.nameless / stick.ANSWERS / "0").read_bytes())
    assert not carried.export().enrolled


def test_where_the_network_was_faster_its_enrolment_stays(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment("d-old"))
    carried.acknowledge()
    store_enrolment(carried.data, an_enrolment("d-new"))
    written = carried.export()
    assert (written.enrolled, written.answers) == (False, 1)
    assert carried.identity.enrolment == an_enrolment("d-new")
    assert not carried.nameless.exists()


def test_a_kiosk_follows_the_servers_keys_by_the_stick_before_it_judges_the_answers(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment(signing_key=NEXT), NEXT)
    carried.acknowledge(NEXT)
    carried.bring_keys(change(SERVER, NEXT))
    assert carried.export() == Written(entries=0, comments=0, answers=1, enrolled=True)
    assert carried.identity.server_keys(NOW) == [public(NEXT)]


def test_an_enrolled_kiosk_follows_too_and_an_old_list_takes_nothing_back(carried: Carried) -> None:
    store_enrolment(carried.data, an_enrolment())
    folder = carried.stick / stick.FOLDER / "d-1"
    for changes in ([change(SERVER, NEXT)], [], [change(SERVER, STRANGER)]):
        carried.export()
        (folder / stick.KEYS).write_bytes(msgspec.json.encode(KeyChanges(changes)))
        carried.export()
        assert carried.identity.sealing_key == (public(NEXT))
    (folder / stick.KEYS).write_bytes(b"\xff")
    carried.export()


def test_receipts_for_batches_that_a_former_key_of_ours_signed_count(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment())
    carried.acknowledge()
    rotation.prepare(carried.data)
    (carried.data / rotation.NEXT_KEY).replace(carried.data / "device.key")  # as when the server has taken it
    assert device_key(carried.data) != carried.key
    assert carried.export() == Written(entries=0, comments=0, answers=1, enrolled=True)


def test_control_a_kiosk_that_does_not_ask_who_signed_is_enrolled_by_anybody(carried: Carried, monkeypatch: pytest.MonkeyPatch) -> None:
    carried.export()
    carried.enrol(an_enrolment(signing_key=STRANGER), STRANGER)
    monkeypatch.setattr(stick.Answer, "is_ours", lambda *_: True)
    assert carried.export().enrolled


def test_control_without_the_servers_keys_its_answers_after_a_change_are_not_believed(carried: Carried) -> None:
    carried.export()
    carried.enrol(an_enrolment(signing_key=NEXT), NEXT)
    carried.acknowledge(NEXT)
    assert carried.export() == Written(entries=3, comments=0, answers=0, secret=True)
