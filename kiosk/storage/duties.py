"""What the ledgers say of who is on duty: the entry that counts may lie in an older ledger, from which the open one goes on."""

import sqlite3
from typing import NamedTuple

from sync.entries import Duty, Malformed, Opened, decode_entry

_BEGINS_LIKE_A_DUTY = '{"kind":"duty",%'


class Duties(NamedTuple):
    """last: the newest duty entry. assigned: the newest that the server's configuration made. None where there is none."""

    last: Duty | None
    assigned: Duty | None


NO_DUTIES = Duties(None, None)


def last_duties(connection: sqlite3.Connection, number: int) -> Duties:
    """Of a ledger, and of those that it goes on from, as far back as they are of its unit and counter."""
    place, last, seen = None, None, set[int]()
    below: int | None = None
    while number not in seen:
        seen.add(number)
        opened = _opened(connection, number)
        if opened is None or (place or (opened.unit, opened.counter)) != (opened.unit, opened.counter):
            break
        place = opened.unit, opened.counter
        for (line,) in connection.execute(
            "SELECT line FROM entries WHERE number = ? AND seq <= coalesce(?, seq) AND line LIKE ? ORDER BY seq DESC",
            (number, below, _BEGINS_LIKE_A_DUTY),
        ):
            entry = _entry(line)
            if isinstance(entry, Duty):
                last = last or entry
                if entry.assigned:
                    return Duties(last, entry)
        if opened.parent is None:
            break
        row = connection.execute("SELECT number FROM ledgers WHERE ledger = ?", (opened.parent.ledger,)).fetchone()
        if row is None:
            break
        number, below = row["number"], opened.parent.seq
    return Duties(last, None)


def _opened(connection: sqlite3.Connection, number: int) -> Opened | None:
    row = connection.execute(
        """SELECT coalesce(opened, (SELECT line FROM entries WHERE entries.number = ledgers.number AND seq = 1)) AS line
           FROM ledgers WHERE number = ?""",
        (number,),
    ).fetchone()
    entry = _entry(row["line"]) if row and row["line"] else None
    return entry if isinstance(entry, Opened) else None


def _entry(line: str) -> object:
    try:
        return decode_entry(line.encode())
    except Malformed:
        return None
