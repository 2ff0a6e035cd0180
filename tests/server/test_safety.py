"""Sessions, passwords, cookies, headers, and what stands in no log."""

import io
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from nacl.signing import SigningKey

from server.devices.enrolment import new_code
from server.places.models import Unit
from server.record.models import Line
from tests.server.kiosk import Kiosk
from tests.server.people import PASSWORD, at, logged_in, person
from tests.server.phone import Clock
from tests.server.test_enrolment import enrol

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
NEW = "một câu khác hẳn"


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


@pytest.fixture
def leader(unit: Unit) -> User:
    return person("lanhdao", unit, password=PASSWORD)


def enter(client: Client, password: str = PASSWORD, **more: str) -> Any:  # noqa: ANN401 – the test client's response
    return client.post("/login/", {"username": "lanhdao", "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> Any:  # noqa: ANN401 – as above
    return client.post("/mat-khau/", {"old_password": old, "new_password1": new, "new_password2": again or new})


def test_a_session_has_a_new_name_after_login_and_none_after_logout(leader: User) -> None:
    client = at()
    client.session["chosen"] = "by somebody else"
    client.cookies["sessionid"] = planted = "a" * 32
    enter(client)
    kept = client.cookies["sessionid"].value
    assert kept not in (planted, "")
    client.post("/logout/")
    client.cookies["sessionid"] = kept
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(leader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client, start = at(), timezone.now()
    enter(client)
    for hours, still in ((6, True), (11.9, True), (12.1, False)):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: start + timedelta(hours=hours))
        assert is_in(client) == still
        if still:
            session = client.session
            session["touched"] = hours
            session.save()


def test_a_new_password_ends_every_other_session_and_not_ones_own(leader: User) -> None:
    here, elsewhere = at(), at()
    enter(here)
    enter(elsewhere)
    before = here.cookies["sessionid"].value
    assert change(here).headers["Location"] == "/mat-khau/da-doi/"
    assert "phải đăng nhập lại" in here.get("/mat-khau/da-doi/").content.decode()
    assert is_in(here)
    assert here.cookies["sessionid"].value != before
    assert not is_in(elsewhere)
    assert enter(elsewhere).status_code == 200
    assert enter(elsewhere, NEW).status_code == 302
    assert Line.objects.get(action="change").detail == "mật khẩu của mình"


def test_a_password_that_an_administrator_sets_ends_all_sessions_of_the_user(leader: User) -> None:
    client = at()
    enter(client)
    administrator = logged_in(User.objects.create_superuser("goc"))
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert administrator.post(f"/admin/auth/user/{leader.pk}/password/", sent).status_code == 302
    assert not is_in(client)


def test_who_is_dismissed_is_out_at_once(leader: User) -> None:
    client = at()
    enter(client)
    User.objects.update(is_active=False)
    assert not is_in(client)
    assert enter(client).status_code == 200


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("ngắn", None, "ít nhất 10 ký tự"),
        ("0912345678901", None, "chỉ gồm chữ số"),
        ("lanhdao2026", None, "giống tên đăng nhập"),
        ("qwertyuiop", None, "nhiều người dùng"),
        (NEW, "một câu khác nữa", "không"),
    ],
)
def test_a_weak_password_is_refused_in_vietnamese(leader: User, new: str, again: str | None, said: str) -> None:
    client = at()
    enter(client)
    page = change(client, new=new, again=again).content.decode()
    assert said in page
    assert not re.search(r"\b(password|characters|common)\b", re.sub(r"<[^>]*>", "", page), re.IGNORECASE)
    leader.refresh_from_db()
    assert leader.check_password(PASSWORD)


def test_whoever_sits_at_somebody_elses_screen_does_not_try_all_passwords(leader: User, clock: Clock) -> None:
    client = at()
    enter(client)
    statuses = {change(client, old="sai").status_code for _ in range(12)}
    assert 429 in statuses


def test_passwords_are_kept_by_argon2_former_ones_from_the_next_login_on(leader: User) -> None:
    assert leader.password.startswith("argon2$argon2id$")
    leader.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6, 10)
    leader.save()
    assert enter(at()).status_code == 302
    leader.refresh_from_db()
    assert leader.password.startswith("argon2$argon2id$")


def test_login_leads_to_no_foreign_site(leader: User) -> None:
    assert enter(at(), next="https://evil.example/").headers["Location"] == "/"
    assert enter(at(), next="//evil.example").headers["Location"] == "/"
    assert enter(at(), next="/nhat-ky/").headers["Location"] == "/nhat-ky/"


def test_the_administration_has_no_entrance_of_its_own(leader: User) -> None:
    assert at().get("/admin/places/officer/").headers["Location"] == "/login/?next=/admin/places/officer/"
    for send in (at().get, at().post):
        answer: Any = send("/admin/login/?next=/admin/places/officer/", {"username": "lanhdao", "password": PASSWORD})
        assert answer.headers["Location"].startswith("/login/?next=")
    assert logged_in(leader).get("/admin/").status_code == 403
    assert logged_in(leader).get("/admin/login/").status_code == 403
    administrator = logged_in(User.objects.create_superuser("goc"))
    assert administrator.get("/admin/login/").headers["Location"] == "/admin/"
    assert administrator.get("/admin/password_change/").headers["Location"] == "/mat-khau/"
    assert administrator.post("/admin/logout/").headers["Location"] == "/login/"
    assert administrator.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ["/login/", "/logout/", "/mat-khau/", "/admin/auth/user/add/"])
