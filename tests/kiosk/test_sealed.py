"""Sealed comments on the kiosk's disk."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from kiosk.comments import Comments, written
from kiosk.sealed import KEPT, Sealed
from kiosk.storage.ledger import Ledger
from kiosk.storage.open_ledger import NotRecorded
from kiosk.vote import ContactDetails
from sync.entries import GENESIS, Comment, Malformed, decode_entry, digest, uuid7
from sync.sealing import Written, key_id, unseal
from sync.wire import MAX_WANTED, Acked, Held, Receipt, sha256

KEY = PrivateKey(bytes([7] * 32))
PUBLIC = KEY.public_key.encode().hex()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
COMMENT = Written(text="Chờ lâu quá, cán bộ không giải thích", language="vi")


class Ledgers:
    """What the kiosk's ledgers offer."""

    def __init__(self) -> None:
        self.held = [Held("l-1", 0, 5, 5)]

    def __call__(self) -> list[Held]:
        return self.held


@pytest.fixture
def ledgers() -> Ledgers:
    return Ledgers()


@pytest.fixture
def sealed(tmp_path: Path, ledgers: Ledgers) -> Sealed:
    return Sealed(tmp_path, ledgers)


def receipt(at: datetime, *wanted: str, ledger: str = "l-1") -> Receipt:
    named = [Acked(ledger, 5, GENESIS)]
    return Receipt(request=GENESIS, nonce="n", time=at, ledgers=named, next_seconds=60, config=GENESIS, wanted=list(wanted))


def test_a_comment_is_a_file_named_by_its_hash_that_only_the_kiosk_may_read(sealed: Sealed, tmp_path: Path) -> None:
    name, key = sealed.seal(COMMENT, PUBLIC)
    path = tmp_path / "sealed" / name
    assert sha256(path.read_bytes()) == name
    assert unseal(path.read_bytes(), KEY) == COMMENT
    assert key == key_id(PUBLIC)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealed.held() == {name}


def test_the_file_is_synced_before_its_entry_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        done.append("sync")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    store = Sealed(tmp_path, list)
    done.clear()
    Comments(lambda make: done.append("entry"), store, lambda: PUBLIC).record(uuid7(), COMMENT)
    assert done == ["sync", "sync", "entry"]  # the file, the folder


def test_the_entry_names_hash_and_key_and_holds_no_word(open_ledger: Callable[..., Ledger], sealed: Sealed) -> None:
    ledger, vote = open_ledger(), uuid7()
    name = Comments(ledger.append, sealed, lambda: PUBLIC).record(vote, COMMENT)
    entry = decode_entry(ledger.pending().lines[-1])
    assert isinstance(entry, Comment)
    assert (entry.vote, entry.sealed, entry.key) == (vote, name, key_id(PUBLIC))


