"""`restore FILE`: the database as it was when the file was made. Kiosks then fill in what came later."""

import shutil
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from server import keys
from server.backup import archive
from server.backup.archive import BadBackup, Manifest
from server.backup.database import Database, database_of
from server.backup.keys import AUTHORITY, is_same, restored_keys
from server.comments.register import register
from server.management.commands.backup import public_key
from server.serving import InUseError, restores
from server.timers import notes
from server.timers.notes import KeysKept

REGISTER = "register"  # the copy of the register of erasures that lies beside the nightly backups
AFTERWARDS = {"applyerasures": "Xóa lại những góp ý đã được xóa", "verify": "Kiểm tra mọi chuỗi dữ liệu"}


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
                self._finish(manifest, kept, file.absolute().parent / REGISTER)
        except InUseError as error:
            raise CommandError(f"Máy chủ đang chạy trên {settings.ENVIRONMENT.data}: xin dừng trước. Chưa thay đổi gì.") from error
        except BadBackup as error:
            raise CommandError(str(error)) from error
        except (OSError, msgspec.DecodeError) as error:
            raise CommandError(f"Không khôi phục được: {error}") from error

    def _restore(self, file: Path, keys: Path | None, replace: bool) -> tuple[Manifest, str]:
        """What was restored, and where that which was in use before is kept."""
        data = settings.ENVIRONMENT.data
        database = database_of(settings.ENVIRONMENT)
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        for path in filter(None, (file, keys)):
            if not path.is_file():
                raise CommandError(f"Không có tệp {path}. Chưa thay đổi gì.")
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
            self.stdout.write(f"• Kiểm tra {file.name} …")
            manifest = archive.unpack(file, Path(folder) / "database")
            _fits(manifest, database)
            unpacked = Path(folder) / "keys"
            found = archive.unpack(keys, unpacked) if keys is not None else None
            if keys is not None and found is not None and found.kind != "keys":
                raise BadBackup(f"{keys.name} là bản sao lưu dữ liệu, không phải tệp khóa. Chưa thay đổi gì.")
            shutil.rmtree(unpacked / AUTHORITY, ignore_errors=True)
            if not replace:
                self._refuse(database, found is not None and not is_same(unpacked, settings.KEYS))
            self.stdout.write("• Khôi phục …")
            with restored_keys(unpacked, settings.KEYS, moment) if found is not None else nullcontext() as kept_keys:
                kept = database.restore(Path(folder) / "database" / database.part, moment, self.stdout.write)
            if kept_keys is not None:
                self.stdout.write(f"Khóa đang dùng trước đó được giữ lại ở {kept_keys}.")
            if found is not None:
                notes.write(settings.ENVIRONMENT.runs, "keys", KeysKept(found.made_at, found.signing_key))
        if database.examine() != manifest.counts:
            raise BadBackup("Dữ liệu khôi phục được không đúng như bản sao lưu ghi. Xin báo nơi làm phần mềm, và giữ lại tệp.")
        return manifest, kept

    def _refuse(self, database: Database, other_keys: bool) -> None:
        if database.is_occupied():
            raise CommandError("Máy chủ đang có dữ liệu. Muốn thay bằng bản sao lưu (bản đang dùng được giữ lại): thêm --replace")
        if other_keys:
            raise CommandError("Máy chủ đang dùng khóa khác. Muốn thay bằng khóa trong tệp (khóa đang dùng được giữ lại): thêm --replace")

    def _finish(self, manifest: Manifest, kept: str, register_beside: Path) -> None:
        connections.close_all()
        call_command("migrate", verbosity=0)
        known = len(register().hashes())
        register().take_in(register_beside)
        if added := len(register().hashes()) - known:
            self.stdout.write(f"Sổ xóa góp ý ở cạnh bản sao lưu có thêm {added} lần xóa: đã nhận.")
        faults = [fault for command in AFTERWARDS if command in get_commands() for fault in self._call(command)]
        held = manifest.counts.for_people() if manifest.counts else ""
        self.stdout.write(f"Đã khôi phục dữ liệu lúc {timezone.localtime(manifest.made_at):%H:%M ngày %d/%m/%Y}: {held}.")
        if kept:
            remove = f"sudo rm {kept}" if Path(kept).is_absolute() else f"sudo -u postgres dropdb {kept}"
            self.stdout.write(f"Dữ liệu đang dùng trước đó được giữ lại. Khi đã yên tâm, xóa bằng: {remove}")
        if not _knows(manifest.signing_key):
            self.stdout.write(
                self.style.WARNING(
                    "CHÚ Ý: khóa riêng ở đây không phải khóa của bản sao lưu này, kiosk sẽ không tin máy chủ. "
                    "Xin chạy lại với cả tệp khóa: --keys TỆP"
                )
            )
        if faults:
            raise CommandError("\n".join(["Dữ liệu đã được khôi phục và đang dùng, nhưng:", *faults]))

    def _call(self, command: str) -> list[str]:
        """What another command finds wrong with the restored database."""
        self.stdout.write(f"• {AFTERWARDS[command]} …")
        said = StringIO()
        try:
            call_command(command, stdout=said)
        except CommandError as error:
            self.stdout.write(said.getvalue())
            return [f"  {command}: {error}"]
        return []


def _fits(manifest: Manifest, database: Database) -> None:
    if manifest.kind == "keys":
        raise BadBackup("Đây là tệp khóa. Xin ghi tệp sao lưu dữ liệu trước, rồi mới đến --keys và tệp này. Chưa thay đổi gì.")
    if manifest.kind != database.kind:
        raise BadBackup(f"Bản sao lưu này của {manifest.kind}, máy chủ này lại dùng {database.kind}. Xin xem HAILONG_DATABASE_URL.")
    if manifest.counts is None or [one.name for one in manifest.parts] != [database.part]:
        raise BadBackup("Bản sao lưu không có cơ sở dữ liệu.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise BadBackup(f"Bản sao lưu này của phiên bản mới hơn ({manifest.version}; ở đây chưa có {newer[0]}). Xin cài bản đó trước.")


def _knows(signing_key: str) -> bool:
    """Whether the keys here are those of the backup, or followed them."""
    if not keys.there(settings.KEYS):
        return False
    former = [change.previous for change in keys.changes(settings.KEYS).changes]
    return signing_key in (public_key(), *former)
