"""Codes and provisioning files from the pages: shown once, for one kiosk, and nowhere else."""

import io
import logging
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone
from nacl.signing import SigningKey

from kiosk.settings import read_settings
from kiosk.setup.code import code_and_mark, read_code
from server.devices.models import Device, EnrolmentCode
from server.devices.provisioning import file_name
from server.devices.qr import enrolment_text
from server.places.models import Counter
from server.places.roster import roster_of
from server.record.models import Line
from sync import wire
from sync.authority import mark
from sync.fetching import PATH
from tests.server.device_pages import commune, shown
from tests.server.people import Role, somebody
from tests.server.phone import Clock
from tests.server.test_enrolment import enrol

ADDRESS = "https://hailong.nghean.gov.vn"


@pytest.fixture
def counter() -> Counter:
    return Counter.objects.create(unit=commune("Phường Thái Hòa"), name="Quầy Đăng ký 1")


@pytest.fixture
def technician(counter: Counter) -> Client:
    return somebody(Role.TECHNICIAN, counter.unit)


def code_page(technician: Client, counter: Counter) -> str:
    answer = technician.post(f"/thiet-bi/quay/{counter.pk}/ma/")
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def code_on(page: str, groups: int = 2) -> str:
    found = re.search(r"data-code>([0-9A-Z-]+)<", page)
    assert found
    assert [len(group) for group in found[1].split("-")] == [5] * groups
    return found[1]


def picture_on(page: str) -> str:
    found = re.search(r'src="(/thiet-bi/ma/[^"]+)"', page)
    assert found
    return found[1]


def test_a_code_from_the_page_enrols_one_kiosk_at_its_counter(technician: Client, counter: Counter, client: Client) -> None:
    code = code_on(code_page(technician, counter))
    enrolment = wire.decode(enrol(client, code, SigningKey.generate()).body, wire.Enrolment)
    assert enrolment.counter == wire.Place(counter.pk, counter.name)
    assert enrol(client, code, SigningKey.generate()).problem.code == "code-used"
    assert shown(technician.get("/thiet-bi/?loc=moi").content.decode(), "device") == [enrolment.device]


def test_a_kiosk_reads_from_the_qr_code_where_to_enrol_and_by_which_code(technician: Client, counter: Counter) -> None:
    code = code_on(code_page(technician, counter))
    assert read_code(enrolment_text(ADDRESS, code)) == (ADDRESS, code)


def test_where_kiosks_need_a_certificate_of_ours_the_code_tells_it_and_anybody_may_fetch_it(
    technician: Client, counter: Counter, client: Client, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "ours.pem")
    with override_settings(AUTHORITIES=tmp_path / "ours.pem"):
        code = code_on(code_page(technician, counter), groups=4)
        given = client.get(PATH)
    assert given.content == (tmp_path / "ours.pem").read_bytes()
    assert read_code(enrolment_text(ADDRESS, code)) == (ADDRESS, code)
    typed = code_and_mark(code.lower())
    assert typed is not None
    assert typed[1] == mark(given.content)
    enrolment = wire.decode(enrol(client, typed[0], SigningKey.generate()).body, wire.Enrolment)
    assert enrolment.counter == wire.Place(counter.pk, counter.name)


def test_where_the_systems_authorities_do_there_is_no_certificate_of_ours(client: Client) -> None:
    assert client.get(PATH).status_code == 404


@override_settings(ADDRESS=ADDRESS)
def test_a_kiosk_is_sent_to_the_operators_address_wherever_the_page_was_opened(technician: Client, counter: Counter) -> None:
    assert ADDRESS in code_page(technician, counter)


def test_an_expired_code_enrols_nobody(technician: Client, counter: Counter, client: Client, clock: Clock) -> None:
    code = code_on(code_page(technician, counter))
    clock.now += timedelta(hours=24)
    assert enrol(client, code, SigningKey.generate()).problem.code == "code-expired"


