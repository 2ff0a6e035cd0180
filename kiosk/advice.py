"""What went wrong, and what a technician does about it, as sentences."""

import logging
from pathlib import Path

from kiosk.export import StickFault, Written
from kiosk.os_errors import in_words
from kiosk.settings import Settings
from kiosk.texts import Translate, _
from sync.errors import Reason, Refused, TryLater

log = logging.getLogger(__name__)


def why_refused(refused: Refused, translate: Translate) -> str:
    """Why the server, by its signature, refuses this kiosk, and what to do about it."""
    sentences = {
        "unknown-device": translate(
            "Máy chủ không còn biết máy này. Kiosk vẫn nhận đánh giá và giữ lại tất cả. "
            "Xin tạo mã mới cho quầy trên máy chủ rồi chạy: sudo hailong-kiosk enrol MÃ"
        ),
        "bad-signature": translate(
            "Máy chủ không nhận khóa của máy này. Kiosk vẫn nhận đánh giá và giữ lại tất cả. "
            "Xin tạo mã mới cho quầy trên máy chủ rồi chạy: sudo hailong-kiosk enrol MÃ"
        ),
        "revoked": translate(
            "Máy này đã bị thu hồi trên máy chủ. Kiosk vẫn nhận đánh giá và giữ lại tất cả. "
            "Nếu máy được dùng lại, xin tạo mã mới cho quầy rồi chạy: sudo hailong-kiosk enrol MÃ"
        ),
        "too-old": translate(
            "Chương trình trên máy này quá cũ so với máy chủ. Kiosk vẫn nhận đánh giá và giữ lại tất cả. Xin cài bản mới hơn."
        ),
        "code-unknown": translate(
            "Mã đăng ký không đúng. Xin kiểm tra từng ký tự; nếu vẫn không được, xin đề nghị người quản trị tạo mã mới cho quầy "
            "(trên máy chủ: sudo hailong-server enrolcode --counter MÃ_QUẦY)."
        ),
        "code-used": translate(
            "Mã đăng ký này đã được dùng. Xin đề nghị người quản trị tạo mã mới cho quầy "
            "(trên máy chủ: sudo hailong-server enrolcode --counter MÃ_QUẦY) rồi chạy: sudo hailong-kiosk enrol MÃ"
        ),
        "code-expired": translate(
            "Mã đăng ký này đã hết hạn. Xin đề nghị người quản trị tạo mã mới cho quầy "
            "(trên máy chủ: sudo hailong-server enrolcode --counter MÃ_QUẦY) rồi chạy: sudo hailong-kiosk enrol MÃ"
        ),
    }
    fallback = translate("Máy chủ từ chối yêu cầu của máy này ({reason}). Xin báo cho người quản trị máy chủ.").format(reason=refused)
    return sentences.get(refused.code, fallback)


def why_refused_by_stick(refused: Refused, translate: Translate) -> str:
    """Why the server, by its answer on a stick, refuses this kiosk, and what to do about it without a network."""
    if refused.code in ("code-used", "code-expired"):
        return translate(
            "Máy chủ đã từ chối lần trước: mã bí mật trong tệp cấu hình đã được dùng (hoặc đã hết hạn). "
            "Các lượt đánh giá vẫn còn nguyên trên máy này. Xin tạo thư mục cấu hình mới cho quầy trên máy chủ (provision), "
            "thay vào kiosk.toml của máy này, rồi chạy lại."
        )
    if refused.code == "code-unknown":
        return translate(
            "Máy chủ đã từ chối lần trước: máy chủ không biết mã bí mật trong tệp cấu hình. "
            "Các lượt đánh giá vẫn còn nguyên trên máy này. Xin tạo thư mục cấu hình mới cho quầy trên máy chủ (provision), "
            "thay vào kiosk.toml của máy này, rồi chạy lại."
        )
    return why_refused(refused, translate)


def after_exchange(outcome: str, trouble: Refused | TryLater | None, settings: Settings, translate: Translate) -> str:
    """What to do after an exchange, or nothing. outcome: of the courier's step; trouble: why the last call of it failed.

    A disk that was put back to a former key gets receipts for 30 days, and nothing else any more: that is said while it is easily mended.
    """
    if isinstance(trouble, Refused) and (outcome == "refused" or trouble.code == "bad-signature"):
        return why_refused(trouble, translate)
    if outcome != "failed":
        return ""
    if isinstance(trouble, TryLater):
        return why_later(trouble, settings, translate)
    return translate(
        "Chương trình gặp lỗi khi gửi dữ liệu và sẽ tự thử lại. Các lượt đánh giá vẫn được giữ trên máy này. "
        "Nếu lỗi lặp lại, xin gửi nhật ký của chương trình cho người quản trị."
    )


class Told:
    """Writes advice into the log when it is another than before: a kiosk may be without its server for weeks."""

    def __init__(self) -> None:
        self._last = ""

    def say(self, advice: str) -> None:
        """advice: a sentence, or nothing where all is well."""
        if advice and advice != self._last:
            log.warning("%s", advice)
        self._last = advice


def why_later(later: TryLater, settings: Settings, translate: Translate) -> str:
    """What keeps the kiosk from its server, and what to do about it."""
    return translate(_WHAT_TO_DO[later.reason]).format(
        server=settings.server,
        proxy=settings.proxy.address if settings.proxy else "",
        ca_file=settings.ca_file or "",
    )


