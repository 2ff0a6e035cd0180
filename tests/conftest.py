"""Fault tests, wherever they are: choosing by fault, the seed, the table at the end, and skips that nobody overlooks."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults import scale
from tests.faults.report import as_text, report, results

os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")  # as `kiosk.ui.window.prepare`: else Kivy, once imported, takes over the root logger

passed: Counter[str] = Counter()
END_TO_END = ("endtoend", "screens", "second_client")  # where `make endtoend` looks, and `make broken`
FAULTS = ("faults", "server", "sync")


def pytest_report_header() -> str:
    return f"faults: FAULTS_SEED={scale.SEED} FAULTS_SCALE={scale.SCALE} column={'long' if scale.LONG else 'CI'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    astray = [item.nodeid for item in items if not _is_at_home(item)]
    if astray:
        raise pytest.UsageError(f"`make test` would not find these where they are: {', '.join(astray)}")
    if getattr(config.option, "loadgroup", False) and any(
        "@" not in item.nodeid for item in items if item.get_closest_marker("xdist_group")
    ):
        raise pytest.UsageError("this pytest-xdist does not keep groups together: what they share would be made again for each test")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    only = set(filter(None, os.environ.get("FAULTS_ONLY", "").split(",")))
    if not only:
        return
    chosen = [item for item in items if (mark := item.get_closest_marker("fault")) and only.intersection(mark.args)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _is_at_home(item: pytest.Item) -> bool:
    folder = item.nodeid.split("/")[1]
    if item.get_closest_marker("endtoend"):
        return folder in END_TO_END
    return folder != "endtoend" and (folder in FAULTS or not item.get_closest_marker("fault"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    yield
    if mark := item.get_closest_marker("fault"):
        passed[mark.args[0]] += mark.kwargs.get("cases", 0)


def pytest_sessionfinish() -> None:
    """A mark with `cases` reports for its test: nothing was lost or doubled in so many, or else the test has failed."""
    for fault, cases in passed.items():
        if cases:
            report(fault, cases=cases, lost=0, doubled=0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped, failed = ([found for found in terminalreporter.stats.get(how, []) if _of_a_fault(found)] for how in ("skipped", "failed"))
    if results or skipped or failed:
        terminalreporter.section(f"faults, FAULTS_SEED={scale.SEED}")
    if results:
        terminalreporter.write_line(as_text(results))
    for found in skipped:
        why = found.longrepr[2] if isinstance(found.longrepr, tuple) else found.longrepr
        terminalreporter.write_line(f"NOT PROVEN HERE: {found.nodeid}: {why}", red=True, bold=True)


def _of_a_fault(found: pytest.TestReport | pytest.CollectReport) -> bool:
    return found.nodeid.startswith("tests/faults/") or (isinstance(found, pytest.TestReport) and "fault" in found.keywords)