def test_a_code_is_never_shown_again(technician: Client, counter: Counter) -> None:
    code = code_on(code_page(technician, counter))
    pages = [f"/thiet-bi/quay/{counter.pk}/", "/thiet-bi/", "/thiet-bi/?loc=chua-co"]
    assert all(code not in technician.get(page).content.decode() for page in pages)
    assert 'data-unused="1"' in technician.get(pages[0]).content.decode()
    assert code_on(code_page(technician, counter)) != code


def test_a_code_that_was_voided_enrols_nobody(technician: Client, counter: Counter, client: Client) -> None:
    code = code_on(code_page(technician, counter))
    technician.post(f"/thiet-bi/quay/{counter.pk}/huy-ma/")
    assert enrol(client, code, SigningKey.generate()).problem.code == "code-expired"


def test_only_the_maker_sees_the_picture_and_only_while_the_code_is_good(technician: Client, counter: Counter, clock: Clock) -> None:
    picture = picture_on(code_page(technician, counter))
    answer = technician.get(picture)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "no-store" in answer.headers["Cache-Control"]
    assert somebody(Role.TECHNICIAN, counter.unit).get(picture).status_code == 404
    assert Client(SERVER_NAME="localhost").get(picture).status_code == 302
    assert technician.get("/thiet-bi/ma/AAAA.svg").status_code == 404
    clock.now += timedelta(hours=24)
    assert technician.get(picture).status_code == 404


def test_the_picture_of_a_used_code_is_gone(technician: Client, counter: Counter, client: Client) -> None:
    page = code_page(technician, counter)
    assert enrol(client, code_on(page), SigningKey.generate()).status == 200
    assert technician.get(picture_on(page)).status_code == 404


def files(technician: Client, address: str, **more: object) -> zipfile.ZipFile:
    answer = technician.post(address, {"server": ADDRESS, **more})
    assert answer.headers["Content-Type"] == "application/zip", answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_archives_of_many_communes_are_told_apart_by_their_names(technician: Client, counter: Counter) -> None:
    Counter.objects.create(unit=counter.unit, name="Quầy 2")
    for address, place in ((f"/thiet-bi/quay/{counter.pk}/tep/", counter), (f"/thiet-bi/don-vi/{counter.unit_id}/tep/", counter.unit)):
        answer = technician.post(address, {"server": ADDRESS})
        assert answer.headers["Content-Disposition"] == f'attachment; filename="hailong-{file_name(place)}.zip"'
    assert file_name(commune("Phường Đông Vĩnh")).startswith("phuong-dong-vinh-u-")


def test_a_real_kiosk_reads_the_files_and_enrols_with_them(technician: Client, counter: Counter, client: Client, tmp_path: Path) -> None:
    archive = files(technician, f"/thiet-bi/quay/{counter.pk}/tep/")
    folder = f"quay-dang-ky-1-{counter.pk}"
    assert {info.filename: info.external_attr >> 16 for info in archive.infolist()} == {
        f"{folder}/roster.json": 0o600,
        f"{folder}/kiosk.toml": 0o600,
    }
    archive.extractall(tmp_path)
    settings = read_settings(tmp_path / folder / "kiosk.toml")
    assert settings.server == ADDRESS
    provision = settings.provision
    assert provision is not None
    assert (provision.counter.id, provision.roster) == (counter.pk, roster_of(counter).content)
    enrolment = wire.decode(enrol(client, provision.secret, SigningKey.generate()).body, wire.Enrolment)
    assert (enrolment.counter.id, enrolment.signing_key) == (counter.pk, provision.signing_key)


def test_every_counter_of_a_unit_gets_a_folder_with_a_secret_of_its_own(technician: Client, counter: Counter, tmp_path: Path) -> None:
    other = Counter.objects.create(unit=counter.unit, name="Quầy 2")
    Counter.objects.create(unit=commune("Phường Tân An"), name="Quầy 3")
    files(technician, f"/thiet-bi/don-vi/{counter.unit_id}/tep/").extractall(tmp_path)
    provisions = [read_settings(folder / "kiosk.toml").provision for folder in sorted(tmp_path.iterdir())]
    assert {provision.counter.id for provision in provisions if provision} == {counter.pk, other.pk}
    assert len({provision.secret for provision in provisions if provision}) == 2
    assert sorted(Line.objects.values_list("subject", flat=True)) == sorted([counter.pk, other.pk])


