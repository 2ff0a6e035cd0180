"""What the operator does: environment, keys, commands."""

import io
import json
import os
import signal
import stat
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from server import environment, keys
from server.devices.models import EnrolmentCode
from server.places.models import Counter, Officer, Unit, validate_time_zone
from server.problems import CATALOGUE, ProblemError
from server.smtp import MailServer
from tests.server.kiosk import Kiosk

pytestmark = pytest.mark.once


def test_without_variables_the_server_keeps_to_itself() -> None:
    found = environment.read({})
    assert found.postgresql is None
    assert found.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert found.batches_per_minute == 240
    assert (found.exchange_seconds, found.debug, found.https) == (60, False, False)


def test_a_postgresql_url_by_network_and_by_socket() -> None:
    found = environment.read({"HAILONG_DATABASE_URL": "postgresql://u:p%40w@db.example:5433/hailong?sslmode=require"})
    assert found.postgresql == {
        "NAME": "hailong",
        "USER": "u",
        "PASSWORD": "p@w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    found = environment.read({"HAILONG_DATABASE_URL": "postgresql:///hailong?host=/run/postgresql"})
    assert found.postgresql is not None
    assert found.postgresql["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://", "postgresql://u:secret@h:port/d?x=%zz", "hailong.db"])
def test_another_database_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="expected postgresql://") as error:
        environment.read({"HAILONG_DATABASE_URL": url})
    assert "secret" not in str(error.value)


def test_a_replica_follows_a_postgresql_that_is_named_too() -> None:
    urls = {"HAILONG_DATABASE_URL": "postgresql://db.example/hailong", "HAILONG_REPLICA_URL": "postgresql://replica.example/hailong"}
    found = environment.read(urls)
    assert found.replica is not None
    assert found.replica["HOST"] == "replica.example"
    with pytest.raises(ImproperlyConfigured, match="HAILONG_REPLICA_URL: a replica follows"):
        environment.read(urls | {"HAILONG_DATABASE_URL": ""})
    with pytest.raises(ImproperlyConfigured, match="HAILONG_REPLICA_URL: expected postgresql://"):
        environment.read(urls | {"HAILONG_REPLICA_URL": "replica.example"})


MAIL = {"HAILONG_ADDRESS": "https://hailong.tinh.gov.vn/", "HAILONG_MAIL_FROM": "Hài Lòng <hailong@tinh.gov.vn>"}


def test_a_mail_server_by_its_address() -> None:
    found = environment.read({**MAIL, "HAILONG_SMTP_URL": "smtp://hai%40long:p%3Aw@mail.tinh.gov.vn"})
    assert (found.smtp, found.address) == (
        MailServer("mail.tinh.gov.vn", 587, "starttls", "hai@long", "p:w"),
        "https://hailong.tinh.gov.vn",
    )
    assert "p:w" not in repr(found)
    assert environment.read({**MAIL, "HAILONG_SMTP_URL": "smtps://[::1]"}).smtp == MailServer("::1", 465, "tls")
    assert environment.read({**MAIL, "HAILONG_SMTP_URL": "smtp+plain://localhost:1025"}).smtp == MailServer("localhost", 1025, "plain")
    assert environment.read({}).smtp is None


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:secret@h:port",
        "smtp://u:secret@",
        "http://u:secret@h",
        "smtp://u:secret@h/x",
        "smtp+plain://u:secret@h",
        "smtp://secret@h",
        "smtp://u:secret%E1%BA%AD@h",
    ],
)
def test_a_mail_server_that_cannot_be_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HAILONG_SMTP_URL: ") as error:
        environment.read({**MAIL, "HAILONG_SMTP_URL": url})
    assert "secret" not in str(error.value)


def test_mail_needs_a_sender_and_an_address_for_its_links() -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        environment.read({"HAILONG_SMTP_URL": "smtp://mail.example"})
    assert "HAILONG_ADDRESS: e-mails lead to pages" in str(error.value)
    assert "HAILONG_MAIL_FROM: expected who sends" in str(error.value)


