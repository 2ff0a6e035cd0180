"""The kiosk's side of an update: how the last one went, and asking for the one on a stick. `kiosk.updating`, which is root's, does it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from kiosk.texts import Translate, _
from kiosk.updating.signed import SIGNATURE, SUMS
from kiosk.updating.state import ASKED, FOLDER, Last, State, Underway, read_state
from sync.files import write_whole
from sync.updates import Update


class Found(NamedTuple):
    """A package on a stick."""

    file: Path
    version: str


def told(folder: Path = FOLDER) -> Update | None:
    """How the last change of version went, as the server is told it; None where there was none, or this kiosk is not installed so."""
    try:
        state = read_state(folder)
    except OSError:
        return None
    if state.underway is not None:
        said = {"version": state.underway.version, "outcome": "trial"}
    elif state.last is not None:
        said = {"version": state.last.version, "outcome": state.last.outcome, "why": state.last.why}
    else:
        return None
    try:
        return msgspec.convert(said, Update)
    except msgspec.ValidationError:
        return None  # a batch is not to be refused for it


def found(sticks: Iterable[Path]) -> list[Found]:
    """The kiosk's packages on sticks, at the top or in a folder there, each with what the publisher signed beside it."""
    files = sorted(file for stick in sticks for where in ("*.deb", "*/*.deb") for file in stick.glob(where))
    whole = [file for file in files if all(file.with_name(part).is_file() for part in (SUMS, SIGNATURE))]
    parts = [(file, file.name.split("_")) for file in whole]
    return [Found(file, names[1]) for file, names in parts if len(names) == 3 and names[0] == "hailong-kiosk"]


def ask(data: Path, package: Path) -> None:
    """Ask for a package to be installed; systemd sees the file and starts what does it, and closes the kiosk meanwhile. Raises OSError."""
    write_whole(data / ASKED, json.dumps({"package": str(package)}).encode())


_REASONS = {
    "no-first-screen": _("bản mới không mở được màn hình"),
    "no-exchange": _("bản mới không gửi được về máy chủ"),
    "not-installed": _("bản mới không cài được"),
    "cut-off": _("mất điện nhiều lần khi đang cài"),
    "unsigned": _("gói không có chữ ký của nhà phát hành"),
    "unfit": _("gói không hợp với máy này"),
    "no-way-back": _("tệp của bản đang chạy đã bị sửa; xin cài lại gói kiosk"),
    "no-room": _("đĩa không còn đủ chỗ"),
    "unreadable": _("không đọc được gói trên USB"),
    "no-update": _("bản đang chạy chưa được cài trọn vẹn"),
}


def in_words(translate: Translate, folder: Path = FOLDER) -> str:
    """How the last change of version went, in a sentence for a technician; empty where there was none."""
    try:
        state = read_state(folder)
    except OSError:
        return ""
    match state:
        case State(underway=Underway(step="back", version=version)):
            return translate("đang quay lại bản trước, vì bản {version} không chạy được").format(version=version)
        case State(underway=Underway(version=version, seen=True)):
            return translate("bản {version} đã chạy, đang đợi lần gửi đầu tiên về máy chủ").format(version=version)
        case State(underway=Underway(version=version)):
            return translate("đang thử bản {version}").format(version=version)
        case State(last=Last(version=version, outcome="done")):
            return translate("đã lên bản {version}").format(version=version)
        case State(last=Last(version=version, outcome="failed", why=why)):
            said = translate("đã quay lại bản trước: {why} ({version})")
            return said.format(why=translate(_REASONS.get(why, why)), version=version)
        case State(last=Last(version=name, outcome="refused", why=why)):
            return translate("không cài {name}: {why}").format(name=name, why=translate(_REASONS.get(why, why)))
    return ""
