"""A citizen scans the code and writes on a telephone: real server, real browser without scripts."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk.enrolment import load_identity
from kiosk.links import Links
from kiosk.roster import Roster
from sync.entries import uuid7
from tests.stage.browser import browser_page
from tests.stage.programs import Kiosk, Server

pytestmark = pytest.mark.endtoend


def link_of(kiosk: Kiosk) -> str:
    """The path of the link that an enrolled kiosk would show for a new vote."""
    identity = load_identity(kiosk.data)
    assert identity is not None
    config = replace(Roster(kiosk.data, identity.unit, identity.counter).config, form_address="https://a.example")
    link = Links(lambda: config, lambda: identity, lambda: datetime.now(UTC)).of(uuid7())
    return link.removeprefix("HTTPS://A.EXAMPLE")


def test_a_telephone_without_scripts_sends_a_comment_with_a_name_and_gets_a_number(tmp_path: Path) -> None:
    with Server(tmp_path / "server") as server, browser_page(390, 844, scripts=False, language="vi-VN") as phone:
        kiosk = Kiosk(tmp_path / "kiosk", server.address, None)
        kiosk.enrol(server.demo().counter("Quầy 3")["code"])
        phone.goto(server.address + link_of(kiosk))
        assert "Phường Thái Hòa, Quầy 3" in phone.inner_text("main")
        assert phone.is_visible("textarea")
        assert not phone.is_visible("#phone")
        phone.fill("textarea", "Cán bộ hướng dẫn rất kỹ.")
        phone.check("#consent")
        phone.fill("#phone", "0912 345 678")
        boxes = [phone.locator(one).bounding_box() for one in ("textarea", ".comment-consent", "#phone", "button")]
        assert min(box["height"] for box in boxes if box) >= 48
        assert phone.locator("html").evaluate("page => page.scrollWidth") <= 390
        phone.click("button[type=submit]")
        number = phone.inner_text("[data-reference]")
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number)
        phone.reload()
        assert phone.inner_text("[data-reference]") == number
        assert "hướng dẫn" not in phone.content()
        assert server.rows("SELECT count(*) FROM comments_formcomment") == [(1,)]
        written = [file for file in [server.log, *server.data.rglob("*")] if file.is_file()]
        assert not [file for file in written if "hướng dẫn".encode() in file.read_bytes() or b"0912345678" in file.read_bytes()]
