"""What kiosks are told of the repository, in their configuration."""

import base64
from functools import lru_cache

from django.conf import settings
from nacl.signing import SigningKey

from server import keys
from server.releases.openpgp import public_key
from sync.updates import Updates


def updates(*, canary: bool) -> Updates | None:
    """Where a kiosk's next version comes from; None while this server never had one, so that configurations stay as they are."""
    if not keys.has_repository(settings.KEYS):
        return None
    return Updates(suite="canary" if canary else "stable", key=_shown(keys.repository_key(settings.KEYS)), window=settings.UPDATE_WINDOW)


@lru_cache
def _shown(key: SigningKey) -> str:
    return base64.b64encode(public_key(key)).decode()
