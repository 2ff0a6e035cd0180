"""The API does what its description says, whatever is asked: schemathesis asks, with data that should and should not be accepted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation

from server.calls import CALLS
from server.places.models import Unit
from server.tokens import call
from server.tokens.description import document
from tests.server.kiosk import Kiosk
from tests.server.system import token_for

DOCUMENT = Path("docs/openapi.json")
UNPROCESSABLE = "422"  # well-formed, and contradicts itself or what the server knows: no schema can say that
REFUSED = ["400", "401", "403", "404", "405", "411", "415", UNPROCESSABLE]

config = schemathesis.Config.from_dict(
    {
        "generation": {"max-examples": 8, "deterministic": True},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", UNPROCESSABLE]},
            "negative_data_rejection": {"expected-statuses": REFUSED},
        },
    }
)
Case = schemathesis.Case[Any]
schema = schemathesis.openapi.from_dict(json.loads(document(CALLS)), config=config)
schema.app = get_wsgi_application()


@pytest.fixture
def unit(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> Unit:
    monkeypatch.setattr(call, "CALLS_PER_MINUTE", 10**9)
    kiosk.open().votes(29, 3).send()
    return kiosk.unit


@pytest.fixture
def token(unit: Unit) -> str:
    return token_for(unit)


@pytest.fixture
def statuses() -> Iterator[set[int]]:
    """What was answered: some of what was asked must have succeeded, and some must have been refused."""
    seen: set[int] = set()
    yield seen
    assert 200 in seen
    assert seen & {400, 404}


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), database=None)
def test_every_call_answers_as_described(case: Case, unit: Unit, token: str, statuses: set[int]) -> None:
    there = {"unit": unit.pk, "day": str(unit.today())}
    if case.meta is not None and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters.update({name: there[name] for name in case.path_parameters})
    statuses.add(case.call_and_validate(headers={"Authorization": f"Bearer {token}"}).status_code)


def test_the_description_in_the_repository_is_the_one_that_the_server_gives(client: Client) -> None:
    said = client.get("/api/v1/openapi.json")
    assert said["Content-Type"] == "application/json"
    assert said.content == document(CALLS)
    assert DOCUMENT.read_bytes() == said.content, "python -m server openapi > docs/openapi.json"
