"""The kiosk's session, as systemd runs it, and the clock that no wrong time disturbs."""

import time
from pathlib import Path

from kiosk.updating.commands import run

UNIT = "hailong-kiosk.service"


class Session:
    """The kiosk on this machine."""

    def runs(self) -> bool:
        """Whether it is open, or systemd is about to open it again; not where a technician left it."""
        return run(["systemctl", "show", "--property=ActiveState", "--value", UNIT]).stdout.strip() in ("active", "activating", "reloading")

    def stop(self) -> None:
        """Close it: what it has taken in is on the disk already."""
        run(["systemctl", "stop", UNIT])

    def start(self) -> None:
        """Open it."""
        run(["systemctl", "daemon-reload"])
        run(["systemctl", "reset-failed", UNIT])
        run(["systemctl", "start", "--no-block", UNIT])

    def boot(self) -> str:
        """Names the boot that `up` counts from."""
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()

    def up(self) -> float:
        """Seconds since then, counting sleep."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wait(self, seconds: float) -> None:
        """Until something may have changed."""
        time.sleep(seconds)
