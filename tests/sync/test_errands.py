"""What a receipt asks of the kiosk besides its ledgers."""

from datetime import UTC, datetime

import pytest

from sync.entries import GENESIS
from sync.errands import BUDGET_SECONDS, Errands
from sync.errors import ExchangeError, Refused, TryLater
from sync.wire import Receipt, sha256

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FILES = [b"first", b"second", b"third"]
NAMES = [sha256(file) for file in FILES]


class Folder:
    """Sealed comments in memory. `broken`: the names at which the disk fails."""

    def __init__(self) -> None:
        self.files = dict(zip(NAMES, FILES, strict=True))
        self.broken: set[str] = set()
        self.kept_house: list[Receipt] = []

    def read(self, sealed: str) -> bytes | None:
        return self.files.get(sealed)

    def erase(self, sealed: str) -> None:
        if sealed in self.broken:
            raise OSError("broken")
        self.files.pop(sealed, None)

    def keep_house(self, receipt: Receipt) -> None:
        self.kept_house.append(receipt)


class Server:
    """Takes sealed comments; `errors` are raised at their names. Each takes `seconds` of the clock."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.errors: dict[str, ExchangeError] = {}
        self.now = 0.0
        self.seconds = 0.0

    def put_sealed(self, sealed: str, body: bytes) -> None:
        self.now += self.seconds
        if sealed in self.errors:
            raise self.errors[sealed]
        assert sha256(body) == sealed
        self.took.append(sealed)

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def errands(folder: Folder, server: Server) -> Errands:
    return Errands(folder, server, server.monotonic)


def receipt(wanted: list[str], erase: list[str]) -> Receipt:
    return Receipt(request=GENESIS, nonce="n", time=NOW, ledgers=[], next_seconds=60, config=GENESIS, wanted=wanted, erase=erase)


def test_what_is_wanted_and_held_is_handed_over(errands: Errands, folder: Folder, server: Server) -> None:
    errands.run(receipt([NAMES[1], sha256(b"never had"), NAMES[0]], []))
    assert server.took == [NAMES[1], NAMES[0]]
    assert len(folder.files) == 3


def test_what_is_to_be_erased_is_erased_and_not_handed_over(errands: Errands, folder: Folder, server: Server) -> None:
    errands.run(receipt(NAMES, [NAMES[0], sha256(b"never had")]))
    assert set(folder.files) == set(NAMES[1:])
    assert server.took == NAMES[1:]


def test_a_refusal_concerns_one_comment_only(errands: Errands, server: Server) -> None:
    server.errors[NAMES[0]] = Refused(409, "not-named")
    errands.run(receipt(NAMES, []))
    assert server.took == NAMES[1:]


def test_a_network_that_fails_ends_the_handing_over_and_raises_nothing(errands: Errands, folder: Folder, server: Server) -> None:
    server.errors[NAMES[1]] = TryLater("unreachable")
    errands.run(receipt(NAMES, []))
    assert server.took == NAMES[:1]
    assert folder.kept_house == [receipt(NAMES, [])]


def test_a_slow_network_holds_the_entries_up_for_one_comment_more_than_half_a_minute(errands: Errands, server: Server) -> None:
    server.seconds = BUDGET_SECONDS * 0.6
    errands.run(receipt(NAMES, []))
    assert server.took == NAMES[:2]


def test_a_disk_that_fails_at_one_file_still_erases_the_others(errands: Errands, folder: Folder) -> None:
    folder.broken = {NAMES[0]}
    errands.run(receipt([], NAMES))
    assert set(folder.files) == {NAMES[0]}


def test_a_bug_of_ours_is_logged_and_raises_nothing(
    errands: Errands, folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(folder, "read", lambda sealed: 1 / 0)
    errands.run(receipt(NAMES, []))
    assert "an errand failed" in caplog.text
