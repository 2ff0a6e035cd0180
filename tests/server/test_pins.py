"""PINs with which officers sign in at the counter: set on the server, seen by nobody, checked on the kiosk."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from server.places.models import Counter, Officer, Unit
from server.places.pins import BadPin, hashed
from server.places.roster import roster_of
from server.screens.models import Screens
from server.screens.publish import publish
from sync import wire
from sync.pins import MOST_DIGITS_OF_A_TECHNICIAN, is_pin
from tests.server.kiosk import Kiosk

pytestmark = pytest.mark.once

INLINES = ("sentences", "reasons", "spans", "other_days")


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chu", password="a long password"))
    return client


def edit(administrator: Client, officer: Officer, **fields: str) -> str:
    """Save the officer's page; what it says then."""
    form = {"unit": officer.unit_id, "name": officer.name, "title": officer.title, "active": "on", **fields}
    return administrator.post(f"/admin/places/officer/{officer.pk}/change/", form, follow=True).content.decode()


def told(kiosk: Kiosk) -> wire.KioskConfig:
    """What the kiosk is told now; its receipts must name just that."""
    current = roster_of(Counter.objects.get(pk=kiosk.counter.pk))
    assert kiosk.send().receipt.config == current.digest
    return wire.decode(current.content, wire.KioskConfig)


def pin_told(kiosk: Kiosk, officer: Officer) -> str | None:
    return next(one.pin for one in told(kiosk).officers if one.id == officer.pk)


@pytest.mark.parametrize("pin", ["2580", "73914", "100200", "1357"])
def test_four_to_six_digits_are_a_pin(pin: str) -> None:
    assert is_pin(pin, hashed(pin))


@pytest.mark.parametrize("pin", ["258", "2580137", "25a0", "２５８０", " 2580", "2580\n", ""])
def test_anything_else_is_none(pin: str) -> None:
    with pytest.raises(BadPin, match="4 đến 6 chữ số"):
        hashed(pin)


@pytest.mark.parametrize("pin", ["1111", "000000", "1234", "56789", "7890", "4321", "987654", "1212", "123123", "121212"])
def test_what_everybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(BadPin, match="quá dễ đoán"):
        hashed(pin)


def test_a_pin_set_in_the_administration_reaches_the_kiosks_as_a_hash(kiosk: Kiosk, administrator: Client) -> None:
    officer = kiosk.officers[0]
    assert pin_told(kiosk, officer) is None
    edit(administrator, officer, new_pin="2580")
    stored = pin_told(kiosk, officer)
    assert stored is not None
    assert is_pin("2580", stored)


def test_nobody_reads_a_pin_or_its_hash_in_the_administration(kiosk: Kiosk, administrator: Client) -> None:
    officer = kiosk.officers[0]
    edit(administrator, officer, new_pin="258037")
    page = administrator.get(f"/admin/places/officer/{officer.pk}/change/").content.decode()
    history = administrator.get(f"/admin/places/officer/{officer.pk}/history/").content.decode()
    assert not [text for text in ("258037", "argon2") if text in page + history]


def test_a_refused_pin_is_not_sent_back_and_changes_nothing(kiosk: Kiosk, administrator: Client) -> None:
    officer = kiosk.officers[0]
    edit(administrator, officer, new_pin="2580")
    before = pin_told(kiosk, officer)
    page = edit(administrator, officer, new_pin="121212")
    assert "quá dễ đoán" in page
    assert 'value="121212"' not in page
    assert pin_told(kiosk, officer) == before


def test_saving_an_officer_keeps_the_pin_and_removing_it_takes_it_from_the_kiosks(kiosk: Kiosk, administrator: Client) -> None:
    officer = kiosk.officers[0]
    edit(administrator, officer, new_pin="2580")
    before = pin_told(kiosk, officer)
    edit(administrator, officer)
    assert pin_told(kiosk, officer) == before
    edit(administrator, officer, remove_pin="on")
    assert pin_told(kiosk, officer) is None


def test_two_officers_may_have_the_same_pin_and_nobody_sees_it(kiosk: Kiosk, administrator: Client) -> None:
    for officer in kiosk.officers:
        edit(administrator, officer, new_pin="2580")
    pins = [pin_told(kiosk, officer) for officer in kiosk.officers]
    assert None not in pins
    assert len(set(pins)) == len(pins)


