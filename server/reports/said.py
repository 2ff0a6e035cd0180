"""How a cell of a report is written, the same on the page and in Word. Pure."""

from server.results.cells import TOO_FEW, Cell, Compared, Interval, Measure, Number, Part, Participation, Place, Satisfied, Words
from server.results.counts import Count
from server.results.templatetags.vietnamese import decimal, number, percent, quantity

NOTHING = "–"
_NO_BREAK = "\N{NO-BREAK SPACE}"


def said(cell: Cell) -> str:
    """The cell in words and numbers as Vietnamese readers write them; what cannot be told is a dash."""
    match cell:
        case Words():
            return f"{cell.text} ({cell.remark})" if cell.text and cell.remark else cell.text or cell.remark
        case Number():
            return number(cell.value)
        case Part():
            return number(cell.value) if cell.percent is None else f"{number(cell.value)} ({decimal(cell.percent)}{_NO_BREAK}%)"
        case Interval():
            return _between(cell.count) or TOO_FEW
        case Satisfied():
            share, percents = _between(cell.count), cell.count.percents
            return f"{decimal(percents[0])}{_NO_BREAK}% ({share})" if percents else TOO_FEW
        case Participation():
            if cell.value is None:
                return cell.said or NOTHING
            return f"{percent(cell.value)}{_NO_BREAK}% ({number(cell.count.rated)}/{number(cell.count.handled)})"
        case Compared():
            return NOTHING if cell.verdict is None else cell.verdict.words
        case Place():
            return NOTHING if cell.rank is None else f"{cell.rank.place} ({cell.rank.best}–{cell.rank.worst})"
        case Measure():
            return NOTHING if cell.value is None else f"{quantity(cell.value)}{_NO_BREAK}{cell.unit}".rstrip(_NO_BREAK)


def _between(count: Count) -> str:
    return f"{percent(count.share.low)} – {percent(count.share.high)}{_NO_BREAK}%" if count.share else ""