def test_certificates_go_along_where_they_are_given(technician: Client, counter: Counter, tmp_path: Path) -> None:
    pem = trustme.CA().cert_pem.bytes()
    files(technician, f"/thiet-bi/quay/{counter.pk}/tep/", ca=SimpleUploadedFile("ca.pem", pem)).extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    ca_file = read_settings(folder / "kiosk.toml").ca_file
    assert ca_file is not None
    assert ca_file.read_bytes() == pem


def test_certificates_of_the_installation_go_along_by_themselves(technician: Client, counter: Counter, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "ours.pem")
    with override_settings(AUTHORITIES=tmp_path / "ours.pem"):
        assert "để trống thì dùng chứng thư của máy chủ này" in technician.get(f"/thiet-bi/don-vi/{counter.unit_id}/tep/").content.decode()
        files(technician, f"/thiet-bi/quay/{counter.pk}/tep/").extractall(tmp_path / "out")
    [given] = (tmp_path / "out").glob("*/ca.pem")
    assert given.read_bytes() == (tmp_path / "ours.pem").read_bytes()


@pytest.mark.parametrize(
    ("server", "ca", "told"),
    [
        ("", b"", "Xin nhập địa chỉ máy chủ"),
        ("http://hailong.nghean.gov.vn", b"", "Cần địa chỉ bắt đầu bằng https://"),
        ("https://hailong.nghean.gov.vn/tep", b"", "Cần địa chỉ bắt đầu bằng https://"),
        ('https://a"b', b"", "Cần địa chỉ bắt đầu bằng https://"),
        ("https://[", b"", "Cần địa chỉ bắt đầu bằng https://"),
        (ADDRESS, b"no certificate", "không chứa chứng thư dạng PEM"),
        (ADDRESS, "chứng thư".encode(), "không chứa chứng thư dạng PEM"),
    ],
)
@pytest.mark.parametrize("address", ["/thiet-bi/quay/{0.pk}/tep/", "/thiet-bi/don-vi/{0.unit_id}/tep/"])
def test_what_is_wrong_is_told_and_no_secret_is_made(
    technician: Client, counter: Counter, address: str, server: str, ca: bytes, told: str
) -> None:
    given = {"server": server, **({"ca": SimpleUploadedFile("ca.pem", ca)} if ca else {})}
    assert told in technician.post(address.format(counter), given).content.decode()
    assert not EnrolmentCode.objects.exists()


def test_who_made_a_code_is_in_the_record_and_no_secret_is_kept_or_logged(
    technician: Client, counter: Counter, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    page = code_page(technician, counter)
    code = code_on(page)
    technician.get(picture_on(page))
    files(technician, f"/thiet-bi/quay/{counter.pk}/tep/").extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    provision = read_settings(folder / "kiosk.toml").provision
    assert provision is not None
    kept = [*Line.objects.values(), *EnrolmentCode.objects.values(), *(session.get_decoded() for session in Session.objects.all())]
    everything = repr(kept) + picture_on(page) + "\n".join(record.getMessage() for record in caplog.records)
    for secret in (code, code.replace("-", ""), provision.secret):
        assert secret not in everything
    assert [(line.unit_id, line.subject, line.action, line.detail) for line in Line.objects.order_by("at", "id")] == [
        (counter.unit_id, counter.pk, "change", "tạo mã đăng ký thiết bị"),
        (counter.unit_id, counter.pk, "change", "tạo tệp cài sẵn"),
    ]


def test_the_page_of_a_counter_says_which_device_is_there(technician: Client, counter: Counter) -> None:
    present = Device.objects.create(unit=counter.unit, counter=counter, public_key="0" * 64, enrolled_at=timezone.now())
    page = technician.get(f"/thiet-bi/quay/{counter.pk}/").content.decode()
    assert f"/thiet-bi/may/{present.pk}/thay/" in page
