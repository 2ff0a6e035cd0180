"""Whether one's share differs from others', and how that is said: the interval decides, not the eye. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.results.counts import Count, Row, total
from server.results.statistics import MINIMUM_N, Difference, difference
from server.results.templatetags.vietnamese import decimal, points

_NO_BREAK = "\N{NO-BREAK SPACE}"
NAMED = 5  # names in a sentence; the others are counted


@dataclass(frozen=True)
class Verdict:
    """A difference in points of a percent: the gap of the two percentages as they are shown, and its interval."""

    gap: float
    low: float
    high: float

    @property
    def tone(self) -> str:
        """lower, higher or same."""
        return "lower" if self.high < 0 else "higher" if self.low > 0 else "same"

    @property
    def interval(self) -> str:
        """The interval in words."""
        return f"{points(self.low)} đến {points(self.high)}{_NO_BREAK}điểm"

    @property
    def words(self) -> str:
        """What may be said of it."""
        return self.short if self.tone == "same" else f"{self.short}: {self.interval}"

    @property
    def short(self) -> str:
        """The same without the interval."""
        return {"lower": "thấp hơn rõ rệt", "higher": "cao hơn rõ rệt", "same": "chưa khác biệt rõ"}[self.tone]


@dataclass(frozen=True)
class Whom:
    """How those are called who are compared: one of them, and the others."""

    one: str
    others: str
    together: str


OFFICERS = Whom("cán bộ", "những người còn lại", "những người còn lại cộng chung")
COUNTERS = Whom("quầy", "các quầy còn lại", "các quầy còn lại cộng chung")
UNITS = Whom("đơn vị", "các đơn vị còn lại", "các đơn vị còn lại cộng chung")


def compare(one: Count, other: Count, comparisons: int = 1) -> Verdict | None:
    """One against another, or None where either has too few votes."""
    gap = difference(one.satisfied, one.n, other.satisfied, other.n, comparisons)
    if gap is None or one.percents is None or other.percents is None:
        return None
    return _verdict(gap, one.percents[0] - other.percents[0])


def against_others(rows: Sequence[Row]) -> dict[str, Verdict]:
    """Each row against all others together, by key, where there are votes enough to say; what is nobody's is left out."""
    named = [row for row in rows if row.key]
    whole = total(named)
    rest = {row.key: Count(whole.satisfied - row.count.satisfied, whole.dissatisfied - row.count.dissatisfied) for row in named}
    told = [row for row in named if min(row.count.n, rest[row.key].n) >= MINIMUM_N]
    verdicts = {row.key: compare(row.count, rest[row.key], len(told)) for row in told}
    return {key: verdict for key, verdict in verdicts.items() if verdict}


def sentences(rows: Sequence[Row], verdicts: dict[str, Verdict], whom: Whom) -> list[str]:
    """What the comparison of the rows says as a whole."""
    rated = [row for row in rows if row.key and row.count.n]
    if not rated:
        return ["Chưa có lượt đánh giá nào trong kỳ này."]
    if len(rated) == 1:
        return [f"Chỉ có một {whom.one} được đánh giá trong kỳ này, nên không có gì để so sánh."]
    if not verdicts:
        return [f"Chưa so sánh được: cả {whom.one} lẫn {whom.others} đều cần từ {MINIMUM_N} lượt đánh giá."]
    said = []
    lower = [row.name for row in rows if row.key in verdicts and verdicts[row.key].tone == "lower"]
    higher = [row.name for row in rows if row.key in verdicts and verdicts[row.key].tone == "higher"]
    if lower:
        said.append(
            f"Thấp hơn {whom.others} một cách rõ rệt: {listed(lower, whom.one)}. "
            "Chênh lệch này khó có thể chỉ do ngẫu nhiên; xin tìm hiểu lý do trước khi kết luận."
        )
    if higher:
        said.append(f"Cao hơn {whom.others} một cách rõ rệt: {listed(higher, whom.one)}.")
    if not lower and not higher:
        said.append(f"Chưa {whom.one} nào khác biệt rõ so với {whom.others}: chênh lệch trong bảng có thể chỉ do ngẫu nhiên.")
    few = sum(row.count.n < MINIMUM_N for row in rated)
    if few:
        said.append(f"{few} {whom.one} có dưới {MINIMUM_N} lượt nên chưa nêu tỷ lệ.")
    return said


def of_two_periods(now: str, then: str, one: Count, other: Count) -> str:
    """What may be said of the whole in two periods; now and then: what these are called."""
    verdict = compare(one, other)
    if verdict is None or one.percents is None or other.percents is None:
        short = [name for name, count in ((now, one), (then, other)) if count.n < MINIMUM_N]
        return f"Chưa so sánh được: {' và '.join(short)} có dưới {MINIMUM_N} lượt đánh giá."
    shares = f"{decimal(one.percents[0])}{_NO_BREAK}% so với {decimal(other.percents[0])}{_NO_BREAK}%"
    if verdict.tone == "same":
        return (
            f"Chưa khác biệt rõ: {shares} của {then}. Khoảng tin cậy của chênh lệch, {verdict.interval}, "
            "gồm cả số không: thay đổi này có thể chỉ do ngẫu nhiên."
        )
    way = "Thấp hơn rõ rệt" if verdict.tone == "lower" else "Cao hơn rõ rệt"
    return f"{way}: {shares} của {then}, tức {points(verdict.gap)}{_NO_BREAK}điểm (khoảng tin cậy 95{_NO_BREAK}%: {verdict.interval})."


def listed(names: Sequence[str], one: str) -> str:
    """Names in a sentence, the first few and how many more."""
    more = len(names) - NAMED
    if more > 0:
        return f"{', '.join(names[:NAMED])} và {more} {one} khác"
    return " và ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def _verdict(gap: Difference, shown: float) -> Verdict:
    return Verdict(round(shown, 1), gap.low * 100, gap.high * 100)
