"""The authority of one's own that signs the server's certificate: kept with the private keys, for kiosks and office computers know it.

A machine that takes a lost one's place makes another authority, which nobody trusts: no kiosk would send to it, and each would have to be
visited. The authority is Caddy's, and root's and Caddy's alone: the server's user never reads its key.
"""

import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from server.backup import archive
from server.backup.archive import BadBackup
from server.backup.keys import AUTHORITY as FOLDER
from server.installation.places import AUTHORITY, CADDYS_AUTHORITY
from server.installation.proxy import in_force
from server.installation.running import Refused, quietly, run
from sync.files import make_folder, write_whole

SECONDS_TO_MAKE = 60
_PARTS = (CADDYS_AUTHORITY.name, "root.key")
_SIGNED = Path("/var/lib/caddy/.local/share/caddy/certificates/local")
_PROXY = "caddy"

Parts = dict[str, bytes]


def give_out() -> None:
    """Put Caddy's root certificate where provisioning files and office computers get it from. Raises `Refused`."""
    deadline = time.monotonic() + SECONDS_TO_MAKE
    while not CADDYS_AUTHORITY.exists():
        if time.monotonic() > deadline:
            raise Refused(f"Caddy không tạo chứng thư gốc ({CADDYS_AUTHORITY}). Xin xem: journalctl -u caddy -e")
        time.sleep(0.3)
    make_folder(AUTHORITY.parent)
    write_whole(AUTHORITY, CADDYS_AUTHORITY.read_bytes())


def in_use() -> Parts:
    """Certificate and key; nothing where somebody else's authority signs. Raises OSError."""
    if in_force() != "internal":
        return {}
    return {name: CADDYS_AUTHORITY.with_name(name).read_bytes() for name in _PARTS}


def with_authority(keys: bytes, authority: Parts) -> bytes:
    """A file of the private keys that also holds the authority. Raises `BadBackup`, OSError."""
    with tempfile.TemporaryDirectory(prefix="hailong-keys-") as folder:
        manifest, files = _unpacked(keys, Path(folder))
        for name, data in authority.items():
            files[f"{FOLDER}/{name}"] = Path(folder, name)
            Path(folder, name).write_bytes(data)
        return _packed(manifest, files, Path(folder))


def apart(keys: bytes) -> tuple[bytes, Parts]:
    """The same the other way round. What is no file of keys comes back as it is: the server's own command says what is wrong with it."""
    with tempfile.TemporaryDirectory(prefix="hailong-keys-") as folder:
        try:
            manifest, files = _unpacked(keys, Path(folder))
        except (BadBackup, OSError):
            return keys, {}
        ours = {name: path for name, path in files.items() if name.startswith(f"{FOLDER}/")}
        if {Path(name).name for name in ours} != set(_PARTS):
            return keys, {}
        rest = {name: path for name, path in files.items() if name not in ours}
        return _packed(manifest, rest, Path(folder)), {Path(name).name: path.read_bytes() for name, path in ours.items()}


def put_back(authority: Parts) -> bool:
    """Let Caddy sign by this authority from now on; false where it did so already, or somebody else's signs. Raises `Refused`.

    What was there is kept beside it.
    """
    if not authority or in_force() != "internal" or CADDYS_AUTHORITY.read_bytes() == authority[CADDYS_AUTHORITY.name]:
        return False
    folder = CADDYS_AUTHORITY.parent
    run("systemctl", "stop", _PROXY)
    try:
        folder.rename(folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))
        folder.mkdir(mode=0o700)
        for name, data in authority.items():
            write_whole(folder / name, data, 0o600)
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, _PROXY, _PROXY)
        shutil.rmtree(_SIGNED, ignore_errors=True)  # by the other authority; Caddy makes what is missing
    except OSError as error:
        raise Refused(f"Chưa đặt lại được chứng thư gốc: {error}") from error
    finally:
        run("systemctl", "start", _PROXY, failing="Caddy không chạy lại được. Xin xem: journalctl -u caddy -e")
    give_out()
    quietly("sync", "-f", str(folder))
    return True


def _unpacked(keys: bytes, folder: Path) -> tuple[archive.Manifest, dict[str, Path]]:
    Path(folder, "keys.tar").write_bytes(keys)
    manifest = archive.unpack(folder / "keys.tar", folder / "unpacked")
    if manifest.kind != "keys":
        raise BadBackup("no file of keys")
    return manifest, {one.name: folder / "unpacked" / one.name for one in manifest.parts}


def _packed(manifest: archive.Manifest, files: dict[str, Path], folder: Path) -> bytes:
    parts = [archive.part(name, path) for name, path in files.items()]
    archive.write(folder / "made.tar", structs.replace(manifest, parts=parts), files)
    return (folder / "made.tar").read_bytes()
