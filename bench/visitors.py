"""Leaders who look at pages: who they are, which pages they are led to, and how long each takes to come.

The pages are found as people find them, by following what a page links and shows, so that a new one is measured by itself.
"""

import http.client
import re
import shutil
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, urlencode, urlsplit

LINKED = re.compile(r'(?:href|src|data|data-src)="(/[^"#]*)[#"]')
NOT_PAGES = ("/static/", "/admin/", "/logout/", "/login/", "/api/", "/doi-mat-khau/")
NOT_OTHERS = {"v", "xep", "tu", "den"}  # of an address: what makes of it no other page
TABLE_FILES = (".csv", ".xlsx")
MOST = 200  # pages of one person; more would be a net without end
PERIODS = {"tháng": "thang", "quý": "quy", "năm": "nam"}


@dataclass(frozen=True)
class Leader:
    """Somebody who is logged in. level: what kind of unit they lead; unit: its id; cookie: of their session."""

    level: str
    unit: str
    cookie: str


@dataclass(frozen=True, order=True)
class Page:
    """What a leader of a level looks at. kind: its address without what says which unit and when; period: which length, or empty."""

    kind: str
    level: str
    period: str
    address: str

    @property
    def is_chart(self) -> bool:
        """A picture."""
        return urlsplit(self.address).path.endswith(".svg")


@dataclass
class Times:
    """Seconds that answers took, by page."""

    by_page: dict[Page, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: Page, seconds: float) -> None:
        """From any thread."""
        with self._lock:
            self.by_page.setdefault(page, []).append(seconds)

    def of(self, wanted: Iterable[Page]) -> list[float]:
        """All of those pages."""
        return [seconds for page in wanted for seconds in self.by_page.get(page, [])]


class Browser:
    """One leader's connection to the server, made anew for each page. It keeps nothing, so every answer is made anew too.

    drawn: the folder where the server keeps charts that it drew; it is emptied before each is asked for, so that it is drawn again.
    """

    def __init__(self, address: str, leader: Leader, drawn: Path | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        self._headers = {"Cookie": leader.cookie}
        self._drawn = drawn

    def get(self, address: str) -> tuple[int, str, str]:
        """Status, content type and text."""
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        self._connection.close()  # the server would close it while the leader reads
        return answer.status, answer.headers.get_content_type(), body.decode("utf-8", "replace")

    def timed(self, page: Page) -> float:
        """How many seconds until the whole answer was there. Raises AssertionError for any but 200."""
        if page.is_chart and self._drawn:
            shutil.rmtree(self._drawn, ignore_errors=True)
        began = time.perf_counter()
        status, _, _ = self.get(page.address)
        seconds = time.perf_counter() - began
        assert status == 200, f"{status} {page.address}"
        return seconds


def found(address: str, leader: Leader, days: Mapping[str, str]) -> list[Page]:
    """The pages and charts that the leader is led to about their own unit, those of a period for each length.

    days: for each value of `ky` the `ngay` to ask for. Raises AssertionError for a link that leads nowhere.
    """
    browser = Browser(address, leader)
    waiting, seen, pages = ["/"], set[str](), set[Page]()
    while waiting and len(seen) < MOST:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        status, kind, text = browser.get(here)
        assert status in (200, 302), f"{status} {here}"
        if status == 200:
            pages.add(Page(_kind(here, leader), leader.level, _period(here), here))
        if kind == "text/html":
            links = (unescape(link) for link in LINKED.findall(text))
            waiting += [one for link in links for one in _variants(link, leader, days) if one not in seen]
    return sorted(pages)


def _variants(link: str, leader: Leader, days: Mapping[str, str]) -> list[str]:
    path, said = urlsplit(link).path, dict(parse_qsl(urlsplit(link).query))
    if path.startswith(NOT_PAGES) or path.endswith(TABLE_FILES) or _others(path, leader):
        return []
    if "ky" not in said:
        return [path]
    if said.get("voi_ky", said["ky"]) != said["ky"]:
        return []
    kept = {name: value for name, value in said.items() if name not in NOT_OTHERS}
    return [f"{path}?{urlencode({**kept, 'ky': length, 'ngay': day})}" for length, day in days.items()]


def _others(path: str, leader: Leader) -> bool:
    """Whether it is about another unit, an officer, a device: one of its kind is measured already, or is not what leaders read."""
    return any(name != leader.unit for name in re.findall(r"\b[ucod]-[0-9A-Z]{8,10}\b", path))


def _kind(address: str, leader: Leader) -> str:
    of_what = dict(parse_qsl(urlsplit(address).query)).get("theo")
    return urlsplit(address).path.replace(leader.unit, "…") + (f" theo {of_what}" if of_what else "")


def _period(address: str) -> str:
    length = dict(parse_qsl(urlsplit(address).query)).get("ky", "")
    return next((name for name, value in PERIODS.items() if value == length), "")


def alone(address: str, leaders: Mapping[Leader, Sequence[Page]], rounds: int, drawn: Path) -> Times:
    """One after another, nobody else is there; each page is asked for once before it counts. drawn: as `Browser` has it."""
    times = Times()
    for leader, pages in leaders.items():
        browser = Browser(address, leader, drawn)
        for page in pages:
            browser.timed(page)
            for _ in range(rounds):
                times.add(page, browser.timed(page))
    return times


def together(address: str, leaders: Mapping[Leader, Sequence[Page]], seconds: float, reading: float, drawn: Path) -> Times:
    """All at once for so many seconds and until each has seen all their pages, in an order of their own, each page read for up to so
    many seconds.

    drawn: as `Browser` has it.
    """
    times = Times()
    ends = time.monotonic() + seconds
    failed: list[BaseException] = []

    def look(number: int, leader: Leader, pages: Sequence[Page]) -> None:
        rng = Random(number)
        browser = Browser(address, leader, drawn)
        try:
            while time.monotonic() < ends:
                for page in rng.sample(pages, len(pages)):
                    times.add(page, browser.timed(page))
                    time.sleep(rng.uniform(0, reading))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=look, args=(number, *pair)) for number, pair in enumerate(leaders.items())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return times
