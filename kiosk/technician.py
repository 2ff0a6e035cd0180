"""What a technician may do at the kiosk: `kiosk.servicing.Service`, for real."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kiosk import __version__, updates
from kiosk.adjusting import Adjusting, NotAnAddress
from kiosk.advice import what_was_copied, what_was_exported, why_not_exported, why_refused_by_stick
from kiosk.clocks import Clocks
from kiosk.condition import Line, condition, in_words, what_to_do
from kiosk.connection.examining import Aim, examine
from kiosk.doctor.diagnosing import diagnose
from kiosk.enrolment import Identity
from kiosk.export import StickFault, export
from kiosk.findings import Finding, Level, Try, worst
from kiosk.os_errors import in_words as why
from kiosk.roster import Roster
from kiosk.servicing import Adjusted, Facts
from kiosk.settings import BadSettings, Settings
from kiosk.signing import NotHere, Paused, Wrong
from kiosk.sticks import mounted_sticks
from kiosk.support import write_support_file
from kiosk.texts import Translate
from kiosk.tries import Locked, Tries
from kiosk.updating.state import FOLDER
from sync.errors import Refused

log = logging.getLogger(__name__)


class Technician:
    """Does one thing after the other, in a thread of its own.

    who: who the kiosk is now. waiting: entries that the server is not known to hold. hurry: lets the next exchange begin; `exchanged`
    is to be called when one has ended and nothing goes on at once. adjusting: what can be changed here. sticks: where USB sticks are
    mounted. updating: folder of the updates, which is there where the kiosk was installed by its package.
    """

    def __init__(
        self,
        settings: Settings,
        who: Callable[[], Identity],
        roster: Roster,
        clocks: Clocks,
        waiting: Callable[[], int],
        hurry: Callable[[], None],
        recent: Callable[[], Sequence[str]],
        translate: Translate,
        adjusting: Adjusting,
        sticks: Callable[[], Sequence[Path]] = mounted_sticks,
        updating: Path = FOLDER,
    ) -> None:
        self._settings = settings
        self._adjusting = adjusting
        self._who = who
        self._roster = roster
        self._clocks = clocks
        self._waiting = waiting
        self._hurry = hurry
        self.log = recent
        self._translate = translate
        self._sticks = sticks
        self._updates = updating
        self._tries = Tries(settings.data / "technician-tries.json", clocks)
        self._lock = threading.Lock()
        self._awaited: list[Future[None]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="technician")

    @property
    def has_pin(self) -> bool:
        """Whether any PIN opens the screen, by the configuration in force."""
        return self._roster.config.technician is not None

    def why_not(self, digits: str) -> Future[Wrong | Paused | NotHere | None]:
        """Look at a PIN. None: it is the right one. NotHere: the configuration in force has none any more."""
        return self._thread.submit(self._why_not, digits)

    def facts(self) -> Future[Facts]:
        """How the kiosk is now. The future raises OSError, sqlite3.Error."""
        return self._thread.submit(self._facts)

    def exchange(self) -> Future[None]:
        """Talk to the server now; done when that has ended, well or not."""
        awaited: Future[None] = Future()
        with self._lock:
            self._awaited.append(awaited)
        self._hurry()
        return awaited

    def exchanged(self) -> None:
        """An exchange has ended. From any thread."""
        with self._lock:
            awaited, self._awaited = self._awaited, []
        for one in awaited:
            one.set_result(None)

    def export(self) -> Future[str]:
        """Write what waits on the USB stick, if there is just one; what came of it, in sentences."""
        return self._thread.submit(self._on_the_stick, self._export)

    def copy_log(self) -> Future[str]:
        """Write the log and the kiosk's state on the USB stick, for whoever helps; what came of it."""
        return self._thread.submit(self._on_the_stick, self._copy_log)

    def update(self, version: str) -> Future[str]:
        """Let the version that lies on a stick be installed, which closes the kiosk; why that cannot begin, or nothing."""
        return self._thread.submit(self._update, version)

    def adjusted(self) -> Adjusted:
        """As it is now."""
        settings = self._adjusting.settings
        return Adjusted(settings.volume, self._adjusting.brightness, settings.server, settings.proxy.address if settings.proxy else "")

    def set_volume(self, percent: int) -> Future[str]:
        """Louder or softer, from now on; why that could not be kept, or nothing. So does the next."""
        return self._thread.submit(self._changed, lambda: self._adjusting.set_volume(percent))

    def set_brightness(self, percent: int) -> Future[str]:
        """Brighter or darker."""
        return self._thread.submit(self._changed, lambda: self._adjusting.set_brightness(percent))

    def readdress(self, server: str, proxy: str) -> Future[str]:
        """Keep these addresses for the next start; why that was not done, or nothing."""
        return self._thread.submit(self._changed, lambda: self._adjusting.readdress(server, proxy))

    def examine(self, server: str, proxy: str) -> Try[bool]:
        """Look whether the kiosk would reach its server there, as typed; nothing is changed."""
        trial: Try[bool] = Try()
        threading.Thread(target=self._examine, args=(trial, server, proxy), name="connection", daemon=True).start()
        return trial

    def close(self) -> None:
        """Wait until a stick is written."""
        self._thread.shutdown(cancel_futures=True)

    def _why_not(self, digits: str) -> Wrong | Paused | NotHere | None:
        pin = self._roster.config.technician
        return NotHere() if pin is None else self._tries.why_not(Locked("technician", pin), digits)

    def _facts(self) -> Facts:
        now = condition(self._settings.data, self._who(), self._roster.config, self._clocks.now(), self._waiting())
        translate = self._translate
        lines = in_words(now, translate)
        if said := updates.in_words(translate, self._updates):
            lines.append(Line(translate("Cập nhật"), said))
        offered = next((found.version for found in self._found() if found.version != __version__), "")
        return Facts(lines, "\n".join(what_to_do(now, translate)), offered)

    def _found(self) -> Sequence[updates.Found]:
        return updates.found(self._sticks()) if self._updates.exists() else ()

    def _update(self, version: str) -> str:
        translate = self._translate
        package = next((found.file for found in self._found() if found.version == version), None)
        if package is None:
            return translate("Không còn thấy bản {version} trên USB. Xin cắm lại USB.").format(version=version)
        updates.ask(self._settings.data, package)
        return ""

    def _on_the_stick(self, write: Callable[[Path], str]) -> str:
        """What came of writing on the stick that is there, if it is just one."""
        translate = self._translate
        sticks = self._sticks()
        if not sticks:
            return translate(
                "Không thấy USB nào. Xin cắm USB, đợi vài giây rồi bấm lại. Nếu vẫn không thấy, máy chưa tự gắn USB: "
                "xin gắn tay rồi chạy: sudo hailong-kiosk export THƯ_MỤC"
            )
        if len(sticks) > 1:
            names = ", ".join(map(str, sticks))
            return translate("Thấy nhiều USB: {names}. Xin chỉ để lại một chiếc rồi bấm lại.").format(names=names)
        [stick] = sticks
        try:
            return write(stick)
        except StickFault as fault:
            return why_not_exported(fault, stick, translate)

    def _export(self, stick: Path) -> str:
        translate, settings = self._translate, self._settings
        try:
            written = export(settings.data, stick, settings.provision, self._clocks, lambda _: None)
        except Refused as refused:
            return why_refused_by_stick(refused, translate)
        return "\n".join(what_was_exported(written, stick, translate))

    def _copy_log(self, stick: Path) -> str:
        findings = diagnose(self._adjusting.file, self._translate)
        return what_was_copied(write_support_file(self._adjusting.settings, stick, self._clocks, findings), self._translate)

    def _changed(self, change: Callable[[], None]) -> str:
        translate = self._translate
        try:
            change()
        except NotAnAddress as wrong:
            return self._wrong_address(wrong)
        except BadSettings:
            return translate("Chưa lưu được: tệp cấu hình kiosk.toml có lỗi. Xin sửa tệp đó.")
        except OSError as error:
            said, hint = map(translate, why(error))
            return translate("Chưa lưu được vào tệp cấu hình: {wrong}; {hint}.").format(wrong=said, hint=hint)
        return ""

    def _wrong_address(self, wrong: NotAnAddress) -> str:
        translate = self._translate
        if wrong.proxy:
            return translate("Địa chỉ proxy chưa đúng. Ví dụ: 10.0.0.1:3128")
        return translate("Địa chỉ máy chủ chưa đúng. Ví dụ: hailong.tinh.gov.vn")

    def _examine(self, trial: Try[bool], server: str, proxy: str) -> None:
        translate = self._translate
        try:
            address, way = self._adjusting.meant(server, proxy)
            aim = Aim(address, self._settings.ca_file, way, self._who().trusted)
            for finding in examine(aim, translate):
                trial.findings.append(finding)
        except NotAnAddress as wrong:
            trial.findings.append(Finding("address", Level.BAD, translate("Địa chỉ"), self._wrong_address(wrong)))
        except Exception:
            log.exception("the connection could not be looked at")
            trial.findings.append(Finding("address", Level.BAD, translate("Địa chỉ"), translate("Chưa thử được. Xin xem nhật ký.")))
        trial.done.set_result(worst(trial.findings) is not Level.BAD)
