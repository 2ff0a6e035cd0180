"""What faults are made with: a disk that can lose its power, strace, and a library that lies about the disk."""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, which is what `xfs_io -x -c shutdown` does
_AND_WRITE_NOTHING = 2  # EXT4_GOING_FLAGS_NOLOGFLUSH
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 where states are rebuilt by the thousand

TRACED = (
    "openat,creat,close,read,dup,lseek,write,pwrite64,fsync,fdatasync,ftruncate,truncate,rename,renameat,renameat2,unlink,unlinkat,rmdir"
)
TRACED += ",mkdir,mkdirat,writev,pwritev,pwritev2,copy_file_range,sendfile,fallocate,link,linkat,symlink,symlinkat,sync_file_range"


def needs(*tools: str, root: bool = False) -> None:
    """Skip the test, which its summary then names, where a tool or the right to use it is missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    if root and os.geteuid() != 0:
        pytest.skip("needs root")


class Disk:
    """An ext4 file system in a file, whose power can be cut."""

    def __init__(self, folder: Path, megabytes: int = 32) -> None:
        self._image = folder / "disk.img"
        self._mounted = folder / "disk"
        self._mounted.mkdir()
        with self._image.open("wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self._image)], check=True, capture_output=True)

    @property
    def folder(self) -> Path:
        """Where the kiosk's data lie on it."""
        return self._mounted / "data"

    def mount(self) -> None:
        """Plug it in."""
        done = subprocess.run(["mount", "-o", "loop", str(self._image), str(self._mounted)], check=False, capture_output=True, text=True)
        if done.returncode:
            raise OSError(done.stderr)

    def cut(self) -> None:
        """The power is gone: what the kernel has not written is lost, and every call fails from now on."""
        descriptor = os.open(self._mounted, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUT_DOWN, struct.pack("I", _AND_WRITE_NOTHING))
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        """Unplug it."""
        subprocess.run(["umount", str(self._mounted)], check=True, capture_output=True)


@contextmanager
def a_disk(folder: Path) -> Iterator[Disk]:
    """A disk, mounted; unmounted in any case when done."""
    disk = Disk(folder)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()


def needs_a_disk(folder: Path) -> None:
    """Skip where no file can be mounted as a disk."""
    needs("mkfs.ext4", "mount", "umount", root=True)
    try:
        with a_disk(folder):
            pass
    except OSError as error:
        pytest.skip(f"needs loop devices: {error}")


class Strace:
    """strace at a process. tampering: its own words, such as inject=write:signal=KILL:when=3."""

    def __init__(self, record: Path, *tampering: str) -> None:
        # Never --seccomp-bpf: strace 6.1 then forgets the signals that it should inject.
        self._words = ["strace", "-f", "-y", "-xx", "-s", "1048576", "-o", str(record), "-e", f"trace={TRACED}"]
        for word in tampering:
            self._words += ["-e", word]
        self._running: subprocess.Popen[str] | None = None
        self.record = record

    def attach(self, process: int) -> None:
        """Begin to watch a process; it is watched when this returns."""
        self._running = subprocess.Popen([*self._words, "-p", str(process)], stderr=subprocess.PIPE, text=True)
        assert self._running.stderr is not None
        said = self._running.stderr.readline()
        if "attached" not in said:
            raise OSError(f"strace could not attach: {said}")

    def calls(self) -> str:
        """All that it saw, when the process has ended."""
        assert self._running is not None
        self._running.communicate(timeout=60)
        return self.record.read_text("ascii")

    def around(self, words: list[str], **environment: str) -> bytes:
        """Run one of our modules under it instead; what that said, until it ended or was killed."""
        for name, value in environment.items():
            self._words += ["-E", f"{name}={value}"]
        quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [*self._words, sys.executable, "-m", *words], capture_output=True, env=quiet, cwd=ROOT, check=False, timeout=300
        )
        return done.stdout


_SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/types.h>

/* FAULTS_NO_SYNC: the disk says that it wrote. FAULTS_SHORT=n: the n-th write of a file writes half of what it was given. */
typedef ssize_t (*writes)(int, const void *, size_t);
typedef ssize_t (*writes_at)(int, const void *, size_t, off_t);
typedef int (*syncs)(int);
static int calls = 0;

static size_t part(size_t size)
{
    const char *at = getenv("FAULTS_SHORT");
    return at && ++calls == atoi(at) && size > 1 ? size / 2 : size;
}
ssize_t write(int file, const void *from, size_t size) { return ((writes)dlsym(RTLD_NEXT, "write"))(file, from, part(size)); }
ssize_t pwrite64(int file, const void *from, size_t size, off_t at)
{
    return ((writes_at)dlsym(RTLD_NEXT, "pwrite64"))(file, from, part(size), at);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at)
{
    return ((writes_at)dlsym(RTLD_NEXT, "pwrite"))(file, from, part(size), at);
}
int fsync(int file) { return getenv("FAULTS_NO_SYNC") ? 0 : ((syncs)dlsym(RTLD_NEXT, "fsync"))(file); }
int fdatasync(int file) { return getenv("FAULTS_NO_SYNC") ? 0 : ((syncs)dlsym(RTLD_NEXT, "fdatasync"))(file); }
"""


def shim(folder: Path) -> Path:
    """A library for LD_PRELOAD that lies as FAULTS_NO_SYNC and FAULTS_SHORT say. Skips where there is no C compiler."""
    needs("cc")
    source, library = folder / "shim.c", folder / "shim.so"
    source.write_text(_SHIM, "ascii")
    done = subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"needs a C compiler that works: {done.stderr[:200]}")
    return library
