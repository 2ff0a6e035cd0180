"""How a unit is called on an official paper."""

from datetime import date

from server.places.models import Unit

_KINDS = ("Phường", "Xã", "Đặc khu", "Thị trấn", "Tỉnh", "Thành phố")


def authority(unit: Unit, called: str) -> str:
    """Who reports: “Ủy ban nhân dân phường Thái Hòa”; of the country, as it is called."""
    if unit.kind == Unit.Kind.COUNTRY:
        return called
    kind = _kind(called)
    return f"Ủy ban nhân dân {kind.lower()}{called[len(kind) :]}" if kind else f"Ủy ban nhân dân {called}"


def in_the_head(unit: Unit, called: str) -> str:
    """The same in capitals, as it stands in the head of the paper: the kind of authority over its name."""
    return authority(unit, called).upper().replace("ỦY BAN NHÂN DÂN ", "ỦY BAN NHÂN DÂN\n")


def place_and_day(unit: Unit, called: str, day: date) -> str:
    """“Thái Hòa, ngày 26 tháng 11 năm 2026”: days under ten and the months January and February with a nought (Decree 30/2020)."""
    place = "Hà Nội" if unit.kind == Unit.Kind.COUNTRY else called[len(_kind(called)) :].strip() or called
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{place}, ngày {day.day:02} tháng {month} năm {day.year}"


def head_of(unit: Unit) -> str:
    """Who signs."""
    return "THỦ TRƯỞNG CƠ QUAN" if unit.kind == Unit.Kind.COUNTRY else "CHỦ TỊCH"


def _kind(called: str) -> str:
    return next((kind for kind in _KINDS if called.lower().startswith(f"{kind.lower()} ")), "")
