"""Another system, as the server sees it: a token and its calls."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from server.places.models import Unit
from server.tokens.keeping import make


def token_for(unit: Unit, *, reads: bool = True, tells: bool = True, life: timedelta = timedelta(days=1)) -> str:
    """The text of a new token for the unit."""
    request = HttpRequest()
    request.user = User(username="quantri")
    return make(request, unit, "Một cửa điện tử", reads=reads, tells=tells, expires_at=timezone.now() + life)[1]


class System:
    """Calls with a token."""

    def __init__(self, token: str) -> None:
        self._client = Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.7")
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Any:  # noqa: ANN401 – the test client's response
        """GET an address below /api/v1/."""
        return self._client.get(f"/api/v1/{path}", headers={**self._headers, **headers})

    def put(self, path: str, body: object) -> Any:  # noqa: ANN401 – the test client's response
        """PUT JSON to an address below /api/v1/."""
        return self._client.put(f"/api/v1/{path}", body, content_type="application/json", headers=self._headers)
