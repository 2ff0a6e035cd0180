"""Who the kiosk is, on disk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk import rotation
from kiosk.enrolment import device_key, load_identity, public_key, store_enrolment
from sync.client import HandOver
from sync.keys import KeyTaken
from sync.wire import Enrolment, Place

ENROLMENT = Enrolment(
    device="d-1", signing_key="a" * 64, sealing_key="b" * 64, unit=Place("u-1", "Xã"), counter=Place("c-1", "Quầy"), config="0" * 64
)


def took(change: HandOver) -> KeyTaken:
    return KeyTaken("d-1", change.new)


def test_the_key_is_made_once_however_many_ask_and_only_we_may_read_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = {bytes(key) for key in pool.map(lambda _: device_key(tmp_path / "data"), range(16))}
    assert len(made) == 1
    assert [(path.name, path.stat().st_mode & 0o777) for path in (tmp_path / "data").iterdir()] == [("device.key", 0o600)]


def test_a_kiosk_is_nobody_before_it_was_enrolled(tmp_path: Path) -> None:
    assert load_identity(tmp_path) is None
    store_enrolment(tmp_path, ENROLMENT)
    identity = load_identity(tmp_path)
    assert identity is not None
    assert (identity.enrolment, identity.unit, identity.trusted) == (ENROLMENT, ENROLMENT.unit, ENROLMENT.signing_key)


def test_damaged_server_keys_leave_what_the_enrolment_said(tmp_path: Path) -> None:
    store_enrolment(tmp_path, ENROLMENT)
    (tmp_path / "server-keys.json").write_bytes(b"{")
    identity = load_identity(tmp_path)
    assert identity is not None
    assert (identity.trusted, identity.sealing_key) == ("a" * 64, "b" * 64)


def test_the_next_key_comes_into_force_only_when_the_server_took_it(tmp_path: Path) -> None:
    old = public_key(device_key(tmp_path))
    rotation.prepare(tmp_path)
    rotation.tell(tmp_path, "d-1", lambda change: None)
    assert public_key(device_key(tmp_path)) == old
    rotation.prepare(tmp_path)
    rotation.tell(tmp_path, "d-1", took)
    assert public_key(device_key(tmp_path)) != old
    assert rotation.former_keys(tmp_path) == {old}
    assert not rotation.is_pending(tmp_path)


def test_nothing_is_told_twice_to_the_same_device_and_all_to_another(tmp_path: Path) -> None:
    told: list[HandOver] = []

    def say(change: HandOver) -> KeyTaken:
        told.append(change)
        return took(change)

    rotation.prepare(tmp_path)
    rotation.tell(tmp_path, "d-1", say)
    before = len(told)
    rotation.tell(tmp_path, "d-1", say)
    assert len(told) == before
    rotation.tell(tmp_path, "d-2", say)
    assert len(told) == 2 * before


@pytest.mark.parametrize("fails", ["write_whole", "sync_directory", "key_in"])
def test_a_change_that_is_cut_short_anywhere_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    old = public_key(device_key(tmp_path))

    def cut(*_: object) -> None:
        raise OSError("power cut")

    def change_key() -> None:
        rotation.prepare(tmp_path)
        rotation.tell(tmp_path, "d-1", took)

    monkeypatch.setattr(rotation, fails, cut)
    with pytest.raises(OSError, match="power cut"):
        change_key()
    monkeypatch.undo()
    rotation.tell(tmp_path, "d-1", took)
    change_key()
    assert public_key(device_key(tmp_path)) != old
    chain = rotation.read(tmp_path).all
    assert chain[0].old == old
    assert [change.new for change in chain] == [*(change.old for change in chain[1:]), public_key(device_key(tmp_path))]