_WHAT_TO_DO: dict[Reason, str] = {
    "unknown-name": _(
        "Không tìm thấy tên máy chủ {server}. Xin kiểm tra mạng, máy chủ DNS và địa chỉ máy chủ (Cài đặt máy, Địa chỉ mạng)."
    ),
    "refused": _(
        "Không kết nối được máy chủ {server}: máy có đó nhưng dịch vụ không nhận kết nối. "
        "Xin hỏi người quản trị xem máy chủ có đang chạy không, và kiểm tra địa chỉ (Cài đặt máy, Địa chỉ mạng)."
    ),
    "unreachable": _(
        "Không kết nối được máy chủ {server}. "
        "Xin kiểm tra dây mạng hoặc Wi-Fi, máy chủ có đang bật không, và địa chỉ máy chủ (Cài đặt máy, Địa chỉ mạng)."
    ),
    "timeout": _(
        "Máy chủ {server} không trả lời kịp. Mạng quá chậm hoặc tường lửa đang chặn. "
        "Xin kiểm tra mạng; nếu cơ quan dùng proxy, xin ghi proxy (Cài đặt máy, Địa chỉ mạng)."
    ),
    "cut-short": _("Kết nối tới {server} bị ngắt giữa chừng. Máy sẽ tự thử lại; nếu lặp lại nhiều lần, xin kiểm tra mạng và tường lửa."),
    "proxy": _("Không đi qua được proxy {proxy}. Xin kiểm tra proxy (Cài đặt máy, Địa chỉ mạng): địa chỉ, tên và mật khẩu."),
    "certificate-expired": _(
        "Chứng thư của {server} đã hết hạn hoặc chưa có hiệu lực. "
        "Xin kiểm tra ngày giờ của máy này; nếu ngày giờ đúng, xin báo người quản trị gia hạn chứng thư."
    ),
    "certificate-name": _(
        "Chứng thư nhận được từ {server} là của một tên khác. "
        "Xin kiểm tra địa chỉ (Cài đặt máy, Địa chỉ mạng), và mạng này có đòi đăng nhập không."
    ),
    "certificate-issuer": _(
        "Chứng thư của {server} không do nơi máy này tin cậy cấp. "
        "Nếu cơ quan có chứng thư gốc riêng, xin ghi đường dẫn của nó vào khóa ca_file trong tệp kiosk.toml."
    ),
    "ca-file": _("Không đọc được tệp chứng thư {ca_file}. Xin kiểm tra khóa ca_file trong tệp kiosk.toml."),
    "not-our-server": _(
        "Địa chỉ {server} có trả lời nhưng không phải máy chủ Hài Lòng. Máy chủ vừa bật thì chờ một phút. "
        "Còn lại là sai địa chỉ, hoặc mạng này đòi đăng nhập: Cài đặt máy, Địa chỉ mạng, Thử kết nối cho biết rõ hơn."
    ),
    "other-key": _(
        "Máy chủ trả lời bằng khóa khác với khóa máy này đã biết. Các lượt đánh giá vẫn được giữ trên máy này. "
        "Xin báo người quản trị: máy chủ cần được khôi phục đúng khóa (restore --keys); "
        "nếu khóa cũ đã mất, xin tạo mã mới cho quầy rồi chạy: sudo hailong-kiosk enrol MÃ"
    ),
    "busy": _("Đã thử quá nhiều lần hoặc máy chủ đang bận. Xin đợi một phút rồi thử lại."),
}


def why_not_exported(fault: StickFault, folder: Path, translate: Translate) -> str:
    """Why a stick could not be written, and what to do about it."""
    if fault.full:
        sentence = translate(
            "USB {folder} đã đầy. Dữ liệu vẫn còn nguyên trên kiosk. Xin xóa bớt tệp trên USB hoặc dùng USB khác rồi chạy lại."
        )
        return sentence.format(folder=folder)
    sentence = translate(
        "Không ghi được trọn vẹn lên {folder} ({error}). Dữ liệu vẫn còn nguyên trên kiosk. "
        "Xin cắm lại USB, kiểm tra khóa chống ghi, rồi chạy lại."
    )
    return sentence.format(folder=folder, error=translate(in_words(fault.error).wrong))


def what_was_exported(written: Written, folder: Path, translate: Translate) -> list[str]:
    """What is on a stick now, and what to do with it."""
    sentences = []
    if written.enrolled:
        sentences.append(translate("Máy chủ đã đăng ký máy này; giấy đăng ký đã được nhận từ USB."))
    if written.answers:
        sentences.append(translate("Đã nhận {answers} biên nhận của máy chủ từ USB.").format(answers=written.answers))
    if not written.entries and not written.comments and not written.secret:
        return [*sentences, translate("Không còn gì phải chuyển: máy chủ đã nhận đủ.")]
    if written.secret:
        sentences.append(
            translate(
                "USB mang theo mã bí mật để đăng ký máy này. Xin giữ USB cẩn thận cho đến khi máy chủ nhận xong; sau đó mã hết tác dụng."
            )
        )
    return [
        *sentences,
        translate("Đã ghi và kiểm tra lại {entries} mục, {comments} góp ý trên {folder}.").format(
            entries=written.entries, comments=written.comments, folder=folder
        ),
        translate("Xin rút USB ra; ở máy chủ: gắn USB, rồi sudo hailong-server import THƯ_MỤC"),
    ]


def what_was_copied(path: Path, translate: Translate) -> str:
    """That the log is on a stick now, and what to do with it."""
    sentence = translate(
        "Đã chép nhật ký và tình trạng máy vào tệp {path}. Trong tệp không có lượt đánh giá, góp ý, mã hay khóa nào. "
        "Xin rút USB ra và gửi tệp cho người hỗ trợ."
    )
    return sentence.format(path=path)
