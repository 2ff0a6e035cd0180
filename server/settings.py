"""Django's settings; what an operator may decide stands in `server.environment`."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from django.utils.functional import lazy

from server import environment, keys, log

ENVIRONMENT = environment.read(os.environ)
EXCHANGE_SECONDS = ENVIRONMENT.exchange_seconds
BATCHES_PER_MINUTE = ENVIRONMENT.batches_per_minute
KEYS = ENVIRONMENT.keys
REGISTER = ENVIRONMENT.register
BEHIND_PROXY = ENVIRONMENT.https
OLDEST_KIOSK = ENVIRONMENT.oldest_kiosk

_BASE = Path(__file__).resolve().parent

SECRET_KEY = lazy(keys.secret, str)(KEYS)
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts

INSTALLED_APPS = [
    "server",
    "server.places",
    "server.screens",
    "server.devices",
    "server.intake",
    "server.comments",
    "server.results",
    "server.record",
    "server.board",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "server.csp.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
    pool = {"min_size": 1, "max_size": 16, "timeout": 20}
    # Who waits for a lock longer (a rebuild holds one) is told that the server is busy, before the kiosk gives up by itself.
    options = {"options": "-c lock_timeout=15s", **ENVIRONMENT.postgresql["OPTIONS"], "pool": pool, "prepare_threshold": 2}
    return {**ENVIRONMENT.postgresql, "ENGINE": "django.db.backends.postgresql", "OPTIONS": options, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("fonts", str(_BASE.parent / "assets" / "fonts"))]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "server.comments.pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENVIRONMENT.https:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

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
        "django.security.DisallowedHost": {"filters": ["plainly"]},
    },
}
