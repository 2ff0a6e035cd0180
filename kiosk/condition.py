"""How the kiosk is, as a technician asks: one source for the technician's screen and for `hailong-kiosk status`."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from kiosk import __version__
from kiosk.clocks import Moment
from kiosk.enrolment import Identity
from kiosk.hours import LOCAL
from kiosk.status import read_status
from kiosk.storage.recovery import BESIDE, DAMAGED
from kiosk.texts import Translate, _
from sync.wire import KioskConfig

GIGABYTE, MEGABYTE = 10**9, 10**6
SAME_TIME_SECONDS = 2.0
WRONG_TIME_SECONDS = 600.0
LITTLE_ROOM = 500 * MEGABYTE


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of any vote, officer or comment.

    device: id, or None before the enrolment. waiting: entries that the server is not known to hold, or None before the first exchange.
    exchange, outcome, detail, advice, next_in_seconds: when the last exchange ended, and how; see `kiosk.status.Status`. clock_ahead:
    seconds by which the tablet's clock is ahead of the server's, or None where that was not told since the tablet was started. damaged:
    how often the ledger was found damaged, and was made anew.
    """

    unit: str
    counter: str
    device: str | None
    version: str
    waiting: int | None
    exchange: datetime | None
    outcome: str
    detail: str
    advice: str
    next_in_seconds: float
    clock_ahead: float | None
    disk_free: int
    disk_total: int
    damaged: int = 0


def condition(data: Path, identity: Identity, config: KioskConfig, now: Moment, waiting: int | None = None) -> Condition:
    """How the kiosk is. data: the data folder. config: in force. waiting: as the ledger knows it; else as of the last exchange.

    Raises OSError.
    """
    status = read_status(data)
    genuine = status.genuine if status else None
    ahead = None
    if genuine is not None and genuine.boot == now.boot:
        ahead = (now.at - (genuine.time + timedelta(seconds=now.up - genuine.up))).total_seconds()
    disk = shutil.disk_usage(data)
    return Condition(
        unit=config.unit.name,
        counter=config.counter.name,
        device=identity.enrolment.device if identity.enrolment else None,
        version=__version__,
        waiting=status.waiting if status and waiting is None else waiting,
        exchange=status.at if status else None,
        outcome=status.outcome if status else "",
        detail=status.detail if status else "",
        advice=status.advice if status else "",
        next_in_seconds=status.next_in_seconds if status else 0.0,
        clock_ahead=ahead,
        disk_free=disk.free,
        disk_total=disk.total,
        damaged=len([path for path in data.glob(f"ledger*{DAMAGED}*") if not path.name.endswith(BESIDE)]),
    )


class Line(NamedTuple):
    """One fact in words."""

    about: str
    said: str


_OUTCOMES = {
    "received": _("máy chủ đã nhận"),
    "disagreed": _("máy chủ có dữ liệu khác; kiosk giữ tất cả và sẽ thử lại"),
    "refused": _("máy chủ từ chối"),
    "failed": _("chưa gửi được"),
}


def what_to_do(one: Condition, translate: Translate) -> list[str]:
    """What somebody should see to, a sentence each with what to do about it; nothing where all is well."""
    return [one.advice, *_worries(one, translate)] if one.advice else list(_worries(one, translate))


def _worries(one: Condition, translate: Translate) -> Iterator[str]:
    if one.disk_free < LITTLE_ROOM:
        yield translate("Ổ đĩa sắp đầy: còn {free}. Xin xóa bớt tệp không thuộc về kiosk.").format(free=in_bytes(one.disk_free))
    if one.clock_ahead is not None and abs(one.clock_ahead) > WRONG_TIME_SECONDS:
        yield translate("Đồng hồ máy này sai. Đánh giá vẫn được ghi đúng giờ của máy chủ; xin chỉnh ngày giờ khi tiện.")
    if one.damaged:
        yield translate(
            "Sổ trên máy này đã bị hỏng {times} lần và được dựng lại. Ổ đĩa có thể sắp hỏng: xin chép nhật ký ra USB, "
            "gửi người hỗ trợ, và chuẩn bị thay máy."
        ).format(times=one.damaged)


def in_words(one: Condition, translate: Translate) -> list[Line]:
    """What a technician reads."""
    return [Line(translate(about), said) for about, said in _lines(one, translate)]


def _lines(one: Condition, translate: Translate) -> Iterator[tuple[str, str]]:
    yield _("Tình trạng"), translate("cần xem bên dưới") if what_to_do(one, translate) else translate("tốt")
    yield _("Nơi đặt"), f"{one.counter}, {one.unit}"
    yield (
        _("Chờ gửi"),
        translate("chưa biết") if one.waiting is None else translate("{waiting} mục").format(waiting=_grouped(one.waiting, translate)),
    )
    yield _("Lần gửi gần nhất"), _exchange(one, translate)
    yield _("Mã máy"), one.device or translate("chưa đăng ký")
    yield _("Phiên bản"), one.version
    yield _("Ổ đĩa"), translate("còn {free} trên {total}").format(free=in_bytes(one.disk_free), total=in_bytes(one.disk_total))
    yield _("Đồng hồ"), _clock(one.clock_ahead, translate)


def _exchange(one: Condition, translate: Translate) -> str:
    if one.exchange is None:
        return translate("chưa có lần nào")
    return f"{one.exchange.astimezone(LOCAL):%H:%M:%S %d/%m/%Y}: {translate(_OUTCOMES.get(one.outcome, one.outcome))}"


def _clock(ahead: float | None, translate: Translate) -> str:
    if ahead is None:
        return translate("chưa so được với máy chủ")
    if abs(ahead) < SAME_TIME_SECONDS:
        return translate("đúng như máy chủ")
    sentence = translate("nhanh hơn máy chủ {time}") if ahead > 0 else translate("chậm hơn máy chủ {time}")
    return sentence.format(time=_span(abs(ahead), translate))


def _span(seconds: float, translate: Translate) -> str:
    for size, words in ((86400, translate("{number} ngày")), (3600, translate("{number} giờ")), (60, translate("{number} phút"))):
        if seconds >= 2 * size:
            return words.format(number=round(seconds / size))
    return translate("{number} giây").format(number=round(seconds))


def _grouped(number: int, translate: Translate) -> str:
    return f"{number:,}".replace(",", translate("."))  # between thousands


def in_bytes(size: int) -> str:
    """Such as 21 GB or 840 MB."""
    return f"{size // GIGABYTE} GB" if size >= 10 * GIGABYTE else f"{size // MEGABYTE} MB"
