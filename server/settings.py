"""Django's settings; what an operator may decide stands in `server.environment`."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.functional import lazy

from server import environment, keys, log
from sync.updates import Window

ENVIRONMENT = environment.read(os.environ)
EXCHANGE_SECONDS = ENVIRONMENT.exchange_seconds
BATCHES_PER_MINUTE = ENVIRONMENT.batches_per_minute
KEYS = ENVIRONMENT.keys
REGISTER = ENVIRONMENT.register
AUTHORITIES = ENVIRONMENT.authorities
BEHIND_PROXY = ENVIRONMENT.https
OLDEST_KIOSK = ENVIRONMENT.oldest_kiosk
ADDRESS = ENVIRONMENT.address
SMTP = ENVIRONMENT.smtp
MAIL_FROM = ENVIRONMENT.mail_from
RELEASES = ENVIRONMENT.releases
RELEASE_KEY = ENVIRONMENT.release_key
UPDATE_WINDOW = ENVIRONMENT.update_window and Window(*ENVIRONMENT.update_window)

_BASE = Path(__file__).resolve().parent

SECRET_KEY = lazy(keys.secret, str)(KEYS)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts

INSTALLED_APPS = [
    "server",
    "server.places",
    "server.screens",
    "server.devices",
    "server.releases",
    "server.intake",
    "server.comments",
    "server.results",
    "server.flags",
    "server.cases",
    "server.commendations",
    "server.documents",
    "server.letters",
    "server.reports",
    "server.alerts",
    "server.personal",
    "server.asking",
    "server.record",
    "server.login",
    "server.board",
    "server.administration.apps.AdministrationConfig",
    "server.tokens",
    "server.transactions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "server.csp.headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "server.navigation.bar",
            ],
        },
    },
]

# WAL loses data in a race of two connections before SQLite 3.51.3 (the WAL-reset bug), and the server has several.
_JOURNAL = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL"
    if sqlite3.sqlite_version_info >= (3, 51, 3)
    else "PRAGMA journal_mode=TRUNCATE;PRAGMA synchronous=EXTRA"
)


def _database() -> dict[str, Any]:
    if ENVIRONMENT.postgresql is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ENVIRONMENT.data / "hailong.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": f"{_JOURNAL};PRAGMA secure_delete=ON"},
            "CONN_MAX_AGE": None,  # opening the file again reads the whole schema: a tenth of a batch's time
        }
    return _pooled(ENVIRONMENT.postgresql, seconds=20)


def _pooled(given: dict[str, Any], *, seconds: int) -> dict[str, Any]:
    """seconds: how long somebody waits for a connection."""
    pool = {"min_size": 1, "max_size": 16, "timeout": seconds}
    # Who waits for a lock longer (a rebuild holds one) is told that the server is busy, before the kiosk gives up by itself.
    options = {"options": "-c lock_timeout=15s", **given["OPTIONS"], "pool": pool, "prepare_threshold": 2}
    return {**given, "ENGINE": "django.db.backends.postgresql", "OPTIONS": options, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()} | ({"replica": _pooled(ENVIRONMENT.replica, seconds=3)} if ENVIRONMENT.replica else {})
TALLIES_DATABASE = "replica" if ENVIRONMENT.replica else "default"  # what pages of results read tallies from
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [_BASE.parent / "assets" / "locale"]  # what Django itself does not say in Vietnamese
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("fonts", str(_BASE.parent / "assets" / "fonts"))]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "server.login.passwords.UnlikeTheUser"},
    {"NAME": "server.login.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "server.login.passwords.Uncommon"},
    {"NAME": "server.login.passwords.NotOnlyDigits"},
]
AUTHENTICATION_BACKENDS = ["server.login.throttle.Gate", "django.contrib.auth.backends.ModelBackend"]

# How long who waits is decided by the handler; axes itself forgets nothing before that.
AXES_HANDLER = "server.login.throttle.Throttle"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5  # as `server.login.throttle.OF_A_NAME_HERE`
AXES_COOLOFF_TIME = timedelta(days=1)  # as `server.login.throttle.FORGOTTEN`
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "server.login.throttle.address"
AXES_USERNAME_CALLABLE = "server.login.throttle.name_as_kept"
AXES_LOCKOUT_CALLABLE = "server.login.pages.too_many"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_LENGTH = timedelta(hours=12)  # from login on, whatever is done meanwhile
SESSION_COOKIE_AGE = int(SESSION_LENGTH.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "server.comments.pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.https:
    # __Host-: a browser takes such a cookie from this very host by HTTPS only, and no neighbour under the same domain can set it.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [
        r"^api/v1/(enrol|entries|keys|config/|photos/|sealed/)"
    ]  # signed; a kiosk on this machine comes without the proxy
# Whether HTTPS is promised for all names under ours (W005), and to the makers of browsers (W021), is for whoever has the domain to
# say: the host may be a province's own, with other sites under it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"plainly": {"()": lambda: log.plainly}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["plainly"]},
        "axes": {"level": "ERROR"},  # the record has it, with the name where that is one
        "django.security.DisallowedHost": {"filters": ["plainly"]},
    },
}
