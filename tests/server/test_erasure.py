"""What is erased is nowhere, and stays away."""

import json
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from server import settings
from server.comments import erasure, views
from server.comments.models import SealedComment
from server.comments.opening import open_sealed
from server.comments.register import Erasure, Register, register
from sync import wire
from sync.entries import GENESIS
from tests.server.kiosk import Kiosk, enrolled
from tests.server.test_comments import put, vote_of, written

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_register() -> Iterator[None]:
    yield
    (settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


def erase(*words: str) -> str:
    said = StringIO()
    call_command("erase", *words, "--because", "đơn số 7", "--who", "an", stdout=said)
    return said.getvalue()


def erasure_of(sealed: str) -> Erasure:
    return Erasure(sealed=sealed, at=NOW, who="an", because="đơn số 7")


def a_hash(number: int) -> str:
    return wire.sha256(b"%d" % number)


def kept(kiosk: Kiosk) -> bytes:
    """A comment that the server holds."""
    body = written(kiosk)
    kiosk.send()
    assert put(kiosk, body).status == 200
    return body


def test_a_digest_that_exists_nowhere_is_told_and_registered(kiosk: Kiosk) -> None:
    known = wire.sha256(kept(kiosk.open()))
    said = erase(known, a_hash(1))
    assert f"{a_hash(1)}: no comment here has this digest. It is registered all the same; check it for a typing error." in said
    assert f"{known}: no comment" not in said
    assert a_hash(1) in register().hashes()


# --- erasing ---------------------------------------------------------------------------------------------------------


def test_an_erased_comment_is_gone_never_wanted_again_and_the_kiosk_is_told_for_ever(kiosk: Kiosk) -> None:
    body, other = kept(kiosk.open()), kept(kiosk)
    assert "1 deleted here" in erase(wire.sha256(body))
    assert [bytes(comment.body) for comment in SealedComment.objects.all()] == [other]
    for _ in range(3):
        receipt = kiosk.send().receipt
        assert (receipt.wanted, receipt.erase) == ([], [wire.sha256(body)])
    with pytest.raises(LookupError):
        open_sealed(wire.sha256(body))


def test_an_erased_comment_is_not_taken_in_again(kiosk: Kiosk) -> None:
    body = kept(kiosk.open())
    erase(wire.sha256(body))
    refused = put(kiosk, body)
    assert (refused.status, refused.problem.code) == (410, "erased")
    assert not SealedComment.objects.exists()


def test_a_comment_can_be_erased_before_it_came(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    assert "0 deleted here" in erase(wire.sha256(body))
    assert kiosk.send().receipt.erase == [wire.sha256(body)]
    assert put(kiosk, body).problem.code == "erased"


def test_a_citizens_vote_finds_the_comment(kiosk: Kiosk) -> None:
    kept(kiosk.open())
    other = kept(kiosk)
    kiosk.vote()
    body = kept(kiosk)
    erase("--vote", str(vote_of(kiosk)))
    assert register().hashes() == {wire.sha256(body)}
    assert SealedComment.objects.filter(sha256=wire.sha256(other)).exists()


def test_only_the_kiosk_that_may_have_the_file_is_told(kiosk: Kiosk) -> None:
    body = kept(kiosk.open())
    erase(wire.sha256(body))
    assert enrolled(kiosk.unit).open().send().receipt.erase == []


def test_a_comment_that_is_just_coming_in_does_not_slip_past_its_erasure(kiosk: Kiosk) -> None:
    body = written(kiosk.open())
    kiosk.send()
    arrived, go_on = threading.Event(), threading.Event()

    def take_in_slowly() -> None:
        with transaction.atomic():
            views.wait_for_erasures()
            SealedComment.objects.create(unit_id="u", sha256=wire.sha256(body), device_id="d", received_at=NOW, body=body)
            arrived.set()
            go_on.wait(20)
        connection.close()

    def erase_meanwhile() -> None:
        erasure.erase([wire.sha256(body)], who="an", because="đơn", at=NOW)
        connection.close()

    with ThreadPoolExecutor(2) as both:
        coming = both.submit(take_in_slowly)
        assert arrived.wait(20)
        erasing = both.submit(erase_meanwhile)
        while not register().hashes():
            time.sleep(0.01)
        time.sleep(0.2)  # so that the deletion is on its way, and waits
        go_on.set()
        coming.result()
        erasing.result()
    assert not SealedComment.objects.exists()


@pytest.mark.parametrize("words", [[], ["nonsense"], ["A" * 64], ["--vote", "0193a0f0-0000-7000-8000-000000000000"]])
def test_a_wrong_or_missing_name_erases_nothing_and_says_so(words: list[str]) -> None:
    with pytest.raises(CommandError):
        erase(*words)
    assert register().hashes() == frozenset()


def test_a_restored_database_is_purged_again(kiosk: Kiosk) -> None:
    body, other = kept(kiosk.open()), kept(kiosk)
    backup = list(SealedComment.objects.all())
    erase(wire.sha256(body))
    SealedComment.objects.all().delete()
    SealedComment.objects.bulk_create(backup)
    said = StringIO()
    call_command("applyerasures", stdout=said)
    assert "1 registered, 1 deleted" in said.getvalue()
    assert [bytes(comment.body) for comment in SealedComment.objects.all()] == [other]


def test_a_crash_between_register_and_deletion_is_made_good_by_applying(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    body = kept(kiosk.open())
    with monkeypatch.context() as patched:
        patched.setattr(erasure, "apply", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erasure.erase([wire.sha256(body)], who="an", because="đơn", at=NOW)
    assert kiosk.send().receipt.wanted == []
    call_command("applyerasures", stdout=StringIO())
    assert not SealedComment.objects.exists()


def residues(seed: int) -> int:
    """How many pieces of 100 erased comments are still in the embedded database's files."""
    chance = random.Random(seed)
    bodies = [chance.randbytes(chance.choice([1072, 2096, 5168, 15408])) for _ in range(100)]
    for body in bodies:
        SealedComment.objects.create(unit_id="u-1", sha256=wire.sha256(body), device_id="d-1", received_at=NOW, body=body)
        if chance.random() < 0.2:  # pages are split, freed and filled again
            SealedComment.objects.filter(sha256=wire.sha256(chance.choice(bodies))).delete()
    file = Path(str(connection.settings_dict["NAME"]))
    [held, *_] = SealedComment.objects.all()
    assert bytes(held.body)[:24] in file.read_bytes()
    erasure.erase([wire.sha256(body) for body in bodies], who="an", because="đơn", at=NOW)
    assert not SealedComment.objects.exists()
    content = b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
    return sum(body[at : at + 16] in content for body in bodies for at in range(0, len(body) - 16, 256))


@pytest.fixture
def seed() -> int:
    if connection.vendor != "sqlite":
        pytest.skip("`server.comments.erasure` says what stays in PostgreSQL's files")
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 – to run it again
    return seed


def test_no_byte_of_an_erased_comment_stays_in_the_embedded_databases_files(seed: int) -> None:
    assert residues(seed) == 0


def test_control_without_secure_delete_bytes_stay(seed: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
    assert residues(seed) > 0


# --- the register ----------------------------------------------------------------------------------------------------


def test_the_register_is_text_whose_chain_sha256sum_checks(tmp_path: Path) -> None:
    kept_here = Register(tmp_path)
    kept_here.add([erasure_of(a_hash(1))])
    kept_here.add([erasure_of(a_hash(2))])
    previous = GENESIS
    for number, text in enumerate((tmp_path / "erasures.tsv").read_text("utf-8").splitlines(), 1):
        seq, line, at = text.split("\t")
        assert json.loads(line) == {"sealed": a_hash(number), "at": "2026-11-23T00:00:00Z", "who": "an", "because": "đơn số 7"}
        summed = subprocess.run(["sha256sum"], input=(previous + line).encode(), stdout=subprocess.PIPE, check=True)
        assert (seq, at) == (str(number), summed.stdout.split()[0].decode())
        previous = at
    assert kept_here.fault() is None


def test_a_hash_is_noted_once(tmp_path: Path) -> None:
    kept_here = Register(tmp_path)
    kept_here.add([erasure_of(a_hash(1))])
    kept_here.add([erasure_of(a_hash(1)), erasure_of(a_hash(2))])
    assert len((tmp_path / "erasures.tsv").read_bytes().splitlines()) == 2
    assert kept_here.hashes() == {a_hash(1), a_hash(2)}


def test_another_process_sees_at_once_what_was_noted(tmp_path: Path) -> None:
    reader, writer = Register(tmp_path), Register(tmp_path)
    for number in range(5):
        writer.add([erasure_of(a_hash(number))])
        assert reader.hashes() == {a_hash(n) for n in range(number + 1)}


def test_a_line_torn_by_a_power_cut_is_cut_off_and_the_chain_goes_on(tmp_path: Path) -> None:
    kept_here, path = Register(tmp_path), tmp_path / "erasures.tsv"
    kept_here.add([erasure_of(a_hash(1))])
    path.write_bytes(path.read_bytes() + b'2\t{"sealed":"' + a_hash(2).encode())
    assert kept_here.hashes() == {a_hash(1)}
    kept_here.add([erasure_of(a_hash(3))])
    assert kept_here.hashes() == {a_hash(1), a_hash(3)}
    assert kept_here.fault() is None


@pytest.mark.parametrize("order", [[1, 2], [0, 2], [0, 2, 1]])
def test_a_line_taken_out_or_moved_shows(tmp_path: Path, order: list[int]) -> None:
    kept_here, path = Register(tmp_path), tmp_path / "erasures.tsv"
    kept_here.add([erasure_of(a_hash(number)) for number in range(3)])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in order))
    assert "line" in (kept_here.fault() or "")


def test_what_can_be_read_of_a_damaged_register_still_counts_and_is_reported(kiosk: Kiosk) -> None:
    body = kept(kiosk.open())
    register().add([erasure_of(a_hash(1)), erasure_of(wire.sha256(body))])
    path = settings.REGISTER / "erasures.tsv"
    path.write_bytes(path.read_bytes().replace("đơn số 7".encode(), b"x", 1))
    with pytest.raises(CommandError, match="damaged"):
        call_command("applyerasures", stdout=StringIO())
    assert not SealedComment.objects.exists()


def test_another_copy_of_the_register_is_taken_in(tmp_path: Path) -> None:
    here, there = Register(tmp_path / "here"), Register(tmp_path / "there")
    here.add([erasure_of(a_hash(1)), erasure_of(a_hash(2))])
    there.add([erasure_of(a_hash(2)), erasure_of(a_hash(3))])
    here.take_in(tmp_path / "there")
    assert here.hashes() == {a_hash(1), a_hash(2), a_hash(3)}
    assert here.fault() is None


def _note(folder: Path, start: int) -> None:
    for number in range(start, start + 25):
        Register(folder).add([erasure_of(a_hash(number))])


def test_several_who_write_at_once_make_one_chain(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as writers:  # each with an open file of its own, as processes have
        list(writers.map(_note, [tmp_path] * 3, (0, 100, 200)))
    assert Register(tmp_path).fault() is None
    assert len(Register(tmp_path).hashes()) == 75


def test_only_the_server_may_read_the_register(tmp_path: Path) -> None:
    Register(tmp_path / "register").add([erasure_of(a_hash(1))])
    assert (tmp_path / "register").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "register" / "erasures.tsv").stat().st_mode & 0o777 == 0o600
