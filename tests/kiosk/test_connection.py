"""The connection test: what is found between a tablet and its server, by real names, sockets, TLS and answers."""

import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.connection.examining import Aim, World, examine
from kiosk.findings import Finding, Level
from kiosk.texts import translator
from sync.keys import announce
from sync.proxy import parse_proxy
from sync.signature import SIGNATURE_HEADER, sign_answer
from sync.watch import Address, Limits
from tests.sync.authority import NOW, YEAR, Authority
from tests.sync.hostile import Talk, listening, read_message, says, tunnelling, whole

SHORT = Limits(1, 1, 1)
KEY, NEXT, STRANGER = SigningKey(bytes([1] * 32)), SigningKey(bytes([2] * 32)), SigningKey(bytes([3] * 32))


def public(key: SigningKey) -> str:
    return key.verify_key.encode().hex()


def ours(date: datetime | None = None, *, rotated: bool = False, key: SigningKey = KEY) -> Talk:
    """A server of ours, as far as the test asks. date: what its clock says, or as now. rotated: whether its key followed KEY."""
    links = [announce(KEY, public(NEXT), "0" * 64, NOW)] if rotated else []
    changes = ", ".join(
        f'{{"previous":"{link.previous}","signing_key":"{link.signing_key}","sealing_key":"{link.sealing_key}",'
        f'"at":"{link.at}","signature":"{link.signature}"}}'
        for link in links
    )
    body = f'{{"changes":[{changes}]}}'.encode()
    signature = sign_answer(NEXT if rotated else key, 200, b"", body)
    more = f"{SIGNATURE_HEADER}: {signature}\r\nDate: {format_datetime(date or datetime.now(UTC), usegmt=True)}\r\n"
    return says(whole(body, more=more))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("office"))


def found(aim: Aim, world: World | None = None, language: str = "vi") -> dict[str, Finding]:
    """By check, in their order."""
    return {finding.check: finding for finding in examine(aim, translator(language), world or World())}


def levels(findings: dict[str, Finding]) -> dict[str, str]:
    return {check: finding.level.value for check, finding in findings.items()}


def the_bad_one(findings: dict[str, Finding], check: str) -> str:
    """What it says and wants; it is the last, and all before it was well."""
    assert [finding.level for finding in findings.values()] == [Level.OK] * (len(findings) - 1) + [Level.BAD], findings
    assert list(findings)[-1] == check
    assert findings[check].mend
    return f"{findings[check].said} {findings[check].mend}"


def over_tls(office: Authority, talk: Talk, world: World | None = None, key: str = "", **certificate: object) -> dict[str, Finding]:
    with listening(talk, office.context(**certificate)) as (port, _):  # type: ignore[arg-type]
        return found(Aim(f"https://127.0.0.1:{port}", office.file, key=key), world)


# --- all is well -----------------------------------------------------------------------------------------------------


def test_a_server_that_is_well_is_well_at_every_step(office: Authority) -> None:
    findings = over_tls(office, ours())
    assert levels(findings) == {"reach": "ok", "certificate": "ok", "server": "ok", "clock": "ok"}
    assert all(not finding.mend for finding in findings.values())


def test_a_name_is_looked_up_and_told(office: Authority) -> None:
    with listening(ours(), office.context("localhost")) as (port, _):
        findings = found(Aim(f"https://localhost:{port}", office.file))
    assert list(levels(findings)) == ["name", "reach", "certificate", "server", "clock"]
    assert "localhost" in findings["name"].said


def test_the_same_is_told_in_english(office: Authority) -> None:
    with listening(ours(), office.context()) as (port, _):
        findings = found(Aim(f"https://127.0.0.1:{port}", office.file), language="en")
    assert findings["server"].said == "This is the Hài Lòng server."


# --- name and way ----------------------------------------------------------------------------------------------------


def resolver(number: int) -> Callable[[str, int, int, int], Sequence[Address]]:
    def lookup(*_: object) -> Sequence[Address]:
        raise socket.gaierror(number, "no")

    return lookup


def a_network(folder: Path, state: str) -> Path:
    for card, its_state in (("lo", "unknown"), ("eth0", state)):
        (folder / card).mkdir()
        (folder / card / "operstate").write_text(its_state + "\n")
    return folder


