"""Two communes of two provinces, and everybody who may have something to do with them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone

from server.alerts.models import Alert
from server.cases.models import Case
from server.cases.steps import Step
from server.cases.taking import tell
from server.commendations.models import Commendation
from server.flags.models import Flag
from server.personal.models import Ordered
from server.places.models import Membership, Unit
from server.screens.models import Screens
from server.tokens.keeping import make
from server.tokens.models import Token
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import at, logged_in, person

FIGURES = {"votes": 0, "handled": 40, "before_votes": 90, "before_handled": 200}
HERE_COMMENDATION, ELSEWHERE_COMMENDATION = UUID(int=1), UUID(int=2)
HERE, ABOVE, ELSEWHERE = "here", "above", "elsewhere"
HERE_ERASURE, ELSEWHERE_ERASURE = UUID(int=1), UUID(int=2)


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
    here_token: Token
    here_text: str
    elsewhere_token: Token
    here_flag: str = "silent-here"
    elsewhere_flag: str = "silent-elsewhere"
    here_alert: str = "share_2025-03_1"
    elsewhere_alert: str = "share_2025-04_1"
    here_commendation: UUID = HERE_COMMENDATION
    elsewhere_commendation: UUID = ELSEWHERE_COMMENDATION
    here_erasure: UUID = HERE_ERASURE
    elsewhere_erasure: UUID = ELSEWHERE_ERASURE
    here_case: str = "AB12-CD34"
    elsewhere_case: str = "EF56-GH78"

    def instance(self, label: str, elsewhere: bool = False) -> object:
        """The id of a row of a table, `app/model`."""
        kiosk = self.elsewhere if elsewhere else self.here
        model = apps.get_model(label.replace("/", "."))
        if model is Unit:
            return kiosk.unit.pk
        if model is User:
            return User.objects.get(username=f"{Membership.Role.LEADER}-{ELSEWHERE if elsewhere else HERE}").pk
        return model._default_manager.filter(unit=kiosk.unit).order_by("pk")[0].pk


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
        people += [_let_in(person(f"{role}-{place}", unit, role), role, place) for role in Membership.Role.values]
    people.append(_let_in(User.objects.create_superuser("goc"), "superuser", ""))
    for kiosk, place in ((here, HERE), (elsewhere, ELSEWHERE)):
        Screens.objects.create(unit=kiosk.unit)
        _flag(kiosk, f"silent-{place}")
        _alert(kiosk, World.here_alert if kiosk is here else World.elsewhere_alert)
        _commendation(kiosk, HERE_COMMENDATION if kiosk is here else ELSEWHERE_COMMENDATION)
        said = {"because": "đơn", "things": [], "sensitive": False, "who": "an", "at": timezone.now()}
        Ordered.objects.create(unit_id=kiosk.unit.pk, id=HERE_ERASURE if place == HERE else ELSEWHERE_ERASURE, **said)
    _case(here, World.here_case)
    _case(elsewhere, World.elsewhere_case)
    token, text = _token(here.unit)
    return World(here, elsewhere, people, token, text, _token(elsewhere.unit)[0])


def _token(unit: Unit) -> tuple[Token, str]:
    request = RequestFactory().get("/")
    request.user = User.objects.get(is_superuser=True)
    return make(request, unit, "Một cửa", reads=True, tells=True, expires_at=timezone.now() + timedelta(days=1))


def _flag(kiosk: Kiosk, flag_id: str) -> None:
    day = kiosk.unit.today() - timedelta(days=1)
    said = {"id": flag_id, "kind": Flag.Kind.SILENT, "counter_id": kiosk.counter.id, "officer_id": "", "rating": "", "half": ""}
    Flag.objects.create(unit_id=kiosk.unit.pk, since=day, day=day, figures=FIGURES, p=0.0001, found_at=timezone.now(), **said)


def _alert(kiosk: Kiosk, alert_id: str) -> None:
    about, _, number = alert_id.rpartition("_")
    figures, now = {"satisfied": 60, "dissatisfied": 40, "threshold": 80}, timezone.now()
    said = {"id": alert_id, "about": about, "number": int(number), "kind": Alert.Kind.SHARE, "subject": about.removeprefix("share_")}
    Alert.objects.create(unit_id=kiosk.unit.pk, figures=figures, weight=10, since=now, seen_at=now, **said)


def _commendation(kiosk: Kiosk, commendation_id: UUID) -> None:
    said = {"officer_id": kiosk.officers[0].pk, "day": kiosk.unit.today(), "words": "Tận tình", "who": "vanphong", "at": timezone.now()}
    Commendation.objects.create(unit_id=kiosk.unit.pk, id=commendation_id, **said)


def _case(kiosk: Kiosk, case_id: str) -> None:
    now, day = timezone.now(), kiosk.unit.today()
    said = {"source": Case.Source.PAPER, "subject": "Chờ lâu", "opened_at": now, "stepped_at": now, "day": day, "due": day}
    case = Case.objects.create(unit_id=kiosk.unit.pk, id=case_id, **said)
    tell(case, "ai", now, "mở vụ việc", Step.OPENED)


def _let_in(user: User, role: str, place: str) -> Person:
    return Person(role, place, logged_in(user, raise_request_exception=False))
