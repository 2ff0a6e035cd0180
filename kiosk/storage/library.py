"""sqlite-utils as a ledger needs it. It takes in pandas and numpy wherever it finds them, for types that no ledger has: a second of
every start and 50 MB, on a machine where something else brought them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _unfound(*names: str) -> Iterator[None]:
    """What is not loaded yet cannot be imported meanwhile."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None says that there is no such module
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _unfound("pandas", "numpy"):
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
