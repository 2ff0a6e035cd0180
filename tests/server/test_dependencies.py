"""What the server loads is in its package: its extra brings its own dependencies, and not the kiosk's, though both lie here."""

import os
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.once

LOAD = """
import sys
for name in sys.argv[1:]:
    sys.modules[name] = None
import server.wsgi
from importlib import import_module
from django.core.management import get_commands
from django.urls import get_resolver
get_resolver().url_patterns
for name, app in get_commands().items():
    if isinstance(app, str) and app.startswith("server"):
        import_module(f"{app}.management.commands.{name}")
"""


def of_the_kiosk_alone() -> set[str]:
    needed = [Requirement(one) for one in requires("hailong") or []]

    def of(extra: str) -> set[str]:
        return {str(canonicalize_name(one.name)) for one in needed if one.marker is not None and one.marker.evaluate({"extra": extra})}

    return {str(canonicalize_name(one.name)) for one in needed if one.marker is None} - of("server")


def test_the_server_loads_without_what_only_the_kiosk_depends_on(tmp_path: Path) -> None:
    missing = of_the_kiosk_alone()
    assert {"kivy", "requests", "urllib3", "sqlite-utils"} <= missing
    modules = sorted(name.replace("-", "_") for name in missing)
    environment = {**os.environ, "HAILONG_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "server.settings"}
    done = subprocess.run([sys.executable, "-c", LOAD, *modules], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1500:]
