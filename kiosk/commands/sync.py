"""Exchange with the server now."""

import sqlite3
import sys
import time
from collections.abc import Callable

import click
import msgspec

from kiosk.carried import HANDED_IN
from kiosk.carrying import Carrying, Kept
from kiosk.clocks import Clocks
from kiosk.commands.options import BAD_SETTINGS_EXIT, NOT_ENROLLED, REFUSED_EXIT, UNREACHABLE_EXIT, Options, leave, usable_or_leave
from kiosk.condition import Condition, condition, in_words
from kiosk.enrolment import Identity, load_identity
from kiosk.facts import Facts
from kiosk.os_errors import not_usable
from kiosk.requests import EXCHANGE
from kiosk.roster import Roster
from kiosk.settings import Settings
from kiosk.status import Status, read_status
from kiosk.storage.database import AlreadyRunning
from kiosk.storage.open_ledger import NotRecorded
from kiosk.texts import Translate
from sync.entries import uuid7
from sync.files import make_folder, write_whole

SECONDS_TO_BE_HEARD = 20.0
SECONDS_FOR_A_STEP = 150.0  # the deadline of an answer, twice, and some more
LOOK_SECONDS = 0.2


@click.command("sync")
@click.option("--json", "as_json", is_flag=True, help="for a program: how the kiosk is then, as `status --json` has it")
@click.pass_obj
def sync_command(options: Options, *, as_json: bool) -> None:
    """Exchange with the server now: by the running kiosk, else by itself.

    Exit codes: 0 the server has received all, 3 it refuses this kiosk, 4 it could not be reached, or that is not over yet.
    """
    settings, translate = options.read()
    with usable_or_leave(settings.data, translate):
        identity = load_identity(settings.data, settings.provision)
    if identity is None:
        leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
    told = _Told(translate, aloud=not as_json)
    told.say(translate("Đang đồng bộ với máy chủ…"))
    try:
        _exchange(settings, identity, translate, told.waiting)
    except AlreadyRunning:
        _let_the_kiosk_exchange(settings, translate, told.waiting)
    except (OSError, sqlite3.Error, NotRecorded) as error:
        leave(not_usable(settings.data, error, translate), BAD_SETTINGS_EXIT)
    with usable_or_leave(settings.data, translate):
        who = load_identity(settings.data, settings.provision) or identity
        now = condition(settings.data, who, Roster(settings.data, who.unit, who.counter).config, Clocks().now())
    if as_json:
        click.echo(msgspec.json.encode(now).decode())
    else:
        _tell(now, translate)
    sys.exit(_exit_code(now))


def _tell(now: Condition, translate: Translate) -> None:
    for line in in_words(now, translate):
        if line.about in (translate("Chờ gửi"), translate("Lần gửi gần nhất")):
            click.echo(f"{line.about}: {line.said}")
    if now.advice:
        click.echo(now.advice)


def _exit_code(now: Condition) -> int:
    if now.outcome == "refused":
        return REFUSED_EXIT
    return 0 if now.outcome == "received" else UNREACHABLE_EXIT


class _Told:
    """What is said meanwhile, where somebody looks."""

    def __init__(self, translate: Translate, *, aloud: bool) -> None:
        self._translate = translate
        self._aloud = aloud
        self._last: int | None = None

    def say(self, sentence: str) -> None:
        if self._aloud:
            click.echo(sentence)

    def waiting(self, entries: int) -> None:
        """So many wait still."""
        translate = self._translate
        if entries not in (0, self._last) and sys.stdout.isatty():
            self.say(translate("Còn {waiting} mục…").format(waiting=entries))
        self._last = entries


def _exchange(settings: Settings, identity: Identity, translate: Translate, progress: Callable[[int], None]) -> None:
    """By ourselves. Raises AlreadyRunning, OSError, sqlite3.Error, `NotRecorded`."""
    kept = Kept(settings, identity)
    try:
        facts = Facts(settings.data, kept.clocks, kept.ledger, kept.roster, lambda: None)
        carrying = Carrying(kept, facts, translate)
        while carrying.exchange_once().wait_seconds == 0:
            progress(kept.ledger.waiting())
    finally:
        kept.ledger.close()


def _let_the_kiosk_exchange(settings: Settings, translate: Translate, progress: Callable[[int], None]) -> None:
    before = read_status(settings.data)
    request = settings.data / HANDED_IN / f"{uuid7()}{EXCHANGE}"
    with usable_or_leave(request.parent, translate):
        make_folder(request.parent)
        write_whole(request, b"")
    if not _wait(lambda: not request.exists(), SECONDS_TO_BE_HEARD):
        request.unlink(missing_ok=True)
        leave(translate("Kiosk đang chạy nhưng không trả lời. Xin khởi động lại máy rồi thử lại."), UNREACHABLE_EXIT)
    while (now := _next(settings, before)) is not None:
        progress(now.waiting)
        if now.next_in_seconds > 0:
            return
        before = now
    leave(translate("Kiosk chưa đồng bộ xong. Kiosk vẫn tiếp tục; xin xem lại bằng lệnh: sudo hailong-kiosk status"), UNREACHABLE_EXIT)


def _next(settings: Settings, before: Status | None) -> Status | None:
    """What the kiosk notes next, or None where that takes too long."""
    if _wait(lambda: read_status(settings.data) != before, SECONDS_FOR_A_STEP):
        return read_status(settings.data)
    return None


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_SECONDS)
    return True
