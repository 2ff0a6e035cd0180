"""What a prepared folder, or a server's address, makes of the settings of this tablet."""

import tomllib
from pathlib import Path

from kiosk.drafting import OWNER_ONLY, Draft
from kiosk.setup.prepared import CERTIFICATES, ROSTER, SETTINGS, Prepared
from sync.fetching import fetch
from sync.files import make_folder, write_whole
from sync.proxy import Proxy


def draft_of_server(file: Path, address: str, proxy: str = "", authorities: bytes | None = None) -> Draft:
    """With a server's address, the proxy before it and the certificates (PEM) to trust, if given. Raises OSError, `BadSettings`."""
    _begin(file.parent)
    if authorities is None:
        return Draft(file, {"server": address, **_given(proxy)})
    write_whole(file.parent / CERTIFICATES, authorities, OWNER_ONLY)
    return Draft(file, {"server": address, **_given(proxy), "ca_file": CERTIFICATES})


def own_authorities(address: str, mark: str, proxy: Proxy | None = None) -> bytes | None:
    """The certificates (PEM) of the office's own authority, by the mark in its code; None where it has none, or plain HTTP is spoken.

    Raises `WrongAuthorityError`, `TryLater`.
    """
    return fetch(address, mark, proxy) if mark and address.startswith("https:") else None


def draft_of_prepared(file: Path, prepared: Prepared, proxy: str = "") -> Draft:
    """With all that a prepared folder says, and the proxy, if one is given; the files that it names lie beside it then. Raises OSError,
    `BadSettings`.
    """
    table = tomllib.loads((prepared.folder / SETTINGS).read_text("utf-8"))
    provision = dict(table.pop("provision"))
    _begin(file.parent)
    _copy(prepared.folder / provision["roster"], file.parent / ROSTER)
    if "ca_file" in table:
        _copy(prepared.folder / table["ca_file"], file.parent / CERTIFICATES)
    certificates = CERTIFICATES if "ca_file" in table else None
    return Draft(file, {**table, **_given(proxy), "ca_file": certificates, "provision": {**provision, "roster": ROSTER}})


def _given(proxy: str) -> dict[str, str]:
    return {"proxy": proxy} if proxy else {}


def _begin(folder: Path) -> None:
    """Make the folder, and clear away what a try left that was killed."""
    make_folder(folder)
    for left in folder.glob("*.new"):
        left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    write_whole(target, source.read_bytes(), OWNER_ONLY)
