"""The log on the disk: real files, on a real disk that fills up."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clocks import Clocks
from kiosk.logs import FORMER, MOST_BYTES, ROOM_BYTES, Discreet, LogFile, first_lines_of_messages, last_lines, log_files
from kiosk.recent import Recent
from kiosk.storage.ledger import Ledger
from tests.faults.test_disk import a_small_disk
from tests.kiosk.conftest import BINDING, a_vote


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    """Writes into the log of a data folder."""
    logger, file = logging.Logger("kiosk.advice"), LogFile(tmp_path)
    logger.addHandler(file)
    yield logger
    file.close()


def test_however_much_is_logged_the_files_stay_a_megabyte_and_the_last_lines_are_there(log: logging.Logger, tmp_path: Path) -> None:
    for number in range(20_000):
        log.info("line %d, %s", number, "x" * 60)
    files = log_files(tmp_path)
    assert len(files) == 1 + FORMER
    assert sum(file.stat().st_size for file in files) <= (1 + FORMER) * MOST_BYTES
    assert [line.split("line ")[1].split(",")[0] for line in last_lines(tmp_path, 3000)] == [
        str(number) for number in range(17_000, 20_000)
    ]


def test_an_exception_is_told_by_kind_and_place_and_its_words_only_where_the_system_wrote_them(log: logging.Logger, tmp_path: Path) -> None:
    for error in (
        ValueError("a citizen's words"),
        sqlite3.OperationalError("disk I/O error"),
        FileNotFoundError(2, "No such file", "photo"),
    ):
        try:
            try:
                raise KeyError("a citizen's words")
            except KeyError:
                raise error from None
        except Exception:
            log.exception("it failed")
    try:
        raise RuntimeError("a citizen's words") from ValueError("a citizen's words")
    except RuntimeError:
        log.exception("it failed")
    text = "\n".join(last_lines(tmp_path, 1000))
    assert "citizen's words" not in text.replace('KeyError("a citizen\'s words")', "").replace('Error("a citizen\'s words")', "")
    assert all(told in text for told in ("\nValueError\n", "\nRuntimeError", "OperationalError: disk I/O error", "No such file", __file__))


def test_an_exception_that_another_handler_has_told_whole_is_told_discreetly_here() -> None:
    try:
        raise ValueError("".join(["a citizen's", " words"]))
    except ValueError as error:
        record = logging.LogRecord("kiosk", logging.ERROR, __file__, 1, "it failed", None, (type(error), error, error.__traceback__))
    assert "a citizen's words" in logging.Formatter().format(record)
    assert "a citizen's words" not in Discreet().format(record)


def test_the_screen_of_the_technician_begins_with_what_was_logged_before_this_start(log: logging.Logger, tmp_path: Path) -> None:
    try:
        raise ValueError
    except ValueError:
        log.exception("it failed")
    log.info("the kiosk ends")
    shown = Recent(first_lines_of_messages(last_lines(tmp_path, 100))).lines()
    assert [line.partition(" kiosk.advice: ")[2] for line in shown] == ["it failed", "the kiosk ends"]
    assert shown[0][2] == "/"


def test_a_disk_with_little_room_is_for_votes_and_gets_its_log_again_when_there_is_room(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk", ROOM_BYTES // 1024 + 200) as disk:
        logger, file = logging.Logger("kiosk"), LogFile(disk)
        logger.addHandler(file)
        logger.info("first")
        (disk / "others").write_bytes(bytes(300 * 1024))
        logger.info("second")
        (disk / "others").unlink()
        logger.info("third")
        assert [line.rpartition(" ")[2] for line in last_lines(disk, 10)] == ["first", "third"]
        file.close()


def test_on_a_full_disk_the_log_gives_its_room_to_votes_although_it_is_open(tmp_path: Path) -> None:
    thanked = []
    for logs in (True, False):
        with a_small_disk(tmp_path / f"disk-{logs}", ROOM_BYTES // 1024 + 2000) as disk:
            logger, file = logging.Logger("kiosk"), LogFile(disk / "data")
            logger.addHandler(file)
            if logs:
                for _ in range(10_000):
                    logger.info("x" * 100)
                assert sum(one.stat().st_size for one in log_files(disk / "data")) > 800_000
            ledger = Ledger(disk / "data", Clocks())
            ledger.bind(BINDING)
            with (disk / "others").open("wb") as others:
                others.write(bytes(shutil.disk_usage(disk).free))
            before = shutil.disk_usage(disk).free
            ledger.append(a_vote)
            thanked.append(shutil.disk_usage(disk).free - before)
            ledger.close()
            file.close()
    with_log, without = thanked
    assert with_log > without + 800_000
