"""When a kiosk's version may change, what root believes of what the kiosk wrote, and what it takes for signed."""

import ast
import base64
import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from kiosk import updates
from kiosk.hours import LOCAL
from kiosk.texts import translator
from kiosk.updating.errors import UnsignedError
from kiosk.updating.signed import require_signed
from kiosk.updating.state import State, Underway, read_state, write_state
from kiosk.updating.told import Told
from sync.signature import sign
from sync.updates import Update
from tests.faults.stage import needs
from tools.package.update import files

BOOT = "5f1c7a52-3a0e-4c58-9a43-2f2d9d1b7c11"
OFFICE = [{"opens": "07:30", "closes": "11:30"}, {"opens": "13:30", "closes": "17:00"}]
HOURS = {"weekdays": [OFFICE] * 5 + [[], []], "others": [{"first": "2026-11-25", "last": "2026-11-25", "words": {"vi": "Nghỉ"}}]}
KEY = base64.b64encode(b"a key").decode()
STABLE: dict[str, Any] = {"suite": "stable", "key": KEY}


def told(
    folder: Path, config: object, clock: str = "2026-11-23T12:00:00", settings: str = 'server = "https://hailong.tinh.gov.vn"'
) -> Told:
    """What a kiosk wrote whose server's time was so, at the counter, a minute ago. 2026-11-23 is a Monday."""
    time = datetime.fromisoformat(clock).replace(tzinfo=LOCAL) - timedelta(minutes=1)
    genuine = {"time": time.astimezone(UTC).isoformat(), "up": 940.0, "boot": BOOT}
    (folder / "kiosk.toml").write_text(settings)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "status.json").write_text(json.dumps({"outcome": "received", "genuine": genuine}))
    return Told(folder / "kiosk.toml", folder)


@pytest.mark.parametrize(
    ("clock", "may"),
    [
        ("2026-11-23T07:00:00", True), ("2026-11-23T07:15:00", False), ("2026-11-23T09:00:00", False), ("2026-11-23T12:00:00", True),
        ("2026-11-23T13:15:00", False), ("2026-11-23T17:00:00", True), ("2026-11-25T09:00:00", True), ("2026-11-28T09:00:00", True),
    ],
)  # fmt: skip
def test_a_version_changes_only_while_the_unit_is_closed_and_stays_so_long_enough(tmp_path: Path, clock: str, may: bool) -> None:
    assert told(tmp_path, {"hours": HOURS, "updates": STABLE}, clock).may_install(BOOT, 1000.0) == may


@pytest.mark.parametrize(("clock", "may"), [("2026-11-23T12:00:00", False), ("2026-11-23T22:00:00", True), ("2026-11-24T04:00:00", True)])
def test_a_window_over_midnight_narrows_it_with_hours_and_without(tmp_path: Path, clock: str, may: bool) -> None:
    window = STABLE | {"window": {"opens": "21:00", "closes": "05:00"}}
    for config in ({"hours": HOURS, "updates": window}, {"updates": window}, {"updates": STABLE}):
        assert told(tmp_path, config, clock).may_install(BOOT, 1000.0) == may


def test_who_does_not_know_the_time_changes_nothing(tmp_path: Path) -> None:
    assert not told(tmp_path, {"hours": HOURS}).may_install("another boot", 1000.0)


@pytest.mark.parametrize(
    ("hours", "window"),
    [({"weekdays": [OFFICE]}, None), ("never", None), (HOURS, {"opens": "21:00"}), (HOURS, {"opens": 21, "closes": 5})],
)
def test_hours_that_cannot_be_read_allow_nothing(tmp_path: Path, hours: object, window: object) -> None:
    assert not told(tmp_path, {"hours": hours, "updates": STABLE | {"window": window}}).may_install(BOOT, 1000.0)


def test_the_repository_is_the_servers(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"certificates")
    settings = 'server = "https://hailong.tinh.gov.vn:8443/"\nca_file = "ca.pem"\nproxy = "http://10.0.0.1:3128"'
    source = told(tmp_path, {"updates": STABLE}, settings=settings).source()
    assert source is not None
    assert (source.server, source.suite, source.key) == ("https://hailong.tinh.gov.vn:8443", "stable", b"a key")
    assert (source.ca, source.proxy) == (b"certificates", "http://10.0.0.1:3128")


@pytest.mark.parametrize(
    "settings",
    [
        'server = "http://hailong.tinh.gov.vn"', 'server = "https://a.vn/x y"', 'server = "https://a.vn/kho [trusted=yes]"',
        'server = "file:///media/usb"', 'server = "https://a.vn"\nproxy = "http://x\\";\\nDPkg::Pre-Invoke {\\"sh\\"}"', "server =", "",
        'server = "https://a.vn"\nca_file = "missing.pem"',
    ],
)  # fmt: skip
def test_settings_that_could_say_more_to_apt_than_an_address_are_not_believed(tmp_path: Path, settings: str) -> None:
    assert told(tmp_path, {"updates": STABLE}, settings=settings).source() is None


