"""Two communes of two provinces, and everybody who may have something to do with them."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from server.places.models import Membership, Officer, Unit
from server.screens.models import Screens
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import at

HERE, ABOVE, ELSEWHERE = "here", "above", "elsewhere"


@dataclass(frozen=True)
class Person:
    """Somebody with a browser. role: of a membership, "superuser", or None: not logged in. place: of the membership."""

    role: str | None
    place: str
    client: Client

    def __str__(self) -> str:
        return f"{self.role or 'nobody'} {self.place}".strip()


@dataclass(frozen=True)
class World:
    """here, elsewhere: a kiosk of the commune that the table is about, and of the other one."""

    here: Kiosk
    elsewhere: Kiosk
    people: list[Person]

    def instance(self, label: str) -> object:
        """The id of a row of a table, here."""
        found: dict[str, object] = {
            "places/unit": self.here.unit.id,
            "places/counter": self.here.counter.id,
            "places/officer": self.here.officers[0].id,
            "places/membership": Membership.objects.order_by("pk")[0].pk,
            "devices/device": self.here.device,
            "auth/user": User.objects.order_by("pk")[0].pk,
        }
        return found.get(label) or ContentType.objects.get_by_natural_key(*label.split("/")).model_class().objects.all()[0].pk  # type: ignore[union-attr]


def world() -> World:
    """Everybody, logged in."""
    country = Unit.objects.create(name="Việt Nam", kind=Unit.Kind.COUNTRY)
    kiosks, provinces = [], []
    for name in ("Nghệ An", "Thanh Hóa"):
        provinces.append(Unit.objects.create(name=f"Tỉnh {name}", kind=Unit.Kind.PROVINCE, parent=country))
        kiosks.append(enrolled(Unit.objects.create(name=f"Xã của {name}", kind=Unit.Kind.COMMUNE, parent=provinces[-1])))
    here, elsewhere = kiosks
    people = [Person(None, "", at())]
    for place, unit in ((HERE, here.unit), (ABOVE, provinces[0]), (ELSEWHERE, elsewhere.unit)):
        for role in Membership.Role.values:
            user = User.objects.create(username=f"{role}-{place}")
            officer = Officer.objects.create(unit=unit, name=f"Cán bộ {place}") if role == Membership.Role.OFFICER else None
            Membership.objects.create(user=user, unit=unit, role=role, officer=officer)
            people.append(_logged_in(user, role, place))
    people.append(_logged_in(User.objects.create(username="goc", is_staff=True, is_superuser=True), "superuser", ""))
    Screens.objects.create(unit=here.unit)
    Group.objects.create(name="nhóm")
    return World(here, elsewhere, people)


def _logged_in(user: User, role: str, place: str) -> Person:
    client = at()
    client.force_login(user)
    client.raise_request_exception = False
    return Person(role, place, client)
