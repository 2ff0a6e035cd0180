"""How an installed server is set up: its settings file, Caddy's configuration, what is asked. (The whole: tests/install.)"""

import io
import subprocess
from pathlib import Path

import pytest
import trustme

from server import environment
from server.installation import env_file, proxy
from server.installation.questions import wanted
from server.installation.running import Refused
from server.installation.setup import hosts, typed, what_to_do_with

pytestmark = pytest.mark.once

HARD = {"HAILONG_MAIL_FROM": "Hài Lòng <hailong@tinh.gov.vn>", "HAILONG_SMTP_URL": 'smtp://u:a"b\\c$d`e@mail:587', "HAILONG_CA": ""}
PACKAGING = Path(__file__).resolve().parents[2] / "packaging" / "server"


def test_what_is_written_is_read_back_whatever_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "server.env"
    env_file.write(file, HARD)
    assert env_file.read(file) == HARD
    assert file.stat().st_mode & 0o777 == 0o600


def test_remarks_order_and_what_a_person_added_stay(tmp_path: Path) -> None:
    file = tmp_path / "server.env"
    file.write_text("# ours\nHAILONG_SMTP_URL=smtps://mail\n\nHAILONG_ADDRESS='https://old'\n")
    env_file.write(file, {"HAILONG_ADDRESS": "https://new", "HAILONG_HTTPS": "1"})
    assert file.read_text() == '# ours\nHAILONG_SMTP_URL=smtps://mail\n\nHAILONG_ADDRESS="https://new"\nHAILONG_HTTPS="1"\n'
    assert env_file.read(file)["HAILONG_SMTP_URL"] == "smtps://mail"


@pytest.mark.parametrize(
    ("host", "tls"),
    [
        ("hailong.nghean.gov.vn", "acme"),
        ("192.168.1.10", "internal"),
        ("10.0.0.5", "internal"),
        ("may-chu", "internal"),
        ("may-chu.local", "internal"),
        ("203.162.0.11", "acme"),
    ],
)
def test_nobody_outside_vouches_for_an_address_of_ones_own_network(host: str, tls: str) -> None:
    assert proxy.fits(host) == tls


def test_only_the_proxy_is_asked_for_and_http_leads_to_https() -> None:
    for tls in proxy.KINDS:
        site = proxy.site("hailong.tinh.gov.vn", tls)
        assert "https://hailong.tinh.gov.vn {" in site
        assert "reverse_proxy 127.0.0.1:8000" in site
        assert site.count("{") == site.count("}")
    assert "hailong-ca.pem" in proxy.site("192.168.1.10", "internal")
    assert "hailong-ca.pem" not in proxy.site("hailong.tinh.gov.vn", "acme")


def test_a_certificate_and_another_key_are_refused(tmp_path: Path) -> None:
    authority = trustme.CA()
    one, other = authority.issue_cert("a.vn"), authority.issue_cert("b.vn")
    one.cert_chain_pems[0].write_to_path(tmp_path / "one.pem")
    other.private_key_pem.write_to_path(tmp_path / "other.key")
    with pytest.raises(Refused, match="không đi với nhau"):
        proxy.check_certificate(tmp_path / "one.pem", tmp_path / "other.key")
    with pytest.raises(Refused, match=r"Không có tệp /nowhere\.pem"):
        proxy.check_certificate(tmp_path / "one.pem", Path("/nowhere.pem"))


def test_options_answer_every_question() -> None:
    want = wanted(["--address", "https://Hailong.Tinh.gov.vn/", "--tls", "acme", "--unit", "Tỉnh Nghệ An", "--yes"], {})
    assert (want.host, want.tls, want.postgresql, want.admin) == ("hailong.tinh.gov.vn", "acme", True, "admin")
    assert (want.unit, want.commune) == ("Tỉnh Nghệ An", False)


def test_a_commune_needs_no_postgresql_and_a_range_of_counters() -> None:
    want = wanted(["--commune", "Xã Nghĩa Đàn", "--address", "192.168.1.10", "--counters", "12", "--yes"], {})
    assert (want.postgresql, want.tls, want.commune, want.counters) == (False, "internal", True, 12)
    with pytest.raises(Refused, match="từ 1 đến 99"):
        wanted(["--commune", "Xã Nghĩa Đàn", "--address", "192.168.1.10", "--counters", "0"], {})


def test_what_was_chosen_once_is_chosen_again() -> None:
    before = {"HAILONG_ADDRESS": "https://192.168.1.10", "HAILONG_CA": "/etc/caddy/hailong/hailong-ca.pem", "HAILONG_DATABASE_URL": ""}
    want = wanted(["--yes"], before)
    assert (want.host, want.tls, want.postgresql, want.unit) == ("192.168.1.10", "internal", False, "")
    of_the_office = {"HAILONG_ADDRESS": "https://hailong.tinh.gov.vn"}
    want = wanted(["--yes"], of_the_office, "files")
    assert (want.tls, want.certificate) == ("files", None), "the certificate that is in place stays"
    assert wanted(["--yes", "--address", "192.168.1.10"], of_the_office, "files").tls == "internal", "another name, another certificate"


def test_names_that_a_person_added_stay_and_the_former_address_goes() -> None:
    before = {"HAILONG_ADDRESS": "https://192.168.1.10", "HAILONG_ALLOWED_HOSTS": "192.168.1.10, hailong.local"}
    assert hosts("192.168.1.11", before) == "192.168.1.11,hailong.local"
    assert hosts("192.168.1.10", before) == "192.168.1.10,hailong.local"
    assert hosts("hailong.tinh.gov.vn", {}) == "hailong.tinh.gov.vn"


