"""What the connection test says: each thing that can be found, in plain words, with what to do about it."""

from datetime import datetime

from kiosk.connection.answers import Answer
from kiosk.findings import Finding, Level
from kiosk.hours import LOCAL
from kiosk.texts import Translate, _
from sync.errors import Reason, Refused, TryLater

ABOUT = {
    "name": _("Tên máy chủ"),
    "reach": _("Đường mạng"),
    "certificate": _("Chứng thư"),
    "server": _("Máy chủ"),
    "clock": _("Đồng hồ"),
    "code": _("Mã đăng ký"),
}
"""The checks, in their order, and what they are called."""

_CHECK_NETWORK = _("Xin kiểm tra dây mạng hoặc Wi-Fi, rồi thử lại.")
_CHECK_ADDRESS = _("Xin kiểm tra từng chữ của địa chỉ; nếu đúng, xin hỏi người quản trị máy chủ.")
_ASK_ADMINISTRATOR = _("Xin báo người quản trị máy chủ.")
_NEW_CODE = _("Xin người quản trị tạo mã mới cho quầy, hoặc tệp cài sẵn mới nếu cài bằng USB: trang Thiết bị, chọn quầy.")
SET_CLOCK = _(
    "Xin chỉnh ngày giờ của máy này (sudo timedatectl set-timezone Asia/Ho_Chi_Minh; sudo timedatectl set-ntp 0; "
    "sudo timedatectl set-time '2026-12-31 08:30') rồi thử lại. "
    "Nếu máy quên giờ mỗi khi tắt điện, xin thay pin đồng hồ trên bảng mạch."
)
_LOG_IN = _("Xin đăng nhập mạng này bằng trình duyệt, hoặc nhờ người quản trị mạng cho máy này đi thẳng, rồi thử lại.")
_GIVE_CERTIFICATE = _(
    "Nếu cơ quan dùng chứng thư riêng, xin gõ cả 20 ký tự của mã, hoặc cài bằng USB: thư mục cấu hình có kèm chứng thư (ca.pem). "
    "Nếu không, xin hỏi người quản trị mạng xem có thiết bị nào chặn và đọc HTTPS không."
)

_NO_WAY: dict[Reason, tuple[str, str]] = {
    "refused": (
        _("Máy ở {host} có trả lời, nhưng không nhận kết nối ở cổng {port}."),
        _("Xin kiểm tra địa chỉ; nếu đúng, xin hỏi người quản trị xem máy chủ có đang chạy, và tường lửa có mở cổng này không."),
    ),
    "timeout": (
        _("{host} không trả lời ở cổng {port}."),
        _("Xin kiểm tra địa chỉ và mạng. Có thể tường lửa đang chặn: nếu cơ quan dùng proxy, xin ghi proxy vào cấu hình."),
    ),
}
_NO_WAY_AT_ALL = (
    _("Không có đường mạng tới {host}."),
    _("Có thể máy chủ đang tắt, hoặc sai địa chỉ. Xin kiểm tra hai điều đó, rồi kiểm tra dây mạng hoặc Wi-Fi."),
)
_NO_PROXY = _("Xin kiểm tra địa chỉ proxy trong cấu hình, hoặc hỏi người quản trị mạng của cơ quan.")

_CERTIFICATE: dict[Reason, tuple[str, str]] = {
    "certificate-expired": (_("Chứng thư của máy chủ đã hết hạn hoặc chưa có hiệu lực."), _ASK_ADMINISTRATOR),
    "certificate-name": (
        _("Chứng thư nhận được là của một máy chủ khác, không phải {server}."),
        _("Xin kiểm tra địa chỉ, và mạng này có đòi đăng nhập không; nếu đúng cả, xin báo người quản trị máy chủ."),
    ),
    "certificate-issuer": (_("Chứng thư của {server} không do nơi máy này tin cậy cấp."), _GIVE_CERTIFICATE),
    "ca-file": (_("Không đọc được tệp chứng thư {ca_file}."), _("Xin chép lại cả thư mục cấu hình do máy chủ tạo.")),
    "timeout": (_("Máy chủ không trả lời kịp khi bắt đầu kết nối bảo mật."), _CHECK_NETWORK),
    "cut-short": (
        _("Kết nối bị ngắt khi bắt đầu kết nối bảo mật."),
        _("Có thể tường lửa đang chặn HTTPS. Xin hỏi người quản trị mạng của cơ quan."),
    ),
}
_NO_TLS = (_("{server} không dùng HTTPS ở cổng này."), _CHECK_ADDRESS)

