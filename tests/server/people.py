"""Users of the server's pages."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from server.places.models import Membership, Officer, Unit

PASSWORD = "mật khẩu đủ dài"
OFFICE = "192.0.2.1"


def person(name: str, unit: Unit | None = None, role: str = Membership.Role.LEADER, officer: Officer | None = None) -> User:
    """A user with a password, and with a role in the unit if there is one."""
    user = User.objects.create_user(name, password=PASSWORD)
    if unit is not None:
        Membership.objects.create(user=user, unit=unit, role=role, officer=officer)
    return user


def at(address: str = OFFICE, **more: Any) -> Client:  # noqa: ANN401 – whatever a test client takes
    """A browser at an address."""
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=address, **more)


def logged_in(user: User) -> Client:
    """A browser in which the user is logged in."""
    client = at()
    client.force_login(user)
    return client
