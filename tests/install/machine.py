"""A machine of its own: Debian 12 that boots with systemd from its own disk, whose network and power can be cut."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.stage import Disk
from tests.install.base import base_system

BOOT_SECONDS = 60.0
HELD_SECONDS = 3.0
GIGABYTE = 1024  # in megabytes
_UP = ("running", "degraded")
# Into a control group of its own: else units of one name in two machines were one group, and either's systemd stopped both.
_APART = """
for groups in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd /sys/fs/cgroup; do
    if [ -e "$groups/cgroup.procs" ]; then mkdir -p "$groups/$0" && echo $$ > "$groups/$0/cgroup.procs"; fi
done
exec "$@"
"""


class Failed(Exception):
    """A command inside the machine failed."""


class Cable:
    """What joins a machine to this host, and to nothing else: the host is at `host`, the machine at `machine`."""

    def __init__(self, number: int = 1) -> None:
        self.namespace = f"hailong{number}"
        self._outside, self._inside = f"hl{number}o", f"hl{number}i"
        self.host, self.machine = f"10.213.{number}.1", f"10.213.{number}.2"

    def lay(self) -> None:
        """Make it; whatever an earlier run left is taken away first."""
        self.remove()
        _ip("netns", "add", self.namespace)
        _ip("link", "add", self._outside, "type", "veth", "peer", "name", self._inside, "netns", self.namespace)
        _ip("addr", "add", f"{self.host}/24", "dev", self._outside)
        _ip("link", "set", self._outside, "up")
        _ip("-n", self.namespace, "addr", "add", f"{self.machine}/24", "dev", self._inside)
        for device in ("lo", self._inside):
            _ip("-n", self.namespace, "link", "set", device, "up")

    def unplug(self) -> None:
        """From now on nothing comes through."""
        _ip("link", "set", self._outside, "down")

    def plug(self) -> None:
        """Everything comes through again, after a second or two: whoever failed to find the other looks again then."""
        _ip("link", "set", self._outside, "up")

    def remove(self) -> None:
        """Take it away, if it is there."""
        subprocess.run(["ip", "link", "del", self._outside], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", self.namespace], check=False, capture_output=True)


class Machine:
    """name: unlike that of any other machine that runs. disk: mounted, with a system on it.

    While it is off, `folder` may be changed from outside. Each boot may have another network: this host's (packages can be fetched),
    or a cable.
    """

    def __init__(self, name: str, disk: Disk) -> None:
        self._name = name
        self._disk = disk
        self._container: subprocess.Popen[bytes] | None = None
        self._running: list[subprocess.Popen[str]] = []

    @property
    def folder(self) -> Path:
        """Its file system, seen from outside."""
        return self._disk.folder

    @property
    def inside(self) -> Path:
        """Its file system as its processes see it, with what is only in memory: while it is on."""
        return Path(f"/proc/{self._first_process()}/root")

    def outside(self, process: int) -> int:
        """The number of one of its processes as this host knows it. Raises LookupError."""
        space = Path(f"/proc/{self._first_process()}/ns/pid").readlink()
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):  # it has ended
                numbers = next(line for line in status.read_text().splitlines() if line.startswith("NSpid:")).split()[1:]
                if len(numbers) > 1 and int(numbers[-1]) == process and (status.parent / "ns/pid").readlink() == space:
                    return int(numbers[0])
        raise LookupError(process)

    @property
    def _console(self) -> Path:
        return self.folder.parent.with_name(f"{self._name}.console")

    def boot(self, cable: Cable | None = None, *binds: str) -> None:
        """Switch it on, and wait until systemd has started everything. cable: instead of this host's network. binds: as in `--bind=`."""
        words = [
            "systemd-nspawn",
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
            f"--machine={self._name}",
            f"--directory={self.folder}",
        ]
        words += [f"--network-namespace-path=/run/netns/{cable.namespace}"] if cable else []
        words += [f"--bind={bind}" for bind in binds]
        with self._console.open("ab") as console:
            words = ["sh", "-c", _APART, self._name, *words]
            self._container = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
        deadline = time.monotonic() + BOOT_SECONDS
        while self._state() not in _UP:
            if time.monotonic() > deadline or self._container.poll() is not None:
                raise Failed(f"{self._name} does not boot:\n{self._console.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)

    def run(self, *words: str, stdin: str = "", timeout: float = 600) -> str:
        """Run a command inside, as root; what it printed. Raises `Failed` with all that it said."""
        done = self.try_to(*words, stdin=stdin, timeout=timeout)
        if done.returncode:
            raise Failed(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def try_to(self, *words: str, stdin: str = "", timeout: float = 600) -> "subprocess.CompletedProcess[str]":
        """The same for a command that may fail."""
        return subprocess.run(self._enter(*words), input=stdin, capture_output=True, text=True, check=False, timeout=timeout)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """The same for a command that goes on meanwhile."""
        pipe = subprocess.PIPE
        running = subprocess.Popen(self._enter(*words), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        self._running.append(running)
        return running

    def install(self, *packages: str) -> str:
        """`apt-get install` of packages or .deb files inside, with what they depend on and nothing that they only recommend."""
        self.run("apt-get", "update", "-q")
        quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y", "--no-install-recommends")
        return self.run(*quiet, *packages, timeout=1200)

    def shut_down(self) -> None:
        """As a person would."""
        assert self._container is not None
        self.try_to("systemctl", "poweroff")
        self._container.wait(60)
        self._container = None

    def cut_power(self) -> None:
        """All processes are gone at once, and what the kernel had not written to the disk is lost."""
        self._disk.cut()
        self._kill()
        self._disk.unmount()
        self._free_the_disk()
        self._disk.mount()

    def stop(self) -> None:
        """Switch it off, however it is."""
        if self._container is not None:
            self._kill()

    def _free_the_disk(self) -> None:
        """Another machine that began meanwhile may hold a copy of our mount, and with it the disk as it was cut: then ours is a copy."""
        image = self.folder.parent.with_name("disk.img")
        deadline = time.monotonic() + HELD_SECONDS
        while subprocess.run(["losetup", "-j", str(image)], capture_output=True, check=True).stdout:
            if time.monotonic() > deadline:
                held = image.rename(image.with_suffix(".held"))
                subprocess.run(["cp", "--sparse=always", str(held), str(image)], check=True)
                held.unlink()
                return
            time.sleep(0.1)

    def _enter(self, *words: str) -> list[str]:
        inside = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", *words]
        return ["nsenter", "-t", str(self._first_process()), "-m", "-u", "-i", "-p", "-n", "-C", "--", *inside]

    def _kill(self) -> None:
        assert self._container is not None
        if self._container.poll() is None:  # else it did not boot
            os.kill(self._first_process(), signal.SIGKILL)
        self._container.wait(30)
        for running in self._running:  # whoever went in holds the disk until it is out again
            running.wait(30)
        self._container, self._running = None, []

    def _first_process(self) -> int:
        assert self._container is not None, f"{self._name} is off"
        children = Path(f"/proc/{self._container.pid}/task/{self._container.pid}/children")
        found = children.read_text().split() if children.exists() else []
        if not found:
            raise Failed(f"{self._name} has no process: {self._console.read_text(errors='replace')[-2000:]}")
        return int(found[-1])

    def _state(self) -> str:
        try:
            return self.try_to("systemctl", "is-system-running").stdout.strip()
        except Failed:
            return "off"


@contextmanager
def machine(name: str, folder: Path, megabytes: int = 6 * GIGABYTE) -> Iterator[Machine]:
    """A clean machine that is still off; all of it is gone when done. folder: an empty one."""
    disk = Disk(folder, megabytes)
    disk.mount()
    made = Machine(name, disk)
    try:
        subprocess.run(["cp", "-a", f"{base_system()}/.", str(disk.folder)], check=True)
        yield made
    finally:
        made.stop()
        disk.unmount()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
