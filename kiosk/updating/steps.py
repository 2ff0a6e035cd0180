"""One update, step by step. Each step is written down before it begins, so that whoever comes after a cut knows where it stood.

    install ──► trial ──► done            the version before is kept, as a file, before anything is touched
       │          │
       └────► back ┴──► failed            and not tried again by itself

A version has proved itself by its first screen and one exchange with the server, within two minutes of its start (`proof.json`). Without
a first screen it goes back, whatever the hour: it serves nobody. Without an exchange it goes back only where the server answers us while
the kiosk does not reach it, and where the version before did reach it. Where the server answers nobody, that is the network's doing: the
new version goes on taking votes, which wait on the disk as ever, and each later look asks again; after `PATIENT_LOOKS` of them the first
screen is enough. The way back after a first screen waits until the counter is closed.
"""

import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.updating import packages
from kiosk.updating.apt import Apt
from kiosk.updating.errors import NoUpdateError, UnreachableError
from kiosk.updating.session import Session
from kiosk.updating.signed import SIGNATURE, SUMS, require_signed
from kiosk.updating.state import State, Underway, read_state, write_state
from kiosk.updating.told import Proof, Told

TRIAL_SECONDS = 120.0
BETWEEN_GLANCES = 2.0
MOST_TRIES = 3  # of an installation, or of a start before the first screen, each of them cut off by something else
PATIENT_LOOKS = 144  # three days, one every half hour

NO_SCREEN = "no-first-screen"
NO_EXCHANGE = "no-exchange"
NOT_INSTALLED = "not-installed"
CUT_OFF = "cut-off"
NO_NETWORK = "no-network"  # done, but its exchange was never seen

log = logging.getLogger("hailong-kiosk-update")


