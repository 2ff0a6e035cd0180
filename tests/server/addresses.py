"""Every address of the server, and who may what there: the table that `test_roles` tries.

A new page needs a row here, else the test fails. Rows name addresses as the resolver has them (`don-vi/<slug:unit_id>/`), or with
`*` for whatever follows; the first that fits an address counts. `get` and `post` are the answers to whom `who` lets in, None where
the method is not taken; everybody else is answered as `who` says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from django.contrib.admindocs.utils import replace_named_groups
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from server.places.models import Membership
from server.places.scope import ALLOWED, PERSONAL, Right
from server.places.sheets.columns import TABLES
from server.results.charts.address import Chart
from tests.server.world import ELSEWHERE, Person, World

LOGIN, FORBIDDEN, ABSENT = -302, 403, 404  # LOGIN: is sent to the entrance
ANY = 0  # of an answer: whatever is not a refusal; what it does is tested elsewhere

PART = re.compile(r"<(?:\w+:)?(\w+)>")  # of an address
Who = Callable[[Person], int | None]
"""The answer to somebody, or None: they are let in, and the row says what they get."""


@dataclass(frozen=True)
class Row:
    """An address or several. who: also of POST, unless `posts` says otherwise. parts: for a word of the address, what stands there
    (else `PARTS`). query: what is asked further, such that whoever is let in is answered quickly. sent: by POST.
    """

    address: str
    who: Who
    get: int | None = 200
    post: int | None = None
    parts: Mapping[str, Callable[[World], object]] = field(default_factory=dict)
    posts: Who | None = None
    query: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)

    def lets(self, person: Person, method: str) -> int | None:
        """The answer to somebody, or None: they are let in."""
        return (self.posts or self.who)(person) if method == "post" else self.who(person)


def everybody(person: Person) -> int | None:
    """Without login too."""
    return None


def nobody_without_token(person: Person) -> int | None:
    """Other systems: who is logged in is nobody there."""
    return 401


def only_strangers(person: Person) -> int | None:
    """Who is logged in has been here, and is led on."""
    return None if person.role is None else 302


def logged_in(person: Person) -> int | None:
    """Whoever is."""
    return LOGIN if person.role is None else None


def officers(person: Person) -> int | None:
    """Who is an officer; nobody else, for it is about oneself."""
    if person.role is None:
        return LOGIN
    return None if person.role == Membership.Role.OFFICER else ABSENT


def anywhere(*rights: Right) -> Who:
    """A page that is about no one unit: who has the right, or one of them, in any."""

    def who(person: Person) -> int | None:
        if person.role is None:
            return LOGIN
        return None if any(_has(person, right) for right in rights) else ABSENT

    return who


def in_unit(*rights: Right) -> Who:
    """A page of a unit, or of something in it: who has the right, or one of them, there or above."""

    def who(person: Person) -> int | None:
        if person.role is None:
            return LOGIN
        return None if any(_has(person, right) for right in rights) and person.place != ELSEWHERE else ABSENT

    return who


def whole_server(person: Person) -> int | None:
    """Who arranges all units of the server; a role in one unit is not enough, where there is another."""
    if person.role is None:
        return LOGIN
    return None if person.role == "superuser" else ABSENT


def administration(person: Person) -> int | None:
    """Django's administration: who arranges anything anywhere."""
    if person.role is None:
        return LOGIN
    return None if _has(person, Right.ARRANGE) else FORBIDDEN


def administration_here(person: Person) -> int | None:
    """A row there that lies in the unit."""
    return administration(person) or (ABSENT if person.place == ELSEWHERE else None)


def _has(person: Person, right: Right) -> bool:
    return right not in PERSONAL if person.role == "superuser" else right in ALLOWED[str(person.role)]


