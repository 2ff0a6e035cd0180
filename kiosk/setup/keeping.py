"""Puts a prepared folder, or a server's address, into the settings of this tablet: whole or not at all, also where the power is cut."""

import tomllib
from pathlib import Path

from kiosk.rewriting import Value, rewritten
from kiosk.settings import Settings, read_settings
from kiosk.setup.prepared import SETTINGS, Prepared
from sync.files import make_folder, sync_directory, write_whole

OWNER_ONLY = 0o600
ROSTER, CERTIFICATES = "roster.json", "ca.pem"


class Draft:
    """A kiosk.toml that lies beside the real one until `keep`. settings: what it says, with what was there before and is not changed."""

    def __init__(self, file: Path, changes: dict[str, Value | None]) -> None:
        """file: kiosk.toml. Raises OSError, `BadSettings`; then nothing is left."""
        self._file = file
        self._draft = file.with_name(f".{file.name}.new")
        make_folder(file.parent)
        for left in file.parent.glob("*.new"):  # by a try that was killed
            left.unlink(missing_ok=True)
        before = file.read_text("utf-8") if file.exists() else ""
        write_whole(self._draft, rewritten(before, changes).encode(), OWNER_ONLY)
        try:
            self.settings: Settings = read_settings(self._draft)
        except BaseException:
            self.drop()
            raise

    def keep(self) -> None:
        """It is the kiosk.toml from now on. Raises OSError."""
        self._draft.replace(self._file)
        sync_directory(self._file.parent)

    def drop(self) -> None:
        """Forget it, if it was not kept."""
        self._draft.unlink(missing_ok=True)


def draft_of_server(file: Path, address: str, proxy: str = "") -> Draft:
    """With a server's address, and the proxy before it, if one is given. Raises OSError, `BadSettings`."""
    return Draft(file, {"server": address, **({"proxy": proxy} if proxy else {})})


def draft_of_prepared(file: Path, prepared: Prepared) -> Draft:
    """With all that a prepared folder says; the files that it names lie beside it then. Raises OSError, `BadSettings`."""
    table = tomllib.loads((prepared.folder / SETTINGS).read_text("utf-8"))
    provision = dict(table.pop("provision"))
    make_folder(file.parent)
    _copy(prepared.folder / provision["roster"], file.parent / ROSTER)
    if "ca_file" in table:
        _copy(prepared.folder / table["ca_file"], file.parent / CERTIFICATES)
    certificates = CERTIFICATES if "ca_file" in table else None
    return Draft(file, {**table, "ca_file": certificates, "provision": {**provision, "roster": ROSTER}})


def _copy(source: Path, target: Path) -> None:
    write_whole(target, source.read_bytes(), OWNER_ONLY)
