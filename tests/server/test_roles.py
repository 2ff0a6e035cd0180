"""Each role at each address: who gets in, and who finds nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from tests.server.addresses import ABSENT, ANY, LOGIN, PARTS, Row, addresses, row_of
from tests.server.world import HERE, Person, World, world

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_REFUSALS = {302, 403, 404, 405}
_LET_IN = {200, 302, 400, 403, 405}


def test_every_address_has_its_row() -> None:
    assert [address for address in addresses() if row_of(address) is None] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_each_role_gets_at_each_address_what_the_table_says(method: str) -> None:
    everything = world()
    assert list(_wrong(everything, method)) == []


def test_an_id_of_another_unit_in_any_place_of_an_address_is_absent() -> None:
    everything = world()
    wrong = []
    for address, row in _rows():
        for name in _PART.findall(address):
            if name not in PARTS or not _is_guarded(row):
                continue
            place = _filled(everything, address, row, {name: PARTS[name][1]})
            for person in everything.people:
                if person.place == HERE:
                    for method in ("get", "post"):
                        status, _ = _ask(person, method, place, row)
                        if status not in ({ABSENT, 405} if _taken(row, method) is None else {ABSENT}):
                            wrong.append(f"{person}: {method} {place}: {status}")
    assert wrong == []


def _wrong(everything: World, method: str) -> Iterator[str]:
    for address, row in _rows():
        place = _filled(everything, address, row)
        for person in everything.people:
            status, to = _ask(person, method, place, row)
            expected = _expected(row, person, method)
            is_login = status == 302 and re.match(r"/(admin/)?login/", to)
            if (LOGIN if is_login and expected == {LOGIN} else status) not in expected:
                yield f"{person}: {method} {place}: {status} {to}, not {sorted(expected)}"


def _expected(row: Row, person: Person, method: str) -> set[int]:
    """The statuses that are right."""
    refused, taken = row.who(person), _taken(row, method)
    if refused is None:
        return {405} if taken is None else _LET_IN if taken == ANY else {taken}
    return {LOGIN, refused, *_REFUSALS} - ({302} if refused != LOGIN else set()) if taken is None else {refused}


def _taken(row: Row, method: str) -> int | None:
    return row.get if method == "get" else row.post


def _ask(person: Person, method: str, place: str, row: Row) -> tuple[int, str]:
    with _undone():
        answer = person.client.get(place) if method == "get" else person.client.post(place, dict(row.sent))
        answer.close()
    return answer.status_code, answer.headers.get("Location", "")


@contextmanager
def _undone() -> Iterator[None]:
    """What was done meanwhile is undone: the next person finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _rows() -> Iterator[tuple[str, Row]]:
    for address in addresses():
        row = row_of(address)
        if row is not None:
            yield address, row


def _is_guarded(row: Row) -> bool:
    return row.who(Person(None, "", None)) is not None  # type: ignore[arg-type] # nobody asks anything


def _filled(everything: World, address: str, row: Row, other: dict[str, Callable[[World], object]] | None = None) -> str:
    """The address with something in each of its parts; `other` for some of them."""
    if "" in row.parts:
        return f"/{row.parts[''](everything)}"
    address = address.replace("(?P<app_label>places|screens|devices|auth)/$", "places/").replace("(?P<url>.*)$", "nothing")

    def part(match: re.Match[str]) -> str:
        name = match[1]
        if other and name in other:
            return str(other[name](everything))
        if name in row.parts:
            return str(row.parts[name](everything))
        if name in PARTS:
            return str(PARTS[name][0](everything))
        assert address.startswith("admin/"), f"nothing is known to stand for {name} in {address}: see PARTS"
        return str(everything.instance("/".join(address.split("/")[1:3])))

    return "/" + _PART.sub(part, address.removeprefix("^"))
