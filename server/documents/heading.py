"""A unit's details, where it said none, and what of them stands on each paper."""

from datetime import date

from server.documents.filling import Fact
from server.documents.models import Details, Number
from server.places.models import Unit

_COMMITTEE = "Ủy ban nhân dân"
_KINDS = ("Phường ", "Xã ", "Đặc khu ", "Tỉnh ", "Thành phố ", "Thị trấn ")
_NAMED_AFTER_A_PERSON = ("Hồ Chí Minh",)  # or by a number: the place keeps its kind (Decree 30/2020/NĐ-CP, Appendix I)
_FIRST_OF_YEAR = 2  # months below which a zero stands before


def details_of(unit: Unit) -> Details:
    """What the unit said, or what its name lets one think: not kept yet then."""
    return Details.objects.filter(unit=unit).first() or _supposed(unit)


def _supposed(unit: Unit) -> Details:
    kind = next((kind for kind in _KINDS if unit.name.startswith(kind)), "")
    bare = unit.name.removeprefix(kind)
    place = unit.name if bare[:1].isdigit() or bare in _NAMED_AFTER_A_PERSON else bare
    common = {"unit": unit, "place": place, "office": "VP", "room": "Phòng tiếp công dân", "mondays": "từ 7 giờ 30 phút đến 11 giờ 30 phút"}
    if unit.kind == Unit.Kind.COUNTRY:
        return Details(**common, body=unit.name, symbol="VP", position="Thủ trưởng")
    body = f"{_COMMITTEE} {kind.lower()}{bare}"
    return Details(**common, body=body, symbol="UBND", authority=f"TM. {_COMMITTEE}", position="Chủ tịch")


def heading(details: Details, day: date, number: str) -> dict[str, Fact]:
    """The fields of `kinds.HEAD`. number: as `number_line` or `blank` gives it."""
    return {
        "cap_tren": details.superior.upper(),
        "co_quan": _broken(details.body).upper(),
        "ten_co_quan": details.body,
        "so": number,
        "noi_ngay": f"{details.place}, {long_date(day)}",
        "quyen_han": details.authority.upper(),
        "chuc_vu": details.position.upper(),
        "ho_ten": details.signatory,
        "dia_chi_co_quan": details.address,
        "dien_thoai_co_quan": details.phone,
        "bo_phan": details.office,
    }


def symbol_of(details: Details, kind_symbol: str) -> str:
    """What stands after the number: of a kind “GM-UBND”, of an official letter, which has no kind, “UBND-VP”."""
    return f"{kind_symbol}-{details.symbol}" if kind_symbol else f"{details.symbol}-{details.office}"


def blank(symbol: str) -> str:
    """A number that the clerk writes by hand."""
    return f"\u2002\u2002\u2002\u2002/{symbol}"


def written(number: Number | None, symbol: str) -> str:
    """A number as it stands on the paper, or the room for it."""
    return number.written if number else blank(symbol)


def long_date(day: date) -> str:
    """“ngày 06 tháng 02 năm 2026”: days below ten and the months 1 and 2 with a zero before (Decree 30/2020/NĐ-CP, Appendix I)."""
    month = f"{day.month:02}" if day.month <= _FIRST_OF_YEAR else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def _broken(body: str) -> str:
    """A committee's name in two lines, as it is written."""
    rest = body.removeprefix(f"{_COMMITTEE} ")
    return f"{_COMMITTEE}\n{rest}" if rest != body else body
