"""A real headless Chromium that reads the server's pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.stage.programs import Demo

QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One officer's line of the table of today."""

    total: int
    satisfied: int
    dissatisfied: int


@contextmanager
def browser_page(width: int = 1280, height: int = 800, *, scripts: bool = True, language: str | None = None) -> Iterator[Page]:
    """A page of a new browser (Debian's Chromium). scripts: whether it runs any. language: what it asks for, as `vi-VN`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            yield browser.new_page(viewport={"width": width, "height": height}, java_script_enabled=scripts, locale=language)
        finally:
            browser.close()


def log_in(page: Page, address: str, demo: Demo) -> None:
    """Log in as the demo commune's leader; the page of today is open then."""
    page.goto(address + "/login/")
    page.fill("input[name=username]", demo.username)
    page.fill("input[name=password]", demo.password)
    page.click("button[type=submit]")
    page.wait_for_selector("tr[data-officer]")


def read_today(page: Page) -> dict[str, Row]:
    """The table of today, by officer's id, as it stands after a reload."""
    page.reload()
    rows = page.query_selector_all("tr[data-officer]")

    def number(row: int, name: str) -> int:
        cell = rows[row].query_selector(f"[data-count={name}]")
        assert cell is not None
        return int(cell.get_attribute("data-value") or "")

    return {
        str(row.get_attribute("data-officer")): Row(number(at, "total"), number(at, "satisfied"), number(at, "dissatisfied"))
        for at, row in enumerate(rows)
    }


def photograph(page: Page, path: Path) -> None:
    """Save what the page looks like."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path))
