"""Which backups stay: each of two weeks, then one of each week for eight more. What a citizen had erased is so in none after ten weeks."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

DAYS = timedelta(days=14)
WEEKS = timedelta(days=14 + 8 * 7)
BEFORE_UPGRADES = 3
_NIGHTLY = re.compile(r"hailong-(\d{4}-\d\d-\d\d)(-\d{6})?\.tar")
_BEFORE_UPGRADE = re.compile(r"before-upgrade-from-.+-(\d{8}T\d{6}Z)\.tar")


def name_of(day: date) -> str:
    """Of a night's backup."""
    return f"hailong-{day}.tar"


def surplus(files: Iterable[Path], today: date) -> list[Path]:
    """The backups that need not be kept any longer. Files with names of other people's choosing are never among them."""
    nightly = sorted((date.fromisoformat(found[1]), file.name, file) for file in files if (found := _NIGHTLY.fullmatch(file.name)))
    upgrades = sorted((found[1], file) for file in files if (found := _BEFORE_UPGRADE.fullmatch(file.name)))
    weeks: set[tuple[int, int]] = set()
    gone = [file for _, file in upgrades[:-BEFORE_UPGRADES]]
    for day, _, file in nightly[:-1]:  # the newest stays, however old: it may be the last that could be made
        week = day.isocalendar()[:2]
        if today - day <= DAYS or (today - day <= WEEKS and week not in weeks):
            weeks.add(week)
        else:
            gone.append(file)
    return gone


def newest(folder: Path) -> Path | None:
    """The backup that was written last, by a night or before an upgrade; None where there is none. Raises OSError."""
    found = [file for file in folder.glob("*.tar") if _NIGHTLY.fullmatch(file.name) or _BEFORE_UPGRADE.fullmatch(file.name)]
    return max(found, key=lambda file: file.stat().st_mtime, default=None)