_NO_ANSWER: dict[Reason, tuple[str, str]] = {
    "proxy": (_("Không đi qua được proxy {proxy}."), _("Xin kiểm tra proxy trong cấu hình: địa chỉ, tên và mật khẩu.")),
    "timeout": (_("Máy chủ không trả lời kịp: mạng quá chậm, hoặc máy chủ quá bận."), _("Xin thử lại sau vài phút.")),
    "busy": (_("Máy chủ đang bận."), _("Xin đợi một phút rồi thử lại.")),
    "not-our-server": (_("Có máy trả lời ở {server}, nhưng đó không phải máy chủ Hài Lòng."), _CHECK_ADDRESS),
}
_CUT_SHORT = (_("Kết nối bị ngắt trước khi máy chủ trả lời xong."), _("Xin thử lại; nếu lặp lại, xin kiểm tra mạng và tường lửa."))

_NOT_OURS: dict[Answer, tuple[str, str]] = {
    Answer.PORTAL: (_("Mạng này đòi đăng nhập trước khi cho ra ngoài, nên chưa tới được máy chủ."), _LOG_IN),
    Answer.OTHER_KEY: (
        _("Đây là một máy chủ Hài Lòng, nhưng dùng khóa khác với khóa máy này đã biết."),
        _("Xin kiểm tra địa chỉ. Nếu đúng, xin báo người quản trị: máy chủ cần được khôi phục đúng khóa (restore --keys)."),
    ),
    Answer.DOWN: (_("Máy chủ có đó, nhưng chương trình Hài Lòng trên máy chủ không chạy (mã {status})."), _ASK_ADMINISTRATOR),
    Answer.OTHER_NAME: (
        _("Máy chủ không nhận yêu cầu gửi tới tên này (mã {status})."),
        _("Xin kiểm tra địa chỉ. Nếu đúng, xin nhờ người quản trị máy chủ kiểm tra HAILONG_ALLOWED_HOSTS."),
    ),
    Answer.REDIRECT: (_("{server} chuyển sang một địa chỉ khác (mã {status}); kiosk không đi theo."), _CHECK_ADDRESS),
    Answer.SOMEBODY: (_("Có máy trả lời ở {server}, nhưng đó không phải máy chủ Hài Lòng (mã {status})."), _CHECK_ADDRESS),
}

_CODE: dict[str, tuple[str, str]] = {
    "code-unknown": (_("Máy chủ không có mã này."), _("Xin so lại từng ký tự với mã trên giấy hoặc trên màn hình của máy chủ.")),
    "code-used": (_("Mã này đã được một máy khác dùng."), _NEW_CODE),
    "code-expired": (_("Mã này đã hết hạn."), _NEW_CODE),
    "too-old": (_("Chương trình trên máy này quá cũ so với máy chủ."), _("Xin cài bản mới hơn rồi thử lại.")),
    "too-many-tries": (_("Đã nhập sai nhiều lần."), _("Xin đợi một phút rồi thử lại.")),
}


