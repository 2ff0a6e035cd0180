"""What a technician is told about an exchange that failed."""

import logging
from typing import get_args

import pytest

from kiosk.advice import Told, after_exchange, why_later, why_refused, why_refused_by_stick
from kiosk.settings import Settings
from kiosk.texts import LANGUAGES, translator
from sync.errors import OtherKey, Reason, Refused, TryLater
from sync.proxy import parse_proxy

SETTINGS = Settings("https://hailong.tinh.gov.vn", proxy=parse_proxy("http://an:sesame@10.0.0.1:3128"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_advice_of_its_own_that_names_what_is_to_be_looked_at(language: str) -> None:
    told = {reason: why_later(TryLater(reason), SETTINGS, translator(language)) for reason in get_args(Reason)}
    assert len(set(told.values())) == len(told)
    assert all(
        "hailong.tinh.gov.vn" in sentence for reason, sentence in told.items() if reason not in ("proxy", "ca-file", "busy", "other-key")
    )
    assert "http://10.0.0.1:3128" in told["proxy"]


def test_what_a_screen_can_mend_leads_to_that_screen_and_to_no_file() -> None:
    told = {reason: why_later(TryLater(reason), SETTINGS, translator("vi")) for reason in get_args(Reason)}
    assert {reason for reason, sentence in told.items() if "kiosk.toml" in sentence} == {"ca-file", "certificate-issuer"}
    led = {reason for reason, sentence in told.items() if "(Cài đặt máy, Địa chỉ mạng)" in sentence}
    assert led == {"unknown-name", "refused", "unreachable", "timeout", "proxy", "certificate-name"}


def test_the_proxys_password_is_in_no_advice() -> None:
    for reason in get_args(Reason):
        assert "sesame" not in why_later(TryLater(reason), SETTINGS, translator("vi"))


def after(outcome: str, trouble: Refused | TryLater | None) -> str:
    return after_exchange(outcome, trouble, SETTINGS, translator("vi"))


def test_a_key_that_gets_receipts_and_nothing_else_any_more_is_told_and_a_missing_configuration_is_not() -> None:
    replaced = Refused(401, "bad-signature", "this key was replaced")
    assert after("received", replaced) == after("refused", replaced) == why_refused(replaced, translator("vi"))
    assert after("received", Refused(404, "not-found")) == after("received", TryLater("timeout")) == after("received", None) == ""
    assert after("refused", Refused(403, "revoked")) != ""


def test_whatever_failed_has_advice() -> None:
    for reason in get_args(Reason):
        later = TryLater(reason)
        assert after("failed", later) == why_later(later, SETTINGS, translator("vi"))
    assert "nhật ký" in after("failed", None)


def test_a_server_with_other_keys_is_told_with_both_ways_out() -> None:
    told = after("failed", OtherKey(200))
    assert "restore --keys" in told
    assert "hailong-kiosk enrol MÃ" in told


def test_a_secret_that_the_server_refused_is_replaced_by_a_new_folder_and_a_revoked_kiosk_is_told_as_ever() -> None:
    vietnamese = translator("vi")
    for code in ("code-used", "code-expired", "code-unknown"):
        assert "(provision)" in why_refused_by_stick(Refused(403, code), vietnamese)
    revoked = Refused(403, "revoked")
    assert why_refused_by_stick(revoked, vietnamese) == why_refused(revoked, vietnamese)


def test_advice_is_logged_when_it_changes_and_not_at_every_try(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "kiosk.advice")
    told = Told()
    for advice in ("A", "A", "B", "", "B"):
        told.say(advice)
    assert caplog.messages == ["A", "B", "B"]
