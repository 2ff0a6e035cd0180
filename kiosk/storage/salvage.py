"""What can be read of a ledger's database without SQLite: rows found by the shape of their records, page by page, whatever else is damaged.

A row of `entries` is a record (https://www.sqlite.org/fileformat2.html, section 2.1): a header of serial types, then number, seq,
line and digest, one after the other. The digest always has 64 characters, so its serial type is always the bytes 81 0d: that is
what is looked for, in the file and in its WAL. Whether a row is genuine, the chain of digests says (kiosk/storage/pieces.py).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kiosk.storage.journal import Record

_ENTRY = re.compile(rb"[\x06-\x08]([\x00-\x09])([\x00-\x09])((?:[\x80-\xff]{1,2})?[\x00-\x7f])\x81\x0d", re.DOTALL)
_LEDGER = re.compile(rb"[\x07-\x20]\x00\x59([\x00-\x09])\x81\x0d([\x00-\x09])", re.DOTALL)
_DIGEST = re.compile(rb"[0-9a-f]{64}")
_NAME = re.compile(rb"l-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8, 0, 0, 0)
_WAL_HEADER, _FRAME_HEADER = 32, 24


class LedgerRow(NamedTuple):
    """A row of `ledgers`, as it was at some time."""

    number: int
    name: str
    floor: Record
    acked: int
    carried_after: int | None


class Pages:
    """A database file, and the committed part of its WAL."""

    def __init__(self, path: Path) -> None:
        self._path = path
        wal = _bytes_of(path.with_name(path.name + "-wal"))
        self._size = _page_size(wal[8:12]) if wal else _page_size(self.file[16:18])
        self.wal = list(_committed(wal, self._size))

    @cached_property
    def file(self) -> bytes:
        """What is in the file, read when it is first asked for."""
        return _bytes_of(self._path)

    def chunks(self) -> Iterator[bytes]:
        """Every page of the WAL, and the file as one."""
        yield self.file
        yield from self.in_the_wal()

    def in_the_wal(self) -> Iterator[bytes]:
        """Every page of the WAL."""
        return (page for _, page in self.wal)

    def overflow(self, first: int, length: int) -> bytes:
        """The rest of a record that did not fit into its page."""
        found = b""
        while len(found) < length and first:
            page = next((page for number, page in reversed(self.wal) if number == first), None)
            page = page or self.file[(first - 1) * self._size : first * self._size]
            if len(page) < 4:
                break
            first, found = int.from_bytes(page[:4], "big"), found + page[4:]
        return found[:length]

    def local(self, payload: int) -> int:
        """How many bytes of an index record's payload lie in its page (section 1.6)."""
        most, least = (self._size - 12) * 64 // 255 - 23, (self._size - 12) * 32 // 255 - 23
        if payload <= most:
            return payload
        kept = least + (payload - least) % (self._size - 4)
        return kept if kept <= most else least


def entries(pages: Pages, chunks: Iterable[bytes]) -> Iterator[tuple[int, Record]]:
    """Number of the ledger and record, for everything in those chunks of the pages that looks like a row of `entries`."""
    for data in chunks:
        for match in _ENTRY.finditer(data):
            found = _entry(pages, data, match)
            if found is not None:
                yield found


def ledgers(pages: Pages) -> Iterator[LedgerRow]:
    """Everything that looks like a row of `ledgers`; the same ledger comes several times."""
    for data in pages.chunks():
        for match in _LEDGER.finditer(data):
            found = _ledger(data, match)
            if found is not None:
                yield found


def names(path: Path) -> frozenset[str]:
    """The names of all ledgers that a database mentions."""
    return frozenset(name.decode() for chunk in Pages(path).chunks() for name in _NAME.findall(chunk))


