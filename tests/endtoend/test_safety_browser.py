"""The entrance, the record and the administration in a real browser: nothing that the Content-Security-Policy forbids, nothing that
axe-core finds against WCAG 2.2 AA.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.stage.browser import browser_page
from tests.stage.programs import Server

pytestmark = [pytest.mark.endtoend, pytest.mark.xdist_group("safety")]

PASSWORD = "một câu đủ dài"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo commune and an administrator of everything."""
    folder: Path = tmp_path_factory.mktemp("server")
    with Server(folder) as server:
        server.demo()
        server.command(
            "shell", "-c", f"from django.contrib.auth.models import User; User.objects.create_superuser('goc', None, {PASSWORD!r})"
        )
        yield server


def enter(page: Page, server: Server, name: str = "goc", password: str = PASSWORD) -> None:
    page.goto(server.address + "/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_load_state()


def listen(page: Page) -> list[str]:
    """What the browser says against the page from now on, the answers' statuses apart."""
    said: list[str] = []
    page.context.on("console", lambda one: said.append(f"{page.url}: {one.text}") if one.type in ("error", "warning") else None)
    page.context.on("weberror", lambda one: said.append(f"{page.url}: {one.error}"))
    return said


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_pages_of_the_entrance_and_the_record_are_for_everybody(running: Server, width: int, height: int) -> None:
    with browser_page(width, height, scripts=True) as page:
        for _ in range(6):
            enter(page, running, f"khach-{width}", "sai")
        assert "1 phút" in page.inner_text("[role=alert]")
        found = faults(page)
        enter(page, running)
        said = listen(page)
        for address in ("/nhat-ky/", "/nhat-ky/?since=x", "/mat-khau/"):
            page.goto(running.address + address)
            found += faults(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.fill("#id_old_password", "sai")
        page.fill("#id_new_password1", "ngắn")
        page.fill("#id_new_password2", "ngắn")
        page.click("main button")
        assert "ít nhất 10 ký tự" in page.inner_text("main")
        found += faults(page)
    assert found == []
    assert [line for line in said if "does not conform to the required format" not in line] == []


def test_the_administration_works_under_the_policy_of_all_pages(running: Server) -> None:
    with browser_page() as page:
        said = listen(page)
        enter(page, running)
        page.goto(running.address + "/admin/")
        lists = [link.get_attribute("href") for link in page.query_selector_all("#content-main th a[href]")]
        assert len(lists) > 4
        for address in lists:
            page.goto(f"{running.address}{address}")
            first = page.query_selector("#result_list tbody a")
            if first is not None:
                first.click()
                page.wait_for_load_state()
                page.wait_for_timeout(200)
        page.goto(running.address + "/admin/screens/screens/add/")
        for link in page.query_selector_all(".add-row a"):
            link.click()
        page.wait_for_timeout(200)
        for shortcut in page.query_selector_all(".datetimeshortcuts a"):
            if shortcut.is_visible():
                shortcut.click()
                page.keyboard.press("Escape")
    assert said == []


def test_who_logged_out_finds_nothing_by_going_back(running: Server) -> None:
    with browser_page() as page:
        enter(page, running)
        page.goto(running.address + "/nhat-ky/")
        assert page.query_selector("table.entries")
        page.click(".bar-user button")
        page.wait_for_selector("#id_password")
        page.go_back()
        page.wait_for_load_state()
        assert page.query_selector("table.entries") is None
