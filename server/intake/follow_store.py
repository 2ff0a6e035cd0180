"""The statements that keep entries about votes, each for all of a kind."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.intake.clock import instant
from server.intake.fold import Follow
from server.intake.sql import Statement, on_postgresql, text_time
from sync.entries import Change, Comment, Reasons
from sync.wire import sha256

_COLUMNS: Mapping[type[Change | Reasons | Comment], tuple[str, dict[str, str]]] = {
    Change: ("intake_change", {"satisfied": "bool"}),
    Reasons: ("intake_reasons", {"reasons": "jsonb"}),
    Comment: ("intake_comment", {"sealed": "text", "key": "text", "at": "timestamptz"}),
}
_COMMON = {"vote": "uuid", "id": "uuid", "ledger": "text", "seq": "int8", "said": "text"}


def insert(kind: type[Change | Reasons | Comment], unit_id: str, follows: Sequence[Follow]) -> Statement:
    """Keep entries of one kind whose votes have none yet; gives the ledger and seq of those kept."""
    table, own = _COLUMNS[kind]
    types = _COMMON | own
    names = ", ".join(types)
    if on_postgresql():
        casts = ", ".join(f"f.{name}::{kind}" for name, kind in types.items())
        # jsonb has no binary array that psycopg knows
        arrays = ", ".join(f"%b::{'text' if kind == 'jsonb' else kind}[]" for kind in types.values())
        rows: str = f"SELECT %b, {casts} FROM unnest({arrays}) AS f ({names})"  # noqa: S608 – names of our own columns
        # In the order of votes, two ledgers that carry the same entries wait for each other instead of deadlocking.
        ordered = sorted(follows, key=lambda follow: follow.entry.vote.int)
        parameters: list[Any] = [list(column) for column in zip(*map(_row, ordered), strict=True)]
    else:
        values = ", ".join(f"value ->> {number}" for number in range(len(types)))
        rows = f"SELECT %b, {values} FROM json_each(%b) WHERE true"  # noqa: S608 – as above
        parameters = [json.dumps([_row(follow) for follow in follows])]
    sql = f"INSERT INTO {table} (unit_id, {names}) {rows} ON CONFLICT DO NOTHING RETURNING ledger, seq"
    return Statement(sql, [unit_id, *parameters])


def _row(follow: Follow) -> list[Any]:
    entry = follow.entry
    ids = (entry.vote, entry.id) if on_postgresql() else (entry.vote.hex, entry.id.hex)
    common = [*ids, follow.ledger, follow.seq, sha256(follow.line)]
    if isinstance(entry, Change):
        return [*common, entry.rating == "satisfied"]
    if isinstance(entry, Reasons):
        return [*common, json.dumps(entry.reasons)]
    at = instant(follow.moment.at) if on_postgresql() else text_time(follow.moment.at)
    return [*common, entry.sealed, entry.key, at]
