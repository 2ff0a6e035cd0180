"""Does intake slow down with what the server already holds? Two servers, one empty and one with five million votes, in turns."""

import multiprocessing
import os
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg

from bench.application import Application
from bench.figures import Table, median
from tests.postgres import private_postgres

HELD = 5_000_000
ROUNDS = 9
BATCHES, SIZE = 40, 500
WARM_UP = 20
UNITS, LEDGERS = 3_321, 26_568
LINES_A_BATCH, BODY_PIECES = 500, 900  # 900 MD5 sums of 16 bytes: as large as a batch of 500 votes, and as hard to compress

VOTES = """
    INSERT INTO intake_vote (unit_id, ledger, counter_id, id, seq, officer_id, satisfied, at, estimated)
    SELECT CASE WHEN n %% {units} = 0 THEN %(unit)s ELSE 'u-' || n %% {units} END, 'l-' || n %% {ledgers}, 'c-' || n %% {ledgers},
           (lpad(to_hex(1735689600000 + n * 6000::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
               || '8' || substr(md5(n::text), 4, 15))::uuid,
           n / {ledgers} + 2, 'o-' || n %% ({ledgers}), n %% 20 > 0, to_timestamp(1735689600 + n * 6), false
    FROM generate_series(1, %(held)s) AS n
"""
TALLIES = (
    """INSERT INTO intake_officerday (unit_id, officer_id, day, counter_id, satisfied, dissatisfied)
       SELECT unit_id, officer_id, at::date, counter_id, count(*) FILTER (WHERE satisfied), count(*) FILTER (WHERE NOT satisfied)
       FROM intake_vote GROUP BY 1, 2, 3, 4""",
    """INSERT INTO intake_unithour (unit_id, day, hour, satisfied, dissatisfied)
       SELECT unit_id, at::date, extract(hour FROM at), count(*) FILTER (WHERE satisfied), count(*) FILTER (WHERE NOT satisfied)
       FROM intake_vote GROUP BY 1, 2, 3""",
)
HEADS = """
    INSERT INTO intake_head (ledger, unit_id, device_id, counter_id, seq, digest, at)
    SELECT 'l-' || n, 'u-' || n %% {units}, 'd-' || n, 'c-' || n, 200, md5(n::text) || md5(n::text), 0
    FROM generate_series(0, {ledgers} - 1) AS n
"""
ARCHIVE = """
    INSERT INTO intake_batch (unit_id, ledger, first, last, digest, counter_id, body, signature, device_id, device_key, received_at,
                              number, unknown_officers)
    SELECT 'u-' || n %% {units}, 'l-' || n %% {ledgers}, 1, 1 + n, md5(n::text), 'c-' || n %% {ledgers},
           (SELECT decode(string_agg(md5((n * 1000 + piece)::text), ''), 'hex') FROM generate_series(1, {pieces}) AS piece),
           '', 'd-' || n %% {ledgers}, '', now(), nextval('intake_number'), ''
    FROM generate_series(1, %(held)s / {lines}) AS n
"""


def measure() -> list[Table]:
    """The table. Raises AssertionError where the full server is more than 25 % slower."""
    context = multiprocessing.get_context("spawn")
    with private_postgres() as empty, private_postgres() as full, tempfile.TemporaryDirectory() as data:
        pipes, workers = [], []
        for url, held in ((empty, 0), (full, HELD)):
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs, url, str(Path(data) / str(held)), held), daemon=True)
            worker.start()
            theirs.close()  # so that a worker that died is heard of
            pipes.append(ours)
            workers.append(worker)
        try:
            for pipe in pipes:
                pipe.recv()
            rounds = [[_round(pipe) for pipe in pipes] for _ in range(ROUNDS)]
        finally:
            for worker in workers:
                worker.terminate()
                worker.join()
    return [_table([pair[0] for pair in rounds], [pair[1] for pair in rounds])]


def _round(pipe: Connection) -> float:
    pipe.send("round")
    return float(pipe.recv())


def _work(pipe: Connection, url: str, data: str, held: int) -> None:
    """One server: says when it is ready, and after each word it is sent, how many seconds a round took."""
    os.environ.update(HAILONG_DATABASE_URL=url, HAILONG_DATA=data, DJANGO_SETTINGS_MODULE="server.settings")
    os.environ["HAILONG_BATCHES_PER_MINUTE"] = "1000000000"
    application = Application()
    sender, _ = application.kiosk()
    if held:
        _fill(url, held, sender.unit)
    for _ in range(WARM_UP):
        application.post(sender, sender.batch(SIZE))
    pipe.send("ready")
    while pipe.recv():
        batches = [sender.batch(SIZE) for _ in range(BATCHES)]
        began = time.perf_counter()
        for batch in batches:
            application.post(sender, batch)
        pipe.send(time.perf_counter() - began)


def _fill(url: str, held: int, unit: str) -> None:
    print(f"  a server takes in {held:,} votes", flush=True)
    sizes = {"units": UNITS, "ledgers": LEDGERS, "pieces": BODY_PIECES, "lines": LINES_A_BATCH}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (VOTES, HEADS, ARCHIVE):
            connection.execute(statement.format(**sizes), {"held": held, "unit": unit})
        for statement in TALLIES:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _table(empty: list[float], full: list[float]) -> Table:
    ratios = [slow / fast for fast, slow in zip(empty, full, strict=True)]
    table = Table(
        "Intake on a server that has grown",
        ["batches of 500", "votes/s (median)"],
        f"A server that already holds {HELD:,} votes takes {median(ratios):.2f} times as long ({min(ratios):.2f} – {max(ratios):.2f} in "
        f"{ROUNDS} interleaved rounds; wanted: at most 1.25).",
    )
    for name, rounds in (("an empty server", empty), (f"one with {HELD:,} votes", full)):
        table.rows.append([name, f"{BATCHES * SIZE / median(rounds):,.0f}"])
    print(table)
    assert median(ratios) <= 1.25, "intake slows down with what the server holds"
    return table
