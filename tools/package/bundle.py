"""The kiosk as one folder, by PyInstaller: from what the commit has, and with what is made of it (catalogues, the spoken question)."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "hailong-kiosk"
OF_THE_KIOSK = ("kiosk", "sync", "assets", "kiosk.spec")
SAME = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
QUIET = {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1"}


def bundle(out: Path) -> Path:
    """Make the folder in `out`, in place of an older one; its path.

    Only files that git knows are taken, as they lie here: nothing that somebody left in the tree. Raises subprocess.CalledProcessError;
    OSError where there is no espeak-ng; SystemExit where git does not know yet what the kiosk would lack.
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


def require_known(root: Path) -> None:
    """Nothing, when git knows all that lies in the kiosk's folders. Raises SystemExit with the files that a package would lack."""
    if strangers := _listed(root, "--others", "--exclude-standard", "--", *OF_THE_KIOSK):
        raise SystemExit(
            f"Not known to git, so it would not be in the package: {', '.join(strangers)}. Please `git add` it, or take it away."
        )


def _copy_tracked(target: Path) -> None:
    require_known(ROOT)
    for name in _listed(ROOT):
        if not name.startswith(("docs/", "tests/", "server/")) and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def _listed(root: Path, *which: str) -> list[str]:
    said = subprocess.run(["git", "ls-files", "-z", *which], cwd=root, check=True, capture_output=True, text=True).stdout
    return [name for name in said.split("\0") if name]
