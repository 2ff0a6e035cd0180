"""Browsers of people who are logged in, each with a role somewhere; and a small country for them."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.test import Client

from server.places.models import Counter, Membership, Officer, Unit

Role = Membership.Role


@dataclass(frozen=True)
class Country:
    """Two provinces; in the first two communes, in the second one; a counter and an officer in each commune."""

    whole: Unit
    north: Unit
    south: Unit
    hill: Unit
    lake: Unit
    shore: Unit

    def counter(self, unit: Unit) -> Counter:
        return Counter.objects.get(unit=unit)

    def officer(self, unit: Unit) -> Officer:
        return Officer.objects.get(unit=unit)


def a_country() -> Country:
    whole = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    north, south = (Unit.objects.create(name=name, kind=Unit.Kind.PROVINCE, parent=whole) for name in ("Tỉnh Bắc", "Tỉnh Nam"))
    hill = Unit.objects.create(name="Xã Đồi", kind=Unit.Kind.COMMUNE, parent=north)
    lake = Unit.objects.create(name="Xã Hồ", kind=Unit.Kind.COMMUNE, parent=north)
    shore = Unit.objects.create(name="Xã Bờ", kind=Unit.Kind.COMMUNE, parent=south)
    for unit in (hill, lake, shore):
        officer = Officer.objects.create(unit=unit, name=f"Cán bộ {unit.name}", title="Công chức")
        Counter.objects.create(unit=unit, name=f"Quầy {unit.name}", on_duty=officer)
    return Country(whole, north, south, hill, lake, shore)


def somebody(role: str, unit: Unit, officer: Officer | None = None) -> Client:
    """A browser of a new user with the role."""
    user = User.objects.create_user(f"{role}-{unit.pk}-{User.objects.count()}")
    Membership.objects.create(user=user, unit=unit, role=role, officer=officer)
    return browser_of(user)


def browser_of(user: User) -> Client:
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.7")
    client.force_login(user)
    return client


def user_of(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])
