"""`hailong-server setup`: from the installed package to a server that people and kiosks reach, in a few minutes, by root."""

import hashlib
import json
import secrets
import shlex
import ssl
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE
from urllib.parse import urlsplit

from server.installation import authority, database, env_file, proxy
from server.installation.handing import lent
from server.installation.places import AUTHORITY, BACKUPS, DATA, SETTINGS, TIMERS
from server.installation.provisioning import hand_out
from server.installation.questions import Wanted, wanted
from server.installation.running import Refused, follow, run, server, wait_for_server
from sync.files import make_folder

SECONDS_FOR_THE_PROXY = 5
SECONDS_FOR_A_CERTIFICATE = 30  # Let's Encrypt asks back first
_THERE = "There is an administrator already"


def main(words: Sequence[str]) -> None:
    """Do everything, then say how to go on. Raises `Refused`; what was done until then stays, and the next run goes on from there."""
    before = _before()
    want = wanted(words, before, proxy.in_force())
    if want.certificate and want.key:
        proxy.check_certificate(want.certificate, want.key)
    _say("Cơ sở dữ liệu")
    url = database.prepare() if want.postgresql else ""
    _say("Thiết lập và khóa")
    _settle(want, before, url)
    if want.certificate and want.key:
        proxy.take_certificate(want.certificate, want.key)
    _say("Khởi động máy chủ")
    run("systemctl", "enable", "--quiet", "hailong-server")
    run("systemctl", "restart", "hailong-server")
    wait_for_server()
    _say("TLS")
    proxy.put_in_front(want.host, want.tls)
    if want.tls == "internal":
        authority.give_out()
    password = _administrator(want.admin)
    folders, pin = _places(want)
    _say("Việc hằng đêm, cảnh báo, sao lưu và khôi phục thử")
    run("systemctl", "enable", "--quiet", "--now", *(f"hailong-{timer}.timer" for timer in TIMERS))
    for timer in TIMERS:
        run("systemctl", "start", f"hailong-{timer}.service", failing=f"Xin xem: journalctl -u hailong-{timer} -e")
    _say(f"Thử vào https://{want.host}" + (", có thể mất nửa phút" if want.tls == "acme" else ""))
    _tell(want, password, folders, pin, _unreached(SECONDS_FOR_A_CERTIFICATE if want.tls == "acme" else SECONDS_FOR_THE_PROXY))


def _before() -> dict[str, str]:
    try:
        return env_file.read(SETTINGS)
    except ValueError as error:
        raise Refused(f"{SETTINGS} có chỗ không đọc được: {error}") from error


def _say(what: str) -> None:
    sys.stdout.write(f"• {what} …\n")
    sys.stdout.flush()


def _settle(want: Wanted, before: dict[str, str], url: str) -> None:
    """Write the settings; those about the name follow it, all others stay as they are."""
    follow = {
        "HAILONG_ADDRESS": f"https://{want.host}",
        "HAILONG_ALLOWED_HOSTS": hosts(want.host, before),
        "HAILONG_CA": _authorities(want, before),
    }
    first = {"HAILONG_DATA": str(DATA), "HAILONG_BACKUPS": str(BACKUPS), "HAILONG_HTTPS": "1", "HAILONG_DATABASE_URL": url}
    make_folder(SETTINGS.parent)
    env_file.write(SETTINGS, {name: value for name, value in first.items() if name not in before} | follow)


def _authorities(want: Wanted, before: Mapping[str, str]) -> str:
    """Ours, or those that a person named for the office's own certificate."""
    named = before.get("HAILONG_CA", "")
    return str(AUTHORITY) if want.tls == "internal" else "" if named == str(AUTHORITY) else named


def hosts(host: str, before: Mapping[str, str]) -> str:
    """The names by which the server answers: the one that was chosen, in the place of the one before, and what a person added."""
    former = urlsplit(before.get("HAILONG_ADDRESS", "")).hostname
    added = [name.strip() for name in before.get("HAILONG_ALLOWED_HOSTS", "").split(",")]
    return ",".join(dict.fromkeys([host, *(name for name in added if name and name != former)]))


def _administrator(name: str) -> str:
    """The password of the administrator that was just made; empty where there was one."""
    password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    said = server("createadmin", "--unless-any", "--username", name, "--password-stdin", stdin=password)
    return "" if said.startswith(_THERE) else password


