"""The OpenAPI 3.1 description (https://spec.openapis.org/oas/v3.1.1) of calls, made from what the calls themselves say."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct

from server.problems import kind
from server.tokens.call import CALLS_PER_MINUTE, COMMON_PROBLEMS, Call, Grant, NoBody, NoQuery
from sync.wire import PROBLEM_TYPE

VERSION = "1.0.0"
PARTS: dict[str, dict[str, Any]] = {
    "unit": {"description": "A unit's id, as `units` lists it.", "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,64}$"}},
    "day": {"description": "A day on the unit's clocks.", "schema": {"type": "string", "format": "date"}},
}
_ABOUT = f"""\
Satisfaction of citizens at one-stop-shop counters, and the number of transactions that participation is of.

A token (`Authorization: Bearer hl_…`) is made by an administrator; it is valid for one unit and all below it, and for what it
was given: `reads_results`, `tells_transactions`. {CALLS_PER_MINUTE} calls a minute are allowed. Refusals are problem documents (RFC 9457).
"""
_GRANTS = {Grant.READS_RESULTS: "may read results", Grant.TELLS_TRANSACTIONS: "may tell transactions"}
_RESPONSE = "#/components/responses/{name}"
_REF = "#/components/schemas/{name}"


class Refusal(Struct, frozen=True):
    """Why a call is refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""


def document(calls: Sequence[Call[Any, Any]]) -> bytes:
    """The description as JSON, the same bytes for the same calls."""
    kinds = [Refusal, *(one for call in calls for one in (call.answer, call.query, call.body))]
    references, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas = dict(zip(kinds, references, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(f"/api/v1/{call.path}", {})[call.method.lower()] = _operation(call, components, schemas)
    inline = {NoBody.__name__, *(call.query.__name__ for call in calls)}
    said = {
        "openapi": "3.1.0",
        "info": {
            "title": "Hài Lòng",
            "version": VERSION,
            "description": _ABOUT,
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "responses": {
                _name(codes): _refused(status, codes) for status, codes in sorted(one for call in calls for one in _refusals(call))
            },
            "schemas": {name: schema for name, schema in sorted(components.items()) if name not in inline},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def _operation(call: Call[Any, Any], components: dict[str, Any], schemas: dict[type, Any]) -> dict[str, Any]:
    summary, _, more = (call.does.__doc__ or "").strip().partition(". ")
    grants = " or ".join(_GRANTS[grant] for grant in call.grants)
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.tag],
        "summary": summary.removesuffix("."),
        "description": " ".join([*([more] if more else []), f"The token {grants}."]),
        "parameters": [*_parts(call.path), *_questions(call, components)],
        "responses": {
            "200": _success(call, schemas),
            **{str(status): {"$ref": _RESPONSE.format(name=_name(codes))} for status, codes in _refusals(call)},
        },
    }
    if call.method == "GET":
        operation["responses"]["304"] = {"description": "Nothing changed since the answer with the ETag that If-None-Match names."}
    if call.body is not NoBody:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[call.body]}}}
    return operation


def _parts(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, **PARTS[name]} for name in re.findall(r"{(\w+)}", path)]


def _questions(call: Call[Any, Any], components: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if call.query is NoQuery:
        return
    for name, schema in components[call.query.__name__]["properties"].items():
        rest = dict(schema)
        yield {"name": name, "in": "query", "required": False, "description": rest.pop("description", ""), "schema": rest}


def _success(call: Call[Any, Any], schemas: dict[type, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": (call.answer.__doc__ or "").strip(),
        "content": {"application/json": {"schema": schemas[call.answer]}},
    }
    if call.method == "GET":
        answer["headers"] = {"ETag": {"required": True, "description": "Of this answer.", "schema": {"type": "string"}}}
    return answer


def _refusals(call: Call[Any, Any]) -> list[tuple[int, list[str]]]:
    """By status, which problems the call may answer."""
    by_status: dict[int, list[str]] = {}
    for code in (*COMMON_PROBLEMS, *call.problems):
        by_status.setdefault(kind(code).status, []).append(code)
    return sorted(by_status.items())


def _name(codes: Sequence[str]) -> str:
    """What a response of these problems is called: BadToken."""
    return "Or".join("".join(word.title() for word in code.split("-")) for code in codes)


def _refused(status: int, codes: Sequence[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": "; ".join(f"`{PROBLEM_TYPE}{code}`: {kind(code).title}" for code in codes),
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name=Refusal.__name__)}}},
    }
    header = {HTTPStatus.UNAUTHORIZED: "WWW-Authenticate", HTTPStatus.METHOD_NOT_ALLOWED: "Allow"}.get(HTTPStatus(status))
    header = "Retry-After" if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else header
    if header:
        answer["headers"] = {header: {"required": True, "schema": {"type": "string"}}}
    return answer
