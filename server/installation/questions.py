"""What setup wants to know: from options, from what was set up before, and for the rest from a person, five questions at most."""

import argparse
import fcntl
import ipaddress
import re
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

from server.installation.arguments import Arguments
from server.installation.places import EMBEDDED
from server.installation.proxy import KINDS, Tls, fits
from server.installation.running import Refused

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_NOBODY = ("192.0.2.1", 9)  # TEST-NET-1 (RFC 5737): no packet is sent, the system only says by which address it would be
_SIOCGIFADDR, _IFREQ_BYTES = 0x8915, 40
MOST_COUNTERS = 99

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Wanted:
    """host: name or address, as kiosks and people reach the server. unit: to be made if it is not there, or empty; it is a commune with
    `counters` if `commune`, else a province. province: over the commune, or empty. out: where the kiosks' folders go, or None.
    """

    host: str
    tls: Tls
    certificate: Path | None
    key: Path | None
    postgresql: bool
    admin: str
    unit: str
    commune: bool
    province: str
    counters: int
    out: Path | None


def wanted(words: Sequence[str], before: Mapping[str, str], tls_before: Tls | None = None) -> Wanted:
    """Read the options, and ask for what they leave open. before, tls_before: what is in force. Raises `Refused` for a senseless answer."""
    given = _options(words)
    commune = given.commune is not None
    ask = _Questions(given.yes or not sys.stdin.isatty())
    called = "Địa chỉ của máy chủ, như kiosk và máy văn phòng gọi tới"
    host = _host(given.address) if given.address else ask(called, _usual_host(before, commune), _host)
    tls = cast(Tls, given.tls or ("files" if given.certificate else _kind(host, before, tls_before, ask)))
    if tls == "acme" and fits(host) == "internal":
        raise Refused(f"Let's Encrypt không cấp chứng thư cho {host}: từ Internet không thấy. Xin dùng --tls internal hoặc --tls files.")
    certificate, key = given.certificate, given.key
    if tls == "files" and not (certificate and key) and tls_before != "files":
        certificate = ask("Tệp chứng thư (PEM, đủ chuỗi)", "", _file)
        key = ask("Tệp khóa của chứng thư (PEM)", "", _file)
    unit = given.commune if commune else given.unit
    if unit is None:
        unit = "" if before else ask("Tên tỉnh, thành phố (bỏ trống: tự thêm sau)", "", str)
    counters = given.counters
    if commune and counters is None:
        counters = ask("Số quầy", "4", _number)
    return Wanted(
        host=host,
        tls=tls,
        certificate=certificate,
        key=key,
        postgresql=_postgresql(given, before),
        admin=given.admin,
        unit=unit,
        commune=commune,
        province=given.province or "",
        counters=counters or 0,
        out=given.out,
    )


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = Arguments("setup", "Thiết lập máy chủ Hài Lòng. Chạy lại bao nhiêu lần cũng được: cái gì có rồi thì giữ nguyên.")
    parser.add_argument("--address", metavar="TÊN", help="tên hoặc địa chỉ IP của máy chủ, như kiosk gọi tới")
    parser.add_argument("--tls", choices=list(KINDS), help="; ".join(f"{kind}: {words}" for kind, words in KINDS.items()))
    parser.add_argument("--certificate", type=Path, metavar="TỆP", help="với --tls files: chứng thư (PEM)")
    parser.add_argument("--key", type=Path, metavar="TỆP", help="với --tls files: khóa (PEM)")
    parser.add_argument("--sqlite", action="store_true", help="không dùng PostgreSQL; đủ cho một xã")
    parser.add_argument("--admin", default="admin", metavar="TÊN", help="tên đăng nhập của người quản trị (mặc định: admin)")
    parser.add_argument("--unit", metavar="TÊN", help="tên tỉnh, thành phố")
    parser.add_argument("--commune", metavar="TÊN", help="một xã trên một máy tính: SQLite, các quầy và tệp cài sẵn cho kiosk")
    parser.add_argument("--province", metavar="TÊN", help="với --commune: tỉnh của xã")
    parser.add_argument("--counters", type=_number, metavar="N", help="với --commune: số quầy")
    parser.add_argument("--out", type=Path, metavar="THƯ_MỤC", help="với --commune: nơi chép tệp cài sẵn của các quầy, thường là USB")
    parser.add_argument("--yes", action="store_true", help="không hỏi gì, dùng câu trả lời mặc định")
    return parser.parse_args(words)


