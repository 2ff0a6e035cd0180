"""Making, finding and revoking tokens, and what the record keeps of their use."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from server.places.models import Unit
from server.record.keeping import Action, note, note_of
from server.tokens.models import ReadDay, Token
from sync.crockford import normalised, random_text

PREFIX = "hl_"  # so that who searches code and logs for secrets finds one
CHARACTERS = 32  # of five bits: 160
LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=3 * 366)
_USED_EVERY = timedelta(minutes=5)  # reading is cheap: not every call writes


def make(request: HttpRequest, unit: Unit, name: str, *, reads: bool, tells: bool, expires_at: datetime) -> tuple[Token, str]:
    """Make a token and note it. Returns it with its text, which nobody can find out again."""
    text = random_text(CHARACTERS)
    with transaction.atomic():
        token = Token.objects.create(
            unit=unit, name=name, token_hash=_hash(text), reads_results=reads, tells_transactions=tells,
            made_at=timezone.now(), made_by=request.user.get_username(), expires_at=expires_at,
        )  # fmt: skip
        rights = " ".join(right for right, given in (("reads-results", reads), ("tells-transactions", tells)) if given)
        note(request, Action.CHANGE, unit.pk, token.pk, f"token made: {rights}, to the end of {token.last_day}")
    return token, PREFIX + text


def revoke(request: HttpRequest, token: Token) -> None:
    """End a token and note it; one that was revoked stays as it is."""
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            note(request, Action.CHANGE, token.unit_id, token.pk, "token revoked")


def found(text: str) -> Token | None:
    """The token of this text, valid or not; None where none was made here."""
    if not text.startswith(PREFIX):
        return None
    return Token.objects.select_related("unit").filter(token_hash=_hash(text.removeprefix(PREFIX))).first()


def note_use(token: Token, now: datetime) -> None:
    """Keep when it was used."""
    if token.used_at is None or now - token.used_at >= _USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)


def note_reading(token: Token, unit_id: str, address: str, now: datetime) -> None:
    """Keep in the record that the token exported results of the unit: once a day."""
    _noted(token.pk, str(token), unit_id, address, timezone.localdate(now))


@lru_cache(4096)
def _noted(token_id: str, who: str, unit_id: str, address: str, day: date) -> None:
    """The record has its line; a process that has seen to it does not ask again."""
    row = {"unit_id": unit_id, "token_id": token_id, "day": day}
    if ReadDay.objects.filter(**row).exists():
        return
    try:
        with transaction.atomic():
            ReadDay.objects.create(**row)
            note_of(who, address, Action.EXPORT, unit_id, token_id, "results by token")
    except IntegrityError:  # another process was quicker, and noted it
        return


def _hash(text: str) -> str:
    return salted_hmac("server.tokens.Token", normalised(text), algorithm="sha256").hexdigest()
