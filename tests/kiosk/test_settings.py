"""kiosk.toml."""

from pathlib import Path

import pytest
import trustme

from kiosk.settings import BadSettings, is_server_address, read_settings
from kiosk.setup.keeping import draft_of_server
from kiosk.texts import translator


def faults(file: Path, language: str = "vi") -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read_settings(file)
    return [fault.sentence(translator(language)) for fault in caught.value.faults]


def test_all_faults_are_told_at_once_with_file_key_and_what_is_expected(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('server = "ftp://x"\nthanks_seconds = 0\nlanguage = "fr"\nca_file = "/nowhere"\ncolour = "red"\n')
    told = faults(file)
    assert len(told) == 5
    for key in ("server", "thanks_seconds", "language", "ca_file", "colour"):
        assert any(f"{file}: {key}" in sentence for sentence in told)
    assert f"{file}: thanks_seconds (0): cần một số giây từ 0.1 đến 60" in told


def test_the_display_is_seven_to_thirty_two_inches_and_low_is_yes_or_no(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('server = "https://a.vn"\ndiagonal_inches = 5\nlow = 1\n')
    assert len(faults(file)) == 2
    file.write_text('server = "https://a.vn"\ndiagonal_inches = 24\nlow = true\n')
    settings = read_settings(file)
    assert (settings.diagonal_inches, settings.low) == (24.0, True)


def test_the_faults_are_told_in_english_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("thanks_seconds = 4\n")
    assert faults(file, "en") == [
        f"{file}: server (missing): expected an address with https:// (http:// only for this very machine), without a path, "
        'as "https://hailong.tinh.gov.vn"'
    ]


def test_a_folder_in_place_of_the_file_is_told_in_the_technicians_language(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path} (đây là thư mục, không phải tệp): xin kiểm tra đường dẫn"]


def test_an_address_with_a_path_is_told_with_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('server = "https://a.vn/hailong"\n')
    [told] = faults(file)
    assert "không kèm đường dẫn" in told


def test_a_missing_file_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    assert "hailong-kiosk enrol" in faults(tmp_path / "kiosk.toml")[0]


@pytest.mark.parametrize("content", [b"server = ", b"\xff\xfe", b"= 3"])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_bytes(content)
    assert len(faults(file)) == 1


def test_what_is_written_at_enrolment_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "kiosk.toml"
    draft_of_server(file, "https://hailong.nghean.gov.vn").keep()
    assert read_settings(file).server == "https://hailong.nghean.gov.vn"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "address", ["https://a.vn", "https://a.vn:8443", "https://a.vn/", "http://127.0.0.1:8000", "http://localhost", "http://[::1]:1"]
)
def test_an_address_is_https_or_this_machine(address: str) -> None:
    assert is_server_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://a.vn",
        "a.vn",
        "https://",
        "https://a.vn/path",
        "https://u:p@a.vn",
        "https://a.vn?x",
        "https://a.vn:port",
        5,
        'https://a"b',
        "",
    ],
)
def test_anything_else_is_no_address(address: object) -> None:
    assert not is_server_address(address)


@pytest.mark.parametrize(
    ("text", "address", "authorization"),
    [
        ("http://10.0.0.1:3128", "http://10.0.0.1:3128", None),
        ("http://an:sesame@proxy.tinh.vn:8080/", "http://proxy.tinh.vn:8080", "Basic YW46c2VzYW1l"),
        ("http://an:p%40ss%3A@[::1]:3128", "http://[::1]:3128", "Basic YW46cEBzczo="),
    ],
)
def test_a_proxy_is_an_address_and_perhaps_a_name_and_password(tmp_path: Path, text: str, address: str, authorization: str | None) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'server = "https://a.vn"\nproxy = "{text}"\n')
    proxy = read_settings(file).proxy
    assert proxy is not None
    assert (proxy.address, proxy.authorization) == (address, authorization)


@pytest.mark.parametrize(
    "text",
    [
        "http://an:sesame@proxy",
        "socks5://an:sesame@h:1",
        "http://an:sesame@h:port",
        "http://an:sesame@h:1/x",
        "sesame",
        "http://a :sesame@h:1",
    ],
)
def test_a_password_is_shown_neither_in_a_fault_nor_in_the_settings(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'server = "https://a.vn"\nproxy = "{text}"\n')
    [told] = faults(file)
    assert f"{file}: proxy (***)" in told
    assert "sesame" not in told
    file.write_text('server = "https://a.vn"\nproxy = "http://an:sesame@h:1"\n')
    assert "sesame" not in repr(read_settings(file))
    assert "YW46c2VzYW1l" not in repr(read_settings(file))


def test_a_certificate_file_holds_certificates(tmp_path: Path) -> None:
    file, certificates = tmp_path / "kiosk.toml", tmp_path / "ca.pem"
    certificates.write_text("no certificate")
    file.write_text(f'server = "https://a.vn"\nca_file = "{certificates}"\n')
    [told] = faults(file)
    assert "ca_file" in told
    trustme.CA().cert_pem.write_to_path(certificates)
    assert read_settings(file).ca_file == certificates
