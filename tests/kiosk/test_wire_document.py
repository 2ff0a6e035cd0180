"""docs/wire.md and its frozen examples, as the kiosk knows them."""

import shutil
from pathlib import Path

import trustme

from kiosk.settings import read_settings
from sync.wire import KioskConfig, Place, decode
from tests.sync.document import EXAMPLES, body, constant, limits, signatures


def test_the_frozen_provisioning_file_provisions(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "kiosk.toml", tmp_path)
    (tmp_path / "roster.json").write_bytes(body("config.json"))
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    provision = read_settings(tmp_path / "kiosk.toml").provision
    assert provision is not None
    assert (provision.signing_key, provision.sealing_key) == (signatures().server.public, signatures().sealing.public)
    assert provision.counter == decode(body("config.json"), KioskConfig).counter == Place("c-3RT5W8CD", "Quầy 3")


def test_every_limit_of_the_kiosk_has_its_value() -> None:
    said = {limit.name: limit.value for limit in limits() if limit.name.startswith("kiosk.")}
    assert said.pop("kiosk.retention.KEPT_DAYS") == constant("kiosk.retention.KEPT_DAYS") * 86_400
    assert said == {name: constant(name) for name in said}
