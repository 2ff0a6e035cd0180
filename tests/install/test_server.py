"""The server's package in clean machines: set up, reached by TLS, restored after a loss, upgraded, removed. Real kiosks vote at it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from kiosk.clocks import Clocks
from kiosk.export import export
from server.installation import env_file, proxy
from sync.pins import is_pin
from tests.install.machine import Cable
from tests.install.server import Office, cast, installed
from tests.install.stick import stick
from tests.stage.display import VirtualDisplay, wait_until
from tests.stage.programs import Kiosk
from tools.package.server import build

pytestmark = [pytest.mark.install, pytest.mark.timeout(1800)]

NEXT = "0.99.0"
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("intake", "{last}")]
    operations = [migrations.RunSQL("CREATE TABLE next_version (id integer)", "DROP TABLE next_version")]
"""
SAVED = "/root/stick"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from this tree; or one that HAILONG_SERVER_PACKAGE names."""
    named = os.environ.get("HAILONG_SERVER_PACKAGE")
    return Path(named) if named else build(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def next_package(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next version, whose database differs: the first one with another number and one more migration."""
    disk = tmp_path_factory.mktemp("next") / "disk"
    subprocess.run(["dpkg-deb", "-R", package, disk], check=True)
    [metadata] = disk.glob("usr/lib/hailong-server/lib/python3*/site-packages/hailong-*.dist-info/METADATA")
    for file in (disk / "DEBIAN/control", metadata):
        file.write_text(re.sub(r"(?m)^Version: .*", f"Version: {NEXT}", file.read_text()))
    migrations = metadata.parents[1] / "server/intake/migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / f"{int(last[:4]) + 1:04}_next_version.py").write_text(MIGRATION.format(last=last))
    made = disk.with_name(f"hailong-server_{NEXT}_amd64.deb")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", disk, made], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def province(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """On PostgreSQL, set up without a question."""
    with installed("hailong-province", 51, tmp_path_factory.mktemp("province"), package, "postgresql") as (there, cable):
        there.run("hailong-server", "setup", "--address", cable.machine, "--unit", "Tỉnh Nghệ An", "--yes")
        there.run("mkdir", "-m", "700", SAVED)
        there.run("mount", "-t", "tmpfs", "stick", SAVED)
        yield Office(there, cable, tmp_path_factory.mktemp("seen"))


@pytest.fixture(scope="module")
def commune(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One commune on SQLite, with one command."""
    with installed("hailong-commune", 52, tmp_path_factory.mktemp("commune"), package) as (there, cable):
        said = there.run("hailong-server", "setup", "--commune", "Xã Nghĩa Đàn", "--counters", "2", "--out", "/root/kiosks", "--yes")
        office = Office(there, cable, tmp_path_factory.mktemp("seen"))
        (office.folder / "setup.txt").write_text(said, "utf-8")
        yield office


