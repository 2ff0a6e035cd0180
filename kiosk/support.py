"""What whoever helps from afar needs to see of a kiosk, in one ZIP file for a stick or an e-mail: the log, how the kiosk is, its settings
and versions, what the system says. No vote, no comment, no officer; no key, code, PIN or password.
"""

import hashlib
import importlib.metadata
import io
import os
import platform
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk import RELEASED, __version__
from kiosk.clocks import Clocks
from kiosk.condition import condition
from kiosk.enrolment import load_identity
from kiosk.export import StickFault
from kiosk.findings import Finding
from kiosk.hours import LOCAL
from kiosk.logs import log_files
from kiosk.proof import FILE as PROOF
from kiosk.roster import Roster
from kiosk.settings import Settings
from sync.files import write_whole

NAME = "hailong-nhat-ky"
ABOUT = """Nhật ký và tình trạng của một kiosk Hài Lòng, cho người hỗ trợ kỹ thuật.
Không có lượt đánh giá, góp ý hay tên cán bộ; không có khóa, mã, mã PIN hay mật khẩu nào trong tệp này.

The log and the state of a kiosk, for technical support. No votes, comments or officers; no keys, codes, PINs or passwords.
"""
TOLD = ("status.json", PROOF)  # of the data folder, as they are
SYSTEM = ("etc/os-release", "etc/resolv.conf", "proc/bus/input/devices", "proc/loadavg", "proc/meminfo", "proc/net/route", "proc/uptime")
PACKAGES = ("kivy", "msgspec", "pynacl", "requests", "sqlite-utils", "urllib3")
MOST_SYSTEM_BYTES = 64 * 1024


def write_support_file(settings: Settings, stick: Path, clocks: Clocks, findings: Iterable[Finding] = ()) -> Path:
    """Write the file on a stick, and read it back; its path. findings: of `doctor`. Raises `StickFault`, OSError."""
    with io.BytesIO() as whole:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _files(settings, clocks):
                archive.writestr(name, content)
            archive.writestr("doctor.json", _json(list(findings)))
        made = whole.getvalue()
    path = stick / _name(settings, clocks)
    try:
        write_whole(path, made)
        if hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(made).digest():
            raise OSError(f"what was written is not what can be read: {path}")
    except OSError as error:
        raise StickFault(error) from error
    return path


def _name(settings: Settings, clocks: Clocks) -> str:
    identity = load_identity(settings.data, settings.provision)
    who = identity.enrolment.device if identity and identity.enrolment else platform.node() or "kiosk"
    return f"{NAME}-{who}-{clocks.now().at.astimezone(LOCAL):%Y%m%d-%H%M%S}.zip"


def _files(settings: Settings, clocks: Clocks) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", ABOUT.encode()
    for file in log_files(settings.data):
        with suppress(OSError):
            yield f"logs/{file.name}", file.read_bytes()
    for name in TOLD:
        with suppress(OSError):
            yield name, (settings.data / name).read_bytes()
    identity = load_identity(settings.data, settings.provision)
    if identity is not None:
        config = Roster(settings.data, identity.unit, identity.counter).config
        yield "condition.json", _json(condition(settings.data, identity, config, clocks.now()))
    yield "settings.json", _json(_without_secrets(settings))
    yield "versions.json", _json(_versions())
    yield "files.txt", "\n".join(_listed(settings.data)).encode()
    for name in SYSTEM:
        with suppress(OSError), (Path("/") / name).open("rb") as opened:
            yield f"system/{name.replace('/', '-')}", opened.read(MOST_SYSTEM_BYTES)


def _without_secrets(settings: Settings) -> dict[str, Any]:
    """Every setting, but of a proxy the address only, and of the provisioning nothing but that it is there."""
    told = {name: value if isinstance(value, int | float | None) else str(value) for name, value in vars(settings).items()}
    return {**told, "proxy": settings.proxy and settings.proxy.address, "provision": settings.provision is not None}


def _versions() -> dict[str, Any]:
    found = {}
    for name in PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return {
        "kiosk": __version__,
        "released": f"{RELEASED:%Y-%m-%d}",
        "python": sys.version,
        "system": platform.platform(),
        "bundled": hasattr(sys, "_MEIPASS"),
        "packages": found,
    }


def _listed(folder: Path) -> Iterator[str]:
    """Each file below the folder: its size in bytes, when it was changed, its name."""
    for path in sorted(folder.rglob("*")):
        with suppress(OSError):
            if path.is_file():
                about = path.stat()
                changed = datetime.fromtimestamp(about.st_mtime, UTC)
                yield f"{about.st_size:>12} {changed:%Y-%m-%dT%H:%M:%SZ} {os.fsdecode(path.relative_to(folder))}"


def _json(told: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(told), indent=2)
