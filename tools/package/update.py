"""What of the updates belongs into the kiosk's package: which file of ours lies where on a tablet."""

from pathlib import Path

ENABLED = ("hailong-kiosk-update.timer", "hailong-kiosk-asked.path", "hailong-kiosk-repair.service")
_PROGRAM = "usr/lib/hailong-kiosk-update"
_BESIDE = ("kiosk/__init__.py", "kiosk/hours.py", "sync/__init__.py", "sync/files.py")


def files(root: Path = Path()) -> dict[str, Path]:
    """Where each file goes, without the leading slash, and where it comes from. root: of the repository."""
    program = [root / name for name in _BESIDE] + sorted((root / "kiosk/updating").glob("*.py"))
    units = sorted(path for path in (root / "packaging/kiosk/update").iterdir() if path.suffix)
    return {
        **{f"{_PROGRAM}/{path.relative_to(root)}": path for path in program},
        **{f"usr/lib/systemd/system/{path.name}": path for path in units},
        "usr/bin/hailong-kiosk-update": root / "packaging/kiosk/update/hailong-kiosk-update",
    }
