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
                raise CommandError(f"There is nothing of a kiosk in {folder / FOLDER}. Is this the right stick?")
            every = [self._take_in(one) for one in folders]
        except OSError as error:
            raise CommandError(f"The stick cannot be read or written: {error}. What was taken in counts; try again.") from error
        for taken in every:
            if taken.enrolled is not None:
                place = f"{taken.enrolled.counter.name}, {taken.enrolled.unit.name}"
                self.stdout.write(f"{_called(taken)}: enrolled as {taken.enrolled.device} at {place}.")
            counted = f"{taken.entries} entries in {taken.batches} {'batch' if taken.batches == 1 else 'batches'}"
            already = f" ({taken.known} of them already known)" if taken.known else ""
            self.stdout.write(f"{_called(taken)}: {counted}{already}, {taken.comments} comments.")
        skipped = [f"  {_called(taken)}, {name}: {reason}" for taken in every for name, reason in taken.skipped]
        if skipped:
            raise CommandError("\n".join(["Not taken in, and still safe on the kiosks:", *skipped]))
        self.stdout.write("All of it is in, and receipts for the kiosks are written.")

    def _take_in(self, folder: Path) -> Taken:
        def done(number: int, whole: int) -> None:
            if number % 50 == 0:
                self.stdout.write(f"{folder.name}: {number} of {whole} …")

        return take_in(folder, done)


def _called(taken: Taken) -> str:
    """A kiosk as people know it: by its id, or while it has none by its secret's counter and the beginning of its key."""
    key = key_of_name(taken.device)
    if key is None:
        return taken.device
    return f"The kiosk for {taken.counter} ({key[:8]}…)" if taken.counter else f"A kiosk that is not enrolled ({key[:8]}…)"
