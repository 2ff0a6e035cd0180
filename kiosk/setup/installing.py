"""The first start, for real: `kiosk.setup.asked.Setup`. What takes a while is done in threads, one thing after the other."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from nacl.signing import SigningKey

from kiosk import RELEASED, __version__
from kiosk.connection.examining import Aim, examine
from kiosk.connection.words import Sayings
from kiosk.contact import enrol
from kiosk.drafting import Draft
from kiosk.enrolment import device_key, load_identity, public_key
from kiosk.findings import Finding, Level, Try, worst
from kiosk.hours import LOCAL
from kiosk.os_errors import not_usable
from kiosk.provisioning import Provision
from kiosk.roster import Roster
from kiosk.settings import BadSettings, Settings, is_proxy, is_server_address, read_settings
from kiosk.setup.asked import Offer, Offers, Outcome, Scan
from kiosk.setup.camera import Cameras
from kiosk.setup.code import code_and_mark, grouped
from kiosk.setup.keeping import draft_of_prepared, draft_of_server, own_authorities
from kiosk.setup.offering import STICKS, Offering
from kiosk.setup.prepared import Prepared, mark
from kiosk.texts import Translate
from sync.client import Client
from sync.errors import ExchangeError, Refused, TryLater
from sync.fetching import WrongAuthorityError
from sync.http import Wire
from sync.proxy import parse_proxy
from sync.wire import Enrolment

log = logging.getLogger(__name__)


class Installing:
    """file: kiosk.toml, that is to be. begun: what it says already. sticks: where USB sticks are mounted. cameras: that there are."""

    def __init__(
        self,
        file: Path,
        begun: Settings,
        translate: Translate,
        sticks: Callable[[], Sequence[Path]] = STICKS,
        cameras: Cameras | None = None,
    ) -> None:
        self._file = file
        self._begun = begun
        self._translate = translate
        self._cameras = cameras or Cameras()
        self._offering = Offering(begun, sticks, translate)
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="sticks")
        self._working = ThreadPoolExecutor(1, thread_name_prefix="setup")

    @property
    def server(self) -> str:
        return self._begun.server

    @property
    def has_camera(self) -> bool:
        return self._cameras.first is not None

    @property
    def is_done(self) -> bool:
        try:
            settings = read_settings(self._file)
            return load_identity(settings.data, settings.provision) is not None
        except (BadSettings, OSError, ValueError):
            return False

    def is_address(self, text: str) -> bool:
        return is_server_address(text)

    def is_proxy(self, text: str) -> bool:
        return is_proxy(text)

    def is_code(self, text: str) -> bool:
        return code_and_mark(text) is not None

    def as_code(self, text: str) -> str:
        return grouped(text)

    def offers(self) -> Future[Offers]:
        return self._looking.submit(self._offering.offers)

    def by_code(self, address: str, code: str, proxy: str = "") -> Try[Outcome]:
        return self._try(lambda one: self._by_code(one, address.rstrip("/"), code, proxy))

    def by_offer(self, offer: Offer, proxy: str = "") -> Try[Outcome]:
        return self._try(lambda one: self._by_offer(one, self._offering.prepared(offer), proxy, offline=not offer.used))

    def without_network(self, offer: Offer, proxy: str = "") -> Try[Outcome]:
        return self._try(lambda one: self._without_network(one, self._offering.prepared(offer), proxy))

    def scan(self) -> Scan:
        return self._cameras.scan()

    def close(self) -> None:
        """Wait until what was begun is done, and leave nothing behind."""
        for threads in (self._looking, self._working):
            threads.shutdown(cancel_futures=True)
        self._offering.close()

    def _try(self, act: Callable[[Try[Outcome]], Outcome]) -> Try[Outcome]:
        one: Try[Outcome] = Try()

        def work() -> None:
            try:
                one.done.set_result(act(one))
            except Exception as error:  # whatever it is, the screen must hear of it
                log.exception("the setup failed")
                one.findings.append(self._not_kept(error))
                one.done.set_result(Outcome())

        self._working.submit(work)
        return one

    def _by_code(self, one: Try[Outcome], address: str, typed: str, proxy: str) -> Outcome:
        code, mark = code_and_mark(typed) or (typed, "")
        try:
            authorities = self._authorities(address, mark, proxy)
        except WrongAuthorityError:
            one.findings.append(Sayings(address, "", "", self._translate).wrong_authority())
            return Outcome()
        draft = draft_of_server(self._file, address, proxy, authorities)
        try:
            settings = draft.settings
            if not self._reaches(one, Aim(address, settings.ca_file, settings.proxy)):
                return Outcome()
            return self._enrol(one, draft, code) or Outcome()
        finally:
            draft.drop()

    def _authorities(self, address: str, mark: str, proxy: str) -> bytes | None:
        """The office's own, by the mark in its code; None where there is none, or nobody is reached. Raises `WrongAuthorityError`."""
        with suppress(TryLater):  # the examination says why
            return own_authorities(address, mark, parse_proxy(proxy) if proxy else self._begun.proxy)
        return None

    def _by_offer(self, one: Try[Outcome], prepared: Prepared, proxy: str, *, offline: bool) -> Outcome:
        """offline: whether it may be used without having heard from the server."""
        draft = draft_of_prepared(self._file, prepared, proxy)
        try:
            settings, provision = draft.settings, _provision(draft)
            if not self._reaches(one, Aim(settings.server, settings.ca_file, settings.proxy, provision.signing_key)):
                return Outcome(offline=offline)
            outcome = self._enrol(one, draft, provision.secret)
            if outcome is None:
                refused = any(finding.check == "code" and finding.level is Level.BAD for finding in one.findings)
                return Outcome(offline=offline and not refused)
            self._mark(prepared, settings)
            return outcome
        finally:
            draft.drop()

    def _without_network(self, one: Try[Outcome], prepared: Prepared, proxy: str) -> Outcome:
        draft = draft_of_prepared(self._file, prepared, proxy)
        try:
            provision = _provision(draft)
            device_key(draft.settings.data)
            draft.keep()
        finally:
            draft.drop()
        self._mark(prepared, draft.settings)
        return Outcome(f"{provision.counter.name}, {provision.unit.name}")

    def _reaches(self, one: Try[Outcome], aim: Aim) -> bool:
        for finding in examine(aim, self._translate):
            one.findings.append(finding)
        return worst(one.findings) is not Level.BAD

    def _enrol(self, one: Try[Outcome], draft: Draft, code: str) -> Outcome | None:
        """Enrol, keep the settings, and fetch whom to show. None where the server did not take the code."""
        settings = draft.settings
        wire = Wire(settings.server, settings.ca_file, proxy=settings.proxy, released=RELEASED)
        saying = Sayings(settings.server, "", "", self._translate)
        key = device_key(settings.data)
        identity = load_identity(settings.data, settings.provision) if settings.provision else None
        try:
            keys = identity.server_keys(datetime.now(UTC)) if identity else ()
            enrolment = enrol(wire, settings.data, key, code, __version__, keys)
        except (Refused, TryLater) as error:
            one.findings.append(saying.not_enrolled(error))
            return None
        draft.keep()
        with suppress(ExchangeError):  # the courier fetches it otherwise
            self._fetch_config(wire, settings.data, key, enrolment)
        counter, unit = enrolment.counter.name, enrolment.unit.name
        one.findings.append(saying.enrolled(counter, unit))
        return Outcome(f"{counter}, {unit}")

    def _fetch_config(self, wire: Wire, data: Path, key: SigningKey, enrolment: Enrolment) -> None:
        config = Client(wire, enrolment.device, key, enrolment.signing_key).config(enrolment.config)
        Roster(data, enrolment.unit, enrolment.counter).store(config)

    def _mark(self, prepared: Prepared, settings: Settings) -> None:
        with suppress(OSError):  # write-protected, or pulled out: the server knows who used it
            mark(prepared, datetime.now(LOCAL), public_key(device_key(settings.data)))

    def _not_kept(self, error: Exception) -> Finding:
        translate = self._translate
        if isinstance(error, BadSettings):
            said = "\n".join(fault.sentence(translate) for fault in error.faults)
            return Finding(
                "settings", Level.BAD, translate("Cấu hình"), said, translate("Xin chép lại cả thư mục cấu hình do máy chủ tạo.")
            )
        file = Path(getattr(error, "filename", None) or self._file)
        of_ours = file.is_relative_to(self._file.parent)
        mend = translate("Sau khi sửa, xin thử lại.") if of_ours else translate("Xin cắm lại USB rồi thử lại.")
        return Finding("settings", Level.BAD, translate("Cấu hình"), not_usable(file, error, translate), mend)


def _provision(draft: Draft) -> Provision:
    """What a draft brings from a prepared folder. Raises `BadSettings`: the stick has changed meanwhile."""
    if draft.settings.provision is None:
        raise BadSettings([])
    return draft.settings.provision
