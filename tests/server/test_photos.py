"""Photos of officers: from an upload in the administration to the kiosks of the unit."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from server.devices.models import Device
from server.places.models import Counter, Officer, Photo
from server.places.photos import MAX_UPLOAD_BYTES, SIDE, BadPhoto, prepared
from server.places.roster import roster_of
from sync import wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, sign_request
from tests.server.kiosk import Answer, Kiosk, checked, enrolled


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 800), mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    photo = Image.open(BytesIO(data))
    photo.load()
    return photo


@pytest.mark.parametrize(
    "upload",
    [
        picture(),
        picture("PNG"),
        picture("WEBP"),
        picture("PNG", mode="RGBA"),
        picture(mode="L"),
        picture(mode="CMYK"),
        picture(size=(4000, 200)),
    ],
    ids=["jpeg", "png", "webp", "see-through", "grey", "print", "wide"],
)
def test_whatever_was_uploaded_becomes_a_jpeg_of_the_size_of_the_wire(upload: bytes) -> None:
    photo = opened(prepared(upload))
    assert (photo.format, photo.size, photo.mode) == ("JPEG", (SIDE, SIDE), "RGB")


def test_what_a_camera_writes_into_a_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    upload = picture(exif=exif, comment=b"taken at home", icc_profile=b"taken at home")
    assert upload.count(b"taken at home") == 3
    made = prepared(upload)
    assert b"taken at home" not in made
    assert not opened(made).getexif()


def test_a_picture_that_was_taken_sideways_stands_upright() -> None:
    sideways = Image.new("RGB", (800, 600), "white")
    sideways.paste("black", (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter: what is left comes to the top
    out = BytesIO()
    sideways.save(out, "JPEG", exif=exif)
    photo = opened(prepared(out.getvalue())).convert("L")
    top, bottom = photo.getpixel((SIDE // 2, 20)), photo.getpixel((SIDE // 2, SIDE - 20))
    assert isinstance(top, int)
    assert isinstance(bottom, int)
    assert top < 20
    assert bottom > 235


def test_the_noisiest_picture_fits_the_limit_of_the_wire() -> None:
    out = BytesIO()
    Image.effect_noise((700, 700), 120).convert("RGB").save(out, "PNG")
    assert len(prepared(out.getvalue())) <= wire.MAX_PHOTO_BYTES


@pytest.mark.parametrize(
    ("upload", "mend"),
    [
        (b"no picture", "Không đọc được tệp này"),
        (picture()[:2000], "Không đọc được tệp này"),
        (picture("GIF"), "Không đọc được tệp này"),
        (picture(size=(100, 800)), "quá nhỏ"),
        (picture("PNG", size=(8000, 7000)), "quá nhiều điểm ảnh"),
        (bytes(MAX_UPLOAD_BYTES + 1), "lớn hơn 10 MB"),
    ],
    ids=["no picture", "torn", "gif", "small", "bomb", "long"],
)
def test_what_is_no_usable_picture_is_refused_with_what_to_do(upload: bytes, mend: str) -> None:
    with pytest.raises(BadPhoto, match=mend):
        prepared(upload)


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chu", password="a long password"))
    return client


def edit(administrator: Client, officer: Officer, upload: bytes | None = None, **more: str) -> str:
    """Save the officer's page; what it says then."""
    form: dict[str, object] = {"unit": officer.unit_id, "name": officer.name, "title": officer.title, "active": "on", **more}
    if upload is not None:
        form["new_photo"] = SimpleUploadedFile("photo.jpg", upload)
    return administrator.post(f"/admin/places/officer/{officer.pk}/change/", form).content.decode()


def get_photo(kiosk: Kiosk, name: str) -> Answer:
    path = f"/api/v1/photos/{name}"
    headers = {DEVICE_HEADER: kiosk.device, SIGNATURE_HEADER: sign_request(kiosk.key, "GET", path, b"")}
    return checked(kiosk.client.get(path, headers=headers), b"")


def name_in_config(kiosk: Kiosk, officer: Officer) -> str | None:
    current = roster_of(Counter.objects.get(pk=kiosk.counter.pk))
    assert kiosk.send().receipt.config == current.digest
    config = wire.decode(current.content, wire.KioskConfig)
    return next(one.photo for one in config.officers if one.id == officer.pk)


def test_an_uploaded_photo_reaches_the_kiosks_of_the_unit_by_its_hash(kiosk: Kiosk, administrator: Client) -> None:
    officer = kiosk.officers[0]
    assert name_in_config(kiosk, officer) is None
    edit(administrator, officer, picture())
    name = name_in_config(kiosk, officer)
    assert name is not None
    answer = get_photo(kiosk, name)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert wire.sha256(answer.body) == name
    shown = administrator.get(f"/admin/places/officer/{officer.pk}/change/").content.decode()
    assert f"/admin/places/officer/photo/{name}" in shown
    assert administrator.get(f"/admin/places/officer/photo/{name}").content == answer.body


def test_a_photo_is_for_kiosks_of_the_unit_where_the_officer_works(kiosk: Kiosk, administrator: Client) -> None:
    edit(administrator, kiosk.officers[0], picture())
    name = Photo.objects.get().sha256
    assert get_photo(enrolled(), name).problem.code == "not-found"
    Officer.objects.update(active=False)
    assert get_photo(kiosk, name).problem.code == "not-found"
    Officer.objects.update(active=True)
    Device.objects.update(revoked_at=timezone.now())
    assert get_photo(kiosk, name).problem.code == "revoked"


def test_a_photo_that_no_officer_has_any_more_is_deleted(kiosk: Kiosk, administrator: Client) -> None:
    first, second = kiosk.officers
    for officer in (first, second):
        edit(administrator, officer, picture())
    assert Photo.objects.count() == 1
    edit(administrator, first, picture(size=(300, 300), mode="L"))
    assert Photo.objects.count() == 2
    edit(administrator, second, remove_photo="on")
    assert [photo.sha256 for photo in Photo.objects.all()] == [Officer.objects.get(pk=first.pk).photo]


def test_saving_an_officer_without_an_upload_keeps_the_photo(kiosk: Kiosk, administrator: Client) -> None:
    edit(administrator, kiosk.officers[0], picture())
    edit(administrator, kiosk.officers[0], name="Trần Quốc Bảo Anh")
    assert Photo.objects.filter(sha256=Officer.objects.get(name="Trần Quốc Bảo Anh").photo).exists()


def test_a_bad_upload_is_told_on_the_page(kiosk: Kiosk, administrator: Client) -> None:
    assert "Không đọc được tệp này" in edit(administrator, kiosk.officers[0], b"no picture")
    assert not Photo.objects.exists()


def test_a_strangers_browser_sees_no_photo(kiosk: Kiosk, administrator: Client) -> None:
    edit(administrator, kiosk.officers[0], picture())
    administrator.logout()
    assert administrator.get(f"/admin/places/officer/photo/{Photo.objects.get().sha256}").status_code == 302