def test_the_command_sets_a_pin_and_takes_it_away(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = kiosk.officers[0]
    monkeypatch.setattr("sys.stdin", io.StringIO("739146\n"))
    call_command("pin", officer.pk, "--pin-stdin", stdout=io.StringIO())
    assert is_pin("739146", pin_told(kiosk, officer) or "")
    call_command("pin", officer.pk, "--remove", stdout=io.StringIO())
    assert pin_told(kiosk, officer) is None


def test_the_command_refuses_a_trivial_pin_and_an_unknown_officer(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1111\n"))
    with pytest.raises(CommandError, match="quá dễ đoán"):
        call_command("pin", kiosk.officers[0].pk, "--pin-stdin")
    with pytest.raises(CommandError, match="Không có cán bộ hay đơn vị nào là o-NOBODY"):
        call_command("pin", "o-NOBODY", "--remove")


def test_a_unit_may_let_the_screen_rest_while_nobody_is_on_duty(kiosk: Kiosk) -> None:
    assert told(kiosk).without_officer == "rate"
    Screens.objects.create(unit=kiosk.unit, without_officer="rest")
    publish(kiosk.unit)
    assert told(kiosk).without_officer == "rest"


def set_by_command(monkeypatch: pytest.MonkeyPatch, whose: str, pin: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(pin + "\n"))
    call_command("pin", whose, "--pin-stdin", stdout=io.StringIO())


def test_a_unit_is_found_by_its_name_and_who_does_not_know_it_is_told_which_there_are(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_by_command(monkeypatch, kiosk.unit.name, "73914628")
    assert is_pin("73914628", told(kiosk).technician or "")
    for typed in ([], ["MÃ_ĐƠN_VỊ"]):
        with pytest.raises(CommandError, match=f"{kiosk.unit.pk}  {re.escape(str(kiosk.unit))}"):
            call_command("pin", *typed, "--remove")


def test_a_pin_is_made_where_none_holds_and_never_changed_by_that(kiosk: Kiosk) -> None:
    made, again = io.StringIO(), io.StringIO()
    call_command("pin", kiosk.unit.pk, "--make", stdout=made)
    digits = made.getvalue().strip()
    assert len(digits) == MOST_DIGITS_OF_A_TECHNICIAN
    assert is_pin(digits, told(kiosk).technician or "")
    call_command("pin", kiosk.unit.pk, "--make", stdout=again)
    assert again.getvalue() == ""
    assert is_pin(digits, told(kiosk).technician or "")


@pytest.mark.parametrize("pin", ["2580", "73914628"])
def test_a_technicians_pin_has_four_to_eight_digits(pin: str) -> None:
    assert is_pin(pin, hashed(pin, MOST_DIGITS_OF_A_TECHNICIAN))


@pytest.mark.parametrize("pin", ["258", "739146285", "12345678", "25802580"])
def test_a_technicians_pin_is_neither_short_nor_long_nor_trivial(pin: str) -> None:
    with pytest.raises(BadPin):
        hashed(pin, MOST_DIGITS_OF_A_TECHNICIAN)


def test_without_a_technicians_pin_a_configuration_has_the_same_bytes_as_ever(kiosk: Kiosk) -> None:
    assert b"technician" not in roster_of(kiosk.counter).content


def test_a_communes_kiosks_have_the_provinces_technicians_pin_until_it_sets_its_own(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    province = Unit.objects.create(name="Tỉnh Hà Giang", kind=Unit.Kind.PROVINCE)
    kiosk.unit.parent = province
    kiosk.unit.save()
    set_by_command(monkeypatch, province.pk, "73914628")
    assert is_pin("73914628", told(kiosk).technician or "")
    set_by_command(monkeypatch, kiosk.unit.pk, "5820")
    assert is_pin("5820", told(kiosk).technician or "")
    call_command("pin", kiosk.unit.pk, "--remove", stdout=io.StringIO())
    assert is_pin("73914628", told(kiosk).technician or "")
    call_command("pin", province.pk, "--remove", stdout=io.StringIO())
    assert told(kiosk).technician is None


def test_the_technicians_pin_is_set_in_the_administration_and_seen_by_nobody(kiosk: Kiosk, administrator: Client) -> None:
    Screens.objects.create(unit=kiosk.unit)
    where = f"/admin/screens/screens/{kiosk.unit.pk}/change/"
    form = {f"{inline}-{count}": "0" for inline in INLINES for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert "quá dễ đoán" in administrator.post(where, {**form, "new_pin": "12345678"}, follow=True).content.decode()
    assert told(kiosk).technician is None
    administrator.post(where, {**form, "new_pin": "73914628"}, follow=True)
    assert is_pin("73914628", told(kiosk).technician or "")
    administrator.post(where, form, follow=True)
    assert is_pin("73914628", told(kiosk).technician or ""), "saving the page again keeps it"
    page = administrator.get(where).content.decode()
    assert not [text for text in ("73914628", "argon2") if text in page]
    administrator.post(where, {**form, "remove_pin": "on"}, follow=True)
    assert told(kiosk).technician is None
