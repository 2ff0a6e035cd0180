"""The command `hailong-server`: `setup`, `savekeys` and `restore` by root, every other command of the server by the server's user."""

import os
import pwd
import sys

from server.installation import restore, savekeys, setup
from server.installation.places import SETTINGS, USER
from server.installation.running import Refused, become_the_server, command, environment

BY_ROOT = {"setup": setup.main, "savekeys": savekeys.main, "restore": restore.main}


def main() -> None:
    """Exit codes as the command's; 1 with a line that says what to do where it cannot be run."""
    words = sys.argv[1:]
    root = os.geteuid() == 0
    if not root and pwd.getpwuid(os.geteuid()).pw_name != USER:
        sys.exit(f"Xin chạy bằng quyền quản trị máy: sudo hailong-server {' '.join(words)}")
    if words and (by_root := BY_ROOT.get(words[0])):
        if not root:
            sys.exit(f"Xin chạy bằng quyền quản trị máy: sudo hailong-server {' '.join(words)}")
        try:
            by_root(words[1:])
        except Refused as error:
            sys.exit(f"\n{error}")
        return
    if root and not SETTINGS.exists():
        sys.exit("Máy chủ chưa được thiết lập. Xin chạy: sudo hailong-server setup")
    try:
        variables = environment() if root else dict(os.environ)
    except ValueError as error:
        sys.exit(f"{SETTINGS}: {error}")
    if root:
        become_the_server()
    os.execve(sys.executable, command(words), variables)  # noqa: S606 a list of words, no shell


if __name__ == "__main__":
    main()
