"""The API does what its description says, whatever is asked: schemathesis asks, with data that should and should not be accepted."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from hypothesis import HealthCheck, settings

from server.calls import CALLS
from server.places.models import BEGINNING, Unit
from server.tokens import call
from server.tokens.description import document
from tests.server.kiosk import enrolled
from tests.server.system import token_for

if connection.vendor != "sqlite":
    pytest.skip("once is enough: what is answered is the same on both databases", allow_module_level=True)

import schemathesis

UNIT = "u-CONTRACT"
DAYS = [date(2025, 1, 31), BEGINNING, date(1, 1, 1), date(9999, 12, 31)]
UNPROCESSABLE = "422"  # well-formed, and contradicts itself or what the server knows: no schema can say that
REFUSED = ["400", "401", "403", "404", "405", "411", "415", UNPROCESSABLE]


def described() -> Any:  # noqa: ANN401 – schemathesis does not export its type
    """The description, with a unit that there is and days of every sort: what is asked beside them is not there."""
    there = {"unit": [UNIT], "day": [day.isoformat() for day in DAYS]}
    said = json.loads(document(CALLS))
    for operation in (one for methods in said["paths"].values() for one in methods.values()):
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["schema"] = {"type": "string", "enum": there[parameter["name"]]}
    checks = {
        "positive_data_acceptance": {"expected-statuses": ["2xx", UNPROCESSABLE]},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    }
    generation = {"max-examples": 4, "deterministic": True}
    schema = schemathesis.openapi.from_dict(said, config=schemathesis.Config.from_dict({"generation": generation, "checks": checks}))
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(call, "CALLS_PER_MINUTE", 10**9)
    unit = Unit.objects.create(id=UNIT, name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    enrolled(unit).open().votes(29, 3).send()
    return token_for(unit)


@pytest.fixture
def answered() -> Iterator[set[int]]:
    """With which statuses: some of what was asked must have succeeded, and some must have been refused."""
    statuses: set[int] = set()
    yield statuses
    assert 200 in statuses
    assert statuses & {400, 404}


schema = described()


@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(suppress_health_check=list(HealthCheck), database=None)
def test_every_call_answers_as_described(case: schemathesis.Case[Any], token: str, answered: set[int]) -> None:
    answered.add(case.call_and_validate(headers={"Authorization": f"Bearer {token}"}).status_code)
