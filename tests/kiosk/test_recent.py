"""The end of the log that the technician's screen shows."""

import logging

from kiosk.recent import LINES, Recent


def log_of(recent: Recent) -> logging.Logger:
    logger = logging.Logger("kiosk.advice")
    logger.addHandler(recent)
    return logger


def test_the_last_lines_are_kept_the_newest_last() -> None:
    recent = Recent()
    log = log_of(recent)
    for number in range(LINES + 5):
        log.info("exchange %d", number)
    assert len(recent.lines()) == LINES
    assert recent.lines()[-1].endswith(f"INFO kiosk.advice: exchange {LINES + 4}")


def test_the_time_is_the_counters_wherever_the_tablet_thinks_it_is() -> None:
    recent = Recent()
    recent.emit(logging.makeLogRecord({"name": "kiosk.advice", "levelname": "INFO", "msg": "it", "created": 1795742912.0}))
    assert recent.lines() == ["27/11 08:28:32 INFO kiosk.advice: it"]


def test_a_traceback_and_a_second_line_are_left_to_the_log_itself() -> None:
    recent = Recent()
    log = log_of(recent)
    try:
        raise ValueError("a citizen's words")
    except ValueError:
        log.exception("it failed\nmore")
    assert [line.split("kiosk.advice: ")[1] for line in recent.lines()] == ["it failed"]
