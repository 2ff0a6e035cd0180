"""What every call of a kiosk has in common: a limited body goes in, a signed answer comes out, problems become documents."""

import logging
import random
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from server import keys
from server.problems import ProblemError
from sync.signature import SIGNATURE_HEADER, sign_answer

P = ParamSpec("P")
Call = Callable[Concatenate[HttpRequest, bytes, P], bytes]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

BUSY_SECONDS = (5, 30)  # at random, so that those who were refused together don't come again together

logger = logging.getLogger(__name__)


def api(*methods: str, max_bytes: int, gives: str = "application/json") -> Callable[[Call[P]], View[P]]:
    """Make a view of a call: a function of request, body (at most max_bytes, as sent) and the URL's parts, that returns
    the body of a 200 (gives: its type) or raises `ProblemError`. A database that is locked, overloaded or gone is `busy`.
    The answer is signed with the server's key over status and both bodies; a body that was refused for its length counts as empty there.
    """

    def decorate(call: Call[P]) -> View[P]:
        @csrf_exempt
        @wraps(call)
        def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            body = b""
            try:
                body = limited_body(request, max_bytes)
                if request.method not in methods:
                    raise ProblemError("wrong-method", headers={"Allow": ", ".join(methods)})
                answer = HttpResponse(call(request, body, *args, **kwargs), content_type=gives)
            except ProblemError as problem:
                answer = refusal(request, problem)
            except (OperationalError, InterfaceError) as error:
                answer = refusal(request, busy(error))
            answer["Cache-Control"] = "no-store"
            answer[SIGNATURE_HEADER] = sign_answer(keys.signing_key(settings.KEYS), answer.status_code, body, answer.content)
            return answer

        return view

    return decorate


@api("GET", "POST", "PUT", max_bytes=256 * 1024)
def nothing_here(request: HttpRequest, body: bytes, rest: str) -> bytes:
    """Every address of the API that is none."""
    raise ProblemError("not-found")


def busy(error: Exception) -> ProblemError:
    """What a caller is told when the database is locked, overloaded or gone."""
    logger.warning("%s: %s", type(error).__name__, error)
    return ProblemError("busy", headers={"Retry-After": str(random.randint(*BUSY_SECONDS))})


def refusal(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    """The answer that says why a request is refused."""
    logger.info("refused %s %s: %s %s", request.method, request.path, problem.code, problem.detail)
    document = msgspec.json.encode(problem.document())
    return HttpResponse(document, "application/problem+json", problem.status, headers=problem.headers)


def limited_body(request: HttpRequest, max_bytes: int) -> bytes:
    """The body as it was sent. Raises `length-required`, `too-large`, `malformed`."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        if request.method == "POST" or "Transfer-Encoding" in request.headers:
            raise ProblemError("length-required")
        return b""
    if int(length) > max_bytes:
        raise ProblemError("too-large", f"{length} bytes; {max_bytes} are allowed")
    try:
        body = request.read(int(length))
    except UnreadablePostError as error:
        raise ProblemError("malformed", "the body ended early") from error
    if len(body) != int(length):
        raise ProblemError("malformed", f"{len(body)} bytes came, Content-Length says {length}")
    return body
