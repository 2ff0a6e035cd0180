"""Putting the invented country into the database: COPY on PostgreSQL, many rows at once on SQLite."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import psycopg
from django.db import connection, transaction

from server.devices.models import Device, DevicePlace
from server.intake.sql import on_postgresql
from server.places.models import BEGINNING, Counter, Officer, Standing, Unit
from server.simulation import votes
from server.simulation.people import Commune
from server.simulation.votes import Row, Rows

COLUMNS = {
    "intake_vote": "unit_id, id, ledger, seq, counter_id, officer_id, satisfied, at, estimated",
    "intake_officerday": "unit_id, day, counter_id, officer_id, satisfied, dissatisfied",
    "intake_unithour": "unit_id, day, hour, satisfied, dissatisfied",
    "intake_reasonday": "unit_id, day, reason, times",
    "results_transactioncount": "unit_id, day, counter_id, officer_id, handled, source, who, at",
    "intake_staleday": "unit_id, day, changes",
}
_AT_ONCE = 2000
_SILENT = 0.02  # of the kiosks, not heard of today


def keep_places(communes: Sequence[Commune], first: date, now: datetime) -> None:
    """The country, its provinces, communes, counters, officers and kiosks. What stands over the communes may be there already.

    Raises django.db.IntegrityError where these communes are there already.
    """
    with transaction.atomic():
        country, _ = Unit.objects.get_or_create(kind=Unit.Kind.COUNTRY, defaults={"name": "Cả nước"})
        provinces = {}
        for name in dict.fromkeys(commune.province for commune in communes):
            provinces[name], _ = Unit.objects.get_or_create(kind=Unit.Kind.PROVINCE, name=name, parent=country)
        units = [Unit(id=one.id, name=one.name, kind=Unit.Kind.COMMUNE, parent=provinces[one.province]) for one in communes]
        Unit.objects.bulk_create(units, batch_size=_AT_ONCE)
        Standing.objects.bulk_create(
            [Standing(unit=unit, since=BEGINNING, name=unit.name, parent=unit.parent) for unit in units], batch_size=_AT_ONCE
        )
        for start in range(0, len(communes), 100):
            _keep_people(communes[start : start + 100], first, now)


def _keep_people(communes: Sequence[Commune], first: date, now: datetime) -> None:
    officers, counters, devices, places = [], [], [], []
    began = datetime.combine(first, time(0), UTC)
    rng = Random(communes[0].id)
    for commune in communes:
        officers += [Officer(id=one.id, unit_id=commune.id, name=one.name, title=one.title) for one in commune.workers]
        for number, desk in enumerate(commune.desks):
            counters.append(Counter(id=desk.id, unit_id=commune.id, name=desk.name, on_duty_id=commune.at(number, now.date()).id))
            heard = now - timedelta(days=3) if rng.random() < _SILENT else now
            key = f"{rng.getrandbits(256):064x}"  # nobody has the private one
            devices.append(
                Device(
                    id=desk.device, unit_id=commune.id, counter_id=desk.id, public_key=key, enrolled_at=began, last_heard=heard,
                    version="0.1.0", disk_free=10**10,
                )
            )  # fmt: skip
            places.append(DevicePlace(device_id=desk.device, unit_id=commune.id, counter_id=desk.id, since=began))
    Officer.objects.bulk_create(officers)
    Counter.objects.bulk_create(counters)
    Device.objects.bulk_create(devices)
    DevicePlace.objects.bulk_create(places)


def keep_days(seed: int, communes: Sequence[Commune], quotas: dict[date, int], progress: Callable[[int, int], None]) -> None:
    """The votes and tallies of the days, each day at once. progress: is told how many votes are there, and of how many."""
    whole = sum(quotas.values())
    done = 0
    for day, quota in quotas.items():
        with transaction.atomic():
            _keep_day(votes.of_day(seed, communes, day, quota))
        done += quota
        progress(done, whole)


def _keep_day(of_communes: Iterable[Rows]) -> None:
    tallies: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    keep = _copy if on_postgresql() else _insert

    def cast() -> Iterable[Sequence[Row]]:
        for rows in of_communes:
            tallies["intake_officerday"] += rows.officer_days
            tallies["intake_unithour"] += rows.unit_hours
            tallies["intake_reasonday"] += rows.reason_days
            tallies["results_transactioncount"] += rows.transactions
            tallies["intake_staleday"] += sorted({(*row[:2], 1) for row in (*rows.officer_days, *rows.transactions)})
            yield rows.votes

    keep("intake_vote", cast())
    del tallies["intake_vote"]
    for table, rows in tallies.items():
        keep(table, [rows])


def _copy(table: str, groups: Iterable[Sequence[Row]]) -> None:
    names = COLUMNS[table]
    line = "\t".join(["%s"] * len(names.split(", "))) + "\n"
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
            for rows in groups:
                copy.write("".join([line % row for row in rows]))


def _insert(table: str, groups: Iterable[Sequence[Row]]) -> None:
    names = COLUMNS[table]
    places = ", ".join(["%s"] * len(names.split(", ")))
    with connection.cursor() as cursor:
        for rows in groups:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 – names of our own tables
