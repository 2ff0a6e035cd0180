"""What lies between this server and those who use it: its clock, its address with TLS, its mail server."""

import ctypes
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from smtplib import SMTPException
from urllib.parse import urlsplit

from server.condition.findings import Finding, bad, ok, warn
from server.environment import Environment

SECONDS = 8
SOON = timedelta(days=14)
_TIMEX_BYTES = 256  # struct timex, of which only the kernel's answer is wanted
_TIME_ERROR = 5  # of adjtimex(2): the clock is not synchronised
_PAGE = "/login/"
_AGAIN = "Xin chạy: sudo hailong-server setup"
_PROXY = "Xin xem: systemctl status caddy, journalctl -u caddy -e"


def clock() -> Finding:
    """Whether the kernel's clock follows another (adjtimex(2))."""
    if ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) != _TIME_ERROR:
        return ok("clock", f"Đồng hồ được đồng bộ: {datetime.now(UTC).astimezone():%H:%M:%S %d/%m/%Y}.")
    advice = "Xin cài và bật: sudo apt-get install systemd-timesyncd. Giờ của lượt đánh giá tính theo đồng hồ của máy chủ."
    return warn("clock", "Đồng hồ không được đồng bộ qua mạng (NTP).", advice)


def address(environment: Environment) -> Finding:
    """Whether people and kiosks reach the server by its address, and how long its certificate is good."""
    parts = urlsplit(environment.address)
    host = parts.hostname
    if not host:
        return warn("address", "Chưa đặt địa chỉ của máy chủ (HAILONG_ADDRESS).", _AGAIN)
    if parts.scheme != "https":
        return bad("address", f"{environment.address} không phải HTTPS.", _AGAIN)
    if host not in environment.allowed_hosts:
        return bad("address", f"{host} không có trong HAILONG_ALLOWED_HOSTS.", _AGAIN)
    try:
        context = ssl.create_default_context(cafile=environment.authorities)
    except OSError as error:
        return bad("address", f"Không đọc được chứng thư gốc {environment.authorities}: {error}", _AGAIN)
    connection = HTTPSConnection(host, parts.port or 443, timeout=SECONDS, context=context)
    try:
        connection.connect()
        until = _good_until(connection.sock)
        connection.request("GET", _PAGE)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return _refused(environment.address, error)
    finally:
        connection.close()
    if status >= 500:
        advice = "Xin xem: systemctl status hailong-server, journalctl -u hailong-server -e"
        return bad("address", f"{environment.address} trả lời, nhưng máy chủ phía sau không chạy (mã {status}).", advice)
    words = f"{environment.address} trả lời; chứng thư còn dùng được đến {until:%d/%m/%Y}."
    if until - datetime.now(UTC) < SOON:
        return warn("address", words, f"Chứng thư sắp hết hạn mà chưa được thay. {_PROXY}")
    return ok("address", words)


def mail(environment: Environment) -> Finding:
    """Whether the mail server that the operator named takes us."""
    if environment.smtp is None:
        return ok("mail", "Không gửi thư điện tử (HAILONG_SMTP_URL để trống).")
    try:
        connection = environment.smtp.connection(SECONDS)
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        advice = "Xin xem tên, cổng và mật khẩu trong HAILONG_SMTP_URL. Thư chưa gửi được sẽ tự gửi lại."
        return bad("mail", f"Máy chủ thư {environment.smtp.host} không nhận: {error}", advice)
    return ok("mail", f"Máy chủ thư {environment.smtp.host} nhận kết nối.")


def _good_until(sock: socket.socket) -> datetime:
    shown = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    moment = str((shown or {}).get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(moment), UTC)


def _refused(wanted: str, error: OSError | HTTPException) -> Finding:
    if isinstance(error, socket.gaierror):
        name = urlsplit(wanted).hostname
        return bad("address", f"Không máy nào mang tên {name}.", "Xin báo người quản lý tên miền (DNS) trỏ tên này về máy chủ.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return bad("address", f"Chứng thư của {wanted} không đúng: {error.verify_message}.", f"{_AGAIN}. {_PROXY}")
    reason = str(error)
    with suppress(AttributeError):
        reason = error.strerror or reason  # type: ignore[union-attr]
    return bad("address", f"Không tới được {wanted}: {reason}.", f"{_PROXY}. Tường lửa phải mở cổng 443 và 80.")
