"""Debian's apt with one repository, ours, or none: settings, lists and downloads apart from those of the system, which it never touches."""

import shutil
import subprocess
from pathlib import Path

from kiosk.updating.commands import run
from kiosk.updating.errors import UnfitError, UnreachableError
from kiosk.updating.told import Source
from sync.files import make_folder, write_whole

PACKAGE = "hailong-kiosk"
_OVER_WHAT_IS_THERE = ("--allow-downgrades", "--reinstall", "--no-remove")
_HELPER = "/usr/lib/apt/apt-helper"


class Apt:
    """folder: of our own, readable for apt's user. source: the repository, or None, as for what came by stick."""

    def __init__(self, folder: Path, source: Source | None = None) -> None:
        self._folder = folder
        self._source = source
        self._address = f"{source.server}/kho" if source else ""

    def look(self) -> str | None:
        """The newest version in the repository, or None where there is none. Raises `UnreachableError`, OSError."""
        if self._apt("apt-get", "update", "-q").returncode:
            raise UnreachableError(f"{self._address} gives no list that its key signed")
        found = self._apt("apt-cache", "madison", PACKAGE).stdout.splitlines()
        return found[0].split("|")[1].strip() if found else None

    def fetch(self, version: str, into: Path) -> Path:
        """The package of a version that `look` found, with `SHA256SUMS` and its signature beside it. into: a folder, which is made anew.

        A download that broke off goes on where it was. Raises `UnreachableError`, `UnfitError`, OSError.
        """
        if self._apt("apt-get", "install", "--simulate", f"{PACKAGE}={version}").returncode:
            raise UnfitError(f"{PACKAGE} {version} needs packages that are not there")
        if self._apt("apt-get", "install", "-q", "-y", "--download-only", "--reinstall", f"{PACKAGE}={version}").returncode:
            raise UnreachableError(f"{PACKAGE} {version} did not come whole")
        name = f"{PACKAGE}_{version}_amd64.deb"
        package = self._folder / "archives" / name.replace(":", "%3a")
        if not package.is_file():
            raise UnreachableError(f"{name} is not among the downloads")
        shutil.rmtree(into, ignore_errors=True)
        make_folder(into)
        into.chmod(0o700)
        for part in ("SHA256SUMS", "SHA256SUMS.sig"):
            url = f"{self._address}/pool/{name.removesuffix('.deb')}.{part}"
            if self._apt(_HELPER, "download-file", url, str(into / part)).returncode:
                raise UnreachableError(f"{url} did not come")
        return package.replace(into / name)

    def require_fitting(self, package: Path) -> None:
        """Nothing, when all that a package's file needs is there. Raises `UnfitError`, OSError."""
        if self._apt("apt-get", "install", "--simulate", *_OVER_WHAT_IS_THERE, str(package)).returncode:
            raise UnfitError(f"{package.name} needs packages that are not there")

    def put_in(self, package: Path) -> bool:
        """Install a package's file over what is there; False where that failed, and dpkg may stand anywhere. Raises OSError."""
        return self._apt("apt-get", "install", "-q", "-y", *_OVER_WHAT_IS_THERE, str(package)).returncode == 0

    def _apt(self, *words: str) -> "subprocess.CompletedProcess[str]":
        self._set_up()
        return run(words, {"APT_CONFIG": str(self._folder / "apt.conf")})

    def _set_up(self) -> None:
        for name in ("archives/partial", "state/lists/partial", "none"):
            make_folder(self._folder / name)
        line = ""
        if self._source is not None:
            line = f"deb [arch=amd64 signed-by={self._folder}/key.gpg] {self._address} {self._source.suite} main\n"
            write_whole(self._folder / "key.gpg", self._source.key)
            write_whole(self._folder / "ca.pem", self._source.ca or b"")
        write_whole(self._folder / "hailong.list", line.encode())
        write_whole(self._folder / "apt.conf", self._settings().encode(), 0o600)  # a proxy may have a password

    def _settings(self) -> str:
        nothing = ("main", "preferences", "trusted", "netrc")
        no_parts = ("parts", "sourceparts", "preferencesparts", "trustedparts", "netrcparts")
        proxy = (self._source.proxy if self._source else "") or "DIRECT"
        values = {
            **{f"Dir::Etc::{name}": "/dev/null" for name in nothing},
            **{f"Dir::Etc::{name}": f"{self._folder}/none" for name in no_parts},
            "Dir::Etc::sourcelist": f"{self._folder}/hailong.list",
            "Dir::State": f"{self._folder}/state",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": str(self._folder),
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Acquire::http::Timeout": "30",
            "Acquire::https::Timeout": "30",
            "Acquire::http::Proxy": proxy,
            "Acquire::https::Proxy": proxy,
            # A tablet's clock may be wrong, and what is old does no harm: a version is installed only when it is higher.
            "Acquire::Check-Date": "false",
            "APT::Update::Error-Mode": "any",
            "APT::Install-Recommends": "false",
            "DPkg::Lock::Timeout": "120",
            "DPkg::Options::": "--force-confold",
        }
        if self._source is not None and self._source.ca is not None:
            values["Acquire::https::CAInfo"] = f"{self._folder}/ca.pem"
        return "".join(f'{name} "{value}";\n' for name, value in values.items())
