"""Versions of the kiosk's program: taken in when their publisher signed them, offered to few and then to all; what kiosks hear of it."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from nacl.signing import SigningKey

from server import keys
from server.devices.models import Device
from server.places.roster import roster_of
from server.record.models import Line
from server.releases.models import Release
from server.releases.openpgp import clearsigned, public_key
from server.releases.told import updates
from sync import wire
from sync.signature import sign
from sync.updates import Update, Window
from tests.faults.stage import needs
from tests.server.device_pages import commune, device, shown, text
from tests.server.kiosk import Kiosk
from tests.server.people import Role, at, person, somebody

PUBLISHER = SigningKey(bytes(range(32)))
CONTROL = "Package: {package}\nVersion: {version}\nArchitecture: amd64\nMaintainer: nobody <nobody@hailong.example>\nDescription: kiosk\n"


@pytest.fixture(autouse=True)
def of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Versions that no other test sees, and their publisher."""
    needs("dpkg-deb")
    (tmp_path / "release.pub").write_text(PUBLISHER.verify_key.encode().hex() + "\n")
    monkeypatch.setattr(settings, "RELEASE_KEY", tmp_path / "release.pub")
    monkeypatch.setattr(settings, "RELEASES", tmp_path / "releases")
    yield
    (settings.KEYS / "repository").unlink(missing_ok=True)  # whoever comes next has no versions


@pytest.fixture
def administrator() -> Client:
    """Of everything."""
    admin = person("quan-tri")
    admin.is_superuser = True
    admin.save()
    client = at()
    client.force_login(admin)
    return client


def packed(folder: Path, version: str, package: str = "hailong-kiosk", weight: int = 10) -> Path:
    """A package, signed as a release is."""
    tree, out = folder / "tree", folder / f"out-{version}"
    (tree / "DEBIAN").mkdir(parents=True, exist_ok=True)
    (tree / "DEBIAN/control").write_text(CONTROL.format(package=package, version=version))
    (tree / "weight").write_bytes(bytes(weight))
    out.mkdir(exist_ok=True)
    file = out / f"{package}_{version}_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, file], check=True, stdout=subprocess.DEVNULL)
    sign_all(out)
    return file


def sign_all(folder: Path, key: SigningKey = PUBLISHER) -> None:
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in folder.glob("*.deb"))
    (folder / "SHA256SUMS").write_text(sums)
    (folder / "SHA256SUMS.sig").write_text(sign(key, sums.encode()) + "\n")


def release(*words: str) -> str:
    out = StringIO()
    call_command("release", *words, stdout=out)
    return out.getvalue()


def offered(folder: Path, *words: str) -> Path:
    """A version 0.2.0 that was added, and staged so often."""
    file = packed(folder, "0.2.0")
    release("add", str(file), "--notes", "Sửa lỗi màn hình")
    for each in words:
        release("stage", "0.2.0", "--to", each, "--without-proof")
    return file


def test_a_signed_package_is_taken_in_and_offered_to_nobody(tmp_path: Path) -> None:
    offered(tmp_path)
    assert release("list").startswith("0.2.0  new  since")
    assert b"Package" not in at().get("/kho/dists/canary/main/binary-amd64/Packages").content
    assert at().get("/kho/pool/hailong-kiosk_0.2.0_amd64.deb").status_code == 404


@pytest.mark.parametrize("harm", ["key", "content", "name", "package", "publisher"])
def test_what_the_publisher_did_not_sign_as_a_kiosk_is_refused(tmp_path: Path, harm: str) -> None:
    file = packed(tmp_path, "0.2.0", "hailong-other" if harm == "package" else "hailong-kiosk")
    match harm:
        case "key":
            sign_all(file.parent, SigningKey.generate())
        case "content":
            file.write_bytes(file.read_bytes() + b"\n")
        case "name":
            file = file.rename(file.with_name("hailong-kiosk_0.3.0_amd64.deb"))
        case "publisher":
            settings.RELEASE_KEY.unlink()
    with pytest.raises(CommandError):
        release("add", str(file))
    assert not Release.objects.exists()


