"""T28: whatever went through a kiosk, no secret and no citizen's word is in its log, nor in the file that goes to whoever helps."""

import base64
import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from click.testing import CliRunner

from kiosk.__main__ import main
from kiosk.clocks import Clocks
from kiosk.commands.options import wire_of
from kiosk.comments import Comments
from kiosk.contact import Contact
from kiosk.duty import OnDuty
from kiosk.enrolment import device_key, public_key
from kiosk.export import StickFault
from kiosk.facts import Facts
from kiosk.findings import Finding, Level
from kiosk.logs import LogFile, log_files
from kiosk.proof import Proof
from kiosk.recorder import Recorder
from kiosk.roster import Roster
from kiosk.sealed import Sealed
from kiosk.settings import read_settings
from kiosk.storage.ledger import Binding, Ledger
from kiosk.support import write_support_file
from kiosk.tries import Locked, Tries
from kiosk.vote import ContactDetails, Rating
from sync.courier import Courier
from sync.http import Wire
from sync.watch import Limits, Watch
from sync.wire import KioskConfig, Officer
from tests.faults.report import report
from tests.kiosk.test_carried import COUNTER, PROVISION, SECRET, UNIT
from tests.kiosk.test_duty import quick_hash
from tests.sync.hostile import listening, read_message, whole

WORDS, NAME, PHONE = "CANARY-WORDS", "CANARY-NAME", "0912345678"
OFFICER, PASSWORD, CODE, PIN, WRONG_PIN = "CANARY-OFFICER", "CANARY-PASSWORD", "7Q2K9-XVTM5", "739146", "258013"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings of a provisioned kiosk behind an office's proxy with a password."""
    (tmp_path / "roster.json").write_bytes(PROVISION.roster)
    made = tmp_path / "kiosk.toml"
    made.write_text(
        f'server = "https://127.0.0.1:9"\ndata = {json.dumps(str(tmp_path / "data"))}\nproxy = "http://an:{PASSWORD}@127.0.0.1:9"\n'
        f'[provision]\nsecret = "{SECRET}"\nsigning_key = "{PROVISION.signing_key}"\nsealing_key = "{PROVISION.sealing_key}"\n'
        'roster = "roster.json"\n'
    )
    return made


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[None]:
    """All that is logged, however unimportant, is in the kiosk's log."""
    handler, root = LogFile(tmp_path / "data"), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


def live(file: Path) -> None:
    """A day of a kiosk on which everything goes wrong that may: votes, a comment, PINs, an exchange, a disk that fails."""
    settings, clocks = read_settings(file), Clocks()
    data = settings.data
    ledger, key = Ledger(data, clocks), device_key(data)
    ledger.bind(Binding(public_key(key), UNIT.id, COUNTER.id))
    roster = Roster(data, UNIT, COUNTER)
    officer = Officer("o-1", OFFICER, "Công chức", pin=quick_hash(PIN))
    roster.store(
        msgspec.json.encode(KioskConfig(unit=UNIT, counter=COUNTER, officers=[officer], on_duty="o-1", technician=quick_hash(PIN)))
    )
    duty = OnDuty(data, ledger, roster, clocks)
    duty.sign_in("o-1", WRONG_PIN).result(20)
    duty.sign_in("o-1", PIN).result(20)
    duty.sign_out().result(20)
    Tries(data / "technician-tries.json", clocks).why_not(Locked("technician", quick_hash(PIN)), WRONG_PIN)
    sealed = Sealed(data, ledger.held)
    recorder = Recorder(ledger.append, lambda: "o-1", Comments(ledger.append, sealed, lambda: PROVISION.sealing_key))
    contact = ContactDetails(NAME, PHONE, "", "v1")
    vote = recorder.vote(Rating.DISSATISFIED).result(20)
    recorder.comment(vote, WORDS, contact, "vi").result(20)
    with patch("kiosk.sealed.write_whole", side_effect=OSError(5, "Input/output error")), suppress(Exception):
        recorder.comment(vote, WORDS, contact, "vi").result(20)
    with patch("kiosk.sealed.seal", side_effect=ValueError(WORDS)):
        try:
            recorder.comment(vote, WORDS, contact, "vi").result(20)
        except ValueError:
            logging.getLogger("kiosk").exception("a comment failed")
    facts = Facts(data, clocks, ledger, roster, lambda: None)
    with listening(lambda connection: connection.sendall(whole(f"<html>{CODE}</html>".encode() + read_message(connection)))) as (port, _):
        for wire in (wire_of(settings), Wire(f"http://127.0.0.1:{port}", watch=Watch(Limits(1, 1, 2)))):
            step = Courier(ledger, Contact(wire, data, settings.provision, "0.1.0"), facts, facts.note).run_once()
            facts.note(step, "Xin kiểm tra mạng.")
    proof = Proof(data, clocks)
    proof.first_screen()
    recorder.close()
    duty.close()
    ledger.close()


