"""The kiosk as one folder, by PyInstaller: from what the commit has, and with what is made of it (catalogues, the spoken question)."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "hailong-kiosk"
SAME = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
QUIET = {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1"}


def bundle(out: Path) -> Path:
    """Make the folder in `out`, in place of an older one; its path.

    Only files that git knows are taken, as they lie here: nothing that somebody left in the tree. Raises subprocess.CalledProcessError;
    OSError where there is no espeak-ng.
    """
    with tempfile.TemporaryDirectory(prefix="hailong-bundle-") as name:
        folder = Path(name)
        source = folder / "source"
        _copy_tracked(source)
        environment = {**os.environ, **SAME, **QUIET, "PYTHONPATH": str(source), "KIVY_HOME": str(folder / "kivy")}
        environment |= {"PYINSTALLER_CONFIG_DIR": str(folder / "cache"), "SOURCE_DATE_EPOCH": str(moment())}

        def run(*words: str) -> None:
            subprocess.run([sys.executable, *words], check=True, cwd=source, env=environment)

        run("-m", "babel.messages.frontend", "-q", "compile", "-d", "assets/locale", "-D", "kiosk")
        run("-m", "tools.sounds", "speech", "--folder", "assets/sound")
        made = folder / "made"
        run("-m", "PyInstaller", "--log-level", "ERROR", "--distpath", str(made), "--workpath", str(folder / "work"), "kiosk.spec")
        out.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out / NAME, ignore_errors=True)
        shutil.move(made / NAME, out / NAME)
    return out / NAME


def moment() -> int:
    """When the commit was made, seconds since 1970: the time of everything that is built from it."""
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True)
    return int(said.stdout)


def _copy_tracked(target: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in listed.split("\0"):
        if name and not name.startswith(("docs/", "tests/", "server/")) and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
