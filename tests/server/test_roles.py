"""Each role at each address: who gets in, and who finds nothing."""

import logging
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy

import pytest

from tests.server.addresses import ABSENT, ANY, LOGIN, PART, PARTS, Row, addresses, filled, nobody_without_token, row_of, rows
from tests.server.database import undone
from tests.server.people import at
from tests.server.world import HERE, Person, World, world

pytestmark = pytest.mark.once

_REFUSED = {302, 401, 403, 404, 405}
_LET_IN = {200, 302, 400, 403, 422}


@pytest.fixture(autouse=True)
def quiet(stays_open: None) -> Iterator[None]:
    """Thousands of refusals, each with its line in the log, help nobody."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_has_its_row() -> None:
    assert [address for address in addresses() if row_of(address) is None] == []


def test_who_finds_nothing_finds_the_page_that_says_so() -> None:
    for person in world().people:
        assert _ask(person, "get", "/khong-co/", {}) == (ABSENT, "")


@pytest.mark.usefixtures("refused_in_short")
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_role_gets_at_each_address_what_the_table_says(method: str) -> None:
    everything = world()
    wrong = list(_wrong(everything, method))
    assert wrong == [], "\n".join(wrong)


@pytest.mark.usefixtures("refused_in_short")
def test_an_id_of_another_unit_in_any_place_of_an_address_is_absent() -> None:
    everything, wrong = world(), []
    for address, row in rows():
        for name in _names(address):
            place = filled(everything, address, row, other=name) + row.query
            for person in everything.people:
                if person.place == HERE:
                    for method in ("get", "post"):
                        status, _ = _ask(person, method, place, row.sent)
                        refused = row.lets(person, method)
                        taken = row.get if method == "get" else row.post
                        right = {ABSENT, refused} if refused else {ABSENT, 302} if address.startswith("admin/") else {ABSENT}
                        if status not in right and not (status == 405 and taken is None):
                            wrong.append(f"{person}: {method} {place}: {status}")
    assert wrong == [], "\n".join(wrong)


def test_a_token_of_one_unit_finds_nothing_of_another() -> None:
    everything, wrong = world(), []
    calls = [(address, row) for address, row in rows() if row.who is nobody_without_token]
    for address, row in calls:
        for other in ("", "unit"):
            place = filled(everything, address, row, other=other)
            answer = at().get(place, headers={"Authorization": f"Bearer {everything.here_text}"})
            absent = other and "<slug:unit>" in address
            if (answer.status_code == ABSENT) != bool(absent) or answer.status_code in (401, 403):
                wrong.append(f"{place}: {answer.status_code}")
    assert len(calls) > 5
    assert wrong == []


def _names(address: str) -> list[str]:
    """Those words of an address that name something of a unit, where not everybody may see it."""
    row = row_of(address)
    if row is None or row.who(_STRANGER) is None:
        return []
    return [name for name in PART.findall(address) if name in PARTS or (address.startswith("admin/") and name not in row.parts)]


def _wrong(everything: World, method: str) -> Iterator[str]:
    for address, row in rows():
        place = filled(everything, address, row) + row.query
        for person in _asked(everything, address):
            status, to = _ask(person, method, place, row.sent)
            expected = _expected(row, person, method)
            told = LOGIN if status == 302 and re.match(r"/(admin/)?login/", to) else status
            if told not in expected:
                yield f"{person}: {method} {place}: {told} {to}, not {sorted(expected)}"


def _asked(everything: World, address: str) -> list[Person]:
    """Everybody; in the administration, which has one door for all, those who come in and some who do not."""
    if not address.startswith("admin/") or address == "admin/":
        return everything.people
    return [person for person in everything.people if person.role in (None, "superuser", "administrator") or str(person) == "leader here"]


def _expected(row: Row, person: Person, method: str) -> set[int]:
    """The statuses that are right."""
    refused, taken = row.lets(person, method), row.get if method == "get" else row.post
    if refused is not None:
        return {refused} if taken is not None else {refused, *_REFUSED}
    return {405} if taken is None else _LET_IN if taken == ANY else {taken}


def _ask(person: Person, method: str, place: str, sent: Mapping[str, str]) -> tuple[int, str]:
    """The answer's status, and where it leads; what was done is undone, so that the next one finds everything as it was."""
    cookies = deepcopy(person.client.cookies)
    with undone():
        answer = person.client.get(place) if method == "get" else person.client.post(place, dict(sent))
        answer.close()
    person.client.cookies = cookies
    return answer.status_code, answer.headers.get("Location", "")


_STRANGER = Person(None, "", None)  # type: ignore[arg-type] # asks nothing
