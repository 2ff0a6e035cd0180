"""What went wrong, and what a technician does about it, as sentences."""

from kiosk.settings import Settings
from kiosk.texts import Translate
from sync.errors import Refused, TryLater


def why_refused(refused: Refused, translate: Translate) -> str:
    sentences = {
        "code-unknown": translate("Mã đăng ký không đúng. Xin kiểm tra lại mã trên trang Thiết bị của máy chủ rồi nhập lại."),
        "code-used": translate("Mã đăng ký này đã được dùng. Xin tạo mã mới cho quầy trên máy chủ."),
        "code-expired": translate("Mã đăng ký này đã hết hạn. Xin tạo mã mới cho quầy trên máy chủ."),
    }
    fallback = translate("Máy chủ từ chối đăng ký ({reason}). Xin báo cho người quản trị máy chủ.").format(reason=refused)
    return sentences.get(refused.code, fallback)


def why_later(later: TryLater, settings: Settings, translate: Translate) -> str:
    if later.reason == "busy":
        return translate("Đã thử quá nhiều lần hoặc máy chủ đang bận. Xin đợi một phút rồi thử lại.")
    if later.reason == "unreachable":
        return translate("Không kết nối được máy chủ {server}. Xin kiểm tra mạng và địa chỉ máy chủ trong tệp kiosk.toml.").format(
            server=settings.server
        )
    return translate(
        "Địa chỉ {server} có trả lời nhưng không phải máy chủ Hài Lòng. Mạng này có đòi đăng nhập không? Xin kiểm tra địa chỉ."
    ).format(server=settings.server)
