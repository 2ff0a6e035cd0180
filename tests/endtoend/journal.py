"""What a kiosk wrote down, read from its journal."""

from typing import Any

import msgspec

from sync.entries import decode_entry
from tests.stage.programs import Kiosk


def said(kiosk: Kiosk, kind: str) -> list[dict[str, Any]]:
    """The entries of a kind, in order."""
    lines = [line.split(b"\t")[1] for file in sorted(kiosk.data.glob("journal/l-*/*.tsv")) for line in file.read_bytes().splitlines()]
    return [entry for entry in (msgspec.to_builtins(decode_entry(line)) for line in lines) if entry["kind"] == kind]