def test_a_province_is_served_by_tls_and_a_loss_is_mended_by_backup_keys_and_kiosks(province: Office) -> None:
    assert "Mật khẩu" in province.page("/login/")
    made = json.loads(province.ask("addplaces", "--commune", "Xã Nghĩa Đàn", "--province", "Tỉnh Nghệ An", "--counters", "2"))
    province.there.run("hailong-server", "provision", "--unit", made["unit"], "--out", "/srv/kiosks")
    folders = province.provisions("/srv/kiosks")
    assert [folder.name for folder in folders] == sorted(made["counters"])
    assert (folders[0] / "ca.pem").read_bytes() == province.authorities.read_bytes(), "the kiosk gets what it needs to trust the server"
    tablets = [province.tablet(f"tablet{number}", province.secret(folder)) for number, folder in enumerate(folders)]
    for tablet in tablets:
        cast(tablet, 30)
        tablet.drain()
    assert province.counted() == 60

    province.there.run("systemctl", "start", "hailong-night", "hailong-restoretest", "hailong-watch")
    province.ask("savekeys", SAVED)
    for tablet in tablets:
        cast(tablet, 20)
        tablet.drain()
    assert province.counted() == 100

    newest = province.there.run("sh", "-c", "ls -t /var/backups/hailong/hailong-*.tar | head -1").strip()
    keys = province.there.run("sh", "-c", f"ls {SAVED}/*.tar").strip()
    province.there.run("cp", newest, f"{SAVED}/backup.tar")
    province.there.run("systemctl", "stop", "hailong-server", "hailong-watch.timer", "hailong-night.timer")
    province.there.run("runuser", "-u", "postgres", "--", "dropdb", "hailong")
    province.there.run("systemctl", "stop", "caddy")
    province.there.run(
        "sh", "-c", "rm -rf /var/lib/hailong/* /var/lib/hailong/.[!.]* /var/backups/hailong/* /etc/hailong-server/server.env"
    )
    province.there.run("sh", "-c", "rm -rf /var/lib/caddy/.local /etc/caddy/hailong /etc/caddy/conf.d/hailong.caddy")
    address = province.address.removeprefix("https://")
    province.there.run("hailong-server", "setup", "--address", address, "--yes")
    with pytest.raises(OSError, match="certificate verify failed"):
        province.page("/login/")
    province.ask("restore", f"{SAVED}/backup.tar", "--replace")
    province.ask("restore", f"{SAVED}/backup.tar", "--keys", keys, "--replace")  # the keys that were forgotten, at once
    wait_until(province.serves, "it serves again", 60)
    assert province.counted() == 60, "as of the backup"
    for tablet in tablets:
        cast(tablet, 1)
        tablet.drain()
    assert province.counted() == 102, "the kiosks brought what came after it"


def test_check_says_that_all_is_well_where_it_is(province: Office) -> None:
    province.ask("savekeys", SAVED)
    province.there.run("systemctl", "start", "hailong-night", "hailong-restoretest", "hailong-watch")
    found = {one["about"]: one for one in json.loads(province.ask("check", "--json"))["findings"]}
    assert {about for about, one in found.items() if one["level"] != "ok"} <= {"clock", "disk", "backup-disk"}, found
    assert {"database", "keys", "keys-copy", "backup", "restore-test", "timer-night", "timer-watch", "address", "kiosks"} <= set(found)


@pytest.mark.parametrize(
    ("unit", "about"), [("caddy", "address"), ("hailong-server", "address"), ("postgresql@15-main", "database")], ids=lambda name: name
)
def test_check_says_what_does_not_run(province: Office, unit: str, about: str) -> None:
    province.there.run("systemctl", "stop", unit)
    try:
        said = province.there.try_to("hailong-server", "check", "--json")
    finally:
        province.there.run("systemctl", "start", unit)
        province.there.run("systemctl", "restart", "hailong-server")
    found = {one["about"]: one["level"] for one in json.loads(said.stdout)["findings"]}
    assert said.returncode == 1
    assert found[about] == "bad"


def test_a_certificate_of_the_office_is_served_and_stays(province: Office, tmp_path: Path) -> None:
    authority, host, root = trustme.CA(), province.address.removeprefix("https://"), province.there.folder / "root"
    certificate = authority.issue_cert(host)
    certificate.cert_chain_pems[0].write_to_path(root / "chain.pem")
    certificate.private_key_pem.write_to_path(root / "key.pem")
    authority.cert_pem.write_to_path(tmp_path / "office.pem")
    province.there.run("hailong-server", "setup", "--yes", "--tls", "files", "--certificate", "/root/chain.pem", "--key", "/root/key.pem")
    province.authorities = tmp_path / "office.pem"
    wait_until(province.serves, "it is served with the office's certificate", 60)
    shutil.copy(tmp_path / "office.pem", province.there.folder / "usr/local/share/office.pem")
    env_file.write(province.there.folder / "etc/hailong-server/server.env", {"HAILONG_CA": "/usr/local/share/office.pem"})
    province.there.run("hailong-server", "setup", "--yes")
    wait_until(province.serves, "it stays", 60)
    assert env_file.read(province.there.folder / "etc/hailong-server/server.env")["HAILONG_CA"] == "/usr/local/share/office.pem"


