"""Names as people seek them: without regard to capitals and diacritics."""

from unicodedata import combining, normalize


def folded(name: str) -> str:
    """The name in small letters without diacritics: Thái Hòa gives thai hoa, Đắk Lắk gives dak lak."""
    plain = "".join(letter for letter in normalize("NFD", name.casefold()) if not combining(letter))
    return plain.replace("đ", "d")


def holds(name: str, sought: str) -> bool:
    """Whether the sought words, in their order, are part of the name. Diacritics count only where the seeker wrote them."""
    return folded(sought) in folded(name) and (folded(sought) == sought.casefold() or sought.casefold() in name.casefold())