def test_all_faults_are_told_at_once() -> None:
    wrong = {
        "HAILONG_DATABASE_URL": "oracle",
        "HAILONG_ALLOWED_HOSTS": ",",
        "HAILONG_EXCHANGE_SECONDS": "soon",
        "HAILONG_BATCHES_PER_MINUTE": "0",
        "HAILONG_DEBUG": "maybe",
        "HAILONG_HTTPS": "2",
        "HAILONG_OLDEST_KIOSK": "new",
        "HAILONG_ADDRESS": "http://hailong.tinh.gov.vn",
        "HAILONG_SMTP_URL": "mail.tinh.gov.vn",
        "HAILONG_MAIL_FROM": "Hài Lòng",
    }
    with pytest.raises(ImproperlyConfigured) as error:
        environment.read(wrong)
    for name in wrong:
        assert name in str(error.value)


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="HAILONG_DATA"):
        environment.read({"HAILONG_DATA": str(tmp_path / "file" / "data")}).prepare()


def test_keys_are_made_once_however_many_ask_and_only_we_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: keys._signing_key.__wrapped__(folder).encode(), range(64)))
    assert len(made) == 1
    keys.make(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == dict.fromkeys(
        ("secret", "signing", "sealing"), 0o600
    )


def test_every_problem_has_a_status_and_a_title() -> None:
    for code, kind in CATALOGUE.items():
        document = ProblemError(code).document()
        assert (document.code, document.status, document.title) == (code, kind.status, kind.title)
        assert 400 <= document.status <= 503


def test_the_demo_can_be_repeated_and_has_no_votes(client: Client) -> None:
    runs = []
    for _ in range(2):
        out = io.StringIO()
        call_command("demo", "--json", stdout=out)
        runs.append(json.loads(out.getvalue()))
    first, second = runs
    assert first["unit"] == second["unit"]
    assert [counter["id"] for counter in first["counters"]] == [counter["id"] for counter in second["counters"]]
    assert (Unit.objects.count(), Counter.objects.count(), Officer.objects.count(), User.objects.count()) == (2, 4, 4, 1)
    assert EnrolmentCode.objects.count() == 8
    assert client.login(**second["login"])
    assert not Client().login(**first["login"])
    page = client.get("/").content.decode()
    assert "Nguyễn Thị Minh Hạnh" in page
    assert 'data-total="total" data-value="0"' in page


def test_the_demo_for_people_prints_one_code() -> None:
    out = io.StringIO()
    call_command("demo", stdout=out)
    assert "Phường Thái Hòa" in out.getvalue()
    assert "lanhdao" in out.getvalue()
    assert EnrolmentCode.objects.count() == 1


def test_enrolcode_makes_a_code_and_lists_the_counters_when_asked_wrongly(kiosk: Kiosk) -> None:
    out = io.StringIO()
    call_command("enrolcode", "--counter", kiosk.counter.id, stdout=out)
    assert EnrolmentCode.objects.get().counter == kiosk.counter
    for arguments in ([], ["--counter", "c-NONE"]):
        with pytest.raises(CommandError, match=kiosk.counter.id):
            call_command("enrolcode", *arguments)


def test_createadmin_makes_a_superuser_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("một mật khẩu dài\n" * 2))
    call_command("createadmin", "--username", "chu", "--password-stdin", stdout=io.StringIO())
    user = User.objects.get(username="chu")
    assert user.is_superuser
    assert user.check_password("một mật khẩu dài")
    with pytest.raises(CommandError, match="already"):
        call_command("createadmin", "--username", "chu", "--password-stdin")


