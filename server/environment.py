"""What the operator decides by environment variables: read once, typed, all faults told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from platformdirs import user_data_path
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from server.smtp import MailServer, is_sender, read_server

RELEASE_KEY = Path(__file__).resolve().parent.parent / "assets" / "release.pub"
_HOURS = re.compile(r"(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)")
_YES_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
_ADDRESS = re.compile(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?/?")  # no page for people goes about in the clear


@dataclass(frozen=True)
class Environment:
    """The operator's decisions.

    data: folder of keys and of the embedded database. postgresql: Django's connection settings, or None for SQLite.
    exchange_seconds: how long after an exchange the server would like to hear from a kiosk again.
    batches_per_minute: how many each process takes from one device.
    oldest_kiosk: kiosks of versions below this one are refused, or None.
    replica: connection settings of a PostgreSQL that follows the other and is asked for tallies instead, or None.
    https: a proxy in front speaks HTTPS and tells us so in X-Forwarded-Proto and X-Forwarded-For.
    address: where people reach this server, such as https://hailong.tinh.gov.vn, or empty. smtp, mail_from: how e-mails are sent, and
    from whom; None where none are. release_key: file with the public key of whoever publishes the kiosk's program. update_window: from and
    until when, local time, a kiosk's version may change besides being closed, or None.
    backups: the folder of the nightly backups, or None. authorities: certificates (PEM) by which kiosks
    know this server, where these are not known to every system, or None.
    """

    data: Path
    postgresql: dict[str, Any] | None
    allowed_hosts: list[str]
    exchange_seconds: float
    batches_per_minute: int
    debug: bool
    https: bool
    oldest_kiosk: tuple[int, ...] | None = None
    replica: dict[str, Any] | None = None
    address: str = ""
    smtp: MailServer | None = None
    mail_from: str = ""
    release_key: Path = RELEASE_KEY
    update_window: tuple[str, str] | None = None
    backups: Path | None = None
    authorities: Path | None = None

    @property
    def keys(self) -> Path:
        """The folder of the server's private keys."""
        return self.data / "keys"

    @property
    def register(self) -> Path:
        """The folder of the register of erasures, which no restored backup replaces."""
        return self.data / "register"

    @property
    def releases(self) -> Path:
        """The folder of the kiosk's versions."""
        return self.data / "releases"

    @property
    def runs(self) -> Path:
        """The folder in which the timers' runs are noted."""
        return self.data / "runs"

    def prepare(self) -> None:
        """Make the data folder. Raises `ImproperlyConfigured` when that cannot be done."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(f"HAILONG_DATA: cannot make the folder {self.data}: {error.strerror}") from error


def read(variables: Mapping[str, str]) -> Environment:
    """The operator's decisions in environment variables. Raises `ImproperlyConfigured` naming every fault."""
    faults: list[str] = []
    environment = Environment(
        data=Path(variables.get("HAILONG_DATA") or user_data_path("hailong-server")).expanduser().absolute(),
        postgresql=_postgresql("HAILONG_DATABASE_URL", variables, faults),
        allowed_hosts=_hosts(variables.get("HAILONG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"), faults),
        exchange_seconds=_seconds("HAILONG_EXCHANGE_SECONDS", variables.get("HAILONG_EXCHANGE_SECONDS", "60"), faults),
        batches_per_minute=_count("HAILONG_BATCHES_PER_MINUTE", variables.get("HAILONG_BATCHES_PER_MINUTE", "240"), faults),
        debug=_switch("HAILONG_DEBUG", variables, faults),
        https=_switch("HAILONG_HTTPS", variables, faults),
        oldest_kiosk=_version("HAILONG_OLDEST_KIOSK", variables, faults),
        replica=_postgresql("HAILONG_REPLICA_URL", variables, faults),
        address=_address(variables.get("HAILONG_ADDRESS", ""), faults),
        smtp=_smtp(variables.get("HAILONG_SMTP_URL", ""), faults),
        mail_from=variables.get("HAILONG_MAIL_FROM", ""),
        release_key=Path(variables.get("HAILONG_RELEASE_PUB") or RELEASE_KEY).expanduser().absolute(),
        update_window=_window(variables.get("HAILONG_UPDATE_HOURS", ""), faults),
        backups=_path(variables.get("HAILONG_BACKUPS", "")),
        authorities=_path(variables.get("HAILONG_CA", "")),
    )
    if variables.get("HAILONG_SMTP_URL") and not variables.get("HAILONG_ADDRESS"):
        faults.append(
            "HAILONG_ADDRESS: e-mails lead to pages; expected where people reach this server, such as https://hailong.tinh.gov.vn"
        )
    if (variables.get("HAILONG_SMTP_URL") or environment.mail_from) and not is_sender(environment.mail_from):
        faults.append("HAILONG_MAIL_FROM: expected who sends the e-mails, such as hailong@tinh.gov.vn or Hài Lòng <hailong@tinh.gov.vn>")
    if environment.replica and not environment.postgresql:
        faults.append("HAILONG_REPLICA_URL: a replica follows a PostgreSQL; HAILONG_DATABASE_URL says which")
    if faults:
        raise ImproperlyConfigured("Environment variables to mend:\n  " + "\n  ".join(faults))
    return environment


