"""A day's counts as a person types them: one for the whole unit, or one for each counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.places.models import Counter
from server.results.templatetags.vietnamese import number
from server.transactions.telling import MOST, Handled, Told

BY_COUNTER = "theo-quay"  # the form's name in addresses and fields
TOTAL = "tong"
OTHERS = "khac"
_COUNTER = "quay-"


@dataclass(frozen=True)
class Field:
    """A field. key: the counter's id, empty for what is of none; text: as typed, or as it stands; fault: what to mend, or empty."""

    name: str
    key: str
    label: str
    text: str = ""
    fault: str = ""


Form = Sequence[Field]


def total_form(told: Told | None) -> Form:
    """One field; filled where the day was told so."""
    whole = told is not None and [row[:2] for row in told.rows] == [("", "")]
    return [Field(TOTAL, "", "Số hồ sơ của cả đơn vị", str(told.handled) if told and whole else "")]


def counter_form(counters: Sequence[Counter], told: Told | None) -> Form:
    """A field for each counter and one for the rest, filled with what stands; what was told by officer is summed up."""
    fields = [
        *(Field(f"{_COUNTER}{counter.pk}", counter.pk, counter.name) for counter in counters),
        Field(OTHERS, "", "Không theo quầy"),
    ]
    sums: dict[str, int] = {}
    for row in told.rows if told else ():
        key = row.counter_id if any(row.counter_id == counter.pk for counter in counters) else ""
        sums[key] = sums.get(key, 0) + row.handled
    return [Field(one.name, one.key, one.label, str(sums[one.key]) if one.key in sums else "") for one in fields]


def typed(form: Form, said: Mapping[str, str]) -> tuple[Form, list[Handled]]:
    """The form as somebody filled it in, and the counts; an empty field says nothing, 0 says that nothing was handled."""
    fields, rows = [], []
    for one in form:
        text = said.get(one.name, "").strip()
        count = whole(text)
        fault = f"Xin nhập một số nguyên từ 0 đến {number(MOST)}." if text and count is None else ""
        fields.append(Field(one.name, one.key, one.label, text, fault))
        if count is not None:
            rows.append(Handled(one.key, "", count))
    return fields, rows


def whole(text: str) -> int | None:
    """The count that a text says, also with dots between thousands (1.073); None where it says none, or too many."""
    groups = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").split(".")
    digits = "".join(groups)
    grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    if not (grouped and digits.isascii() and digits.isdecimal() and len(digits) <= 12):
        return None
    return int(digits) if int(digits) <= MOST else None
