"""What a process did to a folder, read from strace's record: names, writes and syncs, in order, and what it said meanwhile.

Only what is understood is let through: a call that changes files in a way unknown here is an error, never left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Named:
    """A name came into a folder (node), or (node None) left it."""

    folder: int
    name: str
    node: int | None


@dataclass(frozen=True)
class Written:
    """Bytes were written into a file."""

    node: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Resized:
    """A file was cut, or grew by zeros."""

    node: int
    size: int


@dataclass(frozen=True)
class Synced:
    """fsync or fdatasync of a file or a folder came back without an error."""

    node: int


@dataclass(frozen=True)
class Spoken:
    """The process said something to the world."""

    text: bytes


Step = Named | Written | Resized | Synced | Spoken


@dataclass
class Recording:
    """names: of each folder as it was at first; contents: of each file. Node 0 is the folder itself. steps: what was done."""

    names: dict[int, dict[str, int]]
    contents: dict[int, bytes]
    steps: list[Step]


class Unknown(Exception):
    """The record has a call that is not understood here."""


def before(folder: Path) -> Recording:
    """A folder as it is now, all of it durable, with nothing done yet."""
    recording = Recording({0: {}}, {}, [])
    _take_in(recording, folder, 0)
    return recording


def _take_in(recording: Recording, folder: Path, node: int) -> None:
    for path in sorted(folder.iterdir()):
        child = 1 + len(recording.names) + len(recording.contents)
        recording.names[node][path.name] = child
        if path.is_dir():
            recording.names[child] = {}
            _take_in(recording, path, child)
        else:
            recording.contents[child] = path.read_bytes()


@dataclass
class _Open:
    node: int
    offset: int
    appends: bool


_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?)(.*)$")
_RESUMED = re.compile(r"^(?:\d+ +)?<\.\.\. (\w+) resumed>(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_AT = re.compile(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>")


def read(calls: str, folder: Path, start: Recording) -> Recording:
    """What the calls did to `folder`, which was as `start` says. Raises `Unknown`."""
    reader = _Reader(folder, start)
    unfinished: dict[str, str] = {}
    for line in calls.splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            unfinished[thread] = line.removesuffix("<unfinished ...>")
            continue
        if resumed := _RESUMED.match(line):
            line = unfinished.pop(thread) + resumed[2].lstrip()
        if (call := _CALL.match(line)) and call[3] != "?" and int(call[3]) >= 0:
            reader.take(call[1], call[2], int(call[3]))
    return reader.recording


class _Reader:
    def __init__(self, folder: Path, start: Recording) -> None:
        self._root = PurePosixPath(folder.resolve())
        self.recording = Recording(start.names, start.contents, [])
        self._names = {node: dict(names) for node, names in start.names.items()}
        self._sizes = {node: len(content) for node, content in start.contents.items()}
        self._open: dict[int, _Open] = {}

    def take(self, name: str, words: str, result: int) -> None:
        known: dict[str, Callable[[str, int], None]] = {
            "openat": self._openat, "close": self._close, "lseek": self._lseek, "read": self._read,
            "write": self._write, "pwrite64": self._pwrite, "fsync": self._sync, "fdatasync": self._sync,
            "ftruncate": self._ftruncate, "rename": self._rename, "renameat": self._rename, "renameat2": self._rename,
            "unlink": self._remove, "unlinkat": self._remove, "rmdir": self._remove,
            "mkdir": self._mkdir, "mkdirat": self._mkdir, "writev": self._writev,
        }  # fmt: skip
        if name in known:
            known[name](words, result)
        elif self._file(words) is not None or any(self._place(path) for path in self._paths(words)):
            raise Unknown(f"{name}({words[:200]})")

    def _openat(self, words: str, result: int) -> None:
        path = self._paths(words)[0]
        node = self._node(path)
        if node is None and "O_CREAT" in words and (place := self._place(path)):
            node = self._new()
            self._sizes[node] = 0
            self._name(*place, node)
        if node is None:
            self._open.pop(result, None)
            return
        if "O_TRUNC" in words and self._sizes.get(node):
            self._resize(node, 0)
        self._open[result] = _Open(node, 0, "O_APPEND" in words)

    def _close(self, words: str, result: int) -> None:
        self._open.pop(int(words.split("<")[0]), None)

    def _lseek(self, words: str, result: int) -> None:
        if file := self._file(words):
            file.offset = result

    def _read(self, words: str, result: int) -> None:
        if file := self._file(words):
            file.offset += result

    def _write(self, words: str, result: int) -> None:
        if file := self._file(words):
            if file.appends:
                file.offset = self._sizes[file.node]
            self._written(file.node, file.offset, _bytes(words)[:result])
            file.offset += result

    def _pwrite(self, words: str, result: int) -> None:
        if file := self._file(words):
            self._written(file.node, int(words.rsplit(", ", 1)[1]), _bytes(words)[:result])

    def _writev(self, words: str, result: int) -> None:
        if self._file(words):
            raise Unknown(f"writev({words[:200]})")
        self.recording.steps.append(Spoken(_bytes(words)))

    def _sync(self, words: str, result: int) -> None:
        if file := self._file(words):
            self.recording.steps.append(Synced(file.node))

    def _ftruncate(self, words: str, result: int) -> None:
        if file := self._file(words):
            self._resize(file.node, int(words.rsplit(", ", 1)[1]))

    def _mkdir(self, words: str, result: int) -> None:
        if place := self._place(self._paths(words)[0]):
            node = self._new()
            self._names[node] = {}
            self.recording.names.setdefault(node, {})
            self._name(*place, node)

    def _remove(self, words: str, result: int) -> None:
        if place := self._place(self._paths(words)[0]):
            self._name(*place, None)

    def _rename(self, words: str, result: int) -> None:
        old, new = (self._place(path) for path in self._paths(words)[:2])
        if old is None and new is None:
            return
        if old is None or new is None or old[0] != new[0]:
            raise Unknown(f"a rename from one folder to another: {words[:400]}")
        node = self._names[old[0]][old[1]]
        # One step: no crash leaves a name in neither place or both.
        self.recording.steps.append(Named(new[0], f"{old[1]}\0{new[1]}", node))
        del self._names[old[0]][old[1]]
        self._names[new[0]][new[1]] = node

    def _name(self, folder: int, name: str, node: int | None) -> None:
        self.recording.steps.append(Named(folder, name, node))
        if node is None:
            del self._names[folder][name]
        else:
            self._names[folder][name] = node

    def _written(self, node: int, offset: int, data: bytes) -> None:
        self._sizes[node] = max(self._sizes[node], offset + len(data))
        self.recording.steps.append(Written(node, offset, data))

    def _resize(self, node: int, size: int) -> None:
        self._sizes[node] = size
        self.recording.steps.append(Resized(node, size))

    def _new(self) -> int:
        return 1 + max([*self._names, *self._sizes], default=0)

    def _file(self, words: str) -> _Open | None:
        number = words.split("<")[0].split(",")[0]
        return self._open.get(int(number)) if number.isdigit() else None

    def _paths(self, words: str) -> list[PurePosixPath]:
        """The paths among a call's words, each made whole by the folder before it where it is relative."""
        at = [PurePosixPath(_unhex(found)) for found in _AT.findall(words)] or [self._root.parent]
        texts = [PurePosixPath(_unhex(found)) for found in _TEXT.findall(words)]
        return [at[min(index, len(at) - 1)] / text for index, text in enumerate(texts)]

    def _place(self, path: PurePosixPath) -> tuple[int, str] | None:
        """The folder's node and the name, for a path below our folder."""
        folder = self._node(path.parent)
        return None if folder is None or path == self._root else (folder, path.name)

    def _node(self, path: PurePosixPath) -> int | None:
        if path != self._root and self._root not in path.parents:
            return None
        node = 0
        for name in path.relative_to(self._root).parts:
            found = self._names.get(node, {}).get(name)
            if found is None:
                return None
            node = found
        return node


def _unhex(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()


def _bytes(words: str) -> bytes:
    return b"".join(bytes.fromhex(found.replace("\\x", "")) for found in _TEXT.findall(words))
