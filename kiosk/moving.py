"""A kiosk that was given another unit or counter: who it is, and where its entries are recorded from now on."""

from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as with_fields

from kiosk.enrolment import load_identity, store_enrolment
from kiosk.storage.ledger import Ledger
from sync.wire import Place


def move(data: Path, ledger: Ledger, unit: Place, counter: Place) -> None:
    """Let entries from now on belong to this place, if they do not yet. data: the data folder.

    The enrolment is stored first: if the power goes before the ledger has moved, it moves at the next start.
    Raises OSError, sqlite3.Error, `NotRecorded`; then the kiosk goes on at its old place until it is told again.
    """
    here = ledger.binding
    if here is None or (here.unit, here.counter) == (unit.id, counter.id):
        return
    identity = load_identity(data)
    if identity is not None and identity.enrolment is not None:
        store_enrolment(data, with_fields(identity.enrolment, unit=unit, counter=counter))
    ledger.move(replace(here, unit=unit.id, counter=counter.id))
