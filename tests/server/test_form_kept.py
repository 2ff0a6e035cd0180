"""What came by the form is kept, erased and verified as what came from kiosks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from nacl.signing import SigningKey

from server import keys, settings
from server.comments.models import FormComment, SealedComment
from server.comments.opening import open_sealed
from server.devices.models import Device
from server.devices.rotation import replace_key
from server.intake.models import Vote
from sync.reference import reference
from tests.server.kiosk import Kiosk
from tests.server.phone import NOW, TEXT, Phone, noted, sealed_for

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def no_register() -> Iterator[None]:
    yield
    (settings.REGISTER / "erasures.tsv").unlink(missing_ok=True)


def verified() -> str:
    told = StringIO()
    call_command("verify", stdout=told)
    return told.getvalue()


def test_the_vote_may_come_later(kiosk: Kiosk) -> None:
    kiosk.open().vote()
    phone = Phone(kiosk, kiosk.last_id())
    phone.write()
    assert "1 comments by the form; the votes of 1 have not come." in verified()
    kiosk.send()
    assert Vote.objects.get(unit_id=FormComment.objects.get().unit_id).id == phone.vote
    assert "1 comments by the form; the votes of 0 have not come." in verified()
    assert noted(phone) == reference(sealed_for(phone))


@pytest.mark.usefixtures("no_register")
def test_a_vote_finds_what_was_written_by_the_form_too_and_it_is_erased_for_ever(kiosk: Kiosk) -> None:
    phone = Phone(kiosk)
    phone.write()
    sealed, number, backup = sealed_for(phone), noted(phone), list(SealedComment.objects.all())
    call_command("erase", "--vote", str(phone.vote), "--because", "đơn số 7", "--who", "an", stdout=(told := StringIO()))
    assert "1 registered, 1 deleted here" in told.getvalue()
    assert "no comment" not in told.getvalue()
    with pytest.raises(LookupError):
        open_sealed(sealed)
    SealedComment.objects.bulk_create(backup)  # a restored database
    call_command("applyerasures", stdout=StringIO())
    assert not SealedComment.objects.exists()
    assert noted(phone) == number
    verified()


def test_what_was_sealed_before_the_keys_changed_is_opened_after(kiosk: Kiosk, own_keys: Path) -> None:
    before, after = Phone(kiosk), Phone(kiosk)
    before.write()
    keys.rotate(own_keys, datetime.now(UTC))
    after.write()
    assert open_sealed(sealed_for(before)).text == open_sealed(sealed_for(after)).text == TEXT
    assert FormComment.objects.values("key").distinct().count() == 2


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"expires": NOW}, "the signature of its link does not hold"),
        ({"device_key": "0" * 64}, "its link was signed by a key that is not the device's"),
        ({"sealed": "0" * 64}, "its sealed bytes are missing, and were not erased"),
    ],
)
def test_verify_names_what_was_changed(kiosk: Kiosk, changes: dict[str, Any], fault: str) -> None:
    Phone(kiosk).write()
    FormComment.objects.update(**changes)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=told)
    assert fault in told.getvalue()


def test_verify_names_sealed_bytes_that_are_others(kiosk: Kiosk) -> None:
    Phone(kiosk).write()
    SealedComment.objects.update(body=b"x")
    with pytest.raises(CommandError):
        call_command("verify", stdout=(told := StringIO()))
    assert "its sealed bytes were changed" in told.getvalue()


def test_verify_takes_a_former_key_for_the_devices(kiosk: Kiosk) -> None:
    Phone(kiosk).write()
    replace_key(Device.objects.get(pk=kiosk.device), SigningKey.generate().verify_key.encode().hex(), NOW, accepted_until=NOW)
    assert "All holds." in verified()