class Sayings:
    """server, proxy, ca_file: as they are named to people. translate: into the reader's language."""

    def __init__(self, server: str, proxy: str, ca_file: str, translate: Translate) -> None:
        self._names = {"server": server, "proxy": proxy, "ca_file": ca_file}
        self._translate = translate

    def no_network(self, check: str) -> Finding:
        return self._bad(check, _("Máy này chưa nối mạng."), _("Xin cắm dây mạng hoặc chọn Wi-Fi, rồi thử lại."))

    def no_name(self, host: str, *, answered: bool) -> Finding:
        """answered: whether somebody said that there is no such name; else nobody said anything."""
        if answered:
            return self._bad("name", _("Không có máy chủ nào tên là {host}."), _CHECK_ADDRESS, host=host)
        said = _("Máy chủ tên miền (DNS) của mạng này không trả lời.")
        return self._bad("name", said, _("Xin kiểm tra dây mạng hoặc Wi-Fi, và cấu hình DNS của mạng, rồi thử lại."))

    def name_found(self, host: str) -> Finding:
        return self._well("name", _("Tìm thấy {host}."), host=host)

    def no_way(self, host: str, port: int, reason: Reason, *, proxy: bool) -> Finding:
        said, mend = _NO_WAY.get(reason, _NO_WAY_AT_ALL)
        return self._bad("reach", said, _NO_PROXY if proxy else mend, host=host, port=port)

    def reached(self, host: str, port: int, *, proxy: bool) -> Finding:
        return self._well(
            "reach", _("Nối được tới proxy {host}.") if proxy else _("Nối được tới {host}, cổng {port}."), host=host, port=port
        )

    def certificate_holds(self, ends: datetime | None, *, soon: bool) -> Finding:
        """ends: until when it is valid, or None where that was not seen."""
        if ends is None:
            return self._well("certificate", _("Chứng thư hợp lệ."))
        if soon:
            said = _("Chứng thư của máy chủ sắp hết hạn: {day}.")
            return self._finding("certificate", Level.WARN, said, _("Xin báo người quản trị gia hạn chứng thư."), day=_day(ends))
        return self._well("certificate", _("Chứng thư hợp lệ đến {day}."), day=_day(ends))

    def bad_certificate(self, reason: Reason) -> Finding:
        return self._bad("certificate", *_CERTIFICATE.get(reason, _NO_TLS))

    def not_valid(self, begins: datetime | None, ends: datetime | None, now: datetime) -> Finding:
        """A certificate out of its time, by a clock that is right."""
        if begins is not None and now < begins:
            said = _("Chứng thư của máy chủ chưa có hiệu lực: từ {day}.")
            return self._bad("certificate", said, _ASK_ADMINISTRATOR, day=_day(begins))
        if ends is not None:
            said = _("Chứng thư của máy chủ đã hết hạn từ {day}.")
            return self._bad("certificate", said, _("Xin báo người quản trị gia hạn chứng thư."), day=_day(ends))
        return self.bad_certificate("certificate-expired")

    def portal(self, check: str) -> Finding:
        return self._bad(check, *_NOT_OURS[Answer.PORTAL])

    def no_answer(self, reason: Reason) -> Finding:
        return self._bad("server", *_NO_ANSWER.get(reason, _CUT_SHORT))

    def not_ours(self, answer: Answer, status: int) -> Finding:
        return self._bad("server", *_NOT_OURS[answer], status=status)

    def ours(self) -> Finding:
        return self._well("server", _("Đúng là máy chủ Hài Lòng."))

    def right_clock(self) -> Finding:
        return self._well("clock", _("Đồng hồ đúng như máy chủ."))

    def wrong_clock(self, check: str, ours: datetime, theirs: datetime) -> Finding:
        """check: the certificate, which cannot be believed then, or the clock itself, by which nothing goes but the certificate."""
        level = Level.BAD if check == "certificate" else Level.WARN
        said = _("Ngày giờ của máy này sai: máy này {ours}, máy chủ {theirs}.")
        return self._finding(check, level, said, SET_CLOCK, ours=_minute(ours), theirs=_minute(theirs))

    def enrolled(self, counter: str, unit: str) -> Finding:
        return self._well("code", _("Đã đăng ký: {counter}, {unit}."), counter=counter, unit=unit)

    def wrong_authority(self) -> Finding:
        """The certificate that the server gives out is not that of the code."""
        return self._bad(
            "code",
            _("Mã này không hợp với chứng thư của {server}."),
            _("Xin so lại địa chỉ và mười ký tự cuối của mã. Nếu đúng cả, xin báo người quản trị mạng: có máy khác chen vào giữa."),
        )

    def not_enrolled(self, error: Refused | TryLater) -> Finding:
        """Why a code or secret made no device of us."""
        if isinstance(error, Refused):
            said, mend = _CODE.get(error.code, (_("Máy chủ từ chối yêu cầu của máy này ({reason})."), _ASK_ADMINISTRATOR))
            return self._bad("code", said, mend, reason=error)
        if error.reason == "busy":
            said = _("Đã thử quá nhiều lần, hoặc máy chủ đang bận.")
            return self._bad("code", said, _("Xin đợi một phút rồi thử lại."))
        if error.reason == "other-key":
            return self._bad("code", *_NOT_OURS[Answer.OTHER_KEY])
        return self._bad("code", *_NO_ANSWER.get(error.reason, _CUT_SHORT))

    def _well(self, check: str, said: str, **names: object) -> Finding:
        return self._finding(check, Level.OK, said, "", **names)

    def _bad(self, check: str, said: str, mend: str, **names: object) -> Finding:
        return self._finding(check, Level.BAD, said, mend, **names)

    def _finding(self, check: str, level: Level, said: str, mend: str, **names: object) -> Finding:
        translate, names = self._translate, {**self._names, **names}
        return Finding(check, level, translate(ABOUT[check]), translate(said).format(**names), translate(mend).format(**names))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%d/%m/%Y}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m/%Y}"