def _entry(pages: Pages, data: bytes, match: re.Match[bytes]) -> tuple[int, Record] | None:
    number_size, seq_size = _INTEGER_BYTES[match[1][0]], _INTEGER_BYTES[match[2][0]]
    length = (_varint(match[3]) - 13) // 2
    head, body = match.end() - match.start(), number_size + seq_size + length + 64
    if length < 2 or data[match.start()] != head:
        return None
    here = pages.local(head + body) - head
    content = data[match.end() : match.end() + here]
    if here < body:
        at = match.end() + here
        content += pages.overflow(int.from_bytes(data[at : at + 4], "big"), body - here)
    line, digest = content[-64 - length : -64], content[-64:]
    if len(content) != body or line[:1] != b"{" or line[-1:] != b"}" or not _DIGEST.fullmatch(digest):
        return None
    number = _integer(match[1][0], content[:number_size])
    return number, Record(_integer(match[2][0], content[number_size : number_size + seq_size]), line, digest.decode())


def _ledger(data: bytes, match: re.Match[bytes]) -> LedgerRow | None:
    start = match.start()
    rest = data[match.end() : start + data[start]]
    floor_size, acked_size = _INTEGER_BYTES[match[1][0]], _INTEGER_BYTES[match[2][0]]
    at = start + data[start]
    name, digest = data[at : at + 38], data[at + 38 + floor_size : at + 102 + floor_size]
    if start < 2 or not _NAME.fullmatch(name) or not _DIGEST.fullmatch(digest):
        return None
    floor = _integer(match[1][0], data[at + 38 : at + 38 + floor_size])
    at += 102 + floor_size
    acked = _integer(match[2][0], data[at : at + acked_size])
    opened, carried_after = _what_ended(rest, data, at + acked_size)
    high, low = data[start - 2], data[start - 1]
    number = (high & 0x7F) << 7 | low if high & 0x80 else low
    return LedgerRow(number, name.decode(), Record(floor, opened, digest.decode()), acked, carried_after)


def _what_ended(types: bytes, data: bytes, at: int) -> tuple[bytes, int | None]:
    """`opened` and `carried_after` of a row, from the rest of its header and from where its values lie."""
    opened, carried_after = b"", None
    for column, kind in zip(("opened", "closed", "carried_after"), _varints(types), strict=False):
        size = (kind - 12) // 2 if kind >= 12 else _INTEGER_BYTES[min(kind, 9)]
        if column == "opened" and kind >= 13:
            opened = data[at : at + size]
        elif column == "carried_after" and 0 < kind < 10:
            carried_after = _integer(kind, data[at : at + size])
        at += size
    return opened, carried_after


def _committed(wal: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    """Page number and content of each frame; what the present generation wrote behind its last commit is left out."""
    frames = []
    salt, last_commit = wal[16:24], -1
    for at in range(_WAL_HEADER, len(wal) - _FRAME_HEADER, _FRAME_HEADER + size):
        head = wal[at : at + _FRAME_HEADER]
        frames.append((head, wal[at + _FRAME_HEADER : at + _FRAME_HEADER + size]))
        if head[8:16] == salt and head[4:8] != bytes(4):
            last_commit = len(frames) - 1
    for index, (head, page) in enumerate(frames):
        if index <= last_commit or head[8:16] != salt:
            yield int.from_bytes(head[:4], "big"), page


def _page_size(field: bytes) -> int:
    size = int.from_bytes(field, "big")
    return size if size in (512, 1024, 2048, 8192, 16384, 32768) else 4096  # what ours have; a damaged header does not say


def _bytes_of(path: Path) -> bytes:
    """What can be read of a file, block by block where the disk has bad ones."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError:
        return b"".join(_blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        for at in range(0, path.stat().st_size, 512):
            file.seek(at)
            try:
                yield file.read(512)
            except OSError:
                yield bytes(512)


def _integer(kind: int, value: bytes) -> int:
    return kind - 8 if kind in (8, 9) else int.from_bytes(value, "big", signed=True)


def _varint(data: bytes) -> int:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def _varints(data: bytes) -> Iterator[int]:
    start = 0
    for index, byte in enumerate(data):
        if byte < 0x80:
            yield _varint(data[start : index + 1])
            start = index + 1
