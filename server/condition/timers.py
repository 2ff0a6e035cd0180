"""Whether the timers run, and what came of the last backup and of its restore test."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from server.condition.findings import Finding, Level, bad, ok, warn
from server.timers import notes
from server.timers.keeping import newest
from server.timers.notes import Timer

NIGHT_LATE, NIGHT_LONG_AGO = timedelta(hours=30), timedelta(days=3)
WATCH_LATE = timedelta(minutes=20)
TEST_LATE, TEST_LONG_AGO = timedelta(days=9), timedelta(days=30)
_NAMES: dict[Timer, str] = {"night": "Việc hằng đêm", "watch": "Việc năm phút một lần", "restoretest": "Khôi phục thử hằng tuần"}
_LATE: dict[Timer, tuple[timedelta, timedelta]] = {
    "night": (NIGHT_LATE, NIGHT_LONG_AGO),
    "watch": (WATCH_LATE, NIGHT_LATE),
    "restoretest": (TEST_LATE, TEST_LONG_AGO),
}


def timers(runs: Path, now: datetime) -> Iterator[Finding]:
    """What is known of each timer. runs: the folder of the notes."""
    for timer, name in _NAMES.items():
        yield _timer(runs, timer, name, now)


def _timer(runs: Path, timer: Timer, name: str, now: datetime) -> Finding:
    about, enable = f"timer-{timer}", f"sudo systemctl enable --now hailong-{timer}.timer"
    last = notes.read_run(runs, timer)
    if last is None:
        return warn(about, f"{name}: chưa chạy lần nào.", f"Mới cài thì chờ đến giờ. Nếu không: {enable}")
    late, long_ago = _LATE[timer]
    if last.faults:
        told = "; ".join(f"{step}: {fault.splitlines()[0]}" for step, fault in last.faults.items())
        return bad(about, f"{name}: có lỗi ngày {_day(last.ended)}: {told}", f"Xin xem: journalctl -u hailong-{timer} -e")
    words = f"{name}: chạy xong lúc {_day(last.ended)}."
    age = now - last.ended
    if age <= late:
        return ok(about, words)
    return Finding(about, Level.BAD if age > long_ago else Level.WARN, f"{words} Từ đó không chạy nữa.", enable)


def backups(folder: Path | None, runs: Path, now: datetime) -> Iterator[Finding]:
    """How old the newest backup is, and whether one was put back for trial lately."""
    if folder is None:
        yield bad("backup", "Chưa đặt nơi sao lưu.", "Xin chạy: sudo hailong-server setup")
        return
    last = newest(folder) if folder.is_dir() else None
    make = "Xin chạy: sudo systemctl start hailong-night, rồi xem journalctl -u hailong-night -e"
    if last is None:
        yield bad("backup", f"Chưa có bản sao lưu nào trong {folder}.", make)
        return
    made = datetime.fromtimestamp(last.stat().st_mtime, now.tzinfo)
    words = f"Bản sao lưu mới nhất: {last.name}, lúc {_day(made)}. Xin thỉnh thoảng chép sang máy khác."
    age = now - made
    yield ok("backup", words) if age <= NIGHT_LATE else Finding("backup", Level.BAD if age > NIGHT_LONG_AGO else Level.WARN, words, make)
    yield _restore_test(runs, now)


def _restore_test(runs: Path, now: datetime) -> Finding:
    about, do = "restore-test", "Xin chạy: sudo hailong-server restoretest"
    tried = notes.read_test(runs)
    if tried is None:
        return warn(about, "Chưa bản sao lưu nào được khôi phục thử.", do)
    name = Path(tried.file).name
    if tried.fault:
        return bad(about, f"Khôi phục thử {name} không thành: {tried.fault.splitlines()[0]}", f"Tạo bản sao lưu mới rồi thử lại. {do}")
    words = f"Đã khôi phục thử {name} lúc {_day(tried.at)}: đủ và đúng."
    return ok(about, words) if now - tried.at <= TEST_LATE else warn(about, f"{words} Đã lâu.", do)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
