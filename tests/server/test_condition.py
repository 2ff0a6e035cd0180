"""`check`: what it says of an installation that is well, and of one that is not."""

import io
import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from server import keys, settings
from server.condition import outside, storage, timers
from server.condition.findings import Finding, Level
from server.condition.kiosks import kiosks
from server.condition.looking import look
from server.devices.models import Device
from server.smtp import MailServer
from server.timers import notes
from server.timers.notes import KeysKept, RestoreTest, Run
from tests.server.kiosk import Kiosk
from tests.stage.programs import free_port

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
HOURS = timedelta(hours=1)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def levels(found: Iterator[Finding]) -> dict[str, Level]:
    return {one.about: one.level for one in found}


def noted(runs: Path, age: timedelta, **faults: str) -> None:
    for timer in ("night", "watch", "restoretest"):
        notes.write(runs, timer, Run(began=NOW - age, ended=NOW - age, faults=faults))


@pytest.mark.once
def test_timers_that_run_are_well_and_each_is_late_by_its_own_measure(runs: Path) -> None:
    assert set(levels(timers.timers(runs, NOW)).values()) == {Level.WARN}, "never ran"
    noted(runs, timedelta(minutes=4))
    assert set(levels(timers.timers(runs, NOW)).values()) == {Level.OK}
    noted(runs, 40 * HOURS)
    late = {"timer-night": Level.WARN, "timer-watch": Level.BAD, "timer-restoretest": Level.OK}
    assert levels(timers.timers(runs, NOW)) == late


@pytest.mark.once
def test_a_step_that_failed_is_named(runs: Path) -> None:
    noted(runs, timedelta(0), retain="no space left\nmore")
    [night, *_] = timers.timers(runs, NOW)
    assert night.level is Level.BAD
    assert "retain: no space left" in night.words


