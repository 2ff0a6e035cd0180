"""Users of the server's pages, and their browsers."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from server.places.models import Membership, Officer, Unit

Role = Membership.Role
PASSWORD = "mật khẩu đủ dài"
OFFICE = "192.0.2.1"


def person(
    name: str, unit: Unit | None = None, role: str = Role.LEADER, officer: Officer | None = None, *, password: str | None = None
) -> User:
    """A user, with a role in the unit if there is one; an officer there is the unit's first, unless another is said."""
    user = User.objects.create_user(name, password=password)
    if role == Role.OFFICER and unit is not None:
        officer = officer or unit.officers.first() or Officer.objects.create(unit=unit, name=f"Cán bộ {unit.name}", title="Công chức")
    if unit is not None:
        Membership.objects.create(user=user, unit=unit, role=role, officer=officer if role == Role.OFFICER else None)
    return user


def at(address: str = OFFICE, **more: Any) -> Client:  # noqa: ANN401 – whatever a test client takes
    """A browser at an address."""
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=address, **more)


def logged_in(user: User, **more: Any) -> Client:  # noqa: ANN401 – as of `at`
    """A browser in which the user is logged in."""
    client = at(**more)
    client.force_login(user)
    return client


def somebody(role: str, unit: Unit, name: str = "", officer: Officer | None = None, **more: Any) -> Client:  # noqa: ANN401 – as of `at`
    """A browser in which a new user with the role in the unit is logged in."""
    return logged_in(person(name or f"{role}-{unit.pk}-{User.objects.count()}", unit, role, officer), **more)


def user_of(client: Client) -> User:
    """Who is logged in."""
    return User.objects.get(pk=client.session["_auth_user_id"])
