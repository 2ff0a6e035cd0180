"""`backup FILE`: everything in the database as one file; the private keys only into a file of their own."""

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server import keys
from server.backup import archive
from server.backup.archive import BadBackup, Counts, Manifest
from server.backup.database import Database, database_of
from server.timers import notes
from server.timers.notes import KeysKept


class Command(BaseCommand):
    """Works beside a running server."""

    help = "Write the whole database into one file. The private keys are not in it: --keys writes them into another."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file, such as hailong-2026-11-23.tar")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="also write the private keys into this new file; keep it apart")

    def handle(self, *args: object, file: Path, keys: Path | None, **options: object) -> None:
        """Raises CommandError when a file exists already, its folder does not, it cannot be written, or the database cannot be read."""
        for path in filter(None, (file, keys)):
            if path.exists():
                raise CommandError(f"Đã có {path}. Bản sao lưu không bao giờ đè lên tệp khác: xin chọn tên mới.")
            if not path.absolute().parent.is_dir():
                raise CommandError(f"Chưa có thư mục {path.absolute().parent} để ghi {path.name}. Xin tạo trước.")
        database = database_of(settings.ENVIRONMENT)
        now = datetime.now(UTC).replace(microsecond=0)
        try:
            counts = self._database(file, database, now)
            if keys is not None:
                self._keys(keys, now)
        except BadBackup as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không ghi được bản sao lưu: {error}") from error
        megabytes = f"{file.stat().st_size / 1e6:.1f}".replace(".", ",")
        self.stdout.write(f"{file}: {megabytes} MB, {counts}.")
        if keys is not None:
            self.stdout.write(f"{keys}: khóa riêng. Ai có tệp này thì giả được máy chủ: xin cất riêng, ở nơi khóa kín.")
        else:
            self.stdout.write("Khóa riêng không có trong đó: cất bằng sudo hailong-server savekeys /media/usb")

    def _database(self, file: Path, database: Database, now: datetime) -> Counts:
        with tempfile.TemporaryDirectory(prefix=".hailong-backup-", dir=file.absolute().parent) as folder:
            copied = Path(folder) / database.part
            counts, migrations = database.copy(copied, self.stdout.write)
            manifest = Manifest(
                kind=database.kind,
                version=version("hailong"),
                made_at=now,
                signing_key=public_key(),
                migrations=migrations,
                counts=counts,
                parts=[archive.part(database.part, copied)],
            )
            archive.write(file, manifest, {database.part: copied})
        return counts

    def _keys(self, file: Path, now: datetime) -> None:
        files = {path.relative_to(settings.KEYS).as_posix(): path for path in sorted(settings.KEYS.rglob("*")) if path.is_file()}
        parts = [archive.part(name, path) for name, path in files.items()]
        manifest = Manifest(kind="keys", version=version("hailong"), made_at=now, signing_key=public_key(), parts=parts)
        archive.write(file, manifest, files)
        notes.write(settings.ENVIRONMENT.runs, "keys", KeysKept(now, public_key()))


def public_key() -> str:
    """By which kiosks know the server, hex."""
    return keys.signing_key(settings.KEYS).verify_key.encode().hex()