@pytest.mark.parametrize("address", ["a b", "hailong.vn:8443", "hailong.vn/x", "-x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="không phải tên hay địa chỉ"):
        wanted([f"--address={address}", "--yes"], {})


def test_the_server_understands_what_setup_writes() -> None:
    found = environment.read({"HAILONG_BACKUPS": "/var/backups/hailong", "HAILONG_CA": "/etc/caddy/hailong/hailong-ca.pem"})
    assert (found.backups, found.authorities) == (Path("/var/backups/hailong"), Path("/etc/caddy/hailong/hailong-ca.pem"))
    assert environment.read({"HAILONG_BACKUPS": "", "HAILONG_CA": ""}).authorities is None


def test_the_scripts_of_the_package_are_sound_shell() -> None:
    for name in ("control/preinst", "control/postinst", "control/prerm", "control/postrm", "root/usr/bin/hailong-server"):
        file = PACKAGING / name
        subprocess.run(["sh", "-n", file], check=True)
        assert file.read_text("utf-8").startswith("#!/bin/sh\n")


def test_every_unit_runs_a_command_that_there_is() -> None:
    for file in (PACKAGING / "root/usr/lib/systemd/system").glob("*.service"):
        [line] = [line for line in file.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
        words = line.split(" -m server ")[1].split()
        assert words[0] in ("serve", "timed")
        assert words[0] == "serve" or file.name == f"hailong-{words[1]}.service"
        assert file.name == "hailong-server.service" or file.with_suffix(".timer").exists()


class Person:
    """Somebody at a terminal, who is asked so often."""

    def __init__(self, answers: str) -> None:
        self._answers = io.StringIO(answers)
        self.asked = 0

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self.asked += 1
        return self._answers.readline()


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ([], "hailong.tinh.gov.vn\n1\nTỉnh Nghệ An\n"),
        ([], f"hailong.tinh.gov.vn\n2\n{__file__}\n{__file__}\n\n"),
        (["--commune", "Xã Nghĩa Đàn"], "192.168.1.10\n4\n"),
    ],
    ids=["acme", "files", "commune"],
)
def test_a_person_is_asked_five_questions_at_most(monkeypatch: pytest.MonkeyPatch, words: list[str], answers: str) -> None:
    person = Person(answers)
    monkeypatch.setattr("sys.stdin", person)
    want = wanted(words, {})
    assert person.asked == len(answers.splitlines()) <= 5
    assert want.host in answers


def test_a_wrong_answer_is_asked_for_again_and_an_end_of_the_answers_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    person = Person("máy chủ của tỉnh\nhailong.tinh.gov.vn\n5\n2\n/nowhere.pem\n" + f"{__file__}\n{__file__}\n\n")
    monkeypatch.setattr("sys.stdin", person)
    want = wanted([], {})
    assert (want.host, want.tls, want.certificate) == ("hailong.tinh.gov.vn", "files", Path(__file__))
    said = capsys.readouterr().out
    assert all(words in said for words in ("không phải tên hay địa chỉ", "Cần chọn 1, 2 hoặc 3", "Không có tệp /nowhere.pem"))
    monkeypatch.setattr("sys.stdin", Person("hailong.tinh.gov.vn\n"))
    with pytest.raises(Refused, match="Chưa thay đổi gì"):
        wanted([], {})


def test_who_chose_the_wrong_certificate_chooses_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"HAILONG_ADDRESS": "https://hailong.tinh.gov.vn"}
    monkeypatch.setattr("sys.stdin", Person("\n3\n"))
    assert wanted([], before, "acme").tls == "internal"
    for kept in proxy.KINDS:
        monkeypatch.setattr("sys.stdin", Person("\n\n"))
        assert wanted([], before, kept).tls == kept, "what is in force stands in brackets"


def test_nobody_is_left_waiting_for_a_certificate_that_never_comes() -> None:
    with pytest.raises(Refused, match="từ Internet không thấy"):
        wanted(["--address", "192.168.1.10", "--tls", "acme", "--yes"], {})
    asked_for_before = {"HAILONG_ADDRESS": "https://192.168.1.10"}
    assert wanted(["--yes"], asked_for_before, "acme").tls == "internal"


def test_who_only_presses_enter_gets_what_stands_in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Person("\n\n\n\n\n"))
    want = wanted(["--commune", "Xã Nghĩa Đàn", "--address", "192.168.1.10"], {})
    assert (want.counters, want.tls) == (4, "internal")


def test_who_gave_a_folder_of_the_own_disk_for_a_stick_is_told() -> None:
    assert any("KHÔNG phải trên USB" in line for line in what_to_do_with(Path("/")))
    assert not any("KHÔNG phải" in line for line in what_to_do_with(Path("/proc")))


@pytest.mark.parametrize("name", ["Xã Nghĩa Đàn", "Xã Cư K'nia", 'Xã "$(reboot)" `x` \\ !1'])
def test_a_name_that_is_printed_in_a_command_is_one_word_of_it(name: str) -> None:
    said = subprocess.run(["bash", "-c", f"printf %s {typed(name)}"], capture_output=True, check=True, text=True)
    assert said.stdout == name
