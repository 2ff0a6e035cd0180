"""What every call of another system has in common: a token that allows it, typed questions and answers, problems as documents.

A `Call` says all about itself that there is to say; its address and its description (`server.tokens.description`) are made from
it, so none of them can drift from what is answered.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

import msgspec
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

from server.api import busy, limited_body, refusal
from server.devices.identity import address_of
from server.pace import PerMinute
from server.places.models import Unit
from server.places.scope import with_those_below
from server.problems import ProblemError
from server.tokens.keeping import found, note_reading, note_use
from server.tokens.models import Token

CALLS_PER_MINUTE = 600  # of a token, in each process
MAX_BYTES = 256 * 1024
COMMON_PROBLEMS = ("malformed", "bad-token", "not-allowed", "not-found", "wrong-method", "too-large", "too-many-calls", "busy")

Q = TypeVar("Q", bound=msgspec.Struct)
B = TypeVar("B", bound=msgspec.Struct)
_calls = PerMinute()


class Grant(StrEnum):
    """What a token may be given: the fields of `Token` that say so."""

    READS_RESULTS = "reads_results"
    TELLS_TRANSACTIONS = "tells_transactions"


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing can be asked further."""


class NoBody(msgspec.Struct, frozen=True):
    """A call that is not told anything."""


@dataclass(frozen=True)
class Asked(Generic[Q, B]):
    """One call as it came. path: the variable parts of its address; units: where the token is valid."""

    token: Token
    path: dict[str, str]
    query: Q
    body: B
    now: datetime
    address: str

    @property
    def units(self) -> QuerySet[Unit]:
        """The units where the token is valid: its own and those below."""
        return with_those_below(Unit.objects.filter(pk=self.token.unit_id))

    def unit(self) -> Unit:
        """The unit that the address names. Raises `not-found` for one where the token is not valid, as for one that is none."""
        unit = self.units.filter(pk=self.path["unit"]).first()
        if unit is None:
            raise ProblemError("not-found", "The token is valid for no such unit.")
        return unit

    def unit_read(self) -> Unit:
        """The same, where results of it are handed out; the record keeps it."""
        unit = self.unit()
        note_reading(self.token, unit.pk, self.address, self.now)
        return unit


@dataclass(frozen=True)
class Call(Generic[Q, B]):
    """A call of the API. path: its address below /api/v1/, {parts} as `description.PARTS` describes them. grants: any one of
    them allows it. problems: which it may answer beside `COMMON_PROBLEMS`.
    """

    method: Literal["GET", "PUT"]
    path: str
    does: Callable[[Asked[Q, B]], msgspec.Struct]
    answer: type[msgspec.Struct]
    grants: Sequence[Grant]
    query: type[Q]
    body: type[B]
    problems: Sequence[str] = ()
    tag: str = ""

    @property
    def name(self) -> str:
        """A name of its own among all calls."""
        return self.does.__name__


@dataclass(frozen=True)
class Calls:
    """The calls of one subject, in their order. tag: what the description calls them."""

    tag: str
    calls: list[Call[Any, Any]] = field(default_factory=list)

    def get(
        self,
        path: str,
        answer: type[msgspec.Struct],
        *,
        grants: Sequence[Grant],
        query: type[Q] = NoQuery,  # type: ignore[assignment] # mypy knows no default of a type variable
        problems: Sequence[str] = (),
    ) -> Callable[[Callable[[Asked[Q, NoBody]], msgspec.Struct]], Callable[[Asked[Q, NoBody]], msgspec.Struct]]:
        """Decorate the function that answers a GET; its docstring describes it."""

        def keep(does: Callable[[Asked[Q, NoBody]], msgspec.Struct]) -> Callable[[Asked[Q, NoBody]], msgspec.Struct]:
            self.calls.append(Call("GET", path, does, answer, grants, query, NoBody, problems, self.tag))
            return does

        return keep

    def put(
        self, path: str, answer: type[msgspec.Struct], *, grants: Sequence[Grant], body: type[B], problems: Sequence[str]
    ) -> Callable[[Callable[[Asked[NoQuery, B]], msgspec.Struct]], Callable[[Asked[NoQuery, B]], msgspec.Struct]]:
        """Decorate the function that answers a PUT; its docstring describes it."""

        def keep(does: Callable[[Asked[NoQuery, B]], msgspec.Struct]) -> Callable[[Asked[NoQuery, B]], msgspec.Struct]:
            also = ("length-required", "unsupported", *problems)
            self.calls.append(Call("PUT", path, does, answer, grants, NoQuery, body, also, self.tag))
            return does

        return keep


