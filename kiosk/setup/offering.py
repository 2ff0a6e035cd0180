"""What the plugged in sticks offer this tablet."""

import errno
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from nacl.signing import SigningKey

from kiosk.enrolment import public_key
from kiosk.hours import LOCAL
from kiosk.settings import Settings
from kiosk.setup.asked import Offer, Offers
from kiosk.setup.prepared import Finder, Prepared, mark_of
from kiosk.sticks import mounted_sticks
from kiosk.texts import Translate

STICKS = partial(mounted_sticks, writable=False)
FAT_STEP = 2_000_000_000  # nanoseconds: as exactly as FAT knows when a file was written


class Offering:
    """begun: what this tablet was told before. sticks: where they are mounted."""

    def __init__(self, begun: Settings, sticks: Callable[[], Sequence[Path]], translate: Translate) -> None:
        self._begun = begun
        self._sticks = sticks
        self._translate = translate
        self._finder = Finder()
        self._found: dict[str, Prepared] = {}
        self._newest: dict[str, int] = {}

    def close(self) -> None:
        """Leave nothing of them behind."""
        self._finder.close()

    def offers(self) -> Offers:
        """What they hold now. May take a while, where a stick is slow."""
        sticks = self._sticks()
        found = self._finder.find(sticks)
        self._found = {str(prepared.folder): prepared for prepared in found}
        self._newest = _newest(found)
        offers = sorted((self._offer(key, prepared) for key, prepared in self._found.items()), key=_order)
        [alone] = offers if len(offers) == 1 else [None]
        usable = alone is not None and not alone.used and not alone.wrong and self._is_for_here(self._found[alone.key])
        return Offers(len(sticks), offers, alone if usable else None)

    def prepared(self, offer: Offer) -> Prepared:
        """What was offered. Raises FileNotFoundError: the stick may have been pulled out."""
        found = self._found.get(offer.key)
        if found is None or not found.folder.exists():
            raise FileNotFoundError(errno.ENOENT, "", offer.key)
        return found

    def _offer(self, key: str, prepared: Prepared) -> Offer:
        translate, provision = self._translate, prepared.provision
        if provision is None:
            return Offer(key, prepared.folder.name, "", wrong="\n".join(fault.sentence(translate) for fault in prepared.faults))
        taken = mark_of(prepared)
        if taken is None or taken.key == self._public_key():
            older = prepared.written < self._newest[provision.counter.id] - FAT_STEP
            return Offer(key, provision.counter.name, provision.unit.name, older=older)
        used = translate("Đã dùng lúc {time}").format(time=f"{taken.at.astimezone(LOCAL):%H:%M %d/%m/%Y}")
        return Offer(key, provision.counter.name, provision.unit.name, used)

    def _is_for_here(self, prepared: Prepared) -> bool:
        """Whether it names the server that this tablet was told before, if it was."""
        return prepared.settings is not None and self._begun.server.rstrip("/") in ("", prepared.settings.server.rstrip("/"))

    def _public_key(self) -> str:
        """Of this tablet, or nothing where it has none yet."""
        with suppress(OSError, ValueError):
            key = self._begun.data / "device.key"
            return public_key(SigningKey(key.read_bytes())) if key.exists() else ""
        return ""


def _newest(found: Iterable[Prepared]) -> dict[str, int]:
    """When the newest folder for each counter was written, by the counter's id."""
    newest: dict[str, int] = {}
    for prepared in found:
        if (provision := prepared.provision) is not None:
            newest[provision.counter.id] = max(prepared.written, newest.get(provision.counter.id, 0))
    return newest


def _order(offer: Offer) -> tuple[list[tuple[bool, int, str]], bool]:
    """By which “Quầy 2” comes before “Quầy 10”, and a newer folder before an older one."""
    parts = re.split(r"(\d+)", f"{offer.unit} {offer.counter}")
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts], offer.older
