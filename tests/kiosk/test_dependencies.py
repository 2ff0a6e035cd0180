"""What a kiosk brings into memory, and onto a tablet: what it declares, and nothing that happens to lie beside it."""

import subprocess
import sys
from importlib.metadata import packages_distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOAD = "import kiosk.running, sys; print(*{name.partition('.')[0] for name in sys.modules})"

TAKEN_ALONG = {"_distutils_hack", "typing_extensions"}  # by setuptools into every process, by msgspec where it is; a module each


def declared() -> set[str]:
    """The distributions that the kiosk needs, and those that they need."""
    found: set[str] = set()
    waiting = ["hailong"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needed = map(Requirement, requires(name) or [])
            waiting += [canonicalize_name(one.name) for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return found


def test_a_kiosk_loads_only_what_it_declares() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True).stdout.split()
    owners = packages_distributions()
    allowed = declared()
    assert {"msgspec", "sqlite-utils"} <= allowed
    beside = {name for name in loaded if name in owners and not {canonicalize_name(one) for one in owners[name]} & allowed}
    assert beside <= TAKEN_ALONG