@pytest.mark.parametrize(
    ("number", "card", "told"),
    [
        (socket.EAI_NONAME, "up", "Không có máy chủ nào tên là hailong.example"),
        (socket.EAI_AGAIN, "up", "DNS"),
        (socket.EAI_AGAIN, "down", "chưa nối mạng"),
        (socket.EAI_NONAME, "dormant", "chưa nối mạng"),
    ],
)
def test_a_name_that_is_not_found_is_told_apart_from_a_missing_dns_and_a_missing_cable(
    tmp_path: Path, number: int, card: str, told: str
) -> None:
    world = World(lookup=resolver(number), networks=a_network(tmp_path, card))
    assert told in the_bad_one(found(Aim("https://hailong.example"), world), "name")


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert f"không nhận kết nối ở cổng {port}" in the_bad_one(found(Aim(f"https://127.0.0.1:{port}")), "reach")


def test_a_firewall_that_swallows_is_told_from_a_machine_that_refuses() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:  # its queue is full now, and the next one is not answered
            one.setblocking(False)
            one.connect_ex(address)
        findings = found(Aim(f"https://127.0.0.1:{address[1]}"), World(limits=SHORT))
        for one in waiting:
            one.close()
    assert "không trả lời" in the_bad_one(findings, "reach")


# --- certificate -----------------------------------------------------------------------------------------------------


def test_an_authority_that_is_not_trusted_is_told_with_how_to_bring_it(office: Authority) -> None:
    with listening(ours(), office.context()) as (port, _):
        told = the_bad_one(found(Aim(f"https://127.0.0.1:{port}"), World(web_port=1)), "certificate")
    assert "không do nơi máy này tin cậy cấp" in told
    assert "ca.pem" in told


def test_a_certificate_for_another_name_is_told(office: Authority) -> None:
    assert "của một máy chủ khác" in the_bad_one(over_tls(office, ours(), World(web_port=1), name="khac.vn"), "certificate")


def test_a_portal_that_shows_its_own_certificate_is_told_as_what_it_is(office: Authority) -> None:
    login = says(whole(b"", "302 Found", "Location: http://wifi.example/login\r\n"))
    with listening(login) as (web, _):
        findings = over_tls(office, ours(), World(web_port=web), name="wifi.example")
    assert "đòi đăng nhập" in the_bad_one(findings, "certificate")


def test_a_server_that_leads_to_its_own_https_is_no_portal(office: Authority) -> None:
    onward = says(whole(b"", "308 Permanent Redirect", "Location: https://127.0.0.1/\r\n"))
    with listening(onward) as (web, _):
        findings = over_tls(office, ours(), World(web_port=web), name="khac.vn")
    assert "của một máy chủ khác" in the_bad_one(findings, "certificate")


def test_a_certificate_that_has_expired_is_the_servers_fault_when_our_clock_is_right(office: Authority) -> None:
    told = the_bad_one(over_tls(office, ours(), valid=(NOW - 2 * YEAR, NOW - YEAR)), "certificate")
    assert "đã hết hạn từ" in told
    assert "gia hạn" in told


def test_a_certificate_that_is_not_yet_valid_is_told_with_its_first_day(office: Authority) -> None:
    assert "chưa có hiệu lực" in the_bad_one(over_tls(office, ours(), valid=(NOW + YEAR, NOW + 2 * YEAR)), "certificate")


def test_a_certificate_that_only_seems_expired_is_our_clocks_fault(office: Authority) -> None:
    with listening(ours(NOW - 2 * YEAR), office.context(valid=(NOW - 3 * YEAR, NOW - YEAR))) as (port, _):
        told = the_bad_one(found(Aim(f"https://127.0.0.1:{port}", office.file)), "certificate")
    assert "Ngày giờ của máy này sai" in told
    assert "set-time" in told


def test_a_certificate_that_ends_soon_is_told_and_the_test_goes_on(office: Authority) -> None:
    findings = over_tls(office, ours(), valid=(NOW - YEAR, NOW + timedelta(days=9)))
    assert levels(findings) == {"reach": "ok", "certificate": "warn", "server": "ok", "clock": "ok"}
    assert "sắp hết hạn" in findings["certificate"].said


