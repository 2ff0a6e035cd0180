"""The sentences of the form, in the citizen's language. Vietnamese is the source; others are the catalogues `form` in assets/locale."""

import gettext
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

Translate = Callable[[str], str]

_LOCALE = Path(__file__).resolve().parents[2] / "assets" / "locale"
SOURCE = "vi"
LANGUAGES = (SOURCE, *sorted({file.parts[-3] for file in _LOCALE.glob("*/LC_MESSAGES/form.[mp]o")}))


def _(sentence: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return sentence


CONSENT = _(
    "Tôi đồng ý cho Ủy ban dùng họ tên, số điện thoại, địa chỉ này để liên hệ và giải quyết góp ý. "
    "Tôi có thể rút lại sự đồng ý bất cứ lúc nào."
)
OWN_NAME = _("Tiếng Việt")
PAGE = {
    "title": _("Góp ý của ông/bà"),
    "who_reads": _("Chỉ người có trách nhiệm giải quyết mới đọc được góp ý này."),
    "text": _("Xin viết góp ý"),
    "answer": _("Ông/bà có muốn được trả lời không?"),
    "optional": _("Không bắt buộc: có thể gửi góp ý ngay mà không cần cho biết tên."),
    "consent": CONSENT,
    "name": _("Họ và tên"),
    "phone": _("Số điện thoại"),
    "address": _("Địa chỉ"),
    "send": _("Gửi góp ý"),
    "ask": _("Xem góp ý đến đâu rồi"),
}


class Message(NamedTuple):
    """A page of one headline and one sentence. status: of HTTP."""

    status: int
    headline: str
    sentence: str


NOTED = Message(
    200,
    _("Đã nhận góp ý của ông/bà"),
    _("Đây là mã số để hỏi kết quả hoặc rút lại sự đồng ý. Xin ghi lại hoặc chụp màn hình."),
)
NOT_GENUINE = Message(403, _("Mã này không đúng"), _("Xin quét lại mã trên màn hình của quầy."))
REVOKED = Message(403, _("Máy tại quầy này không còn được dùng"), _("Xin hỏi cán bộ tại quầy, hoặc bỏ phiếu vào hòm thư góp ý."))
EXPIRED = Message(
    410,
    _("Mã này đã hết hạn"),
    _("Mã trên màn hình mở được trong {minutes} phút. Xin viết góp ý trên máy tại quầy, hoặc bỏ phiếu vào hòm thư góp ý."),
)
TOO_LATE = Message(
    410,
    _("Chưa gửi được: trang này mở đã quá một giờ"),
    _("Xin chép lại lời đã viết, rồi viết trên máy tại quầy hoặc bỏ phiếu vào hòm thư góp ý."),
)
TO_MEND = Message(422, _("Chưa gửi được"), _("Xin sửa chỗ được chỉ ra bên dưới."))
TOO_MANY = Message(429, _("Có quá nhiều lượt gửi cùng lúc"), _("Xin chờ {seconds} giây rồi thử lại."))
BUSY = Message(503, _("Máy chủ đang bận"), _("Xin thử lại sau ít phút."))
TOO_LONG = Message(413, _("Góp ý quá dài"), _("Xin quay lại trang trước và rút ngắn lời đã viết."))
NO_COOKIE = Message(403, _("Chưa gửi được góp ý"), _("Trình duyệt này không giữ cookie của trang. Xin mở mã bằng trình duyệt khác."))


def translator(language: str) -> Translate:
    """A function from a Vietnamese sentence to the same in the language; a sentence without translation stays Vietnamese."""
    return gettext.translation("form", _LOCALE, [language], fallback=True).gettext


def language_of(request: HttpRequest) -> str:
    """In which language the citizen reads: as a link of the page said, else the first that their browser wants, else Vietnamese."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wanted = (code.partition("-")[0] for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")))
    return next((code for code in wanted if code in LANGUAGES), SOURCE)
