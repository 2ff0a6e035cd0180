"""The province of `tests.stage.office` on a real server, to be photographed."""

import json
import os
import subprocess
import sys
from typing import Any

from playwright.sync_api import Page

from tests.stage.office import TOWN
from tests.stage.programs import ROOT, Server


def fill_office(server: Server) -> dict[str, Any]:
    """Fill a server with the province of `tests.stage.office`; what that prints."""
    environment = {**os.environ, "HAILONG_DATA": str(server.data), "HAILONG_DATABASE_URL": ""}
    words = [sys.executable, "-m", "tests.stage.office"]
    made: dict[str, Any] = json.loads(subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout)
    return made


def log_in_as(page: Page, server: Server, login: str, made: dict[str, Any]) -> None:
    """Log in as somebody of that province."""
    page.goto(server.address + "/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", made["password"])
    page.click("main button[type=submit]")


def places(made: dict[str, Any]) -> dict[str, str]:
    """What stands in addresses, by short names; cases by the last step of each."""
    units = made["units"]
    common = {"town": units[TOWN], "province": units["Tỉnh Nghệ An"], "country": units["Cả nước"], "counter": made["counters"]["Quầy 1"]}
    cases: dict[str, str] = made["cases"]
    return common | cases
