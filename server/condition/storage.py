"""Database, private keys, room on the disk."""

import shutil
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from server import faults, keys
from server.condition.findings import Finding, bad, folder_of_disk, gigabytes, ok, warn
from server.environment import Environment
from server.installation.places import AUTHORITY
from server.timers import notes

LITTLE, MUCH_TOO_LITTLE = 5 * 10**9, 10**9  # bytes
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def database(environment: Environment) -> Finding:
    """Whether it answers, and is as this program expects it."""
    try:
        faults.reach(environment)
    except CommandError as error:
        return bad("database", f"Không tới được cơ sở dữ liệu: {error}", "Xin xem PostgreSQL có chạy không: systemctl status postgresql")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        advice = "Xin khởi động lại máy chủ, việc này tự làm: systemctl restart hailong-server"
        return bad("database", f"Cơ sở dữ liệu còn thiếu {len(missing)} bước cập nhật.", advice)
    kind = "SQLite" if environment.postgresql is None else f"PostgreSQL ({environment.postgresql['NAME']})"
    return ok("database", f"Cơ sở dữ liệu {kind} trả lời, đúng phiên bản của chương trình.")


def private_keys(environment: Environment) -> Iterator[Finding]:
    """Whether they are there, nobody else may read them, and they lie somewhere else too."""
    if not keys.there(environment.keys):
        advice = "Máy chủ tự tạo khi chạy lần đầu. Nếu trước đây đã có kiosk: khôi phục tệp khóa bằng restore … --keys TỆP --replace"
        yield bad("keys", f"Chưa có khóa riêng trong {environment.keys}.", advice)
        return
    public = keys.signing_key(environment.keys).verify_key.encode().hex()
    open_to_others = [path for path in (environment.keys, *environment.keys.rglob("*")) if path.stat().st_mode & OTHERS]
    if [path for path in open_to_others if path.is_file()]:
        yield bad("keys", "Người khác trên máy này đọc được khóa riêng.", f"chmod -R go= {environment.keys}")
    else:
        yield ok("keys", "Khóa riêng có đủ và chỉ máy chủ đọc được.")
    kept = notes.read_keys(environment.runs)
    advice = "Chép ra USB rồi mang đi cất: sudo hailong-server savekeys /media/usb. Mất khóa thì mọi kiosk phải đăng ký lại."
    if kept is None:
        yield bad("keys-copy", "Khóa riêng chưa bao giờ được chép ra ngoài.", advice)
    elif kept.signing_key != public:
        yield bad("keys-copy", "Bản chép khóa riêng đã cũ: khóa vừa được đổi.", advice)
    elif kept.at < _vouching_for_itself_since(environment):
        yield bad("keys-copy", "Bản chép khóa riêng chưa có chứng thư gốc mà kiosk và máy văn phòng tin.", advice)
    else:
        yield ok("keys-copy", f"Khóa riêng đã được chép ra tệp ngày {kept.at:%d/%m/%Y}.")


def _vouching_for_itself_since(environment: Environment) -> datetime:
    """Since when the authority of our own is there that kiosks and office computers trust; long ago where it is somebody else's."""
    if environment.authorities != AUTHORITY:
        return datetime.min.replace(tzinfo=UTC)
    [first, *_] = ssl.create_default_context(cafile=AUTHORITY).get_ca_certs()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(first["notBefore"])), UTC)


def room(environment: Environment) -> Iterator[Finding]:
    """Whether the disks of the data and of the backups have room."""
    wanted = {"disk": ("dữ liệu", environment.data)}
    if environment.backups is not None:
        wanted["backup-disk"] = ("sao lưu", environment.backups)
    if environment.backups is not None and len({folder_of_disk(folder).stat().st_dev for _, folder in wanted.values()}) == 1:
        wanted = {"disk": ("dữ liệu và sao lưu", environment.data)}
    for about, (name, folder) in wanted.items():
        free = shutil.disk_usage(folder_of_disk(folder)).free
        words = f"Đĩa {name} còn trống {gigabytes(free)}."
        advice = f"Xin dọn bớt tệp không thuộc máy chủ, hoặc thay đĩa lớn hơn ({folder})."
        yield bad(about, words, advice) if free < MUCH_TOO_LITTLE else warn(about, words, advice) if free < LITTLE else ok(about, words)