@pytest.mark.once
def test_a_backup_is_wanted_every_night_and_tried_every_week(runs: Path, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    assert levels(timers.backups(None, runs, NOW)) == {"backup": Level.BAD}
    assert levels(timers.backups(backups, runs, NOW)) == {"backup": Level.BAD}, "the folder is not there"
    backups.mkdir()
    file = backups / "hailong-2026-11-27.tar"
    file.touch()
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    assert levels(timers.backups(backups, runs, NOW)) == {"backup": Level.OK, "restore-test": Level.WARN}
    tried = RestoreTest(file=str(file), made_at=NOW, at=NOW, held="1 units")
    notes.write(runs, "restored", tried)
    assert levels(timers.backups(backups, runs, NOW)) == {"backup": Level.OK, "restore-test": Level.OK}
    notes.write(runs, "restored", RestoreTest(file=str(file), made_at=NOW, at=NOW, held="", fault="hailong.dump is damaged"))
    assert levels(timers.backups(backups, runs, NOW))["restore-test"] is Level.BAD
    assert levels(timers.backups(backups, runs, NOW + 40 * HOURS))["backup"] is Level.WARN
    assert levels(timers.backups(backups, runs, NOW + 80 * HOURS))["backup"] is Level.BAD


@pytest.mark.once
def test_keys_are_to_be_there_closed_to_others_and_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = replace(settings.ENVIRONMENT, data=tmp_path)
    assert levels(storage.private_keys(here)) == {"keys": Level.BAD}
    keys.make(here.keys)
    assert levels(storage.private_keys(here)) == {"keys": Level.OK, "keys-copy": Level.BAD}
    public = keys.signing_key(here.keys).verify_key.encode().hex()
    notes.write(here.runs, "keys", KeysKept(NOW, public))
    assert levels(storage.private_keys(here)) == {"keys": Level.OK, "keys-copy": Level.OK}
    monkeypatch.setattr(storage, "AUTHORITY", tmp_path / "hailong-ca.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "hailong-ca.pem")  # good since the year 2000
    vouches = replace(here, authorities=tmp_path / "hailong-ca.pem")
    assert levels(storage.private_keys(vouches))["keys-copy"] is Level.OK
    notes.write(here.runs, "keys", KeysKept(datetime(1999, 1, 1, tzinfo=UTC), public))
    assert levels(storage.private_keys(vouches))["keys-copy"] is Level.BAD, "kiosks would not trust a machine with that copy alone"
    keys.rotate(here.keys, NOW)
    assert levels(storage.private_keys(here))["keys-copy"] is Level.BAD, "the copy is of the keys before"
    (here.keys / "secret").chmod(0o644)
    assert levels(storage.private_keys(here))["keys"] is Level.BAD


def test_a_database_that_lacks_a_migration_is_told() -> None:
    assert storage.database(settings.ENVIRONMENT).level is Level.OK
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'intake' AND name LIKE '0007%'")
    try:
        assert storage.database(settings.ENVIRONMENT).level is Level.BAD
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('intake', '0007_decision_by_unit', CURRENT_TIMESTAMP)"
            )


@contextmanager
def answering(status: int, until: datetime, authority: trustme.CA) -> Iterator[int]:
    """A server with TLS on a port, whose certificate is good until then."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 as http.server names it
            """Nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", not_after=until).configure_cert(context)
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.once
def test_the_address_is_tried_as_kiosks_and_people_do(tmp_path: Path) -> None:
    ours, another = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(tmp_path / "ca.pem")
    here = replace(settings.ENVIRONMENT, allowed_hosts=["localhost"], authorities=tmp_path / "ca.pem")
    far = datetime.now(UTC) + timedelta(days=300)
    for status, until, authority, level, word in (
        (200, far, ours, Level.OK, "trả lời"),
        (200, datetime.now(UTC) + timedelta(days=3), ours, Level.WARN, "trả lời"),
        (502, far, ours, Level.BAD, "phía sau không chạy"),
        (200, far, another, Level.BAD, "không đúng: không rõ ai cấp"),
        (200, datetime.now(UTC) - timedelta(days=1), ours, Level.BAD, "không đúng: đã hết hạn"),
    ):
        with answering(status, until, authority) as port:
            found = outside.address(replace(here, address=f"https://localhost:{port}"))
        assert found.level is level
        assert word in found.words
    closed = outside.address(replace(here, address=f"https://localhost:{free_port()}"))
    assert closed.level is Level.BAD
    assert "không có gì trả lời" in closed.words
    mistyped = outside.address(replace(here, address="https://192.0.2.77", allowed_hosts=["192.0.2.77"]))  # RFC 5737: nobody's
    assert "Máy này không mang địa chỉ 192.0.2.77" in mistyped.words
    nowhere = outside.address(replace(here, address="https://hailong.invalid", allowed_hosts=["hailong.invalid"]))
    assert "Không máy nào mang tên" in nowhere.words
    assert outside.address(replace(here, address="https://hailong.tinh.gov.vn")).level is Level.BAD, "not in HAILONG_ALLOWED_HOSTS"
    assert outside.address(here).level is Level.WARN, "no address"


@pytest.mark.once
def test_a_mail_server_that_is_not_there_is_told() -> None:
    assert outside.mail(settings.ENVIRONMENT).level is Level.OK
    gone = replace(settings.ENVIRONMENT, smtp=MailServer("127.0.0.1", free_port(), "plain"))
    assert outside.mail(gone).level is Level.BAD


def test_kiosks_that_are_silent_are_counted(kiosk: Kiosk) -> None:
    now = timezone.now()
    assert levels(kiosks(now)) == {"kiosks": Level.OK}
    Device.objects.update(last_heard=now - timedelta(days=10), flag="forked")
    assert levels(kiosks(now)) == {"kiosks": Level.BAD, "flagged": Level.BAD}
    Device.objects.update(revoked_at=now)
    assert levels(kiosks(now)) == {"kiosks": Level.OK}, "nobody waits for one that was revoked"


@pytest.mark.once
def test_what_breaks_a_look_is_a_finding_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(environment: object) -> Finding:
        raise RuntimeError("broken")

    monkeypatch.setattr(outside, "mail", broken)
    found = levels(look(settings.ENVIRONMENT, timezone.now()))
    assert found["mail"] is Level.BAD
    assert {"database", "kiosks", "clock"} <= set(found)


@pytest.mark.once
def test_check_ends_with_1_when_something_is_bad_and_says_the_same_as_json() -> None:
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check", json=True, stdout=said)
    found = json.loads(said.getvalue())
    assert ended.value.code == 1
    assert found["level"] == "bad"
    assert {"about", "level", "words", "advice"} == set(found["findings"][0])
    assert all(one["advice"] for one in found["findings"] if one["level"] != "ok"), "each says what to do about it"
    words = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check", stdout=words)
    assert all(one["words"] in words.getvalue() for one in found["findings"] if one["about"] not in ("clock", "disk"))


@pytest.mark.once
def test_with_an_option_of_djangos_own_check_it_is_that() -> None:
    said = io.StringIO()
    call_command("check", "--tag", "models", stdout=said)
    assert "no issues" in said.getvalue()
