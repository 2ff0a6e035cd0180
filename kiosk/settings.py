"""What a technician sets, read once from kiosk.toml. All faults are told at once."""

import ipaddress
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from kiosk.os_errors import in_words
from kiosk.provisioning import MISSING, STARS, Provision, read_provision
from kiosk.texts import LANGUAGES, Translate, _
from sync.proxy import Proxy, parse_proxy
from sync.trust import is_certificate_file

DEFAULT_FILE = platformdirs.user_config_path("hailong") / "kiosk.toml"
DEFAULT_DATA = platformdirs.user_data_path("hailong")
SERVER_ADDRESS = _('cần địa chỉ https:// (http:// chỉ dùng cho chính máy này), không kèm đường dẫn, ví dụ "https://hailong.tinh.gov.vn"')


@dataclass(frozen=True)
class Settings:
    """A kiosk's settings. data: folder of ledger, journal and keys. ca_file: certificates to trust instead of the system's, in
    kiosk.toml beside that file or absolute.

    proxy: through which the server is reached, or None; those of the environment are not used. provision: what a server prepared for
    this kiosk, or None. idle_seconds: without a touch, until a citizen's turn ends by itself. diagonal_inches: of the display; None is
    what it reports. low: controls in the lower part of a large display. brightness: of the display, in percent of its brightest; None
    is as the system has it. volume: 0 (silence) to 100. spoken_question: whether citizens may hear the question. sounds: folder of
    recorded ones, as `kiosk.sounds.Files` takes them, or None; in kiosk.toml beside that file or absolute.
    """

    server: str
    data: Path = DEFAULT_DATA
    ca_file: Path | None = None
    proxy: Proxy | None = None
    language: str = "vi"
    thanks_seconds: float = 4.0
    idle_seconds: float = 20.0
    diagonal_inches: float | None = None
    low: bool = False
    brightness: int | None = None
    volume: int = 60
    spoken_question: bool = False
    sounds: Path | None = None
    provision: Provision | None = None


@dataclass(frozen=True)
class Fault:
    """One thing to mend. key: None where it is about the whole file. expected: a sentence in Vietnamese, to be translated."""

    file: Path
    key: str | None
    found: str
    expected: str

    def sentence(self, translate: Translate) -> str:
        """What a technician reads: file, key, what was found, what is expected."""
        where = str(self.file) if self.key is None else f"{self.file}: {self.key}"
        found = f" ({translate(self.found)})" if self.found else ""
        return f"{where}{found}: {translate(self.expected).replace('{keys}', ', '.join([*_RULES, 'provision']))}"


class BadSettings(Exception):
    """The settings cannot be used; `faults` names every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults

    def misses(self, key: str) -> bool:
        """Whether the file does not have the key."""
        return any((fault.key, fault.found) == (key, MISSING) for fault in self.faults)


def read_settings(file: Path) -> Settings:
    """The settings in a file. Raises `BadSettings` with every fault that it has."""
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        hint = _("không có tệp này: xin cài đặt trên màn hình của máy, hoặc bằng lệnh: sudo hailong-kiosk enrol --server https://… MÃ")
        raise BadSettings([Fault(file, None, "", hint)]) from None
    except OSError as error:
        raise BadSettings([Fault(file, None, *in_words(error))]) from None
    except UnicodeDecodeError:
        raise BadSettings([Fault(file, None, "", _("tệp phải được lưu dạng UTF-8"))]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings([Fault(file, None, str(error), _("không đúng cú pháp TOML"))]) from None
    return _check(file, table)


def read_begun(file: Path) -> Settings:
    """The settings before a server was named: there may be no file, or one that a technician began. Without a server there `server` is
    empty. Raises `BadSettings` for any other fault.
    """
    if not file.exists():
        return Settings("")
    try:
        return read_settings(file)
    except BadSettings as bad:
        if not bad.misses("server") or len(bad.faults) > 1:
            raise
    table = tomllib.loads(file.read_text("utf-8"))
    return replace(_check(file, {**table, "server": "https://localhost"}), server="")


def is_server_address(value: object) -> bool:
    """https://host[:port], or plain http to this very machine (a try-out)."""
    if not isinstance(value, str) or any(mark.isspace() or mark in "\"'\\" for mark in value):
        return False
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return False
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_proxy(value: object) -> bool:
    """http://[user:password@]host:port."""
    try:
        return isinstance(value, str) and bool(parse_proxy(value))
    except ValueError:
        return False


def _number_between(least: float, most: float) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "server": (is_server_address, SERVER_ADDRESS),
    "data": (lambda value: isinstance(value, str) and value != "", _("cần đường dẫn thư mục dữ liệu")),
    "ca_file": (
        lambda value: isinstance(value, str) and is_certificate_file(Path(value)),
        _("cần đường dẫn tới một tệp chứng thư (PEM) có thật"),
    ),
    "proxy": (is_proxy, _('cần địa chỉ proxy, ví dụ "http://10.0.0.1:3128" hoặc "http://tên:mật-khẩu@10.0.0.1:3128"')),
    "language": (lambda value: value in LANGUAGES, _('cần mã của một ngôn ngữ có trong assets/locale, ví dụ "vi" hoặc "en"')),
    "thanks_seconds": (_number_between(0.1, 60), _("cần một số giây từ 0.1 đến 60")),
    "idle_seconds": (_number_between(15, 120), _("cần một số giây từ 15 đến 120")),
    "diagonal_inches": (_number_between(7, 32), _("cần đường chéo màn hình bằng inch, từ 7 đến 32")),
    "low": (lambda value: isinstance(value, bool), _("cần true hoặc false")),
    "brightness": (lambda value: _number_between(10, 100)(value) and isinstance(value, int), _("cần một số nguyên từ 10 đến 100")),
    "volume": (lambda value: _number_between(0, 100)(value) and isinstance(value, int), _("cần một số nguyên từ 0 (im lặng) đến 100")),
    "spoken_question": (lambda value: isinstance(value, bool), _("cần true hoặc false")),
    "sounds": (lambda value: isinstance(value, str) and Path(value).is_dir(), _("cần đường dẫn tới một thư mục có thật")),
}
_MAKE: dict[str, Callable[[Any], object]] = {
    "data": Path,
    "ca_file": Path,
    "proxy": parse_proxy,
    "sounds": Path,
    "thanks_seconds": float,
    "idle_seconds": float,
    "diagonal_inches": float,
}
_SECRET = {"proxy"}


def _check(file: Path, table: dict[str, object]) -> Settings:
    faults = [Fault(file, key, "", _("không có khóa này; các khóa: {keys}")) for key in table if key not in _RULES and key != "provision"]
    for name in ("ca_file", "sounds"):
        if isinstance(path := table.get(name), str):
            table = {**table, name: str(file.parent / path)}
    if "server" not in table:
        faults.append(Fault(file, "server", MISSING, _RULES["server"][1]))
    values: dict[str, Any] = {}
    for key, (holds, expected) in _RULES.items():
        if key not in table:
            continue
        if holds(table[key]):
            values[key] = _MAKE[key](table[key]) if key in _MAKE else table[key]
        else:
            faults.append(Fault(file, key, STARS if key in _SECRET else repr(table[key]), expected))
    if "provision" in table:
        values["provision"] = read_provision(file.parent, table["provision"])
        if not isinstance(values["provision"], Provision):
            faults += [Fault(file, *amiss) for amiss in values["provision"]]
    if faults:
        raise BadSettings(faults)
    return Settings(**values)
