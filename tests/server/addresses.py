"""Every address of the server, and who may what there: the table that `test_roles` tries.

A new page needs a row here, else the test fails. Rows name addresses as the resolver has them (`don-vi/<slug:unit_id>/`), or with
`*` for whatever follows; the first that fits an address counts. `get` and `post` are the answers to whom `who` lets in, None where
the method is not taken; everybody else is answered as `who` says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from django.urls import URLPattern, URLResolver, get_resolver

from server.places.models import Membership
from server.places.scope import ALLOWED, Right
from tests.server.world import ABOVE, HERE, Person, World

LOGIN, FORBIDDEN, ABSENT = -302, 403, 404  # LOGIN: is sent to the entrance
ANY = 0  # of an answer: whatever is not a refusal; what it does is tested elsewhere

Who = Callable[[Person], int | None]
"""The answer to somebody, or None: they are let in, and the row says what they get."""


@dataclass(frozen=True)
class Row:
    """An address or several. parts: for a word of the address, what stands there (else `PARTS`). sent: by POST."""

    address: str
    who: Who
    get: int | None = 200
    post: int | None = None
    parts: Mapping[str, Callable[[World], object]] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)


def everybody(person: Person) -> int | None:
    """Without login too."""
    return None


def only_strangers(person: Person) -> int | None:
    """Who is logged in has been here, and is led on."""
    return None if person.role is None else 302


def logged_in(person: Person) -> int | None:
    """Whoever is."""
    return LOGIN if person.role is None else None


def administration(person: Person) -> int | None:
    """Django's administration: superusers."""
    return {None: LOGIN, "superuser": None}.get(person.role, FORBIDDEN)


def anywhere(right: Right) -> Who:
    """A page that is about no one unit: who has the right in any."""

    def who(person: Person) -> int | None:
        if person.role is None:
            return LOGIN
        return None if person.role == "superuser" or right in ALLOWED[person.role] else ABSENT

    return who


def in_unit(right: Right) -> Who:
    """A page of a unit: who has the right there or above."""

    def who(person: Person) -> int | None:
        if person.role is None:
            return LOGIN
        has = person.role == "superuser" or (right in ALLOWED[person.role] and person.place in (HERE, ABOVE))
        return None if has else ABSENT

    return who


def officers(person: Person) -> int | None:
    """Who is an officer; nobody else, for it is about oneself."""
    if person.role is None:
        return LOGIN
    return None if person.role == Membership.Role.OFFICER else ABSENT


# What stands for a word of an address: of the unit of the table, and of another one whose users have no business here.
PARTS: dict[str, tuple[Callable[[World], object], Callable[[World], object]]] = {
    "unit_id": (lambda w: w.here.unit.id, lambda w: w.elsewhere.unit.id),
    "counter_id": (lambda w: w.here.counter.id, lambda w: w.elsewhere.counter.id),
    "officer_id": (lambda w: w.here.officers[0].id, lambda w: w.elsewhere.officers[0].id),
    "device_id": (lambda w: w.here.device, lambda w: w.elsewhere.device),
}

_ADMIN_ROWS = [
    Row("admin/login/", lambda p: {None: LOGIN, "superuser": None}.get(p.role, FORBIDDEN), 302, 302),
    Row("admin/logout/", administration, 405, 302),
    Row("admin/password_change/*", administration, 302, 302),
    Row("admin/autocomplete/", administration, 403, 403),
    Row("admin/r/*", administration, 404, 404, {"content_type_id": lambda w: 0, "object_id": lambda w: 0}),
    Row("admin/places/officer/photo/<str:name>", administration, 404, 404, {"name": lambda w: "0" * 64}),
    Row("admin/devices/device/add/", administration, 403, 403),
    *(Row(f"admin/{kept}/*/delete/", administration, 403, 403) for kept in ("places/unit", "places/officer", "places/counter")),
    *(Row(f"admin/{kept}/*/delete/", administration, 403, 403) for kept in ("screens/*", "devices/device")),
    Row("admin/*/<path:object_id>/", administration, 302, ANY),
    Row("admin/(?P<url>.*)$", administration, 404, 404),
    Row("admin/*", administration, 200, ANY),
]

ROWS = [
    # what kiosks call: signed by their keys, whoever is logged in
    Row("api/v1/enrol", everybody, 405, 400),
    Row("api/v1/entries", everybody, 405, 415),
    Row("api/v1/keys", everybody, 405, 404),
    Row("api/v1/config/<str:digest>", everybody, 404, 405, {"digest": lambda w: "0" * 64}),
    Row("api/v1/photos/<str:name>", everybody, 404, 405, {"name": lambda w: "0" * 64}),
    Row("api/v1/sealed/<str:name>", everybody, 405, 405, {"name": lambda w: "0" * 64}),
    Row("api/<path:rest>", everybody, 404, 404, {"rest": lambda w: "nothing"}),
    # what citizens open
    Row("[Gg]/(*", everybody, 404, 404, {"": lambda w: "g/0/0"}),
    Row("cong-khai/", everybody),
    Row("cong-khai/<slug:unit_id>/*", everybody),
    Row("cong-khai/niem-phong/", everybody),
    Row("cong-khai/niem-phong/<str:day>.txt", everybody, 404, parts={"day": lambda w: "2026-11-25"}),
    # the entrance
    Row("login/", only_strangers, 200, 200),
    Row("logout/", everybody, None, 302),
    Row("mat-khau/", logged_in, 200, 200),
    Row("mat-khau/da-doi/", logged_in),
    # the record
    Row("nhat-ky/*", anywhere(Right.SEE_RECORD)),
    # results
    Row("", logged_in),
    Row("units/<slug:unit_id>/", in_unit(Right.SEE_RESULTS)),
    Row("cua-toi/", officers),
    # publishing, and what kiosks show
    Row("don-vi/<slug:unit_id>/cong-bo/", in_unit(Right.PUBLISH), 200, 302),
    Row("don-vi/<slug:unit_id>/cong-bo/<int:number>/thoi/", in_unit(Right.PUBLISH), None, 302, {"number": lambda w: 1}),
    Row("don-vi/<slug:unit_id>/man-hinh/", in_unit(Right.SEE_DEVICES)),
    *_ADMIN_ROWS,
]


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address that the resolver knows, with the names of its parts."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield address
        else:
            yield from addresses(pattern, address)


def row_of(address: str) -> Row | None:
    """The row that an address has; an exact one before one with `*`."""
    exact = (row for row in ROWS if row.address == address)
    return next(exact, None) or next((row for row in ROWS if _fits(address, row.address)), None)


def _fits(address: str, pattern: str) -> bool:
    return fnmatchcase(address, pattern.replace("[", "[[]"))
