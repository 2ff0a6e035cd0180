"""hailong-kiosk_X.Y.Z_amd64.deb: the bundle, its session and what dpkg is told, from `packaging/kiosk`."""

import shutil
import tempfile
from pathlib import Path

from kiosk import __version__
from tools.package import deb
from tools.package.bundle import NAME, ROOT, bundle, moment

PACKAGING = ROOT / "packaging" / "kiosk"
PROGRAM = Path("usr/lib") / NAME
PUBLISHER = PROGRAM / "release.pub"  # whose packages the kiosk will take as its next version


def build(out: Path, publisher: bytes) -> Path:
    """Build the package into `out`; its path. publisher: public half of the key that releases are signed with, 32 bytes.

    Raises subprocess.CalledProcessError, OSError.
    """
    with tempfile.TemporaryDirectory(prefix="hailong-kiosk-deb-") as name:
        disk = Path(name) / "disk"
        made = bundle(Path(name))
        (disk / PROGRAM).parent.mkdir(parents=True)
        shutil.move(made, disk / PROGRAM)
        needs = deb.libraries(disk, NAME)
        deb.lay(PACKAGING / "root", disk)
        (disk / PUBLISHER).write_text(f"{publisher.hex()}\n")
        return deb.build(disk, PACKAGING / "control", out, {"version": __version__, "libraries": needs}, moment())
