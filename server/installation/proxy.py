"""Caddy in front: TLS, and nothing else reaches the server.

An authority of one's own signs for a year, not for Caddy's twelve hours: a kiosk whose clock is a day off must still believe it. So it
signs with its root, for the intermediate certificate lives a week (Caddy 2.6); whoever has the one key has the other, on the same disk.
"""

import ipaddress
import shutil
import ssl
from pathlib import Path
from typing import Literal

from server.installation.places import AUTHORITY, BEHIND, CADDYFILE, OF_THE_PROXY, OUR_SITE
from server.installation.running import Refused, quietly, run
from sync.files import make_folder, write_whole

Tls = Literal["acme", "files", "internal"]
KINDS: dict[Tls, str] = {
    "acme": "chứng thư tự xin và tự gia hạn (Let's Encrypt); tên phải thấy được từ Internet",
    "files": "tệp chứng thư của cơ quan cấp",
    "internal": "máy chủ tự cấp, dùng trong mạng nội bộ",
}
CERTIFICATE, KEY = OF_THE_PROXY / "certificate.pem", OF_THE_PROXY / "key.pem"
_MAIN = "# Written by `sudo hailong-server setup`. What was here before: Caddyfile.before-hailong\n{\n\tskip_install_trust\n}\n"
_IMPORT = f"import {OUR_SITE.parent}/*.caddy"
_TLS: dict[Tls, str] = {
    "acme": "",
    "files": f"\ttls {CERTIFICATE} {KEY}\n",
    "internal": "\ttls {\n\t\tissuer internal {\n\t\t\tlifetime 8760h\n\t\t\tsign_with_root\n\t\t}\n\t}\n",
}


def site(host: str, tls: Tls) -> str:
    """The part of Caddy's configuration that is ours."""
    secure = f"https://{host} {{\n{_TLS[tls]}\treverse_proxy {BEHIND}\n}}\n"
    if tls != "internal":
        return secure
    given_out = f"\thandle /{AUTHORITY.name} {{\n\t\troot * {OF_THE_PROXY}\n\t\tfile_server\n\t}}\n"
    return secure + f"http://{host} {{\n{given_out}\thandle {{\n\t\tredir https://{{host}}{{uri}}\n\t}}\n}}\n"


def in_force() -> Tls | None:
    """What kind of certificate was set up before, or None."""
    text = OUR_SITE.read_text("utf-8") if OUR_SITE.exists() else ""
    kinds: tuple[Tls, ...] = ("internal", "files")
    return next((kind for kind in kinds if _TLS[kind] in text), "acme") if text else None


def fits(host: str) -> Tls:
    """What kind of certificate a host most likely wants: nobody outside vouches for an address of one's own network."""
    try:
        return "acme" if ipaddress.ip_address(host).is_global else "internal"
    except ValueError:
        return "internal" if "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa")) else "acme"


def check_certificate(certificate: Path, key: Path) -> None:
    """Raises `Refused` when a certificate or its key cannot be read, or they do not belong together."""
    for file in (certificate, key):
        if not file.is_file():
            raise Refused(f"Không có tệp {file}. Chưa thay đổi gì.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except OSError as error:
        raise Refused(f"Chứng thư {certificate} và khóa {key} không đọc được hoặc không đi với nhau: {error}. Chưa thay đổi gì.") from error


def take_certificate(certificate: Path, key: Path) -> None:
    """Copy a certificate and its key, which belong together, to where Caddy may read them."""
    make_folder(OF_THE_PROXY)
    for source, target in ((certificate, CERTIFICATE), (key, KEY)):
        write_whole(target, source.read_bytes(), 0o640)
        shutil.chown(target, "root", "caddy")


def put_in_front(host: str, tls: Tls) -> None:
    """Configure Caddy and let it take over. Raises `Refused` with what it says."""
    make_folder(OUR_SITE.parent)
    write_whole(OUR_SITE, site(host, tls).encode())
    _import_our_site()
    run("caddy", "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE), failing="Cấu hình của Caddy có lỗi")
    run("systemctl", "enable", "--quiet", "caddy")
    run("systemctl", "restart", "caddy", failing="Caddy không chạy được. Có chương trình nào đang giữ cổng 80 hoặc 443 không (ss -ltnp)?")


def _import_our_site() -> None:
    """Debian's own page goes; what a person configured stays, and is added to."""
    text = CADDYFILE.read_text("utf-8") if CADDYFILE.exists() else ""
    if _IMPORT in text:
        return
    if text:
        kept = CADDYFILE.with_name(f"{CADDYFILE.name}.before-hailong")
        if not kept.exists():
            shutil.copy2(CADDYFILE, kept)
    untouched = not text or not quietly("dpkg", "--verify", "caddy")
    write_whole(CADDYFILE, (f"{_MAIN}{_IMPORT}\n" if untouched else f"{text.rstrip()}\n\n{_IMPORT}\n").encode())
