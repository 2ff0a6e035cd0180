"""`import FOLDER`: what kiosks without network wrote on a USB stick."""  # noqa: N999 the command is called import

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from server.intake.carried import Taken, take_in
from server.management.prepared import PreparedCommand
from sync.signature import key_of_name
from sync.stick import FOLDER, device_folders


class Command(PreparedCommand):
    """May be run beside the server, and again with the same stick."""

    help = "Take in what kiosks wrote on a USB stick (sudo hailong-kiosk export), and write receipts and configuration back to it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the stick is."""
        parser.add_argument("folder", type=Path, metavar="FOLDER", help=f"the stick: the folder that holds the folder {FOLDER}")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        """Raises CommandError when there is nothing of a kiosk, the stick cannot be written, or something had to be skipped."""
        try:
            folders = device_folders(folder)
            if not folders:
                raise CommandError(f"Không có gì của kiosk trong {folder / FOLDER}. Đúng USB chưa, đã gắn chưa?")
            every = [self._take_in(one) for one in folders]
        except OSError as error:
            raise CommandError(f"Không đọc hoặc không ghi được USB: {error}. Những gì đã nhận vẫn được tính; xin chạy lại.") from error
        for taken in every:
            if taken.enrolled is not None:
                place = f"{taken.enrolled.counter.name}, {taken.enrolled.unit.name}"
                self.stdout.write(f"{_called(taken)}: đã đăng ký, mã máy {taken.enrolled.device}, {place}.")
            already = f" ({taken.known} mục đã có từ trước)" if taken.known else ""
            self.stdout.write(f"{_called(taken)}: đã nhận {taken.entries} mục{already}, {taken.comments} góp ý.")
        skipped = [f"  {_called(taken)}, {name}: {reason}" for taken in every for name, reason in taken.skipped]
        if skipped:
            raise CommandError("\n".join(["Chưa nhận được, và vẫn còn nguyên trên kiosk:", *skipped]))
        self.stdout.write("Đã nhận đủ những gì trên USB.")

    def _take_in(self, folder: Path) -> Taken:
        def done(number: int, whole: int) -> None:
            if number % 50 == 0:
                self.stdout.write(f"{folder.name}: {number} trên {whole} …")

        return take_in(folder, done)


def _called(taken: Taken) -> str:
    """A kiosk as people know it: by its id, or while it has none by its secret's counter and the beginning of its key."""
    key = key_of_name(taken.device)
    if key is None:
        return taken.device
    return f"Kiosk của {taken.counter} ({key[:8]}…)" if taken.counter else f"Một kiosk chưa đăng ký ({key[:8]}…)"
