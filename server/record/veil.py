"""What the record and the log say instead of a number by which a citizen asks."""

import re

from django.utils.crypto import salted_hmac

_BY_WHICH_CITIZENS_ASK = re.compile(r"(?<![\w-])(?:[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}|[0-9a-f]{64})(?![\w-])")


def veiled(text: str) -> str:
    """The text with another name for each number by which a citizen asks, and for each hash from which it follows (`sync.reference`):
    the same for the same, for ever. Whoever reads record or log could ask, and take back, what somebody else wrote.
    """
    return _BY_WHICH_CITIZENS_ASK.sub(lambda found: f"*{salted_hmac(__name__, found[0], algorithm='sha256').hexdigest()[:16]}", text)
