"""What the forms of letters hold before anybody types."""

from datetime import date, time
from typing import Any, NamedTuple

from server.cases.models import Case
from server.cases.steps import mondays
from server.documents.kinds import Kind
from server.documents.models import Details
from server.letters import kinds
from server.letters.whom import Citizen


class _Wrong(NamedTuple):
    """What went wrong. state: as of a file; sorry: what one is sorry for, after “vì”."""

    state: str
    sorry: str


_WRONG = {  # by the ids of `sync.choices`; a unit's own reasons are told by the case's subject
    "late": _Wrong("giải quyết hồ sơ trễ hạn", "đã giải quyết hồ sơ trễ hạn"),
    "waiting": _Wrong("để người dân chờ lâu", "đã để ông/bà phải chờ lâu"),
    "more-papers": _Wrong("yêu cầu bổ sung hồ sơ nhiều lần", "đã để ông/bà phải bổ sung hồ sơ nhiều lần"),
    "attitude": _Wrong("thái độ phục vụ chưa đúng mực", "thái độ phục vụ chưa đúng mực"),
    "explanation": _Wrong("hướng dẫn chưa rõ ràng", "đã hướng dẫn ông/bà chưa rõ ràng"),
    "procedure": _Wrong("thủ tục còn rườm rà", "đã để ông/bà phải qua nhiều giấy tờ, thủ tục"),
}
_ABOUT = {
    kinds.INVITATION: "Trao đổi về góp ý số {}",
    kinds.APOLOGY: "Về góp ý số {}",
    kinds.EXPLANATION: "trả lời góp ý số {}",
}


def proposed(kind: Kind, case: Case, citizen: Citizen, details: Details, today: date) -> dict[str, Any]:
    """The fields of whichever form."""
    subject = case.subject[:1].lower() + case.subject[1:]
    wrong = next((_WRONG[reason] for reason in case.reasons if reason in _WRONG), _Wrong("", "sự việc trên"))
    body = details.body
    return {
        "to": citizen.addressed(case),
        "address": citizen.address,
        "about": f"Về việc {wrong.state}" if kind is kinds.APOLOGY and wrong.state else _ABOUT[kind].format(case.id),
        "why": f"Trao đổi, giải quyết góp ý số {case.id} của ông/bà ({subject})",
        "day": case.reception if case.reception and case.reception >= today else mondays(today, 1)[0],
        "hour": f"{case.hour or time(8):%-H giờ %M}",
        "where": case.place or ", ".join(filter(None, [details.room, details.address or body])),
        "receiver": f"{details.position} {body}",
        "bring": "Giấy mời này; giấy biên nhận hồ sơ (nếu có)",
        "ask": f"{body}, điện thoại {details.phone}" if details.phone else body,
        "opening": f"{body} đã nhận góp ý số {case.id} của ông/bà ngày {case.day:%d/%m/%Y} ({subject}) và đã xác minh.",
        "state": wrong.state,
        "sorry": f"Thay mặt {body}, tôi thành thật xin lỗi ông/bà vì {wrong.sorry}.",
        "promise": "Chúng tôi đã chấn chỉnh, rút kinh nghiệm để việc này không lặp lại, và mong tiếp tục nhận được góp ý của ông/bà.",
        "dated": today,
        "numbered": details.numbered,
    }
