"""What lies between this server and those who use it: its clock, its address with TLS, its mail server."""

import ctypes
import errno
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
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
_KEEP_TIME = ("/usr/lib/systemd/systemd-timesyncd", "/usr/sbin/chronyd", "/usr/sbin/ntpd")
_NETWORK = {
    errno.ENETUNREACH: "không có đường mạng đến đó",
    errno.EHOSTUNREACH: "không có đường mạng đến đó",
    errno.ECONNREFUSED: "không có gì trả lời ở cổng này",
    errno.ECONNRESET: "đang nói thì bị cắt",
    errno.ETIMEDOUT: "chờ mãi không có trả lời",
}
_CERTIFICATE = {  # as OpenSSL says it
    "expired": "đã hết hạn",
    "not yet valid": "chưa đến ngày có hiệu lực; đồng hồ có thể sai",
    "mismatch": "không mang tên hay địa chỉ này",
    "issuer": "không rõ ai cấp",
    "self-signed": "không rõ ai cấp",
}


def clock() -> Finding:
    """Whether the kernel's clock follows another (adjtimex(2))."""
    if ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) != _TIME_ERROR:
        return ok("clock", f"Đồng hồ được đồng bộ: {datetime.now(UTC).astimezone():%H:%M:%S %d/%m/%Y}.")
    if any(Path(program).exists() for program in _KEEP_TIME):
        advice = "Máy chưa tới được máy chủ giờ nào. Xin xem: timedatectl. Mạng không ra Internet: ghi NTP=máy chủ giờ của cơ quan "
        advice += "vào /etc/systemd/timesyncd.conf, rồi chạy: sudo systemctl restart systemd-timesyncd"
    else:
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
    host = str(urlsplit(wanted).hostname)
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = next((words for said, words in _CERTIFICATE.items() if said in error.verify_message.lower()), error.verify_message)
        return bad("address", f"Chứng thư của {wanted} không đúng: {reason}.", f"{_AGAIN}. {_PROXY}")
    if _is_another_machines(host):
        return bad(
            "address",
            f"Máy này không mang địa chỉ {host}, và không tới được địa chỉ ấy.",
            "Nếu gõ sai, xin chạy: sudo hailong-server setup --address ĐỊA_CHỈ_ĐÚNG",
        )
    reason = _NETWORK.get(getattr(error, "errno", None) or 0, str(error))
    return bad("address", f"Không tới được {wanted}: {reason}.", f"{_PROXY}. Tường lửa phải mở cổng 443 và 80.")


def _is_another_machines(host: str) -> bool:
    """Whether it is an address, and no network card here has it."""
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        return False
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError as error:
            return error.errno == errno.EADDRNOTAVAIL
    return False