def _postgresql(name: str, variables: Mapping[str, str], faults: list[str]) -> dict[str, Any] | None:
    url = variables.get(name, "")
    if not url:
        return None
    without = "SQLite" if name == "HAILONG_DATABASE_URL" else "none"
    expected = f"{name}: expected postgresql://user:password@host:port/database, or nothing for {without}"
    if not url.startswith("postgresql://"):
        faults.append(expected)
        return None
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:  # its message would repeat the password
        faults.append(f"{expected}; this cannot be read")
        return None
    if not given.get("dbname"):
        faults.append(f"{expected}; the database's name is missing")
        return None
    return {
        "NAME": given.pop("dbname"),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "")),
        "OPTIONS": given,
    }


def _address(text: str, faults: list[str]) -> str:
    if text and not _ADDRESS.fullmatch(text):
        faults.append("HAILONG_ADDRESS: expected where people reach this server, such as https://hailong.tinh.gov.vn, without a path")
    return text.removesuffix("/")


def _path(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _smtp(url: str, faults: list[str]) -> MailServer | None:
    if not url:
        return None
    try:
        return read_server(url)
    except ValueError as error:
        faults.append(f"HAILONG_SMTP_URL: {error}")
        return None


def _window(text: str, faults: list[str]) -> tuple[str, str] | None:
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    if found is None or found[1] == found[3]:
        faults.append("HAILONG_UPDATE_HOURS: expected when kiosks may change their version, such as 19:00-05:00, or nothing")
        return None
    return found[1], found[3]


def _hosts(text: str, faults: list[str]) -> list[str]:
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not hosts:
        faults.append("HAILONG_ALLOWED_HOSTS: expected at least one host name, several parted by commas")
    return hosts


def _seconds(name: str, text: str, faults: list[str]) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 86_400:
        faults.append(f"{name}: expected a number of seconds above 0 and up to 86400, not {text!r}")
    return seconds


def _version(name: str, variables: Mapping[str, str], faults: list[str]) -> tuple[int, ...] | None:
    text = variables.get(name, "")
    if not text:
        return None
    numbers = text.split(".")
    if not all(number.isdecimal() and number.isascii() for number in numbers):
        faults.append(f"{name}: expected a version such as 0.1.0, or nothing, not {text!r}")
        return None
    return tuple(map(int, numbers))


def _count(name: str, text: str, faults: list[str]) -> int:
    if not text.isdecimal() or not 0 < int(text[:12]) <= 10**9:
        faults.append(f"{name}: expected a whole number from 1 to 1000000000, not {text!r}")
        return 1
    return int(text)


def _switch(name: str, variables: Mapping[str, str], faults: list[str]) -> bool:
    text = variables.get(name, "").lower()
    if text not in _YES_NO:
        faults.append(f"{name}: expected 1 or 0, not {text!r}")
    return _YES_NO.get(text, False)
