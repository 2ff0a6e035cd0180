"""What a technician is told about an exchange that failed."""

from typing import get_args

import pytest

from kiosk.advice import why_later
from kiosk.settings import Settings
from kiosk.texts import LANGUAGES, translator
from sync.errors import Reason, TryLater
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
