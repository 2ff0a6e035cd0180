"""Whatever lies beside the modules and is no Python is installed with them: pages, e-mails, styles, layouts."""

import tomllib

from tools.package.bundle import ROOT

PROGRAMS = ("kiosk", "server", "sync")


def test_every_file_of_the_programs_is_installed() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    there = [path for program in PROGRAMS for path in (ROOT / program).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    packages = {path.parent for path in there if path.name == "__init__.py"}
    taken = {path for package in packages for pattern in patterns for path in package.glob(pattern)}
    beside = {path for path in there if path.suffix != ".py"}
    assert sorted(str(path.relative_to(ROOT)) for path in beside - taken) == []