def test_a_form_from_elsewhere_is_refused(address: str) -> None:
    client = at(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("goc"))
    client.logout() if address == "/login/" else None
    assert client.post(address, {"username": "goc"}).status_code == 403


def test_what_depends_on_who_is_logged_in_is_kept_by_no_cache(leader: User) -> None:
    client = logged_in(leader)
    for address in ("/", "/login/", "/mat-khau/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]
    assert "no-store" not in headers_of(client, "/static/server/hailong.css")["Cache-Control"]


def test_a_public_page_is_kept_for_others_only_as_a_stranger_sees_it(leader: User) -> None:
    assert "public" in headers_of(at(), "/cong-khai/")["Cache-Control"]
    mine = headers_of(logged_in(leader), "/cong-khai/")["Cache-Control"]
    assert "private" in mine
    assert "public" not in mine


@pytest.mark.parametrize("address", ["/login/", "/", "/nhat-ky/", "/api/v1/entries", "/admin/", "/static/server/hailong.css", "/nothing"])
def test_every_answer_says_what_a_browser_must_not_do(address: str) -> None:
    headers = headers_of(at(), address)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")


def headers_of(client: Client, address: str) -> dict[str, str]:
    answer = client.get(address)
    answer.close()  # a file, where it is one
    return dict(answer.headers)


def production(tmp_path: Path, *words: str) -> str:
    """What a process says that is set up as in service."""
    variables = {"HAILONG_HTTPS": "1", "HAILONG_ALLOWED_HOSTS": "hailong.tinh.gov.vn", "HAILONG_DATABASE_URL": ""}
    environment = {**os.environ, **variables, "HAILONG_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr + done.stdout


def test_django_has_nothing_to_say_against_the_settings_in_service(tmp_path: Path) -> None:
    said = production(tmp_path, "-m", "server", "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in said


IN_SERVICE = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from django.core.management import call_command
call_command("migrate", verbosity=0)
proxied = Client(SERVER_NAME="hailong.tinh.gov.vn", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"})
page = proxied.get("/login/")
[cookie] = page.cookies.values()
print(page.status_code, page.headers["Strict-Transport-Security"])
print(cookie.key, cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"])
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN)
plain = Client(SERVER_NAME="hailong.tinh.gov.vn")
print(plain.get("/login/").headers["Location"], plain.post("/api/v1/entries").status_code)
"""


def test_in_service_cookies_are_of_this_host_by_https_only(tmp_path: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    page, cookie, session, plain = production(tmp_path, "-c", IN_SERVICE).splitlines()[-4:]
    assert page == "200 max-age=31536000"
    assert cookie == "__Host-csrftoken True True / "
    assert session == "__Host-sessionid True / None"
    assert plain == "https://hailong.tinh.gov.vn/login/ 415"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at any level, as an operator would read it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.Formatter(LINE))
    root = logging.getLogger()
    root.addHandler(handler)
    before = {name: logging.getLogger(name).level for name in ("", "django", "axes", "server", "django.request")}
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield said
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    root.removeHandler(handler)


def test_no_secret_is_logged(leader: User, kiosk: Kiosk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    code = new_code(kiosk.counter, timezone.now())
    broken = at()
    broken.raise_request_exception = False
    enter(broken)
    for _ in range(6):
        enter(at(), "một-mật-khẩu-sai")
        enter(at(), "sai", username="mật-khẩu-ở-ô-tên")
    enrol(at(), code, SigningKey.generate())
    enrol(at(), "WRONG-C0DE1", SigningKey.generate())
    for address in ("/api/v1/results", "/api/v1/entries", "/nothing", "/"):
        at().get(address, headers={"Authorization": "Bearer s3cr3t-t0ken"})
    monkeypatch.setattr("server.results.views.queries", SimpleNamespace())  # the page of today fails
    assert broken.get("/", {"pin": "s3cr3t-pin"}, headers={"Authorization": "Bearer s3cr3t-t0ken"}).status_code == 500
    monkeypatch.setattr("server.login.pages.turn", None)  # so does the entrance, with a password in its hands
    assert enter(broken_entrance(), "một-mật-khẩu-sai").status_code == 500
    said = log.getvalue()
    assert "Traceback" in said
    secrets = ["một-mật-khẩu-sai", "mật-khẩu-ở-ô-tên", PASSWORD, "s3cr3t", code, code.replace("-", ""), "WRONG-C0DE1", "WRONGC0DE1"]
    secrets += [cookie.value for cookie in broken.cookies.values() if cookie.value]
    assert [secret for secret in secrets if secret in said] == []


def broken_entrance() -> Client:
    client = at()
    client.raise_request_exception = False
    return client


def test_no_private_key_or_password_is_in_the_repository() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    told = re.compile(
        r"BEGIN [A-Z ]*PRIVATE KEY|ghp_\w{36}|AKIA[0-9A-Z]{16}|SECRET_KEY\s*=\s*[\"']|(?i:postgres(ql)?://\w+:(?!p%40w|secret|password)[^@\s{]{6,}@)"
    )
    found = []
    for name in names:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".html", ".service", ""} and path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            found += [name for _ in told.finditer(text) if path != Path(__file__).resolve()]
    assert found == []
