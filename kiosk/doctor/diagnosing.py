"""All that is looked at, in the order in which one would mend it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kiosk.clocks import Clocks
from kiosk.condition import condition, in_words
from kiosk.connection.examining import WORLD, Aim, World, examine
from kiosk.doctor import tablet
from kiosk.enrolment import Identity, load_identity
from kiosk.findings import Finding, Level
from kiosk.os_errors import not_usable
from kiosk.roster import Roster
from kiosk.settings import BadSettings, Settings, read_settings
from kiosk.texts import Translate

ROOT = Path("/")
EXCHANGE_LEVELS = {"received": Level.OK, "": Level.OK, "disagreed": Level.OK, "failed": Level.WARN, "refused": Level.BAD}


def diagnose(file: Path, translate: Translate, root: Path = ROOT, world: World = WORLD) -> Iterator[Finding]:
    """The findings, as they come; the connection test takes seconds. file: kiosk.toml. root: of /proc and /sys."""
    try:
        settings = read_settings(file)
    except BadSettings as bad:
        yield from _about_tablet(root, translate, silent=False)
        yield _bad_settings(bad, translate)
        return
    yield from _about_tablet(root, translate, silent=settings.volume == 0)
    yield tablet.disk(settings.data, translate)
    yield Finding("settings", Level.OK, translate("Cấu hình"), str(file))
    try:
        identity = load_identity(settings.data, settings.provision)
    except (OSError, ValueError) as error:
        yield Finding("place", Level.BAD, translate("Nơi đặt"), not_usable(settings.data, error, translate))
        return
    yield _place(identity, translate)
    if identity is not None:
        yield from _running(settings.data, translate)
        yield from _exchange(settings, identity, translate)
    yield from _connection(settings, identity, translate, world)


def _about_tablet(root: Path, translate: Translate, *, silent: bool) -> Iterator[Finding]:
    yield tablet.display(root, translate)
    yield tablet.touch_screen(root, translate)
    yield tablet.loudspeaker(root, translate, silent=silent)
    yield tablet.sticks(root, translate)


def _bad_settings(bad: BadSettings, translate: Translate) -> Finding:
    said = "\n".join(fault.sentence(translate) for fault in bad.faults)
    return Finding("settings", Level.BAD, translate("Cấu hình"), said, translate("Sau khi sửa, xin mở lại chương trình."))


def _place(identity: Identity | None, translate: Translate) -> Finding:
    about = translate("Nơi đặt")
    if identity is None:
        mend = translate("Xin mở chương trình và cài đặt trên màn hình: từ USB, bằng mã, hoặc bằng mã QR.")
        return Finding("place", Level.BAD, about, translate("Máy này chưa thuộc quầy nào."), mend)
    said = f"{identity.counter.name}, {identity.unit.name}"
    if identity.enrolment is None:
        mend = translate("Kiosk tự đăng ký khi tới được máy chủ.")
        return Finding("place", Level.WARN, about, translate("{place}: chưa đăng ký.").format(place=said), mend)
    return Finding("place", Level.OK, about, said)


def _running(data: Path, translate: Translate) -> Iterator[Finding]:
    """Whether the kiosk has its data folder, told without taking its lock: a kiosk that starts just now must get it."""
    about = translate("Chương trình")
    try:
        inode = (data / "lock").stat().st_ino
        locks = (ROOT / "proc/locks").read_text("ascii").splitlines()
    except FileNotFoundError:
        locks, inode = [], 0
    except OSError:
        return
    if any(line.split()[-3].endswith(f":{inode}") for line in locks if " FLOCK " in line):
        yield Finding("running", Level.OK, about, translate("Kiosk đang chạy."))
    else:
        mend = translate("Nếu máy đang phục vụ: sudo systemctl start hailong-kiosk")
        yield Finding("running", Level.WARN, about, translate("Kiosk không chạy."), mend)


def _exchange(settings: Settings, identity: Identity, translate: Translate) -> Iterator[Finding]:
    try:
        config = Roster(settings.data, identity.unit, identity.counter).config
        now = condition(settings.data, identity, config, Clocks().now())
    except OSError:
        return  # the disk was found bad already
    said = {line.about: line.said for line in in_words(now, translate)}
    last, waiting = translate("Lần gửi gần nhất"), translate("Chờ gửi")
    yield Finding("exchange", EXCHANGE_LEVELS.get(now.outcome, Level.WARN), last, f"{said[last]}. {waiting}: {said[waiting]}", now.advice)


def _connection(settings: Settings, identity: Identity | None, translate: Translate, world: World) -> Iterator[Finding]:
    """To the server; and the clock, which it tells best."""
    aim = Aim(settings.server, settings.ca_file, settings.proxy, identity.trusted if identity else "")
    told = False
    for finding in examine(aim, translate, world):
        told = told or finding.check == "clock"
        yield finding
    if not told:
        yield tablet.clock(datetime.now(UTC), translate)
