"""The provisioning part of kiosk.toml."""

from pathlib import Path

import msgspec
import pytest

from kiosk.enrolment import load_identity
from kiosk.settings import BadSettings, read_settings
from kiosk.texts import translator
from sync.wire import KioskConfig, Officer, Place

SECRET = "7Q2K9XVTM4" + "0" * 16
GOOD = {"secret": SECRET, "signing_key": "a" * 64, "sealing_key": "b" * 64, "roster": "roster.json"}
UNIT, COUNTER = Place("u-1", "Phường Thái Hòa"), Place("c-1", "Quầy 3")


def written(folder: Path, **changes: str | None) -> Path:
    """A kiosk.toml with the good provisioning part, but for the changes; None leaves a key out."""
    config = KioskConfig(unit=UNIT, counter=COUNTER, officers=[Officer("o-1", "Nguyễn Thị Minh Hạnh", "Công chức")], on_duty="o-1")
    (folder / "roster.json").write_bytes(msgspec.json.encode(config))
    lines = [f'{key} = "{value}"' for key, value in {**GOOD, **changes}.items() if value is not None]
    file = folder / "kiosk.toml"
    file.write_text('server = "https://hailong.tinh.gov.vn"\n[provision]\n' + "\n".join(lines) + "\n")
    return file


def faults(file: Path, language: str = "vi") -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read_settings(file)
    return [fault.sentence(translator(language)) for fault in caught.value.faults]


def test_with_it_a_kiosk_knows_who_it_is_before_its_first_contact(tmp_path: Path) -> None:
    identity = load_identity(tmp_path / "data", read_settings(written(tmp_path)).provision)
    assert identity is not None
    assert (identity.unit, identity.counter, identity.enrolment) == (UNIT, COUNTER, None)
    assert (identity.trusted, identity.sealing_key) == ("a" * 64, "b" * 64)


@pytest.mark.parametrize("key", GOOD)
@pytest.mark.parametrize("value", [None, "", "nothing of the kind"])
def test_what_is_amiss_is_told_with_its_key(tmp_path: Path, key: str, value: str | None) -> None:
    [told] = faults(written(tmp_path, **{key: value}))
    assert f"kiosk.toml: provision.{key}" in told


def test_a_roster_that_was_not_copied_is_told_with_what_to_copy(tmp_path: Path) -> None:
    [told] = faults(written(tmp_path, roster="elsewhere.json"))
    assert told.endswith("provision.roster ('elsewhere.json'): tệp không có hoặc không đọc được; xin chép lại cả thư mục do máy chủ tạo")


def test_all_is_told_at_once_and_in_english_where_asked(tmp_path: Path) -> None:
    told = faults(written(tmp_path, **dict.fromkeys(GOOD, "x"), colour="red"), "en")
    assert len(told) == 5
    assert any("expected the secret of 26 characters" in sentence for sentence in told)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_secret_is_never_repeated(tmp_path: Path, language: str) -> None:
    mistyped = SECRET[:-1] + "U"
    assert all(mistyped not in sentence for sentence in faults(written(tmp_path, secret=mistyped), language))
    (tmp_path / "kiosk.toml").write_text(f'server = "https://a.vn"\nprovision = "{SECRET}"\n')
    assert all(SECRET not in sentence for sentence in faults(tmp_path / "kiosk.toml", language))
    assert SECRET not in repr(read_settings(written(tmp_path)))


def test_a_certificate_file_lies_beside_kiosk_toml(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text('ca_file = "ca.pem"\n' + file.read_text())
    [told] = faults(file)
    assert str(tmp_path / "ca.pem") in told