def test_caddy_understands_what_it_is_told_for_a_public_name(province: Office) -> None:
    (province.there.folder / "root/acme.caddy").write_text(proxy.site("hailong.tinh.gov.vn", "acme"))
    adapted = province.there.run("caddy", "adapt", "--adapter", "caddyfile", "--config", "/root/acme.caddy")
    assert "hailong.tinh.gov.vn" in adapted
    assert "127.0.0.1:8000" in adapted


def test_a_commune_is_ready_by_one_command_and_a_real_kiosk_votes(commune: Office, tmp_path: Path) -> None:
    folder = shutil.copytree(commune.provisions("/root/kiosks")[0], tmp_path / "kiosk")
    given = (folder / "kiosk.toml").read_text()
    with VirtualDisplay() as display:
        kiosk = Kiosk(folder, commune.address, display, thanks_seconds=0.5)
        kiosk.settings.write_text(f'data = "{kiosk.data}"\nthanks_seconds = 0.5\n{given}')
        with kiosk:
            for satisfied in (True, False, True):
                kiosk.vote(satisfied=satisfied)
            wait_until(lambda: commune.counted() == 3, "the votes arrive", 90)


def test_the_technicians_pin_is_in_the_files_of_a_commune_and_a_second_setup_keeps_it(commune: Office) -> None:
    said = (commune.folder / "setup.txt").read_text("utf-8")
    [digits] = re.findall(r"Mã PIN kỹ thuật: +(\d+) ", said)
    for folder in commune.provisions("/root/kiosks"):
        assert is_pin(digits, json.loads((folder / "roster.json").read_text("utf-8"))["technician"])
    assert "KHÔNG phải trên USB" in said, "/root is no stick"
    address = commune.address.removeprefix("https://")
    again = commune.ask("setup", "--commune", "Xã Nghĩa Đàn", "--counters", "2", "--address", address, "--out", "/root/again", "--yes")
    assert "Mã PIN kỹ thuật:  như trước" in again
    assert is_pin(digits, json.loads((commune.provisions("/root/again")[0] / "roster.json").read_text("utf-8"))["technician"])


def test_a_stick_that_only_root_may_write_carries_what_kiosks_need_and_what_they_wrote(commune: Office, tmp_path: Path) -> None:
    counter = commune.provisions("/root/kiosks")[0].name.removeprefix("quay-1-")
    with stick(commune.there, tmp_path) as place:
        assert f"/mnt/kiosks/{counter}  Quầy 1" in commune.ask("provision", counter, "--out", "/mnt/kiosks")
        [folder] = (place / "kiosks").iterdir()
        assert {path.name for path in folder.iterdir()} == {"ca.pem", "kiosk.toml", "roster.json"}
        again = commune.there.try_to("hailong-server", "provision", counter, "--out", "/mnt/kiosks")
        assert again.returncode == 1
        assert "đã có" in again.stderr

        before = commune.counted()
        tablet = commune.tablet("carried", commune.secret(folder))
        cast(tablet, 12)
        export(tablet.data, place, None, Clocks(), lambda entries: None)
        assert "Biên nhận đã ở trên USB" in commune.ask("import", "/mnt")
        assert commune.counted() == before + 12
        taken = export(tablet.data, place, None, Clocks(), lambda entries: None)
        assert taken.answers == 1, "the kiosk finds its receipt"

        cast(tablet, 3)
        export(tablet.data, place, None, Clocks(), lambda entries: None)
        for name, size in (("film", "64k"), ("rest", "1k")):  # once the first is on the disk there is room for a little more
            commune.there.try_to("dd", "if=/dev/zero", f"of=/mnt/{name}.avi", f"bs={size}", "oflag=sync")
        full = commune.there.try_to("hailong-server", "import", "/mnt")
        assert full.returncode == 1
        assert "hết chỗ trống" in full.stderr
        assert not list(place.rglob("*.new"))
        commune.there.run("rm", "/mnt/film.avi", "/mnt/rest.avi")
        commune.ask("import", "/mnt")
        assert commune.counted() == before + 15
    nothing = commune.there.try_to("hailong-server", "import", "/mnt")
    assert nothing.returncode == 1
    assert "Không có gì của kiosk trong /mnt/hailong" in nothing.stderr
    assert commune.there.run("sh", "-c", "ls -d /var/tmp/hailong-* || true") == "", "nothing is left of what was lent"