def test_a_version_has_one_content_for_ever(tmp_path: Path) -> None:
    release("add", str(offered(tmp_path)))
    with pytest.raises(CommandError, match="another content"):
        release("add", str(packed(tmp_path, "0.2.0", weight=11)))


def test_it_goes_to_few_first_and_to_all_when_one_runs_it_and_none_went_back(tmp_path: Path) -> None:
    offered(tmp_path, "canary")
    first = device(commune(), timezone.now(), canary=True)
    with pytest.raises(CommandError, match="Chưa có kiosk nào chạy"):
        release("stage", "0.2.0")
    Device.objects.update(version="0.2.0")
    other = device(first.unit, timezone.now(), "Quầy 2", update_version="0.2.0", update_outcome="failed")
    with pytest.raises(CommandError, match="1 kiosk đã không chạy được"):
        release("stage", "0.2.0", "--to", "stable", "--without-proof")
    Device.objects.filter(pk=other.pk).update(update_outcome="done")
    assert "0.2.0  stable" in release("stage", "0.2.0")
    assert "0.2.0  withdrawn" in release("withdraw", "0.2.0")
    with pytest.raises(CommandError):
        release("stage", "0.2.0")


@pytest.mark.parametrize(("staged", "canary", "stable"), [(["canary"], True, False), (["canary", "stable"], True, True)])
def test_apt_finds_a_version_in_the_suites_that_it_is_for(tmp_path: Path, staged: list[str], canary: bool, stable: bool) -> None:
    offered(tmp_path, *staged)
    for suite, there in (("canary", canary), ("stable", stable)):
        signed = at().get(f"/kho/dists/{suite}/InRelease").content.decode()
        listed = at().get(f"/kho/dists/{suite}/main/binary-amd64/Packages").content
        assert f" {hashlib.sha256(listed).hexdigest()} {len(listed)} main/binary-amd64/Packages" in signed
        assert (b"Version: 0.2.0" in listed) == there


def test_a_download_that_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    file = offered(tmp_path, "canary")
    whole = at().get(f"/kho/pool/{file.name}")
    assert b"".join(whole) == file.read_bytes()
    whole.close()
    rest = at().get(f"/kho/pool/{file.name}", headers={"Range": "bytes=100-", "If-Range": whole["Last-Modified"]})
    size = file.stat().st_size
    assert (rest.status_code, rest["Content-Range"], rest["Content-Length"]) == (206, f"bytes 100-{size - 1}/{size}", str(size - 100))
    assert b"".join(rest) == file.read_bytes()[100:]
    rest.close()
    other = at().get(f"/kho/pool/{file.name}", headers={"Range": "bytes=100-", "If-Range": "Thu, 01 Jan 1970 00:00:00 GMT"})
    assert other.status_code == 200
    other.close()
    name = file.name.removesuffix(".deb")
    assert at().get(f"/kho/pool/{name}.SHA256SUMS").content == (file.parent / "SHA256SUMS").read_bytes()
    assert at().get(f"/kho/pool/{name}.SHA256SUMS.sig").content.strip() == (file.parent / "SHA256SUMS.sig").read_bytes().strip()


def test_who_comes_for_a_package_while_too_many_do_is_asked_to_come_again(tmp_path: Path) -> None:
    file = offered(tmp_path, "canary")
    running = [at().get(f"/kho/pool/{file.name}") for _ in range(4)]
    full = at().get(f"/kho/pool/{file.name}")
    assert (full.status_code, full["Retry-After"]) == (503, "900")
    for each in running:
        each.close()
    again = at().get(f"/kho/pool/{file.name}")
    assert again.status_code == 200
    again.close()


@pytest.fixture
def gpgv(tmp_path: Path) -> Path:
    needs("gpgv")
    return tmp_path


def test_the_signature_holds_for_gpgv_and_no_other_text_does(gpgv: Path) -> None:
    key = SigningKey.generate()
    (gpgv / "key.gpg").write_bytes(public_key(key))
    signed = clearsigned("Suite: stable\n- with a hyphen\nDate:  blanks \n", key, 1_800_000_000)
    for said, holds in ((signed, True), (signed.replace("stable", "canary"), False)):
        (gpgv / "InRelease").write_text(said)
        done = subprocess.run(["gpgv", "--keyring", gpgv / "key.gpg", gpgv / "InRelease"], capture_output=True, check=False)
        assert (done.returncode == 0) == holds


