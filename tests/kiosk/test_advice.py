"""What a technician is told about an exchange that failed."""

from typing import get_args

import pytest

from kiosk.advice import after_exchange, why_later, why_refused
from kiosk.settings import Settings
from kiosk.texts import LANGUAGES, translator
from sync.errors import Reason, Refused, TryLater
from sync.proxy import parse_proxy

SETTINGS = Settings("https://hailong.tinh.gov.vn", proxy=parse_proxy("http://an:sesame@10.0.0.1:3128"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_advice_of_its_own_that_names_what_is_to_be_looked_at(language: str) -> None:
    told = {reason: why_later(TryLater(reason), SETTINGS, translator(language)) for reason in get_args(Reason)}
    assert len(set(told.values())) == len(told)
    assert all("hailong.tinh.gov.vn" in sentence for reason, sentence in told.items() if reason not in ("proxy", "ca-file", "busy"))
    assert "http://10.0.0.1:3128" in told["proxy"]


def test_the_proxys_password_is_in_no_advice() -> None:
    for reason in get_args(Reason):
        assert "sesame" not in why_later(TryLater(reason), SETTINGS, translator("vi"))


def test_a_key_that_gets_receipts_and_nothing_else_any_more_is_told_and_a_missing_configuration_is_not() -> None:
    replaced, translate = Refused(401, "bad-signature", "this key was replaced"), translator("vi")
    assert (
        after_exchange("received", replaced, translate)
        == after_exchange("refused", replaced, translate)
        == why_refused(replaced, translate)
    )
    assert after_exchange("received", Refused(404, "not-found"), translate) == ""
    assert after_exchange("received", None, translate) == ""
    assert after_exchange("refused", Refused(403, "revoked"), translate) != ""