def test_setting_up_again_changes_nothing(commune: Office) -> None:
    before = commune.counted()
    settings = commune.there.run("cat", "/etc/hailong-server/server.env")
    said = commune.there.run("hailong-server", "setup", "--yes")
    assert "như trước" in said
    assert commune.there.run("cat", "/etc/hailong-server/server.env") == settings
    assert commune.counted() == before


def test_systemd_reads_the_settings_as_we_write_them(commune: Office) -> None:
    hard = {"HAILONG_MAIL_FROM": "Hài Lòng <hailong@tinh.gov.vn>", "HAILONG_SMTP_URL": 'smtp://u:a"b\\c$d`e@mail:587', "HAILONG_CA": ""}
    env_file.write(commune.there.folder / "root" / "hard.env", hard)
    said = commune.there.run("systemd-run", "--quiet", "--wait", "--pipe", "--property=EnvironmentFile=/root/hard.env", "env")
    assert all(f"{name}={value}\n" in said for name, value in hard.items())


def test_an_upgrade_that_cannot_be_backed_up_leaves_everything_as_it_is(commune: Office, next_package: Path) -> None:
    shutil.copy(next_package, commune.there.folder / "root")
    commune.there.run("chown", "root:", "/var/backups/hailong")
    refused = commune.there.try_to("dpkg", "-i", f"/root/{next_package.name}")
    commune.there.run("chown", "hailong:", "/var/backups/hailong")
    assert refused.returncode != 0
    assert "không nâng cấp" in refused.stderr
    assert commune.there.run("dpkg-query", "-W", "-f", "${Version} ${Status}", "hailong-server").endswith("install ok installed")
    wait_until(commune.serves, "the old version serves", 60)


def test_an_upgrade_keeps_everything_and_makes_a_backup_first(commune: Office, next_package: Path) -> None:
    tablet = commune.tablet("before", commune.secret(commune.provisions("/root/kiosks")[1]))
    cast(tablet, 25)
    tablet.drain()
    before = commune.counted()
    settings = commune.there.run("cat", "/etc/hailong-server/server.env")
    shutil.copy(next_package, commune.there.folder / "root")
    commune.there.run("dpkg", "-i", f"/root/{next_package.name}")
    assert commune.there.run("dpkg-query", "-W", "-f", "${Version}", "hailong-server") == NEXT
    assert "before-upgrade-from-" in commune.there.run("ls", "/var/backups/hailong")
    assert re.search(r"\[X\] \d+_next_version", commune.ask("showmigrations", "intake"))
    wait_until(commune.serves, "it serves again", 60)
    cast(tablet, 5)
    tablet.drain()
    assert commune.counted() == before + 5
    assert commune.there.run("cat", "/etc/hailong-server/server.env") == settings


def test_after_a_power_cut_the_server_is_back_with_every_vote(commune: Office) -> None:
    before = commune.counted()
    cable = Cable(52)
    commune.there.cut_power()
    commune.there.boot(cable)
    wait_until(commune.serves, "it serves again", 120)
    assert commune.counted() == before


def test_neither_removing_nor_purging_takes_what_citizens_said(commune: Office, next_package: Path) -> None:
    before = commune.counted()
    shutil.copy(next_package, commune.there.folder / "root")
    commune.there.run("dpkg", "-r", "hailong-server")
    assert commune.there.try_to("systemctl", "is-active", "hailong-server").returncode != 0
    commune.there.run("dpkg", "-i", f"/root/{next_package.name}")
    assert commune.counted() == before
    said = commune.there.run("dpkg", "-P", "hailong-server")
    assert "Giữ lại /var/lib/hailong" in said
    commune.there.run("dpkg", "-i", f"/root/{next_package.name}")
    commune.there.run("hailong-server", "setup", "--yes")
    assert commune.counted() == before