def test_plain_http_where_https_was_meant_is_told() -> None:
    def web(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(whole(b"hello", "400 Bad Request"))

    with listening(web) as (port, _):
        assert "không dùng HTTPS" in the_bad_one(found(Aim(f"https://127.0.0.1:{port}")), "certificate")


def test_a_certificate_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with listening(ours()) as (port, _):
        assert "ca.pem" in the_bad_one(found(Aim(f"https://127.0.0.1:{port}", tmp_path / "ca.pem")), "certificate")


# --- whose answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (whole(b"<html>Nginx</html>"), "không phải máy chủ Hài Lòng"),
        (whole(b"", "302 Found", "Location: http://wifi.example/login\r\n"), "đòi đăng nhập"),
        (whole(b"", "511 Network Authentication Required"), "đòi đăng nhập"),
        (whole(b"", "301 Moved", "Location: /vi/\r\n"), "chuyển sang một địa chỉ khác"),
        (whole(b"", "502 Bad Gateway"), "không chạy"),
        (whole(b"", "400 Bad Request"), "HAILONG_ALLOWED_HOSTS"),
        (whole(b"", "503 Service Unavailable"), "đang bận"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "không phải máy chủ Hài Lòng"),
    ],
    ids=["another site", "a portal", "a network that wants a login", "a redirect", "its proxy alone", "another name", "busy", "no HTTP"],
)
def test_who_answers_instead_of_our_server_is_told(answer: bytes, told: str) -> None:
    with listening(says(answer)) as (port, _):
        assert told in the_bad_one(found(Aim(f"http://127.0.0.1:{port}")), "server")


def test_a_connection_that_ends_before_the_answer_does_is_told() -> None:
    def talk(connection: socket.socket) -> None:
        read_message(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhalf")

    with listening(talk) as (port, _):
        assert "bị ngắt" in the_bad_one(found(Aim(f"http://127.0.0.1:{port}")), "server")


def test_a_server_of_ours_with_another_key_is_told_where_its_key_is_known() -> None:
    with listening(ours(key=STRANGER)) as (port, _):
        aim = Aim(f"http://127.0.0.1:{port}", key=public(KEY))
        assert "dùng khóa khác" in the_bad_one(found(aim), "server")


def test_a_server_whose_key_followed_the_known_one_is_ours() -> None:
    with listening(ours(rotated=True)) as (port, _):
        assert levels(found(Aim(f"http://127.0.0.1:{port}", key=public(KEY))))["server"] == "ok"


# --- clock and proxy -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", [timedelta(minutes=-9), timedelta(hours=7), timedelta(days=-4000)])
def test_a_clock_that_is_away_is_told_and_forbids_nothing(away: timedelta) -> None:
    with listening(ours(NOW + away)) as (port, _):
        findings = found(Aim(f"http://127.0.0.1:{port}"))
    assert levels(findings) == {"reach": "ok", "server": "ok", "clock": "warn"}
    assert "sai" in findings["clock"].said


def test_through_a_proxy_the_certificate_is_looked_at_all_the_same(office: Authority) -> None:
    with listening(ours(), office.context()) as (port, _), tunnelling() as (proxy, _):
        through = parse_proxy(f"http://127.0.0.1:{proxy}")
        findings = found(Aim(f"https://127.0.0.1:{port}", office.file, through))
        assert levels(findings) == {"reach": "ok", "certificate": "ok", "server": "ok", "clock": "ok"}
        assert "proxy" in findings["reach"].said
        assert "tin cậy" in the_bad_one(found(Aim(f"https://127.0.0.1:{port}", None, through), World(web_port=1)), "certificate")


def test_a_proxy_that_wants_a_password_is_told() -> None:
    with listening(says(whole(b"", "407 Proxy Authentication Required"))) as (proxy, _):
        aim = Aim("https://hailong.example", proxy=parse_proxy(f"http://127.0.0.1:{proxy}"))
        assert "proxy" in the_bad_one(found(aim), "server")