def _places(want: Wanted) -> tuple[Path | None, str]:
    """Make unit and counters; the folder with those of the kiosks, if any, and the technician's PIN that was made for them, if it was."""
    if not want.unit:
        return None, ""
    if not want.commune:
        server("addplaces", "--province", want.unit)
        return None, ""
    _say("Đơn vị, quầy và tệp cài sẵn cho kiosk")
    above = ["--province", want.province] if want.province else []
    made = json.loads(server("addplaces", "--commune", want.unit, "--counters", str(want.counters), *above))
    pin = server("pin", made["unit"], "--make").strip()
    out = want.out or Path("/root") / f"hailong-kiosk-{time.strftime('%Y%m%d-%H%M%S')}"
    with lent() as folder:
        made_there = folder / "out"
        for number, counter in enumerate(made["counters"], 1):
            server("provision", counter, "--out", str(made_there))
            (made_there / counter).rename(made_there / f"quay-{number}-{counter}")
        hand_out(made_there, out)
    return out, pin


def _unreached(seconds: float) -> list[str]:
    """What `check` says against the address, each with what to do; nothing where it is reached."""
    deadline = time.monotonic() + seconds
    while True:
        found = json.loads(follow("check", "--json", stdout=PIPE).stdout)["findings"]
        bad = [f"{one['words']}\n    → {one['advice']}" for one in found if one["about"] == "address" and one["level"] == "bad"]
        if not bad or time.monotonic() > deadline:
            return bad
        time.sleep(2)


def _tell(want: Wanted, password: str, folders: Path | None, pin: str, unreached: list[str]) -> None:
    lines = ["", "Xong. Máy chủ đang chạy.", "", f"  Địa chỉ:    https://{want.host}"]
    if unreached:
        lines = ["", "Máy chủ đang chạy, nhưng CHƯA AI VÀO ĐƯỢC:", *(f"  {one}" for one in unreached), *lines[2:]]
    if password:
        lines += [f"  Đăng nhập:  {want.admin}", f"  Mật khẩu:   {password}   (chỉ hiện lần này; xin đổi sau khi đăng nhập)"]
    else:
        lines += [f"  Đăng nhập:  như trước (quên mật khẩu: sudo hailong-server changepassword {want.admin})"]
    if pin:
        lines += [f"  Mã PIN kỹ thuật:  {pin}   (chỉ hiện lần này; mở màn hình kỹ thuật trên kiosk, có sẵn trong tệp của các quầy)"]
    elif want.commune:
        lines += [f"  Mã PIN kỹ thuật:  như trước (quên thì đặt mã khác: sudo hailong-server pin {typed(want.unit)})"]
    lines += ["", "Việc tiếp theo:"]
    if want.tls == "internal":
        lines += [
            f"  - Trên mỗi máy văn phòng: mở http://{want.host}/{AUTHORITY.name}, cài chứng thư gốc đó một lần, trình duyệt mới tin.",
            f"    Vân tay SHA-256: {_fingerprint()}",
            f"  - Địa chỉ {want.host} phải cố định (đặt ở bộ định tuyến). Nếu đổi: chạy lại sudo hailong-server setup --address MỚI",
        ]
    if folders:
        lines += [f"  - Tệp cài sẵn cho {want.counters} quầy: {folders}", *what_to_do_with(folders)]
    else:
        lines += ["  - Đăng nhập, mở Quản trị: mục Bắt đầu ghi từng việc, từ thêm xã, quầy đến lấy tệp cài sẵn cho kiosk."]
    lines += [
        "  - Gắn một USB khác, không phải USB đi lắp kiosk, cất khóa riêng ra đó, để nơi khác: sudo hailong-server savekeys /media/usb",
        f"  - Thỉnh thoảng chép {BACKUPS} sang máy khác.",
        "  - Tường lửa phải mở cổng 443 và 80 (TCP). Cổng 8000 chỉ dùng bên trong máy này.",
        "  - Xem máy chủ có ổn không, lúc nào cũng được: sudo hailong-server check",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def typed(name: str) -> str:
    """A name as one word of a shell, as people write it: with quotation marks, where they do."""
    return f'"{name}"' if not set(name) & set('"$`\\!') else shlex.quote(name)


def what_to_do_with(folders: Path) -> list[str]:
    """Who thinks that a stick is mounted where none is would go to the counters with an empty one."""
    here = folders.stat().st_dev == Path("/").stat().st_dev
    first = ["    Thư mục này nằm trên đĩa của máy, KHÔNG phải trên USB: xin chép các thư mục trong đó sang USB."] if here else []
    return [*first, "    Cắm USB vào từng kiosk khi bật lần đầu, trong vòng 14 ngày. Tệp có mã bí mật: cài xong thì xóa."]


def _fingerprint() -> str:
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(AUTHORITY.read_text("ascii"))).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