@pytest.mark.parametrize(
    "said", [{}, {"suite": "stable"}, {"suite": "main contrib", "key": KEY}, {"suite": "stable", "key": "?"}, [], None]
)
def test_without_a_suite_and_a_key_there_is_no_repository(tmp_path: Path, said: object) -> None:
    assert told(tmp_path, {"updates": said}).source() is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"first_screen": true}', b'{"version": 1, "boot": [], "up": "x", "first_screen": true}', b"\xff"]
)
def test_what_is_no_proof_proves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "proof.json").write_bytes(content)
    assert Told(tmp_path / "kiosk.toml", tmp_path).proof() is None


def test_only_what_the_publisher_signed_is_taken(tmp_path: Path) -> None:
    needs("openssl")
    key, package = SigningKey.generate(), tmp_path / "hailong-kiosk_0.2.0_amd64.deb"
    package.write_bytes(b"a package")
    sums, signature, public = tmp_path / "SHA256SUMS", tmp_path / "SHA256SUMS.sig", tmp_path / "release.pub"
    sums.write_text(f"1c0f  other.deb\n{hashlib.sha256(b'a package').hexdigest()}  {package.name}\n")
    signature.write_text(sign(key, sums.read_bytes()) + "\n")
    public.write_text(key.verify_key.encode().hex() + "\n")
    require_signed(package, package.name, sums, signature, public)
    with pytest.raises(UnsignedError):
        require_signed(package, "hailong-kiosk_0.3.0_amd64.deb", sums, signature, public)
    for broken, content in ((signature, "?"), (signature, sign(SigningKey.generate(), sums.read_bytes())), (public, "00" * 31)):
        whole = broken.read_text()
        broken.write_text(content)
        with pytest.raises(UnsignedError):
            require_signed(package, package.name, sums, signature, public)
        broken.write_text(whole)
    package.write_bytes(b"another package")
    with pytest.raises(UnsignedError):
        require_signed(package, package.name, sums, signature, public)


@pytest.mark.parametrize("content", ["", "[]", '{"underway": {"step": "trial"}, "last": null, "failed": {}}', '{"underway": null}'])
def test_a_state_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    assert read_state(tmp_path) == State()


def test_the_server_and_the_technician_are_told_how_it_went(tmp_path: Path) -> None:
    vietnamese = translator("vi")
    assert (updates.told(tmp_path), updates.in_words(vietnamese, tmp_path)) == (None, "")
    underway = Underway(step="trial", version="0.2.0", previous="0.1.0", new="", kept="")
    write_state(tmp_path, State(underway))
    assert (updates.told(tmp_path), updates.in_words(vietnamese, tmp_path)) == (Update("0.2.0", "trial"), "đang thử bản 0.2.0")
    write_state(tmp_path, State(underway).ended("0.2.0", "failed", "no-first-screen"))
    assert updates.told(tmp_path) == Update("0.2.0", "failed", "no-first-screen")
    assert updates.in_words(vietnamese, tmp_path) == "đã quay lại bản trước: bản mới không mở được màn hình (0.2.0)"
    write_state(tmp_path, State().ended("một gói.deb", "refused", "unsigned"))
    assert updates.told(tmp_path) is None  # no batch is refused for a file's name


def test_packages_are_found_on_a_stick_with_their_signature_only(tmp_path: Path) -> None:
    (tmp_path / "hailong").mkdir()
    for name in ("hailong-kiosk_0.2.0_amd64.deb", "hailong-server_0.2.0_amd64.deb", "SHA256SUMS", "SHA256SUMS.sig"):
        (tmp_path / "hailong" / name).touch()
    (tmp_path / "hailong-kiosk_0.1.0_amd64.deb").touch()
    assert updates.found([tmp_path]) == [updates.Found(tmp_path / "hailong/hailong-kiosk_0.2.0_amd64.deb", "0.2.0")]


def test_the_updater_needs_nothing_beside_the_standard_library_and_what_is_installed_with_it() -> None:
    installed = {target.removeprefix("usr/lib/hailong-kiosk-update/") for target in files() if target.endswith(".py")}
    ours = {name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") for name in installed}
    for name in installed:
        for node in _run_at_import(ast.parse(Path(name).read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            for module in modules:
                assert module.partition(".")[0] in sys.stdlib_module_names or module in ours, (name, module)


def _run_at_import(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """But those that only types need."""
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
