"""`restore FILE`: the database as it was when the file was made. Kiosks then fill in what came later."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from server import keys
from server.backup import archive
from server.backup.archive import BadBackup, Manifest
from server.backup.database import Database, database_of
from server.backup.keys import is_same, restore_keys
from server.management.commands.backup import public_key
from server.serving import InUseError, restores

AFTERWARDS = ("applyerasures", "verify")


class Command(BaseCommand):
    """The server is stopped before."""

    help = "Put a backup in the place of the database. Stop the server first; start it afterwards, and the kiosks fill in what came later."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path, metavar="FILE", help="made by `backup`")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="also put back the private keys from this file")
        parser.add_argument("--replace", action="store_true", help="replace what is in use; it is kept under another name")

    def handle(self, *args: object, file: Path, keys: Path | None, replace: bool, **options: object) -> None:
        """Raises CommandError for a damaged or foreign file, and when there is something to replace that nobody said to replace."""
        try:
            with restores(settings.ENVIRONMENT.data):
                manifest, kept = self._restore(file, keys, replace)
                self._finish(manifest, kept)
        except InUseError as error:
            raise CommandError(f"The server is running on {settings.ENVIRONMENT.data}: stop it first. Nothing was changed.") from error
        except BadBackup as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup cannot be restored: {error}") from error

    def _restore(self, file: Path, keys: Path | None, replace: bool) -> tuple[Manifest, str]:
        """What was restored, and where that which was in use before is kept."""
        data = settings.ENVIRONMENT.data
        database = database_of(settings.ENVIRONMENT)
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        for path in filter(None, (file, keys)):
            if not path.is_file():
                raise CommandError(f"There is no file {path}. Nothing was changed.")
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
            self.stdout.write(f"Checking {file} …")
            manifest = archive.unpack(file, Path(folder) / "database")
            _fits(manifest, database)
            unpacked = Path(folder) / "keys"
            found = archive.unpack(keys, unpacked) if keys is not None else None
            if found is not None and found.kind != "keys":
                raise BadBackup(f"{keys} holds no keys, but a database.")
            if not replace:
                self._refuse(database, found is not None and not is_same(unpacked, settings.KEYS))
            if found is not None and (kept_keys := restore_keys(unpacked, settings.KEYS, moment)):
                self.stdout.write(f"The keys that were in use are kept as {kept_keys}.")
            self.stdout.write("Restoring …")
            kept = database.restore(Path(folder) / "database" / database.part, moment, self.stdout.write)
        if database.examine() != manifest.counts:
            raise BadBackup("The restored database does not hold what the backup says. Please report this, and keep the file.")
        return manifest, kept

    def _refuse(self, database: Database, other_keys: bool) -> None:
        if database.is_occupied():
            raise CommandError("There is a database in use already. To put the backup in its place (the old one is kept): --replace")
        if other_keys:
            raise CommandError("There are other keys in use already. To put those of the file in their place (they are kept): --replace")

    def _finish(self, manifest: Manifest, kept: str) -> None:
        connections.close_all()
        call_command("migrate", verbosity=0)
        faults = [fault for command in AFTERWARDS if command in get_commands() for fault in self._call(command)]
        self.stdout.write(f"Restored, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC: {manifest.counts}.")
        if kept:
            self.stdout.write(f"What was in use before is kept as {kept}; remove it when everything is well.")
        if not _knows(manifest.signing_key):
            self.stdout.write(
                self.style.WARNING(
                    "The private keys here are not those of this backup: kiosks will not believe this server. "
                    "Restore the file of the keys too (--keys FILE), or copy the folder of the keys."
                )
            )
        if faults:
            raise CommandError("\n".join(["The database is restored and in place, but:", *faults]))

    def _call(self, command: str) -> list[str]:
        """What another command finds wrong with the restored database."""
        self.stdout.write(f"{command} …")
        try:
            call_command(command, stdout=self.stdout)
        except CommandError as error:
            return [f"  {command}: {error}"]
        return []


def _fits(manifest: Manifest, database: Database) -> None:
    if manifest.kind == "keys":
        raise BadBackup("This is the file of the keys; give it with --keys, after the file of the database.")
    if manifest.kind != database.kind:
        raise BadBackup(f"This is a backup of {manifest.kind}, but the server is set to use {database.kind}. See HAILONG_DATABASE_URL.")
    if manifest.counts is None or [one.name for one in manifest.parts] != [database.part]:
        raise BadBackup("The backup does not hold a database.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BadBackup(f"A newer program made this backup (version {manifest.version}; {newer[0]} is not known here). Install that first.")


def _knows(signing_key: str) -> bool:
    """Whether the keys here are those of the backup, or followed them."""
    if not keys.there(settings.KEYS):
        return False
    former = [change.previous for change in keys.changes(settings.KEYS).changes]
    return signing_key in (public_key(), *former)
