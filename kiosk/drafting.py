"""A changed kiosk.toml beside the real one: it takes its place whole or not at all, also where the power is cut."""

from collections.abc import Mapping
from pathlib import Path

from kiosk.rewriting import Value, rewritten
from kiosk.settings import Settings, read_settings
from sync.files import sync_directory, write_whole

OWNER_ONLY = 0o600


class Draft:
    """A kiosk.toml that lies beside the real one until `keep`. settings: what it says, with what was there before and is not changed."""

    def __init__(self, file: Path, changes: Mapping[str, Value | None]) -> None:
        """file: kiosk.toml. Raises OSError, `BadSettings`, or as `rewritten` for a text that is none; then nothing is left."""
        self._file = file
        self._draft = file.with_name(f".{file.name}.new")
        before = file.read_text("utf-8") if file.exists() else ""
        text = rewritten(before, changes)
        try:
            write_whole(self._draft, text.encode(), OWNER_ONLY)
            self.settings: Settings = read_settings(self._draft)
        except BaseException:
            self.drop()
            raise

    def keep(self) -> None:
        """It is the kiosk.toml from now on. Raises OSError."""
        self._draft.replace(self._file)
        sync_directory(self._file.parent)

    def drop(self) -> None:
        """Forget it, if it was not kept."""
        self._draft.unlink(missing_ok=True)