def _postgresql(given: argparse.Namespace, before: Mapping[str, str]) -> bool:
    """What was chosen once stays: another database would be an empty one."""
    if before:
        return bool(before.get("HAILONG_DATABASE_URL"))
    return not (given.sqlite or given.commune or EMBEDDED.exists())


def _usual_host(before: Mapping[str, str], commune: bool) -> str:
    if address := urlsplit(before.get("HAILONG_ADDRESS", "")).hostname:
        return address
    name = socket.getfqdn()
    return _own_address() if commune or "." not in name or name.startswith("localhost") else name


def _own_address() -> str:
    """By which this machine is known in its network; empty without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOBODY)
            return str(probe.getsockname()[0])
        except OSError:  # a network that leads nowhere else
            return next(_addresses(probe), "")


def _addresses(probe: socket.socket) -> Iterator[str]:
    """Of each network card that has one (netdevice(7))."""
    for _, card in socket.if_nameindex():
        with suppress(OSError):
            answer = fcntl.ioctl(probe, _SIOCGIFADDR, card.encode().ljust(_IFREQ_BYTES, b"\0"))
            if not (address := ipaddress.IPv4Address(answer[20:24])).is_loopback:
                yield str(address)


def _kind(host: str, before: Mapping[str, str], tls_before: Tls | None, ask: "_Questions") -> Tls:
    """The kind in force is what stands in brackets, for the same name: who chose wrongly must be able to choose again."""
    kept = tls_before if urlsplit(before.get("HAILONG_ADDRESS", "")).hostname == host else None
    if fits(host) == "internal":
        return "internal" if kept in (None, "acme") else kept
    lines = [f"  {number}. {words}" for number, words in enumerate(KINDS.values(), 1)]
    return ask("\n".join(["Chứng thư TLS:", *lines, "Chọn số"]), str(list(KINDS).index(kept or "acme") + 1), _kind_by_number)


def _kind_by_number(text: str) -> Tls:
    if text not in ("1", "2", "3"):
        raise Refused("Cần chọn 1, 2 hoặc 3.")
    return list(KINDS)[int(text) - 1]


def _file(text: str) -> Path:
    if not text:
        raise Refused("Cần hai tệp: --certificate TỆP --key TỆP.")
    if not Path(text).is_file():
        raise Refused(f"Không có tệp {text}.")
    return Path(text)


def _host(text: str) -> str:
    host = text.strip().lower().removeprefix("https://").rstrip("/")
    if not _HOST.fullmatch(host):
        raise Refused(f"“{text}” không phải tên hay địa chỉ của máy chủ. Ví dụ: hailong.tinh.gov.vn hoặc 192.168.1.10 (không kèm cổng).")
    return host


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:4]) <= MOST_COUNTERS:
        raise Refused(f"Số quầy là một số từ 1 đến {MOST_COUNTERS}.")
    return int(text)


class _Questions:
    """Asks somebody at a terminal until the answer makes sense. silent: nobody is there, the usual answers are taken."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent

    def __call__(self, question: str, usual: str, understood: Callable[[str], Answer]) -> Answer:
        """The answer, or the usual one for an empty line. Raises `Refused` at the end of the input, or for a usual one without sense."""
        if self._silent:
            return understood(usual)
        while True:
            sys.stdout.write(f"{question}{f' [{usual}]' if usual else ''}: ")
            sys.stdout.flush()
            if not (line := sys.stdin.readline()):
                raise Refused("Chưa trả lời hết các câu hỏi. Chưa thay đổi gì.")
            try:
                return understood(line.strip() or usual)
            except Refused as error:
                sys.stdout.write(f"  {error}\n")