def secrets_of(data: Path) -> list[bytes]:
    """What must be nowhere, in every form in which it might be."""
    key = device_key(data).encode()
    told = [
        WORDS,
        NAME,
        PHONE,
        OFFICER,
        PASSWORD,
        CODE,
        CODE.replace("-", ""),
        PIN,
        WRONG_PIN,
        SECRET,
        "argon2",
        '"rating"',
        "dissatisfied",
    ]
    login = base64.b64encode(f"an:{PASSWORD}".encode())
    return [*map(str.encode, told), login, key, key.hex().encode(), base64.b64encode(key)]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.fault("T28")
@pytest.mark.usefixtures("logged")
def test_no_secret_and_no_word_of_a_citizen_is_in_the_log_or_in_what_is_sent_for_help(file: Path, tmp_path: Path) -> None:
    live(file)
    ended = CliRunner().invoke(main, ["--config", str(file), "enrol", CODE])
    assert ended.exit_code == 4
    data, stick = tmp_path / "data", tmp_path / "stick"
    stick.mkdir()
    copied = CliRunner().invoke(main, ["--config", str(file), "logs", "--bundle", str(stick)])
    assert copied.exit_code == 0, copied.output
    [path] = stick.iterdir()
    assert str(path) in copied.stdout
    found = members(path)
    places = {**found, **{str(one): one.read_bytes() for one in log_files(data)}}
    hits = [(name, secret) for name, content in places.items() for secret in secrets_of(data) if secret in content]
    report("T28", cases=len(places) * len(secrets_of(data)), lost=0, doubled=0)
    assert b"a comment failed" in found["logs/kiosk.log"], "the log was written"
    assert hits == []


@pytest.mark.usefixtures("logged")
def test_control_the_search_finds_what_is_there(file: Path, tmp_path: Path) -> None:
    live(file)
    data = tmp_path / "data"
    ledger = b"".join(one.read_bytes() for one in data.rglob("*") if one.is_file() and one.parent != data / "logs") + file.read_bytes()
    missing = [secret for secret in secrets_of(data) if secret not in ledger]
    sealed_or_never_kept = {WORDS, NAME, PHONE, CODE, CODE.replace("-", ""), PIN, WRONG_PIN}
    encoded = {
        base64.b64encode(f"an:{PASSWORD}".encode()),
        device_key(data).encode().hex().encode(),
        base64.b64encode(device_key(data).encode()),
    }
    assert set(missing) == {*map(str.encode, sealed_or_never_kept), *encoded}


@pytest.mark.usefixtures("logged")
def test_it_holds_what_is_needed_to_help(file: Path, tmp_path: Path) -> None:
    live(file)
    settings = read_settings(file)
    found = members(write_support_file(settings, tmp_path, Clocks(), [Finding("disk", Level.OK, "Ổ đĩa", "còn 20 GB")]))
    assert {
        "README.txt",
        "logs/kiosk.log",
        "status.json",
        "proof.json",
        "condition.json",
        "versions.json",
        "files.txt",
        "doctor.json",
    } <= set(found)
    assert json.loads(found["doctor.json"])[0]["check"] == "disk"
    told = json.loads(found["settings.json"])
    assert (told["server"], told["proxy"], told["provision"]) == ("https://127.0.0.1:9", "http://127.0.0.1:9", True)
    assert json.loads(found["condition.json"])["counter"] == COUNTER.name
    assert b"ledger.db" in found["files.txt"]


def test_a_kiosk_that_is_nobody_yet_can_be_helped_too(tmp_path: Path) -> None:
    made = tmp_path / "kiosk.toml"
    made.write_text(f'server = "https://a.vn"\ndata = {json.dumps(str(tmp_path / "data"))}\n')
    found = members(write_support_file(read_settings(made), tmp_path, Clocks()))
    assert "condition.json" not in found
    assert json.loads(found["versions.json"])["kiosk"]


def test_a_stick_that_cannot_be_written_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(StickFault):
        write_support_file(read_settings(file), tmp_path / "pulled out", Clocks())
    ended = CliRunner().invoke(main, ["--config", str(file), "logs", "--bundle", str(tmp_path / "pulled out")])
    assert ended.exit_code == 6


def test_the_log_is_shown_for_people_and_for_programs(file: Path, tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["--config", str(file), "logs"])
    assert (ended.exit_code, ended.stdout) == (0, "Chưa có nhật ký nào.\n")
    logger, handler = logging.Logger("kiosk"), LogFile(tmp_path / "data")
    logger.addHandler(handler)
    for number in range(4):
        logger.warning("line %d", number)
    handler.close()
    assert CliRunner().invoke(main, ["--config", str(file), "logs", "--lines", "1"]).stdout.endswith("WARNING kiosk: line 3\n")
    machine = json.loads(CliRunner().invoke(main, ["--config", str(file), "logs", "--json"]).stdout)
    assert [line.rpartition(": ")[2] for line in machine] == [f"line {number}" for number in range(4)]