# What stands for a word of an address: of the unit of the table, and of another one whose users have no business here.
PARTS: dict[str, tuple[Callable[[World], object], Callable[[World], object]]] = {
    "unit_id": (lambda w: w.here.unit.id, lambda w: w.elsewhere.unit.id),
    "unit": (lambda w: w.here.unit.id, lambda w: w.elsewhere.unit.id),
    "counter_id": (lambda w: w.here.counter.id, lambda w: w.elsewhere.counter.id),
    "device_id": (lambda w: w.here.device, lambda w: w.elsewhere.device),
    "flag_id": (lambda w: w.here_flag, lambda w: w.elsewhere_flag),
    "alert_id": (lambda w: w.here_alert, lambda w: w.elsewhere_alert),
    "commendation_id": (lambda w: w.here_commendation, lambda w: w.elsewhere_commendation),
    "erasure_id": (lambda w: w.here_erasure, lambda w: w.elsewhere_erasure),
    "case_id": (lambda w: w.here_case, lambda w: w.elsewhere_case),
    "token_id": (lambda w: w.here_token.pk, lambda w: w.elsewhere_token.pk),
}


def _nothing(name: str, instead: str = "0" * 64) -> dict[str, Callable[[World], object]]:
    """For an address of something that there is not."""
    return {name: lambda w: instead}


def _today(world: World) -> object:
    return world.here.unit.today().isoformat()