@pytest.mark.parametrize(("name", "password"), [("chu", "ngan"), ("chu", ""), ("a b", "một mật khẩu dài")])
def test_createadmin_refuses_weak_passwords_and_strange_names(name: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    with pytest.raises(CommandError):
        call_command("createadmin", "--username", name, "--password-stdin")
    assert not User.objects.exists()


def test_who_forgot_a_password_gets_a_new_one_that_is_as_good_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("lanhdao", password="một mật khẩu dài")
    monkeypatch.setattr("sys.stdin", io.StringIO("ngan\nmột mật khẩu khác\n"))
    with pytest.raises(CommandError, match="quá ngắn"):
        call_command("changepassword", "lanhdao", "--password-stdin")
    said = io.StringIO()
    call_command("changepassword", "lanhdao", "--password-stdin", stdout=said)
    assert said.getvalue() == "Đã đổi mật khẩu của lanhdao.\n"
    assert User.objects.get().check_password("một mật khẩu khác")
    with pytest.raises(CommandError, match="Không có tài khoản nobody"):
        call_command("changepassword", "nobody", "--password-stdin")


@pytest.mark.parametrize("bind", ["8000", "host:", ":8000", "host:99999", "http://host:80"])
def test_serve_refuses_a_wrong_address(bind: str) -> None:
    with pytest.raises(CommandError, match="--bind"):
        call_command("serve", "--bind", bind)


def test_the_administration_shows_its_lists(kiosk: Kiosk, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for model in ("places/unit", "places/officer", "places/counter", "places/membership", "devices/device"):
        assert client.get(f"/admin/{model}/").status_code == 200
    assert client.get(f"/admin/devices/device/{kiosk.device}/change/").status_code == 200
    selected = {"action": "revoke", "_selected_action": kiosk.device}
    client.post("/admin/devices/device/", selected)
    assert kiosk.send().problem.code == "revoked"


def test_places_that_contradict_each_other_are_refused(kiosk: Kiosk) -> None:
    validate_time_zone("Asia/Ho_Chi_Minh")
    with pytest.raises(ValidationError):
        validate_time_zone("Asia/Hanoi")
    stranger = Officer.objects.create(unit=Unit.objects.create(name="Xã khác", kind="commune"), name="A", title="B")
    with pytest.raises(ValidationError):
        Counter(unit=kiosk.unit, name="Quầy 2", on_duty=stranger).clean()
    with pytest.raises(ValidationError):
        Unit(name="Xã", kind="commune", parent=kiosk.unit).clean()


def test_nothing_is_added_twice_by_who_presses_the_button_twice(kiosk: Kiosk) -> None:
    with pytest.raises(ValidationError, match="đã có quầy tên ấy"):
        Counter(unit=kiosk.unit, name=kiosk.counter.name).clean()
    kiosk.counter.clean()
    with pytest.raises(ValidationError, match="Đã có đơn vị tên này"):
        Unit(name=kiosk.unit.name, kind="commune", parent=kiosk.unit.parent).clean()
    kiosk.unit.clean()
    province = Unit.objects.create(name="Tỉnh khác", kind="province")
    Unit(name=kiosk.unit.name, kind="commune", parent=province).clean()


def server(folder: Path, *words: str, **variables: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAILONG_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "server", *words],
        env={**kept, "HAILONG_DATA": str(folder), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_migrates_announces_its_address_answers_and_ends_when_told(folder: Path, ending: signal.Signals) -> None:
    with server(folder, "serve", "--bind", "127.0.0.1:0", HAILONG_DATABASE_URL=os.environ["HAILONG_DATABASE_URL"]) as process:
        assert process.stdout is not None
        announced = process.stdout.readline().split()
        assert announced[:2] == ["listening", "on"]
        for page in ("/login/", "/static/fonts/BeVietnamPro-Bold.ttf", "/static/server/hailong.css"):
            with urllib.request.urlopen(announced[2] + page, timeout=20) as response:  # noqa: S310 – our own server
                assert response.status == 200
        process.send_signal(ending)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert (folder / "keys" / "signing").is_file()


def test_a_wrong_environment_ends_every_command_with_a_plain_message(folder: Path) -> None:
    with server(folder, "serve", HAILONG_DATABASE_URL="mysql://") as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "HAILONG_DATABASE_URL" in errors
    assert "Traceback" not in errors
