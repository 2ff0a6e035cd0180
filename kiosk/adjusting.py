"""What a technician changes of the settings at the kiosk itself. It is written into kiosk.toml, the only place where a setting is kept."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from kiosk.drafting import Draft
from kiosk.rewriting import Value
from kiosk.settings import BadSettings, Settings, is_proxy, is_server_address
from sync.proxy import Proxy, parse_proxy

LEAST_BRIGHT = 10  # percent: never dark


class Light(Protocol):
    """The display's own: `kiosk.backlight.Backlight`."""

    @property
    def percent(self) -> int | None:
        """How bright it is now, of the brightest; None where it cannot be changed."""

    def set(self, percent: int) -> bool:
        """Be as bright as that. False where it cannot be changed."""


class NotAnAddress(ValueError):
    """What was typed is no address of a server, or of a proxy; `proxy` says which of them."""

    def __init__(self, *, proxy: bool) -> None:
        super().__init__("of a proxy" if proxy else "of a server")
        self.proxy = proxy


class Adjusting:
    """file: kiosk.toml. settings: with which the kiosk runs. apply: lets it go on with changed ones; called in the caller's thread.

    What cannot be kept is not applied either. All that changes raises OSError, `BadSettings`.
    """

    def __init__(self, file: Path, settings: Settings, light: Light, apply: Callable[[Settings], None]) -> None:
        self.file = file
        self._settings = settings
        self._light = light
        self._apply = apply

    @property
    def settings(self) -> Settings:
        """In force now."""
        return self._settings

    @property
    def brightness(self) -> int | None:
        """Percent of the brightest, or None where the display's light cannot be changed."""
        return self._light.percent

    def set_volume(self, percent: int) -> None:
        """0 is silence, 100 the loudest."""
        volume = max(0, min(100, percent))
        self._change({"volume": volume})
        self._settings = replace(self._settings, volume=volume)
        self._apply(self._settings)

    def set_brightness(self, percent: int) -> None:
        """Of the brightest; never dark."""
        brightness = max(LEAST_BRIGHT, min(100, percent))
        self._change({"brightness": brightness})
        self._settings = replace(self._settings, brightness=brightness)
        self._light.set(brightness)

    def meant(self, server: str, proxy: str) -> tuple[str, Proxy | None]:
        """The server's address and the proxy that were typed, or left as they were: `https://` and `http://` need not be typed, nor what
        is secret in the proxy that is set already. Raises `NotAnAddress`.
        """
        address = _with_scheme(server, "https").rstrip("/")
        if not is_server_address(address):
            raise NotAnAddress(proxy=False)
        if self._is_same(proxy):
            return address, self._settings.proxy
        typed = _with_scheme(proxy, "http")
        if proxy.strip() and not is_proxy(typed):
            raise NotAnAddress(proxy=True)
        return address, parse_proxy(typed) if proxy.strip() else None

    def readdress(self, server: str, proxy: str) -> None:
        """Write both down, for the next start. Raises `NotAnAddress`, too."""
        address, _ = self.meant(server, proxy)
        changes: dict[str, Value | None] = {"server": address}
        if not self._is_same(proxy):
            changes["proxy"] = _with_scheme(proxy, "http") if proxy.strip() else None
        self._change(changes)

    def _is_same(self, proxy: str) -> bool:
        return proxy.strip() == (self._settings.proxy.address if self._settings.proxy else "")

    def _change(self, changes: Mapping[str, Value | None]) -> None:
        """Only into what can be read again."""
        self.file.stat()  # an adjustment begins no settings
        try:
            draft = Draft(self.file, changes)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSettings([]) from error
        try:
            draft.keep()
        finally:
            draft.drop()


def _with_scheme(typed: str, scheme: str) -> str:
    text = typed.strip()
    return text if "://" in text or not text else f"{scheme}://{text}"
