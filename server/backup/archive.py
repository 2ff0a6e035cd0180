"""The file that a backup is: a tar of `manifest.json` and the parts that it names, each with its SHA-256."""

import hashlib
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from sync.files import sync_directory

MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 1024 * 1024
_PIECE = 1024 * 1024
_PART_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class BadBackup(Exception):
    """The file is no backup of ours, or is damaged; the message says where."""


class Counts(msgspec.Struct, frozen=True):
    """What a database held when it was copied. entries: of all ledgers, without gaps."""

    units: int
    devices: int
    ledgers: int
    entries: int
    votes: int

    def __str__(self) -> str:
        of_ledgers = f"{self.ledgers} ledgers with {self.entries:,} entries"
        return f"{self.units} units, {self.devices} devices, {of_ledgers}, {self.votes:,} votes"

    def for_people(self) -> str:
        """The same for who looks after the server."""
        votes = f"{self.votes:,}".replace(",", ".")
        return f"{self.units} đơn vị, {self.devices} kiosk, {votes} lượt đánh giá"


class Part(msgspec.Struct, frozen=True):
    """One file of a backup."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a backup.

    version: of the program that made it. signing_key: public key (hex) by which kiosks know the server. migrations: which
    the database had seen, as app.name. counts, migrations: none for kind `keys`.
    """

    format: Literal[1] = 1
    kind: Literal["sqlite", "postgresql", "keys"]
    version: str
    made_at: datetime
    signing_key: str
    migrations: list[str] = []
    counts: Counts | None = None
    parts: list[Part]


def part(name: str, path: Path) -> Part:
    """The entry of a manifest for a file. Raises OSError."""
    with path.open("rb") as file:
        return Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(path: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Make a backup of the files (by the names of the manifest's parts): whole on the disk, or not there.

    Raises OSError, FileExistsError when there is something at `path` already.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            mode: Literal["w", "w:gz"] = "w" if manifest.kind == "postgresql" else "w:gz"  # pg_dump packs its own
            with tarfile.open(fileobj=output, mode=mode, **({} if mode == "w" else {"compresslevel": 1})) as tar:  # type: ignore[call-overload]
                _add(tar, MANIFEST, BytesIO(text := msgspec.json.format(msgspec.json.encode(manifest))), len(text))
                for one in manifest.parts:
                    with files[one.name].open("rb") as file:
                        _add(tar, one.name, file, one.bytes)
            output.flush()
            os.fsync(output.fileno())
        os.link(aside, path)  # refuses what is there already, as replacing would not
        sync_directory(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO | BytesIO, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def unpack(path: Path, folder: Path) -> Manifest:
    """Write the parts of a backup into a folder, each checked by its sum. Raises `BadBackup`, OSError."""
    with _opened(path) as tar:
        manifest = _manifest(tar)
        for one in manifest.parts:
            _unpack(tar, one, folder)
        return manifest


def read_manifest(path: Path) -> Manifest:
    """What a backup says that it holds; its parts are not looked at. Raises `BadBackup`, OSError."""
    with _opened(path) as tar:
        return _manifest(tar)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:*") as tar:
            yield tar
    except tarfile.ReadError as error:
        if path.stat().st_size and str(error).startswith("file could not be opened"):
            raise BadBackup(f"{path.name} không phải bản sao lưu của Hài Lòng.") from error
        raise BadBackup(f"{path.name} không còn nguyên vẹn: {_in_one_line(error)}") from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BadBackup(f"{path.name} không còn nguyên vẹn: {error}") from error


def _in_one_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if stream is None:
        raise BadBackup(f"Tệp này không phải bản sao lưu của Hài Lòng: thiếu {MANIFEST} ở đầu.")
    try:
        manifest = msgspec.json.decode(stream.read(MAX_MANIFEST_BYTES), type=Manifest)
    except msgspec.DecodeError as error:
        raise BadBackup(f"Bản sao lưu bị hỏng ở {MANIFEST}: {error}") from error
    for one in manifest.parts:
        if not _PART_NAME.fullmatch(one.name):
            raise BadBackup(f"Bản sao lưu bị hỏng: tên không dùng được trong {MANIFEST}: {one.name!r}")
    return manifest


def _unpack(tar: tarfile.TarFile, one: Part, folder: Path) -> None:
    try:
        stream = tar.extractfile(one.name)
    except KeyError:
        stream = None
    if stream is None:
        raise BadBackup(f"Bản sao lưu bị hỏng: thiếu {one.name}")
    target = folder / one.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        shutil.copyfileobj(stream, output, _PIECE)
        output.flush()
        os.fsync(output.fileno())
    if part(one.name, target) != one:
        raise BadBackup(f"Bản sao lưu bị hỏng: {one.name} không đúng mã SHA-256 đã ghi")