def view(calls: Sequence[Call[Any, Any]]) -> Callable[..., HttpResponse]:
    """A view that answers the calls of one address."""
    by_method = {call.method: call for call in calls}

    @csrf_exempt
    def respond(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            answer = _answer(request, by_method, path)
        except ProblemError as problem:
            answer = refusal(request, problem)
        except (OperationalError, InterfaceError) as error:
            answer = refusal(request, busy(error))
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Authorization"])
        return answer

    return respond


def _answer(request: HttpRequest, by_method: dict[Any, Call[Any, Any]], path: dict[str, str]) -> HttpResponse:
    call = by_method.get("GET" if request.method == "HEAD" else request.method)
    if call is None:
        allowed = [*by_method, "HEAD"] if "GET" in by_method else [*by_method]
        raise ProblemError("wrong-method", headers={"Allow": ", ".join(allowed)})
    now = timezone.now()
    token = _admitted(request, call, now)
    body = limited_body(request, MAX_BYTES)
    if call.body is not NoBody:
        if request.method == "PUT" and not request.headers.get("Content-Length"):
            raise ProblemError("length-required")
        if request.content_type != "application/json":
            raise ProblemError("unsupported", "The body must be application/json.")
    asked = Asked(token, path, _query(request, call.query), _body(body, call.body), now, address_of(request))
    content = msgspec.json.encode(call.does(asked))
    if call.method != "GET":
        return HttpResponse(content, "application/json")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    same = known == ["*"] or etag in {one.removeprefix("W/") for one in known}  # RFC 9110, section 13.1.2: weak comparison
    answer = HttpResponseNotModified() if same else HttpResponse(content, "application/json")
    answer["ETag"] = etag
    return answer


def _admitted(request: HttpRequest, call: Call[Any, Any], now: datetime) -> Token:
    """The request's token, if it allows the call. Raises `bad-token`, `too-many-calls`, `not-allowed`."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise ProblemError("bad-token", "Send the header Authorization: Bearer and a token.", headers={"WWW-Authenticate": "Bearer"})
    token = found(text.strip())
    if token is None or not token.valid(now):
        state = "unknown" if token is None else "revoked" if token.revoked_at else "expired"
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}  # RFC 6750, section 3
        raise ProblemError("bad-token", f"The token is {state}.", headers=headers)
    if wait := _calls.seconds_to_wait(token.pk, now, CALLS_PER_MINUTE):
        raise ProblemError("too-many-calls", f"{CALLS_PER_MINUTE} are allowed", headers={"Retry-After": str(wait)})
    note_use(token, now)
    if not any(getattr(token, grant) for grant in call.grants):
        raise ProblemError("not-allowed", f"It needs {' or '.join(call.grants)}.")
    return token


def _query(request: HttpRequest, kind: type[Q]) -> Q:
    given: dict[str, str] = {}
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise ProblemError("malformed", f"{name} is given {len(values)} times")
        given[name] = str(values[0])
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ProblemError("malformed", f"query: {error}") from error


def _body(body: bytes, kind: type[B]) -> B:
    if kind is NoBody:
        return kind()
    try:
        return msgspec.convert(_whole(msgspec.json.decode(body)), kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError("malformed", f"body: {error}") from error


def _whole(said: Any) -> Any:  # noqa: ANN401 – JSON
    """JSON with whole numbers as such: 3.0 is an integer (JSON Schema, draft 2020-12, section 6.1.1)."""
    if isinstance(said, dict):
        return {name: _whole(one) for name, one in said.items()}
    if isinstance(said, list):
        return [_whole(one) for one in said]
    return int(said) if isinstance(said, float) and said.is_integer() else said