class Updater:
    """folder: of the updates, /var/lib/hailong-update. key: the publisher's public key. told: what the kiosk wrote.

    stand_in: keeps a copy of this program while an update is underway, so that the next version's need not be able to go back.
    """

    def __init__(self, folder: Path, key: Path, told: Told, session: Session, stand_in: Callable[[Path], None]) -> None:
        self._folder = folder
        self._key = key
        self._told = told
        self._session = session
        self._stand_in = stand_in
        self._kept = folder / "kept"
        self._fetched = folder / "fetched"

    @property
    def state(self) -> State:
        """As it is on the disk."""
        return read_state(self._folder)

    def look(self) -> None:
        """What the timer asks: go on with what is underway; else see whether there is something new, while the counter is closed.

        Raises `NoUpdateError`, OSError.
        """
        if self.state.underway is not None:
            self._go_on()
            return
        self._forget_stand_in()
        source, now = self._told.source(), packages.installed()
        if now is None:
            packages.finish()  # somebody's own installation was cut off
        if source is None or now is None or not self._session.runs() or not self._may_install():
            return
        apt = self._apt()
        version = apt.look()
        if version is None or version in self.state.failed or not packages.is_newer(version, now):
            return
        packages.require_room(self._folder)
        package = apt.fetch(version, self._fetched)
        self._begin(package, now, by_hand=False)

    def take(self, package: Path) -> None:
        """What a technician asks: the package of a file, with `SHA256SUMS` and its signature beside it. At any hour, whatever failed.

        Raises `NoUpdateError`, OSError.
        """
        shutil.rmtree(self._fetched, ignore_errors=True)
        packages.require_room(self._folder, package)
        copy = packages.keep(package, self._fetched)
        for part in (SUMS, SIGNATURE):
            packages.require_room(self._folder, package.with_name(part))
            shutil.copyfile(package.with_name(part), self._fetched / part)
        if self.state.underway is not None:
            self.repair()
        now = packages.installed()
        if now is None:
            raise NoUpdateError("no version is installed whole; install one with dpkg -i")
        self._begin(copy, now, by_hand=True)

    def repair(self) -> None:
        """What is done at boot after a cut, before the kiosk starts: dpkg whole again, new version or former. Raises OSError."""
        underway = self.state.underway
        if underway is None:
            return
        packages.finish()
        match underway.step:
            case "install" if packages.installed() != underway.version:
                if underway.tries < MOST_TRIES:
                    self._install(underway)
                else:
                    self._back(replace(underway, why=CUT_OFF))
            case "install":
                self._try(underway)
            case "trial" if not underway.seen and underway.tries >= MOST_TRIES:
                self._back(replace(underway, why=NO_SCREEN))
            case "trial":
                self._try(underway)
            case "back":
                self._back(underway)
        self._session.start()

    def refused(self, package: str, why: str) -> None:
        """Note that a file was not taken. Raises OSError."""
        if self.state.underway is None:
            state = self.state
            write_state(self._folder, replace(state, last=State().ended(package[:64], "refused", why).last))

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _begin(self, package: Path, now: str, *, by_hand: bool) -> None:
        version = packages.version_of(package)
        require_signed(package, package.name, package.with_name(SUMS), package.with_name(SIGNATURE), self._key)
        self._apt().require_fitting(package)
        kept = next((file for file in self._kept.glob("*.deb") if self._is(file, now)), None) or packages.pack(now, self._kept)
        new = packages.keep(package, self._kept)
        self._stand_in(self._folder / "stand-in")
        underway = Underway(
            step="install", version=version, previous=now, new=str(new), kept=str(kept), by_hand=by_hand, owed=self._told.exchanged()
        )
        self._note(underway)
        self._session.stop()
        self._install(underway)
        self._go_on()

    def _go_on(self) -> None:
        """Until the update has ended, or waits for the network."""
        while (underway := self.state.underway) is not None:
            match underway.step:
                case "install":
                    self._session.stop()  # what it showed before the trial proves nothing
                    self.repair()
                case "back":
                    self._back(underway)
                    if self.state.underway is not None:
                        return
                case "trial":
                    if not underway.seen:
                        self._session.start()
                    if not self._watch(underway):
                        return

    def _install(self, underway: Underway) -> None:
        underway = replace(underway, tries=underway.tries + 1)
        self._note(underway)
        log.info("%s in the place of %s", underway.version, underway.previous)
        if self._apt().put_in(Path(underway.new)) and packages.installed() == underway.version:
            self._try(replace(underway, tries=0))
        else:
            self._back(replace(underway, why=NOT_INSTALLED))

    def _try(self, underway: Underway) -> None:
        boot, up = self._session.boot(), self._session.up()
        self._note(replace(underway, step="trial", tries=underway.tries + 1, boot=boot, up=up))

    def _watch(self, underway: Underway) -> bool:
        """Whether the trial has come to a decision, which is then written down."""
        if underway.boot != self._session.boot():  # the kiosk was started without `repair` before it
            self._session.stop()
            self._try(replace(underway, seen=False))
            return True
        begun = self._session.up() if underway.seen else underway.up
        while (proof := self._proof(underway)) is None or (underway.owed and not proof.exchange):
            if self._session.up() - begun > TRIAL_SECONDS:
                return self._decide(underway, proof)
            self._session.wait(BETWEEN_GLANCES)
        self._end(underway, "")
        return True

    def _decide(self, underway: Underway, proof: Proof | None) -> bool:
        if proof is None:
            self._back(replace(underway, why=NO_SCREEN))
            return True
        waiting = replace(underway, seen=True, looks=underway.looks + 1)
        if not self._server_answers():
            if waiting.looks > PATIENT_LOOKS:
                self._end(waiting, NO_NETWORK)
                return True
        elif underway.by_hand or self._may_install(guess=True):
            self._back(replace(underway, why=NO_EXCHANGE))
            return True
        self._note(waiting)
        return False

    def _back(self, underway: Underway) -> None:
        """The former version, in which the kiosk is opened again."""
        underway = replace(underway, step="back", tries=0)
        self._note(underway)
        log.warning("%s: %s; back to %s", underway.version, underway.why, underway.previous)
        self._session.stop()
        if packages.put_back(Path(underway.kept)) and packages.installed() == underway.previous:
            self._finish(self.state.ended(underway.version, "failed", underway.why), keeps=underway.kept)
        self._session.start()

    def _end(self, underway: Underway, why: str) -> None:
        log.info("%s has proved itself", underway.version)
        self._finish(self.state.ended(underway.version, "done", why), keeps=underway.new)

    def _finish(self, state: State, keeps: str) -> None:
        write_state(self._folder, state)
        self._forget_stand_in()
        shutil.rmtree(self._fetched, ignore_errors=True)
        for file in self._kept.iterdir():
            if file != Path(keeps):
                file.unlink() if file.is_file() else shutil.rmtree(file)

    def _forget_stand_in(self) -> None:
        """All of it at once: half a program would be run instead of the whole one."""
        folder, gone = self._folder / "stand-in", self._folder / ".stand-in.gone"
        shutil.rmtree(gone, ignore_errors=True)
        if folder.exists():
            folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    # --- questions ---------------------------------------------------------------------------------------------------

    def _apt(self) -> Apt:
        return Apt(self._folder / "apt", self._told.source())

    def _may_install(self, *, guess: bool = False) -> bool:
        return self._told.may_install(self._session.boot(), self._session.up(), guess=guess)

    def _proof(self, underway: Underway) -> Proof | None:
        """What the new version showed since it was started; a Debian revision is none of the program's."""
        proof = self._told.proof()
        if proof is None or proof.version not in (underway.version, underway.version.partition("-")[0]):
            return None
        return proof if proof.boot == underway.boot and proof.up >= underway.up else None

    def _server_answers(self) -> bool:
        if self._told.source() is None:
            return False
        try:
            self._apt().look()
        except UnreachableError:
            return False
        return True

    def _is(self, file: Path, version: str) -> bool:
        try:
            return packages.version_of(file) == version
        except NoUpdateError:
            return False

    def _note(self, underway: Underway) -> None:
        write_state(self._folder, replace(self.state, underway=underway))
