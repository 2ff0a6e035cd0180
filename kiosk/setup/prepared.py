"""Folders that a server prepared for counters (`provision`, or the page Thiết bị), as they lie on a USB stick: one for a kiosk at its top,
one for each counter of a commune, or the ZIP of them just as it was downloaded.

Which tablet took which is written on the stick, in a folder of its own, so that the next one shows it:

    hailong-da-dung/6f1ed002ab559585.json    {"counter": "Quầy 3", "at": "2026-11-26T10:32:07+07:00", "key": the tablet's public key}
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

import msgspec

from kiosk.provisioning import Provision
from kiosk.settings import BadSettings, Fault, Settings, read_settings
from kiosk.texts import _
from sync.files import make_folder, write_whole
from sync.wire import sha256

SETTINGS, ROSTER, CERTIFICATES = "kiosk.toml", "roster.json", "ca.pem"
FILES = (SETTINGS, ROSTER, CERTIFICATES)
USED = "hailong-da-dung"
DEEP = 2  # folders below the top of a stick: a ZIP is often unpacked into one of its own
MOST_FOLDERS, MOST_BYTES = 500, 2 * 1024 * 1024


class Prepared(NamedTuple):
    """folder: with the kiosk.toml. stick: on which it lies, or its ZIP. written: when it, or the ZIP, was, by the stick, in nanoseconds.
    settings: what it says; faults: why it says nothing of use.
    """

    folder: Path
    stick: Path
    written: int
    settings: Settings | None
    faults: list[Fault]

    @property
    def provision(self) -> Provision | None:
        return self.settings.provision if self.settings else None


class Mark(msgspec.Struct, frozen=True):
    """That a tablet took a folder. counter: for people who look at the stick. key: its public key."""

    counter: str
    at: datetime
    key: str


class Finder:
    """Looks on sticks again and again; a ZIP is unpacked once, until `close`, where only the program's user may read."""

    def __init__(self) -> None:
        self._unpacked: dict[tuple[Path, int, int], tempfile.TemporaryDirectory[str]] = {}

    def find(self, sticks: Iterable[Path]) -> list[Prepared]:
        """What lies on the sticks, in the order of their folders' names."""
        return [prepared for stick in sticks for prepared in self._on(stick)][:MOST_FOLDERS]

    def close(self) -> None:
        """Remove what was unpacked: there are secrets in it."""
        for folder in self._unpacked.values():
            folder.cleanup()
        self._unpacked.clear()

    def _on(self, stick: Path) -> Iterator[Prepared]:
        for file in _below(stick, SETTINGS):
            yield _read(file, stick, file)
        for archive in _below(stick, "*.zip"):
            for file in _below(self._unpack(archive), SETTINGS):
                yield _read(file, stick, archive)

    def _unpack(self, archive: Path) -> Path:
        try:
            seen = archive.stat()
            known = (archive, seen.st_mtime_ns, seen.st_size)
            if known not in self._unpacked:
                self._unpacked[known] = tempfile.TemporaryDirectory(prefix="hailong-setup-")
                _extract(archive, Path(self._unpacked[known].name))
            return Path(self._unpacked[known].name)
        except (OSError, BadZipFile, RuntimeError):  # RuntimeError: it wants a password
            return Path("/nonexistent")


def mark_of(prepared: Prepared) -> Mark | None:
    """Who took it, as its stick says."""
    if prepared.provision is None:
        return None
    try:
        return msgspec.json.decode(_mark_file(prepared.stick, prepared.provision).read_bytes(), type=Mark)
    except (OSError, msgspec.DecodeError):
        return None


def mark(prepared: Prepared, at: datetime, key: str) -> None:
    """Say on the stick that the tablet of that key took it. Raises OSError: it may be write-protected."""
    if prepared.provision is None:
        return
    file = _mark_file(prepared.stick, prepared.provision)
    make_folder(file.parent)
    write_whole(file, msgspec.json.encode(Mark(prepared.provision.counter.name, at, key)))


def _mark_file(stick: Path, provision: Provision) -> Path:
    return stick / USED / f"{sha256(provision.secret.encode())[:16]}.json"


def _below(folder: Path, pattern: str) -> Iterator[Path]:
    """Files of that name at its top and in the folders below, without hidden ones: a Mac leaves such on every stick."""
    for deep in range(DEEP + 1):
        for file in sorted(folder.glob("*/" * deep + pattern)):
            if not any(part.startswith((".", "__MACOSX")) for part in file.relative_to(folder).parts) and file.is_file():
                yield file


def _read(file: Path, stick: Path, carrier: Path) -> Prepared:
    try:
        written = carrier.stat().st_mtime_ns
    except OSError:  # pulled out: nothing else can be read either
        written = 0
    try:
        settings = read_settings(file)
    except BadSettings as bad:
        return Prepared(file.parent, stick, written, None, bad.faults)
    if settings.provision is None:
        no_secret = Fault(file, "provision", "", _("còn thiếu; xin dùng thư mục cấu hình do máy chủ tạo cho một quầy"))
        return Prepared(file.parent, stick, written, None, [no_secret])
    return Prepared(file.parent, stick, written, settings, [])


def _extract(archive: Path, folder: Path) -> None:
    """Our files alone, by their names and the folder above: nothing in an archive leads out of the folder."""
    with ZipFile(archive) as packed:
        for entry in packed.infolist():
            path = PurePosixPath(entry.filename)
            if path.name not in FILES or len(path.parts) > DEEP + 1 or entry.file_size > MOST_BYTES:
                continue
            place = folder / "".join(character if character.isalnum() else "-" for character in path.parent.name or "kiosk")
            place.mkdir(exist_ok=True)
            (place / path.name).write_bytes(packed.read(entry))