_KIOSKS = [  # signed by their keys, whoever is logged in
    Row("api/v1/enrol", everybody, 405, 400),
    Row("api/v1/entries", everybody, 405, 415),
    Row("api/v1/keys", everybody, 200, 400),
    Row("api/v1/config/<str:digest>", everybody, 401, 413, _nothing("digest")),
    Row("api/v1/photos/<str:name>", everybody, 401, 413, _nothing("name")),
    Row("api/v1/sealed/<str:name>", everybody, 405, 405, _nothing("name")),
]
_OTHER_SYSTEMS = [
    Row("api/v1/openapi.json", everybody),
    Row("api/v1/results/*", nobody_without_token, 200, None),
    Row("api/v1/reports/*", nobody_without_token, 200, None),
    Row("api/v1/transactions/*", nobody_without_token, 200, None, {"day": _today}),
    Row("api/v1/units*", nobody_without_token, 200, None),
    Row("api/<rest>", everybody, 404, 404, _nothing("rest")),
]
_PUBLIC = [
    Row("[Gg]/([0-9A-Za-z]{1,10})/([0-9A-Za-z]{1,200})", everybody, 403, 413, _nothing("", "g/0/0")),
    Row("tra-cuu/", everybody, 200, 422),
    Row("tra-cuu/rut/", everybody, 302, 422),
    Row("cong-khai/", everybody),
    Row("kho/dists/<str:suite>/*", everybody, 404, None, _nothing("suite", "none")),
    Row("kho/pool/<str:name>", everybody, 404, None, _nothing("name", "none.deb")),
    Row("hailong-ca.pem", everybody, 404),
    Row("cong-khai/niem-phong/", everybody),
    Row("cong-khai/niem-phong/<str:day>.txt", everybody, 404, None, _nothing("day", "2026-11-25")),
    Row("cong-khai/<slug:unit_id>/*", everybody),
]
_ENTRANCE = [
    Row("login/", only_strangers, 200, 200),
    Row("logout/", everybody, None, LOGIN),
    Row("mat-khau/", logged_in, 200, 200),
    Row("mat-khau/da-doi/", logged_in),
]
_TABLE = _nothing("slug", "quay") | _nothing("name", "quay") | _nothing("form", "csv")
_REPORT = _nothing("kind", "thang") | _nothing("day", "2026-10-01")
_PAPER = _nothing("paper_id", "00000000-0000-7000-8000-000000000000") | _nothing("form", "docx")
_RESULTS = [
    Row("", logged_in, ANY),
    Row("don-vi/<slug:unit_id>/", in_unit(Right.SEE_RESULTS)),
    Row("don-vi/<unit_id>/<slug>/", in_unit(Right.SEE_RESULTS), parts=_nothing("slug", "quay")),
    Row("don-vi/<unit_id>/<slug>/<name>.<form>", in_unit(Right.SEE_RESULTS), parts=_TABLE),
    Row("don-vi/<slug:unit_id>/bieu-do/<slug:name>.svg", in_unit(Right.SEE_RESULTS), 400, None, _nothing("name", Chart.DAYS), None, "?w=x"),
    Row("cua-toi/", officers),
    Row("bao-cao/", anywhere(Right.SEE_RESULTS)),
    Row("bao-cao/<slug:unit_id>/", in_unit(Right.SEE_RESULTS)),
    Row("bao-cao/<slug:unit_id>/<slug:kind>/<str:day>/", in_unit(Right.SEE_RESULTS), parts=_REPORT),
    Row("bao-cao/<slug:unit_id>/<slug:kind>/<str:day>/van-ban/", in_unit(Right.SEE_RESULTS), None, 302, _REPORT),
    Row("bao-cao/<slug:unit_id>/<slug:kind>/<str:day>/nhan-xet/", in_unit(Right.JUDGE), None, 302, _REPORT),
    Row("bao-cao/<slug:unit_id>/<slug:kind>/<str:day>/chin-chi-so/", in_unit(Right.JUDGE), None, 302, _REPORT),
    Row("bao-cao/<slug:unit_id>/van-ban/<uuid:paper_id>/tien-do/", in_unit(Right.SEE_RESULTS), 404, None, _PAPER),
    Row("bao-cao/<slug:unit_id>/van-ban/<uuid:paper_id>/bao-cao.<slug:form>", in_unit(Right.SEE_RESULTS), 404, None, _PAPER),
    Row("canh-bao/", anywhere(Right.SEE_RESULTS, Right.SEE_DEVICES)),
    Row("canh-bao/nhan-thu/", anywhere(Right.SEE_RESULTS, Right.SEE_DEVICES), 200, 422),
    Row("canh-bao/nhan-thu/xac-nhan/<str:token>/", logged_in, 404, 404, _nothing("token")),
    Row("canh-bao/thoi-nhan/<str:token>/", everybody, 404, 404, _nothing("token")),
    Row("canh-bao/<slug:unit_id>/", in_unit(Right.SEE_RESULTS, Right.SEE_DEVICES)),
    Row("canh-bao/<slug:unit_id>/cai-dat/", in_unit(Right.PUBLISH), 200, 302),
    Row("canh-bao/<slug:unit_id>/<slug:alert_id>/", in_unit(Right.SEE_RESULTS), 200, 422, posts=in_unit(Right.JUDGE)),
    Row("can-chu-y/*", in_unit(Right.SEE_RESULTS)),
    Row("can-chu-y/", anywhere(Right.SEE_RESULTS)),
    Row("can-chu-y/<slug:unit_id>/<slug:flag_id>/", in_unit(Right.SEE_RESULTS), 200, 422, posts=in_unit(Right.JUDGE)),
    Row("so-ho-so/", anywhere(Right.COUNT_TRANSACTIONS), ANY),
    Row("so-ho-so/<slug:unit_id>/", in_unit(Right.COUNT_TRANSACTIONS)),
    Row("so-ho-so/<slug:unit_id>/nhap/<str:day>/", in_unit(Right.COUNT_TRANSACTIONS), 200, 422, {"day": _today}),
    Row("so-ho-so/<slug:unit_id>/tep/", in_unit(Right.COUNT_TRANSACTIONS), 200, ANY),
    Row("so-ho-so/<slug:unit_id>/tep/mau.xlsx", in_unit(Right.COUNT_TRANSACTIONS)),
    Row("so-ho-so/<slug:unit_id>/xuat.<slug:kind>", in_unit(Right.COUNT_TRANSACTIONS), parts=_nothing("kind", "csv")),
    Row("don-vi/<slug:unit_id>/cong-bo/ket-qua/", in_unit(Right.SEE_SENSITIVE), 200, 404),
    Row("don-vi/<slug:unit_id>/cong-bo/", in_unit(Right.PUBLISH), 200, 302),
    Row("don-vi/<slug:unit_id>/cong-bo/<int:number>/thoi/", in_unit(Right.PUBLISH), None, 302, _nothing("number", "1")),
]
_LOOP = [
    Row("khen/", anywhere(Right.FOLLOW_CASES)),
    Row("khen/<slug:unit_id>/", in_unit(Right.FOLLOW_CASES)),
    Row("khen/<slug:unit_id>/moi/", in_unit(Right.FOLLOW_CASES), 200, 422),
    Row("khen/<slug:unit_id>/<uuid:commendation_id>/", in_unit(Right.FOLLOW_CASES), 200, 422),
    Row("khen/<slug:unit_id>/<uuid:commendation_id>/rut/", in_unit(Right.FOLLOW_CASES), None, 302),
]
_READERS, _ERASERS = in_unit(Right.READ_COMMENTS), in_unit(Right.ERASE)
_PERSONAL = [
    Row("du-lieu-ca-nhan/", anywhere(Right.READ_COMMENTS), ANY),
    Row("du-lieu-ca-nhan/<slug:unit_id>/", _READERS),
    Row("du-lieu-ca-nhan/<slug:unit_id>/tim/", _READERS, None, 422),  # nobody is sought
    Row("du-lieu-ca-nhan/<slug:unit_id>/xuat/", _READERS, None, 302),  # nothing is chosen
    Row("du-lieu-ca-nhan/<slug:unit_id>/xoa/", _ERASERS, None, 302),
    Row("du-lieu-ca-nhan/<slug:unit_id>/da-xoa/<uuid:erasure_id>/", _READERS),
    Row("du-lieu-ca-nhan/<slug:unit_id>/thoi-han/", _READERS, 200, 422, posts=_ERASERS),
    Row("du-lieu-ca-nhan/<slug:unit_id>/giu-lai/", _ERASERS, 200, 422),
    Row("du-lieu-ca-nhan/<slug:unit_id>/ho-so-xu-ly/", _READERS),
]
_CASES = [
    Row("gop-y/", anywhere(Right.READ_COMMENTS), ANY),
    Row("gop-y/<slug:unit_id>/", in_unit(Right.READ_COMMENTS), 200, 404),  # nothing was chosen
    Row("gop-y/<slug:unit_id>/phieu/", in_unit(Right.READ_COMMENTS), 200, 422),
    Row("vu-viec/", anywhere(Right.FOLLOW_CASES), ANY),
    Row("vu-viec/<slug:unit_id>/", in_unit(Right.FOLLOW_CASES)),
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/", in_unit(Right.FOLLOW_CASES), 200, 409),  # nothing was chosen
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/tep/", in_unit(Right.FOLLOW_CASES), None, 302),
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/tep/<slug:sealed>", in_unit(Right.FOLLOW_CASES), 404, None, _nothing("sealed")),
    Row("tiep-dan/", anywhere(Right.FOLLOW_CASES), ANY),
    Row("tiep-dan/<slug:unit_id>/", in_unit(Right.FOLLOW_CASES)),
]
_PAPERS = [
    Row("van-ban/", anywhere(Right.PUBLISH), ANY),
    Row("van-ban/<slug:unit_id>/", in_unit(Right.PUBLISH), 200, 422),
    Row("van-ban/<slug:unit_id>/<slug:kind>/", in_unit(Right.PUBLISH), 200, 422, _nothing("kind", "giay-moi")),
    Row(
        "van-ban/<slug:unit_id>/<slug:kind>/mau-<int:number>.docx",
        in_unit(Right.PUBLISH),
        parts=_nothing("kind", "giay-moi") | _nothing("number", "0"),
    ),
    Row("van-ban/<slug:unit_id>/<slug:kind>/thu.docx", in_unit(Right.PUBLISH), parts=_nothing("kind", "giay-moi")),
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/giay-moi/", in_unit(Right.FOLLOW_CASES), 200, 422),
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/thu-xin-loi/", in_unit(Right.FOLLOW_CASES), 200, 422),
    Row("vu-viec/<slug:unit_id>/<slug:case_id>/tra-loi/", in_unit(Right.FOLLOW_CASES), 200, 422),
    Row("tiep-dan/<slug:unit_id>/<str:day>/danh-sach/", in_unit(Right.FOLLOW_CASES), parts={"day": _today}),
    Row("khen/<slug:unit_id>/danh-sach/", in_unit(Right.FOLLOW_CASES)),
]
_DEVICES = [
    Row("don-vi/<slug:unit_id>/man-hinh/", in_unit(Right.SEE_DEVICES)),
    Row("thiet-bi/", anywhere(Right.SEE_DEVICES)),
    Row("thiet-bi/don-vi/<slug:unit_id>/", in_unit(Right.SEE_DEVICES)),
    Row("thiet-bi/don-vi/<slug:unit_id>/tep/", in_unit(Right.RUN_DEVICES), 200, 422),
    Row("thiet-bi/quay/<slug:counter_id>/", in_unit(Right.RUN_DEVICES)),
    Row("thiet-bi/quay/<slug:counter_id>/ma/", in_unit(Right.RUN_DEVICES), None, 200),
    Row("thiet-bi/quay/<slug:counter_id>/huy-ma/", in_unit(Right.RUN_DEVICES), None, 302),
    Row("thiet-bi/quay/<slug:counter_id>/tep/", in_unit(Right.RUN_DEVICES), None, 422),
    Row("thiet-bi/ma/<slug:name>.svg", logged_in, 404, None, _nothing("name")),
    Row("thiet-bi/cach-ly/", anywhere(Right.SEE_DEVICES), 200, 302, posts=anywhere(Right.DECIDE_QUARANTINE), sent={"viec": "tinh-tiep"}),
    Row("thiet-bi/may/<slug:device_id>/", in_unit(Right.SEE_DEVICES)),
    Row("thiet-bi/may/<slug:device_id>/thu-hoi/", in_unit(Right.RUN_DEVICES), 200, 302),
    Row("thiet-bi/may/<slug:device_id>/thay/", in_unit(Right.RUN_DEVICES), 200, 422),
    Row("thiet-bi/may/<slug:device_id>/thu-truoc/", in_unit(Right.RUN_DEVICES), None, 302),
    Row("thiet-bi/may/<slug:device_id>/bo-canh-bao/", in_unit(Right.RUN_DEVICES), None, 302),
]
_ARRANGING = [
    Row("quan-tri/", anywhere(Right.SEE_RECORD), ANY),  # or what stands behind it
    Row("nhat-ky/*", anywhere(Right.SEE_RECORD)),
    Row("phien-ban/", anywhere(Right.ARRANGE)),
    Row("phien-ban/<str:version>/giai-doan/", whole_server, None, 302, parts=_nothing("version", "0.0.0")),
    Row("quan-tri-token/", anywhere(Right.ARRANGE)),
    Row("quan-tri-token/moi/<slug:unit_id>/", in_unit(Right.ARRANGE), 200, 422),
    Row("quan-tri-token/thu-hoi/<slug:token_id>/", in_unit(Right.ARRANGE), 200, 302),
    Row("danh-muc/", anywhere(Right.ARRANGE)),
    Row("danh-muc/xuat/danh-muc.xlsx", anywhere(Right.ARRANGE)),
    Row("danh-muc/xuat/<slug:word>.csv", anywhere(Right.ARRANGE), parts=_nothing("word", TABLES[0].word)),
    Row("danh-muc/nhap/", anywhere(Right.ARRANGE), None, 422),
    Row("danh-muc/nhap/<slug:upload_id>/", anywhere(Right.ARRANGE), 404, 404, _nothing("upload_id")),  # only of who sent it
]
_ADMINISTRATION = [
    Row("admin/login/", administration, 302, 302),
    Row("admin/logout/", administration, None, LOGIN),
    Row("admin/password_change/*", administration, 302, 302),
    Row("admin/autocomplete/", administration, 403),
    Row("admin/jsi18n/", administration),
    Row(
        "admin/r/<path:content_type_id>/<path:object_id>/",
        administration,
        404,
        404,
        {**_nothing("content_type_id", "0"), **_nothing("object_id", "0")},
    ),
    Row("admin/places/unit/add/", administration, ANY, ANY),  # only of who has a province
    Row("admin/places/unit/<path:object_id>/thu-hoi/", administration_here, 404, 404),  # nothing lies ahead
    Row("admin/places/unit/<path:object_id>/tiep-tuc/", administration_here, 302, ANY),
    Row("admin/places/officer/chuyen/", administration, 404, 404),  # nobody was chosen
    Row("admin/places/officer/photo/<str:name>", administration, 404, 404, _nothing("name")),
    Row("admin/devices/device/add/", administration, 403, 403),
    Row("admin/places/membership/<path:object_id>/delete/", administration_here, 200, ANY),
    Row("admin/auth/user/<path:object_id>/delete/", administration_here, 403, 403),
    Row("admin/auth/user/<id>/password/", administration_here, 200, ANY),
    Row("admin/*/<path:object_id>/delete/", administration_here, 403, 403),
    Row("admin/*/<path:object_id>/", administration, 302, ANY),
    Row("admin/*/<path:object_id>/*/", administration_here, 200, ANY),
    Row("admin/<app_label>/", administration, 200, ANY, _nothing("app_label", "places")),
    Row("admin/<url>", administration, 404, 404, _nothing("url")),
    Row("admin/*", administration, 200, ANY),
]
ROWS = [
    *_KIOSKS, *_OTHER_SYSTEMS, *_PUBLIC, *_ENTRANCE, *_RESULTS, *_CASES, *_LOOP, *_PERSONAL, *_PAPERS, *_DEVICES, *_ARRANGING,
    *_ADMINISTRATION,
]  # fmt: skip


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address that the resolver knows, with the names of its parts."""
    for pattern in (resolver or get_resolver()).url_patterns:
        words = str(pattern.pattern)
        if isinstance(pattern.pattern, RegexPattern):
            words = replace_named_groups(words).removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace("\\", "")
        address = before + words
        if isinstance(pattern, URLPattern):
            yield address
        else:
            yield from addresses(pattern, address)


def row_of(address: str) -> Row | None:
    """The row that an address has; an exact one before one with `*`."""
    exact = (row for row in ROWS if row.address == address)
    return next(exact, None) or next((row for row in ROWS if fnmatchcase(address, row.address)), None)


def rows() -> Iterator[tuple[str, Row]]:
    """Every address that has a row, with it."""
    for address in addresses():
        row = row_of(address)
        if row is not None:
            yield address, row


def filled(everything: World, address: str, row: Row, other: str = "") -> str:
    """The address with something in each of its parts; of another unit where the part is `other`."""

    if "" in row.parts:
        return f"/{row.parts[''](everything)}"

    def part(match: re.Match[str]) -> str:
        name = match[1]
        if name in row.parts:
            return str(row.parts[name](everything))
        if name in PARTS:
            return str(PARTS[name][name == other](everything))
        assert address.startswith("admin/"), f"nothing is known to stand for {name} in {address}: see PARTS"
        return str(everything.instance("/".join(address.split("/")[1:3]), name == other))

    return "/" + PART.sub(part, address)
