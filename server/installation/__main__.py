"""The command `hailong-server`: what reads or writes where only root may is begun by root, all else done by the server's user."""

import os
import pwd
import sys

from server.installation import importing, provisioning, restore, savekeys, setup
from server.installation.places import SETTINGS, USER
from server.installation.running import Refused, become_the_server, command, environment

BY_ROOT = {
    "setup": setup.main,
    "savekeys": savekeys.main,
    "restore": restore.main,
    "import": importing.main,
    "provision": provisioning.main,
}

HELP = """Máy chủ Hài Lòng. Các lệnh thường dùng, sau sudo hailong-server:

    setup                 thiết lập; chạy lại lúc nào cũng được
    check                 máy chủ có ổn không, và nên làm gì
    savekeys THƯ_MỤC      cất khóa riêng ra USB
    restore TỆP           khôi phục từ bản sao lưu
    changepassword TÊN    đặt mật khẩu mới cho một tài khoản
    pin ĐƠN_VỊ            đặt mã PIN của kỹ thuật viên ở một đơn vị (tên, hoặc mã u-…), hoặc của một cán bộ (mã o-…)
    import THƯ_MỤC        nhận những gì kiosk không có mạng đã chép ra USB
    provision MÃ --out THƯ_MỤC
                          tệp cài sẵn cho kiosk của một quầy (c-…)

Mỗi lệnh có hướng dẫn riêng, chẳng hạn: sudo hailong-server setup --help
Mọi lệnh khác (tiếng Anh): tài liệu docs/operations.md
"""


def main() -> None:
    """Exit codes as the command's; 1 with a line that says what to do where it cannot be run."""
    words = sys.argv[1:]
    if not words or (words[0] in ("help", "-h", "--help") and len(words) == 1):
        sys.stdout.write(HELP)
        return
    by_root = BY_ROOT.get(words[0]) if words else None
    root = os.geteuid() == 0
    if not root and (by_root or pwd.getpwuid(os.geteuid()).pw_name != USER):
        sys.exit(f"Xin chạy bằng quyền quản trị máy: sudo hailong-server {' '.join(words)}")
    if root and by_root is not setup.main and not SETTINGS.exists():
        sys.exit("Máy chủ chưa được thiết lập. Xin chạy: sudo hailong-server setup")
    try:
        if by_root:
            by_root(words[1:])
            return
        variables = environment() if root else dict(os.environ)
    except Refused as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nĐã dừng giữa chừng. Chạy lại lệnh này lúc nào cũng được.")
    if root:
        become_the_server()
    os.execve(sys.executable, command(words), variables)  # noqa: S606 a list of words, no shell


if __name__ == "__main__":
    main()
