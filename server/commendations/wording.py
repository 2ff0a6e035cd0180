"""What may not stand in a commendation: it is no sealed thing, and so nothing of the citizen's. Pure."""

import re

from server.places.names import folded
from sync.sealing import Written

MOST = 500
COPIED = 8  # words in a row, as the citizen wrote them; fewer are anybody's, as “thái độ thân thiện”
_NUMBER = re.compile(r"(?:\d[ .()-]*){9,}")
_HONORIFICS = "ông|bà|anh|chị|cô|chú|bác|cụ|em"


def obstacle(words: str, written: Written | None) -> str:
    """Why the words cannot be kept so, as a sentence for whoever wrote them; empty where they can. written: what they come from."""
    if _NUMBER.search(words):
        return "Có một số dài như số điện thoại hoặc số giấy tờ. Xin bỏ đi: lời khen không được cho biết người dân là ai."
    if written is None:
        return ""
    if written.name and _names(words, written.name):
        return "Có tên của người viết góp ý. Xin bỏ đi: lời khen không được cho biết người dân là ai."
    if any(text and _holds(words, text) for text in (written.phone, written.address)):
        return "Có số điện thoại hoặc địa chỉ của người viết góp ý. Xin bỏ đi: lời khen không được cho biết người dân là ai."
    if _copied(words, written.text):
        return (
            "Đang chép nguyên lời người dân viết. Xin viết bằng lời của cơ quan: người dân có quyền yêu cầu xóa lời của mình, "
            "còn lời khen thì ở lại."
        )
    return ""


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


def _holds(words: str, text: str) -> bool:
    return f" {' '.join(_plain(text))} " in f" {' '.join(_plain(words))} "


def _names(words: str, name: str) -> bool:
    """The whole name, or the last of it after “ông”, “bà” and the like. A name of one word is a word of the language too."""
    given = name.split()[-1]
    called = re.search(rf"\b(?:{_HONORIFICS})\s+{re.escape(given)}\b", words, re.IGNORECASE)
    return called is not None or (len(name.split()) > 1 and _holds(words, name))


def _copied(words: str, text: str) -> bool:
    said, wrote = _plain(words), _plain(text)
    runs = {tuple(wrote[at : at + COPIED]) for at in range(len(wrote) - COPIED + 1)}
    return any(tuple(said[at : at + COPIED]) in runs for at in range(len(said) - COPIED + 1))
