"""The authority of a server that vouches for itself goes with its private keys, and comes back with them. (The whole: tests/install.)"""

import io
import tarfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.backup import archive
from server.backup.keys import is_same, restored_keys
from server.installation import authority
from server.installation.running import Refused
from server.installation.savekeys import save_keys

pytestmark = pytest.mark.once

OURS = {"root.crt": b"a certificate", "root.key": b"its key"}
KEYS = {"signing": b"one", "sealing": b"two", "former/sealing": b"three"}


def keys_file(folder: Path) -> bytes:
    files = {}
    for name, data in KEYS.items():
        files[name] = folder / "keys" / name
        files[name].parent.mkdir(parents=True, exist_ok=True)
        files[name].write_bytes(data)
    parts = [archive.part(name, path) for name, path in files.items()]
    manifest = archive.Manifest(kind="keys", version="1", made_at=datetime(2026, 11, 27, tzinfo=UTC), signing_key="00", parts=parts)
    archive.write(folder / "keys.tar", manifest, files)
    return (folder / "keys.tar").read_bytes()


def names(packed: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return tar.getnames()


def test_what_is_put_in_comes_out_and_the_servers_user_never_sees_it(tmp_path: Path) -> None:
    plain = keys_file(tmp_path)
    whole = authority.with_authority(plain, OURS)
    assert {"authority/root.crt", "authority/root.key"} < set(names(whole))
    rest, found = authority.apart(whole)
    assert found == OURS
    assert names(rest) == names(plain)
    (tmp_path / "rest.tar").write_bytes(rest)
    archive.unpack(tmp_path / "rest.tar", tmp_path / "unpacked")
    assert is_same(tmp_path / "unpacked", tmp_path / "keys")


def test_a_file_without_an_authority_or_no_file_of_keys_stays_as_it_is(tmp_path: Path) -> None:
    plain = keys_file(tmp_path)
    assert authority.apart(plain) == (plain, {})
    assert authority.apart(b"a letter") == (b"a letter", {})
    assert names(authority.with_authority(plain, {})) == names(plain)


def test_keys_are_not_saved_where_they_would_be_lost_together_with_the_server() -> None:
    with pytest.raises(Refused, match="nằm trên chính đĩa của máy chủ"):
        save_keys(Path("/"), same_disk=False)


def test_when_the_database_cannot_be_restored_the_keys_in_use_stay_in_use(tmp_path: Path) -> None:
    unpacked, folder = tmp_path / "unpacked", tmp_path / "keys"
    for where, key in ((unpacked, b"of the backup"), (folder, b"in use")):
        where.mkdir()
        (where / "signing").write_bytes(key)
    with suppress(archive.BadBackup), restored_keys(unpacked, folder, "now"):
        assert (folder / "signing").read_bytes() == b"of the backup"
        raise archive.BadBackup
    assert (folder / "signing").read_bytes() == b"in use"
    with restored_keys(unpacked, folder, "now") as kept:
        pass
    assert (folder / "signing").read_bytes() == b"of the backup"
    assert kept is not None
    assert (kept / "signing").read_bytes() == b"in use"
