"""A server in a machine, installed from its package and set up, as this host sees it."""

import shutil
import ssl
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.install.machine import Cable, Machine, machine
from tests.stage.tablet import Tablet


@contextmanager
def installed(name: str, number: int, folder: Path, package: Path, *more: str) -> Iterator[tuple[Machine, Cable]]:
    """A clean machine with the package and what it depends on, on a cable of its own."""
    cable = Cable(number)
    with machine(name, folder) as there:
        start_nothing = there.folder / "usr/sbin/policy-rc.d"  # it has this host's network, and so its ports, while it fetches packages
        start_nothing.write_text("#!/bin/sh\nexit 101\n")
        start_nothing.chmod(0o755)
        there.boot()
        shutil.copy(package, there.folder / "root")
        there.install(f"/root/{package.name}", *more)
        there.shut_down()
        start_nothing.unlink()
        cable.lay()
        try:
            there.boot(cable)
            yield there, cable
        finally:
            there.stop()
            cable.remove()


class Office:
    """A server that was set up in a machine, seen from this host."""

    def __init__(self, there: Machine, cable: Cable, folder: Path) -> None:
        self.there = there
        self.address = f"https://{cable.machine}"
        self.folder = folder
        with urlopen(f"http://{cable.machine}/hailong-ca.pem", timeout=10) as answer:
            self.authorities = folder / "ca.pem"
            self.authorities.write_bytes(answer.read())

    def page(self, path: str) -> str:
        context = ssl.create_default_context(cafile=str(self.authorities))
        with urlopen(self.address + path, timeout=20, context=context) as answer:  # noqa: S310
            return str(answer.read().decode())

    def serves(self) -> bool:
        """Whether it answers at this moment."""
        try:
            return "Mật khẩu" in self.page("/login/")
        except OSError:
            return False

    def ask(self, *words: str) -> str:
        return self.there.run("hailong-server", *words)

    def tablet(self, name: str, secret: str) -> Tablet:
        return Tablet(self.folder / name, self.address, secret, authorities=self.authorities)

    def secret(self, provision: Path) -> str:
        return str(tomllib.loads((provision / "kiosk.toml").read_text())["provision"]["secret"])

    def provisions(self, folder: str) -> list[Path]:
        """The folders that setup made for the counters."""
        return sorted((self.there.folder / folder.lstrip("/")).iterdir())

    def counted(self) -> int:
        """Votes in the database, as a verified backup of this moment says."""
        self.there.run("rm", "-f", "/var/backups/hailong/counted.tar")
        said = self.ask("backup", "/var/backups/hailong/counted.tar")
        assert self.ask("verify").endswith("All holds.\n")
        return int(said.split(" lượt đánh giá")[0].split()[-1].replace(".", ""))


def cast(tablet: Tablet, votes: int) -> None:
    for number in range(votes):
        tablet.vote("satisfied" if number % 3 else "dissatisfied")
