"""Packages that take the kiosk's place in tests of updates: small, with the real updater, and a program that does what its version says."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from nacl.signing import SigningKey

from sync.signature import sign
from tools.package.update import ENABLED, files

PUBLISHER = SigningKey(bytes(range(32)))
MEGABYTE = 1024 * 1024
KEY_PATH = "usr/lib/hailong-kiosk/release.pub"

# Takes an entry every tenth of a second, as a ledger does; what it printed counts as thanked.
_PROGRAM = """\
import json, os, sys, time
version, shows, exchanges = sys.argv[1], sys.argv[2] == "1", sys.argv[3] == "1"
data = "/var/lib/hailong-kiosk/hailong"
os.makedirs(data, exist_ok=True)
boot = open("/proc/sys/kernel/random/boot_id").read().strip()
up = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)
time.sleep(0.3)
if shows:
    with open(data + "/proof.new", "w") as proof:
        json.dump({"version": version, "boot": boot, "up": up(), "first_screen": True, "exchange": exchanges}, proof)
    os.rename(data + "/proof.new", data + "/proof.json")
    with open(data + "/status.json", "w") as status:
        genuine = {"time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "up": up(), "boot": boot}
        json.dump({"outcome": "received" if exchanges else "failed", "genuine": genuine}, status)
taken = open(data + "/entries", "a")
while True:
    taken.write(version + "\\n"); taken.flush(); os.fsync(taken.fileno())
    time.sleep(0.1)
"""
_UNIT = """\
[Unit]
Description=kiosk
[Service]
ExecStart=/usr/bin/python3 /usr/lib/hailong-kiosk/program.py {version} {shows} {exchanges}
Restart=on-failure
RestartSec=1
[Install]
WantedBy=multi-user.target
"""
_POSTINST = """\
#!/bin/sh
set -e
{middle}
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
systemctl enable -q hailong-kiosk.service {enabled}
[ -n "$2" ] || systemctl start --no-block hailong-kiosk.service {started}
"""
_PRERM = """\
#!/bin/sh
set -e
[ ! -d /run/systemd/system ] || systemctl stop hailong-kiosk.service
"""
_CONTROL = """\
Package: hailong-kiosk
Version: {version}
Architecture: amd64
Maintainer: nobody <nobody@hailong.example>
Depends: {depends}
Description: takes the kiosk's place
"""


def build(
    folder: Path,
    version: str,
    *,
    shows: bool = True,
    exchanges: bool = True,
    middle: str = "",
    depends: str = "python3, openssl",
    size: int = 0,
) -> Path:
    """The package's file, signed beside it as a release is. middle: of its postinst. size: bytes that cannot be packed."""
    tree = folder / f"tree-{version}"
    shutil.rmtree(tree, ignore_errors=True)
    for target, source in files().items():
        _put(tree / target, source.read_text(), mode=0o755 if target.startswith("usr/bin") else 0o644)
    _put(tree / KEY_PATH, PUBLISHER.verify_key.encode().hex() + "\n")
    _put(tree / "usr/lib/hailong-kiosk/program.py", _PROGRAM)
    (tree / "usr/lib/hailong-kiosk/weight").write_bytes(os.urandom(size))
    unit = _UNIT.format(version=version, shows=int(shows), exchanges=int(exchanges))
    _put(tree / "usr/lib/systemd/system/hailong-kiosk.service", unit)
    _put(tree / "DEBIAN/control", _CONTROL.format(version=version, depends=depends))
    started = " ".join(name for name in ENABLED if not name.endswith(".service"))
    _put(tree / "DEBIAN/postinst", _POSTINST.format(middle=middle, enabled=" ".join(ENABLED), started=started), mode=0o755)
    _put(tree / "DEBIAN/prerm", _PRERM, mode=0o755)
    out = folder / f"release-{version}"
    out.mkdir(exist_ok=True)
    package = out / f"hailong-kiosk_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, package], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    sign_release(out)
    return package


def sign_release(folder: Path, key: SigningKey = PUBLISHER) -> None:
    """Write `SHA256SUMS` of the packages in a folder, and its signature."""
    found = sorted(folder.glob("*.deb"))
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in found).encode()
    (folder / "SHA256SUMS").write_bytes(sums)
    (folder / "SHA256SUMS.sig").write_text(sign(key, sums) + "\n")


def _put(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


if __name__ == "__main__":
    build(Path(sys.argv[1]), sys.argv[2])