def test_kiosks_hear_of_the_repository_once_there_is_one_each_of_its_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = commune()
    kiosk = device(unit, timezone.now())
    before = roster_of(kiosk.counter, updates(canary=False)).content
    assert b"updates" not in before
    offered(tmp_path)
    monkeypatch.setattr(settings, "UPDATE_WINDOW", Window("19:00", "05:00"))
    unit.shown = '{"idle_seconds":30}'
    for canary, suite in ((False, "stable"), (True, "canary")):
        config = wire.decode(roster_of(kiosk.counter, updates(canary=canary)).content, wire.KioskConfig)
        assert config.updates is not None
        assert (config.updates.suite, config.updates.window) == (suite, Window("19:00", "05:00"))
        assert base64.b64decode(config.updates.key) == public_key(keys.repository_key(settings.KEYS))


def test_a_receipt_names_the_configuration_of_the_kiosks_suite(kiosk: Kiosk, tmp_path: Path) -> None:
    offered(tmp_path)
    kiosk.open()
    for canary in (False, True):
        Device.objects.update(canary=canary)
        counter = Device.objects.get().counter
        assert kiosk.send().receipt.config == roster_of(counter, updates(canary=canary)).digest


def test_a_kiosk_tells_how_its_update_went(kiosk: Kiosk) -> None:
    kiosk.open()
    kiosk.send(health=wire.Health("0.1.0", 0, 1, Update("0.2.0", "failed", "no-first-screen")))
    there = Device.objects.get()
    assert (there.update_version, there.update_outcome, there.update_why) == ("0.2.0", "failed", "no-first-screen")


def test_the_page_says_who_runs_what_and_who_went_back(administrator: Client, tmp_path: Path) -> None:
    offered(tmp_path, "canary")
    unit = commune()
    first = device(unit, timezone.now(), version="0.2.0", canary=True)
    back = device(unit, timezone.now(), "Quầy 2", update_version="0.2.0", update_outcome="failed", update_why="no-first-screen")
    page = administrator.get("/phien-ban/").content.decode()
    assert (shown(page, "release"), shown(page, "canary"), shown(page, "failed")) == (["0.2.0"], [first.pk], [back.pk])
    assert "không mở được màn hình trong hai phút" in text(page)
    assert "Phát hành cho mọi kiosk" not in text(page)
    Device.objects.filter(pk=back.pk).update(update_outcome="done")
    assert "Phát hành cho mọi kiosk" in text(administrator.get("/phien-ban/").content.decode())
    administrator.post("/phien-ban/0.2.0/giai-doan/", {"to": "stable"})
    assert Release.objects.get().stage == "stable"
    assert Line.objects.get().detail == "phiên bản kiosk 0.2.0: cho mọi kiosk"


def test_who_arranges_one_unit_of_several_sees_and_changes_nothing(tmp_path: Path) -> None:
    offered(tmp_path)
    here, there = commune(), commune("Phường Bình Minh")
    elsewhere = device(there, timezone.now(), canary=True)
    client = somebody(Role.ADMINISTRATOR, here)
    page = client.get("/phien-ban/").content.decode()
    assert (shown(page, "release"), shown(page, "canary")) == (["0.2.0"], [])
    assert '<form method="post" action="/phien-ban/' not in page
    assert client.post("/phien-ban/0.2.0/giai-doan/", {"to": "canary"}).status_code == 404
    assert elsewhere.pk not in page


def test_a_device_is_chosen_to_try_first_on_its_page(kiosk: Kiosk) -> None:
    client = somebody(Role.TECHNICIAN, kiosk.unit)
    page = client.post(f"/thiet-bi/may/{kiosk.device}/thu-truoc/", {"canary": "1"}, follow=True).content.decode()
    assert Device.objects.get().canary
    assert "Thôi thử bản mới trước" in text(page)
    client.post(f"/thiet-bi/may/{kiosk.device}/thu-truoc/", {"canary": "0"})
    assert not Device.objects.get().canary
    assert [line.detail for line in Line.objects.order_by("at", "id")] == ["thử phiên bản mới trước", "thôi thử phiên bản mới trước"]