def test_no_word_of_a_comment_is_anywhere_in_the_data_folder_or_the_log(
    open_ledger: Callable[..., Ledger], sealed: Sealed, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    comments = Comments(open_ledger().append, sealed, lambda: PUBLIC)
    comments.record(uuid7(), COMMENT)
    comments.record(uuid7(), written(COMMENT.text, ContactDetails("Lê Văn An", "0912345678", "Tổ 3", "Tôi đồng ý"), "vi"))
    with pytest.raises(Malformed):
        comments.record(uuid7(), Written(text=COMMENT.text * 1000, language="vi"))
    contents = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(contents) >= 3
    for word in ("Chờ lâu", "giải thích", "Lê Văn An", "0912345678"):
        assert not any(word.encode() in content for content in contents)
        assert word not in caplog.text


def test_where_no_entry_can_be_written_no_file_stays(sealed: Sealed) -> None:
    def full(make: object) -> None:
        raise NotRecorded("full")

    with pytest.raises(NotRecorded):
        Comments(full, sealed, lambda: PUBLIC).record(uuid7(), COMMENT)
    assert sealed.held() == set()


def test_where_no_file_can_be_written_no_entry_is(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("kiosk.sealed.write_whole", full)
    entries: list[object] = []
    with pytest.raises(NotRecorded):
        Comments(entries.append, sealed, lambda: PUBLIC).record(uuid7(), COMMENT)
    assert entries == []


def test_erasing_takes_the_file_away_and_syncs_the_folder(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    synced: list[Path] = []
    monkeypatch.setattr("kiosk.sealed.sync_directory", synced.append)
    sealed.erase(name)
    sealed.erase(name)
    assert sealed.held() == set()
    assert sealed.read(name) is None
    assert len(synced) == 1


def test_a_damaged_file_is_not_given_out(sealed: Sealed, tmp_path: Path) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    (tmp_path / "sealed" / name).write_bytes(b"damaged")
    assert sealed.read(name) is None


def test_what_was_not_wanted_for_30_days_goes(sealed: Sealed) -> None:
    sealed.seal(COMMENT, PUBLIC)
    sealed.keep_house(receipt(NOW))
    sealed.keep_house(receipt(NOW + KEPT - timedelta(seconds=1)))
    assert len(sealed.held()) == 1
    sealed.keep_house(receipt(NOW + KEPT))
    assert sealed.held() == set()


def test_what_is_wanted_again_begins_its_30_days_anew(sealed: Sealed) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    sealed.keep_house(receipt(NOW))
    sealed.keep_house(receipt(NOW + timedelta(days=29), name))
    sealed.keep_house(receipt(NOW + timedelta(days=40)))
    sealed.keep_house(receipt(NOW + timedelta(days=69)))
    assert sealed.held() == {name}


def test_the_30_days_go_on_over_a_restart(sealed: Sealed, tmp_path: Path) -> None:
    sealed.seal(COMMENT, PUBLIC)
    sealed.keep_house(receipt(NOW))
    Sealed(tmp_path, list).keep_house(receipt(NOW + KEPT))
    assert sealed.held() == set()


@pytest.mark.parametrize("others", [[Held("l-1", 0, 5, 4)], [Held("l-0", 0, 9, 9), Held("l-1", 0, 5, 5)]])
def test_while_entries_wait_or_a_ledger_is_not_named_nothing_goes(sealed: Sealed, ledgers: Ledgers, others: list[Held]) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    drained, ledgers.held = ledgers.held, others
    sealed.keep_house(receipt(NOW))
    ledgers.held = drained
    sealed.keep_house(receipt(NOW + KEPT))
    assert sealed.held() == {name}
    ledgers.held = others
    sealed.keep_house(receipt(NOW + 2 * KEPT))
    assert sealed.held() == {name}


def test_a_full_list_of_what_is_wanted_says_nothing_of_the_others(sealed: Sealed) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    sealed.keep_house(receipt(NOW))
    sealed.keep_house(receipt(NOW + KEPT, *(sha256(bytes([n])) for n in range(MAX_WANTED))))
    sealed.keep_house(receipt(NOW + 2 * KEPT - timedelta(days=1)))
    assert sealed.held() == {name}


def test_a_server_clock_that_goes_back_deletes_nothing_early(sealed: Sealed) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    sealed.keep_house(receipt(NOW + 10 * KEPT))
    sealed.keep_house(receipt(NOW))
    sealed.keep_house(receipt(NOW + KEPT - timedelta(days=1)))
    assert sealed.held() == {name}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1}', b"\xff"])
def test_a_damaged_note_of_what_was_unwanted_only_begins_anew(sealed: Sealed, tmp_path: Path, content: bytes) -> None:
    name, _ = sealed.seal(COMMENT, PUBLIC)
    (tmp_path / "sealed" / "unwanted.json").write_bytes(content)
    sealed.keep_house(receipt(NOW))
    assert sealed.held() == {name}


def test_a_file_torn_by_a_power_cut_goes_at_the_next_start(sealed: Sealed, tmp_path: Path) -> None:
    torn = tmp_path / "sealed" / f"{'0' * 64}.new"
    torn.write_bytes(b"half a comm")
    Sealed(tmp_path, list)
    assert not torn.exists()


def test_an_orphan_whose_entry_the_power_took_goes_after_30_days(open_ledger: Callable[..., Ledger], tmp_path: Path) -> None:
    ledger = open_ledger()
    name = ledger.held()[0].ledger
    store = Sealed(tmp_path, ledger.held)
    store.seal(COMMENT, PUBLIC)
    store.keep_house(receipt(NOW - KEPT, ledger=name))  # `opened` waits: nothing is known yet
    [opened] = ledger.pending().lines
    assert ledger.acknowledge(Acked(name, 1, digest(GENESIS, opened)))
    store.keep_house(receipt(NOW, ledger=name))
    assert len(store.held()) == 1
    store.keep_house(receipt(NOW + KEPT, ledger=name))
    assert store.held() == set()


def test_without_consent_only_the_words_are_sealed() -> None:
    assert written("Tốt", None, "vi") == Written(text="Tốt", language="vi")
