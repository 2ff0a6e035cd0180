"""What a leader should look at first, as sentences with their figures. Thresholds are ours, for a person to judge. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from server.results.comparing import UNITS, Verdict, Whom, listed
from server.results.counts import Count, Row
from server.results.statistics import MINIMUM_N
from server.results.templatetags.vietnamese import decimal, number, signed_percent

HARDLY = 0.2  # of the transactions were rated: below, ask whether the screen can be seen
FEWEST_TRANSACTIONS = MINIMUM_N  # fewer say nothing of participation
MOST = 3  # remarks of a kind


class Notice(NamedTuple):
    """A sentence for the page of today from elsewhere. head: to be set in bold; address: where more of it stands."""

    head: str
    rest: str
    address: str


class Remark(NamedTuple):
    """What is remarkable, in a few words, and what is to be said of it. tab: where more of it stands, or empty."""

    head: str
    text: str
    tab: str = ""

    @property
    def sentence(self) -> str:
        """Both."""
        return f"{self.head} {self.text}"


def hardly_rated(rows: Sequence[Row]) -> list[Remark]:
    """Those with transactions but hardly any votes, the least rated first."""
    found = [row for row in rows if row.key and row.count.handled >= FEWEST_TRANSACTIONS and (row.count.participation or 0) < HARDLY]
    found.sort(key=lambda row: row.count.participation or 0)
    said = [
        Remark(
            f"{row.name} ít được đánh giá.",
            f"{number(row.count.rated)} lượt trên {number(row.count.handled)} hồ sơ ({signed_percent(row.count.participation or 0)}). "
            "Màn hình có hướng về phía người dân không?",
            "tham-gia",
        )
        for row in found[:MOST]
    ]
    if len(found) > MOST:
        said.append(Remark(f"Và {len(found) - MOST} nơi khác", "cũng ít được đánh giá.", "tham-gia"))
    return said


def more_than_came(rows: Sequence[Row]) -> list[Remark]:
    """Those with more votes than transactions: one of the two is wrong."""
    return [
        Remark(
            f"{row.name} có nhiều lượt hơn hồ sơ.",
            f"{number(row.count.rated)} lượt trên {number(row.count.handled)} hồ sơ. Xin xem lại số hồ sơ đã nhập.",
            "tham-gia",
        )
        for row in rows
        if row.key and row.count.participation is not None and row.count.participation > 1
    ][:MOST]


def lower(rows: Sequence[Row], verdicts: Mapping[str, Verdict], whom: Whom, tab: str) -> list[Remark]:
    """Those really below the others."""
    found = [row for row in rows if row.key in verdicts and verdicts[row.key].tone == "lower"]
    found.sort(key=lambda row: verdicts[row.key].gap)
    said = [
        Remark(
            f"{row.name} thấp hơn {whom.others} một cách rõ rệt.",
            f"{decimal(row.count.percents[0])}\N{NO-BREAK SPACE}% của {number(row.count.n)} lượt; "
            f"chênh lệch so với {whom.together}: {verdicts[row.key].interval}.",
            tab,
        )
        for row in found[:MOST]
        if row.count.percents
    ]
    if len(found) > MOST:
        said.append(Remark(f"Và {len(found) - MOST} {whom.one} khác", f"cũng thấp hơn {whom.others} một cách rõ rệt.", tab))
    return said


def without_votes(rows: Sequence[Row]) -> list[Remark]:
    """Units where nobody rated anything."""
    silent = [row.name for row in rows if row.key and not row.count.n]
    if not silent:
        return []
    return [Remark(f"{len(silent)} đơn vị chưa có lượt đánh giá nào:", f"{listed(silent, UNITS.one)}.", "xep-hang")]


def silent_devices(silent: int, hour: int, *, workday: bool) -> list[Remark]:
    """Devices not heard by the middle of the morning of a working day."""
    if not silent or hour < 9 or not workday:
        return []
    return [
        Remark(
            f"{number(silent)} thiết bị chưa liên lạc hôm nay.",
            "Lượt đánh giá vẫn được giữ trên thiết bị; xin kiểm tra nguồn điện và mạng.",
        )
    ]


def worse_than_before(called: str, verdict: Verdict | None, now: Count, then: Count) -> list[Remark]:
    """The whole is really below what it was in the period called so."""
    if verdict is None or verdict.tone != "lower" or now.percents is None or then.percents is None:
        return []
    shares = f"{decimal(now.percents[0])}\N{NO-BREAK SPACE}% so với {decimal(then.percents[0])}\N{NO-BREAK SPACE}%"
    return [Remark(f"Thấp hơn {called} một cách rõ rệt.", f"{shares}; chênh lệch: {verdict.interval}.", "so-sanh")]
