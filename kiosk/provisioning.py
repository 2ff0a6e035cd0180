"""The provisioning part of kiosk.toml: with it a kiosk takes votes before its first contact, and enrols by itself later.

[provision]
secret = "26 characters"          good for one kiosk, 14 days
signing_key = "64 hex characters" of the server, so that its first answer can be checked
sealing_key = "64 hex characters" to which comments are sealed
roster = "roster.json"            unit, counter and officers; beside kiosk.toml
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kiosk.texts import _
from sync.entries import Malformed
from sync.wire import KioskConfig, Place, decode

STARS = "***"
MISSING = _("còn thiếu")
NO_ROSTER = _("tệp không có hoặc không đọc được; xin chép lại cả thư mục do máy chủ tạo")
_PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")
_SECRET = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


@dataclass(frozen=True)
class Provision:
    """What a server prepared for the kiosk of one counter. roster: a configuration's bytes."""

    secret: str = field(repr=False)
    signing_key: str
    sealing_key: str
    roster: bytes = field(repr=False)

    @property
    def unit(self) -> Place:
        return self._config.unit

    @property
    def counter(self) -> Place:
        return self._config.counter

    @property
    def _config(self) -> KioskConfig:
        return decode(self.roster, KioskConfig)


class Amiss(NamedTuple):
    """A key of the table that cannot be used. found, expected: for the technician; of a secret, found is stars."""

    key: str
    found: str
    expected: str


def read_provision(folder: Path, table: object) -> Provision | list[Amiss]:
    """What the table `provision` of a kiosk.toml in the folder says, or everything that is amiss with it."""
    if not isinstance(table, dict):
        return [Amiss("provision", STARS, _("cần một bảng [provision] do máy chủ tạo"))]
    amiss = [Amiss(f"provision.{key}", "", _("không có khóa này trong bảng [provision]")) for key in table if key not in _RULES]
    for key, (holds, expected) in _RULES.items():
        if key not in table:
            amiss.append(Amiss(f"provision.{key}", MISSING, expected))
        elif not holds(folder, table[key]):
            found = STARS if key == "secret" else repr(table[key])
            amiss.append(Amiss(f"provision.{key}", found, NO_ROSTER if key == "roster" and isinstance(table[key], str) else expected))
    if amiss:
        return amiss
    return Provision(table["secret"], table["signing_key"], table["sealing_key"], (folder / table["roster"]).read_bytes())


def _matches(pattern: re.Pattern[str]) -> Callable[[Path, object], bool]:
    return lambda _folder, value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_roster(folder: Path, value: object) -> bool:
    try:
        return isinstance(value, str) and bool(decode((folder / value).read_bytes(), KioskConfig))
    except (OSError, ValueError, Malformed):
        return False


_RULES: dict[str, tuple[Callable[[Path, object], bool], str]] = {
    "secret": (_matches(_SECRET), _("cần mã bí mật 26 ký tự do máy chủ tạo")),
    "signing_key": (_matches(_PUBLIC_KEY), _("cần khóa công khai của máy chủ, 64 chữ số thập lục phân")),
    "sealing_key": (_matches(_PUBLIC_KEY), _("cần khóa công khai của máy chủ, 64 chữ số thập lục phân")),
    "roster": (_is_roster, _("cần đường dẫn tới tệp danh sách cán bộ do máy chủ tạo")),
}
