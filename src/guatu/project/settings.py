"""All settings. The environment is read here, once, and nowhere else."""

from __future__ import annotations

import os
import secrets
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

from guatu.domain.capabilities import ADMINISTRATORS, BUSINESS

SOURCE = Path(__file__).resolve().parent.parent


def _home() -> Path:
    home = Path(os.environ.get("GUATU_HOME", "var")).resolve()
    home.mkdir(parents=True, exist_ok=True)
    return home


def _secret_key(home: Path) -> str:
    """The key from the environment, else one made once and kept in the home, readable by its owner only."""
    given = os.environ.get("GUATU_SECRET_KEY")
    if given:
        return given
    kept = home / "secret-key"
    if not kept.exists():
        fresh = home / f".secret-key-{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(fresh, kept)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return kept.read_text(encoding="ascii")


def _port(parts: ParseResult) -> str:
    try:
        return str(parts.port or "")
    except ValueError:
        raise SystemExit(
            "错误：GUATU_DATABASE_URL 中的端口不是 1 到 65535 的数字。请写成 postgresql://用户:密码@主机:端口/库名。"
        ) from None


def _database(home: Path) -> dict[str, object]:
    """SQLite in the home, or what GUATU_DATABASE_URL says (postgresql://user:password@host:port/name)."""
    url = os.environ.get("GUATU_DATABASE_URL", "")
    if url:
        parts = urlparse(url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise SystemExit(
                f"错误：GUATU_DATABASE_URL：不认识“{parts.scheme}”。请写成 postgresql://用户:密码@主机:端口/库名。"
            )
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": _port(parts),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "guatu.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                "PRAGMA mmap_size=268435456;"
            ),
        },
        "TEST": {"NAME": os.environ.get("GUATU_TEST_SQLITE", "file:guatu_test?mode=memory&cache=shared")},
    }


def _number(name: str, usual: int, least: int, most: int) -> int:
    """A whole number from the environment, `usual` without one."""
    text = os.environ.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SystemExit(f"错误：{name} 是“{text}”，不是 {least} 到 {most} 之间的整数。请改正。")
    return int(text)


def _days(name: str, usual: int) -> int:
    """A number of days from the environment, `usual` without one."""
    return _number(name, usual, 1, 3650)


def _roles(name: str, always: frozenset[str]) -> frozenset[str]:
    """The roles that the environment names (comma-separated) besides those that are `always` meant."""
    named = frozenset(filter(None, (word.strip() for word in os.environ.get(name, "").split(","))))
    roles = BUSINESS | ADMINISTRATORS
    unknown = named - roles
    if unknown:
        raise SystemExit(
            f"错误：{name}：没有“{'、'.join(sorted(unknown))}”这种身份。可用：{'、'.join(sorted(roles))}。"
        )
    return always | named


def _quiet(name: str, usual: str) -> tuple[time, time]:
    """Quiet hours from the environment, written 21:00-08:00."""
    text = os.environ.get(name, usual)
    begins, _dash, ends = text.partition("-")
    try:
        return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError:
        raise SystemExit(f"错误：{name} 是“{text}”，不是一段时间。请写成 21:00-08:00 的样子。") from None


def _address(name: str) -> str:
    """The address under which people open the pages, without a slash at the end; empty without one."""
    text = os.environ.get(name, "").strip().rstrip("/")
    parts = urlparse(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise SystemExit(f"错误：{name} 是“{text}”，不是网址。请写成 https://主机名 的样子。")
    return text


def _language(given: str, known: list[str]) -> str:
    """The language of the house: of the command line, of history, and of who asks for none."""
    if given and given not in known:
        raise SystemExit(f"错误：GUATU_LANGUAGE：没有“{given}”这种语言。请填 {'、'.join(known)} 之一。")
    return given or known[0]


GUATU_HOME = _home()
GUATU_SEAL_KEY = os.environ.get("GUATU_SEAL_KEY", "")
GUATU_PACKS = SOURCE / "packs"

SECRET_KEY = _secret_key(GUATU_HOME)
DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("GUATU_HOSTS", "").split(",")),
]

DATABASES = {"default": _database(GUATU_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "records.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "guatu.access.sign_in.PersonBackend"]

# The door (docs/decisions/0110-the-door.md). Lock-out: django-axes; second factor and list of sessions: django-allauth.
GUATU_PROXIES = _number("GUATU_PROXIES", 0, 0, 9)  # proxies in front, each of which adds to X-Forwarded-For
GUATU_LOCK_AFTER = 5  # wrong passwords or codes in a row for one account
GUATU_LOCK_ADDRESS_AFTER = _number(
    "GUATU_LOCK_ADDRESS_AFTER", 100, 10, 100_000
)  # from one address, all accounts
GUATU_LOCK_MINUTES = 30
AXES_HANDLER = "guatu.access.lock_out.LockOut"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = GUATU_LOCK_AFTER
AXES_COOLOFF_TIME = timedelta(minutes=GUATU_LOCK_MINUTES)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_LOCKOUT_CALLABLE = "guatu.web.entry.locked.locked_out"
AXES_CLIENT_IP_CALLABLE = "guatu.access.lock_out.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

GUATU_PASSWORD_LEAST = _number("GUATU_PASSWORD_LEAST", 10, 8, 64)  # characters
GUATU_PASSWORD_KINDS = _number(
    "GUATU_PASSWORD_KINDS", 1, 1, 4
)  # of small, capital letters, digits, other signs
GUATU_CODE_DAYS = _number("GUATU_CODE_DAYS", 30, 1, 365)  # how long a code of an activation slip can be used

# What may be asked of one unit (docs/collection.md); 0 = no limit. `refuse` keeps a request that goes beyond from being sent.
GUATU_REQUESTS_OPEN = _number("GUATU_REQUESTS_OPEN", 5, 0, 1000)  # waiting for the unit at the same time
GUATU_REQUEST_CELLS = _number("GUATU_REQUEST_CELLS", 200, 0, 1_000_000)  # cells in one calendar month
GUATU_REQUEST_LIMIT = os.environ.get("GUATU_REQUEST_LIMIT", "") or "warn"
if GUATU_REQUEST_LIMIT not in ("warn", "refuse"):
    raise SystemExit(f"错误：GUATU_REQUEST_LIMIT：不认识“{GUATU_REQUEST_LIMIT}”。请填 warn 或 refuse。")

GUATU_IDLE_MINUTES = _number("GUATU_IDLE_MINUTES", 480, 5, 1440)
GUATU_IDLE_MINUTES_OFFICE = _number("GUATU_IDLE_MINUTES_OFFICE", 30, 5, 1440)  # office and administrators
GUATU_SESSION_HOURS = _number("GUATU_SESSION_HOURS", 168, 1, 720)  # at the longest, however busy
GUATU_SESSION_HOURS_OFFICE = _number("GUATU_SESSION_HOURS_OFFICE", 12, 1, 720)
GUATU_SESSIONS = _number("GUATU_SESSIONS", 3, 1, 50)  # of one person at the same time; the oldest ends

GUATU_LOGIN_LOG_DAYS = _days("GUATU_LOGIN_LOG_DAYS", 200)  # the law asks for six months

GUATU_SECOND_FACTOR = _roles("GUATU_SECOND_FACTOR", ADMINISTRATORS | {"office"})
ACCOUNT_ADAPTER = "guatu.web.entry.adapter.Door"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # axes counts, in the database that all processes share
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "guatu.web.entry.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "guatu.web.entry.second.CodeForm",
    "authenticate_webauthn": "guatu.web.entry.second.PasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "挂图"
MFA_TOTP_TOLERANCE = 1  # half a minute of a clock that goes wrong, either way
MFA_RECOVERY_CODES_SHOW_ONCE = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guatu.project.apps.Project",
    "guatu.records.apps.Records",
    "guatu.web.apps.Web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guatu.web.middleware.security_headers",
    "guatu.web.middleware.errors_as_sentences",
    "guatu.web.entry.session.session_limits",
    "guatu.web.entry.onward.first_things_first",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "guatu.project.urls"
WSGI_APPLICATION = "guatu.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_CODE = _language(os.environ.get("GUATU_LANGUAGE", ""), [code for code, _name in LANGUAGES])
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = GUATU_HOME / "static"
STATICFILES_DIRS = [SOURCE / "web" / "static"]
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a document of 600 blocks has some 5 of each
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000  # filled workbooks chosen at once
GUATU_FILE_MOST_BYTES = 50 * 1024 * 1024  # one file of evidence
GUATU_FILES_PER_ACT = 20  # files handed in with one act

# Work in the background: a queue in the same database, read by `guatu worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
GUATU_JOB_KINDS = "guatu.exchange.job_kinds.JOB_KINDS"
GUATU_RESULT_DAYS = _days("GUATU_RESULT_DAYS", 14)  # how long the result of a job waits for its owner

# Reminders and how they reach people (docs/notices.md). The file of the channels is read where it is needed.
GUATU_CHANNELS = os.environ.get("GUATU_CHANNELS", "")
GUATU_ADDRESS = _address("GUATU_ADDRESS")
GUATU_QUIET = _quiet("GUATU_QUIET", "21:00-08:00")
GUATU_REMIND_UP_DAYS = _number(
    "GUATU_REMIND_UP_DAYS", 3, 1, 60
)  # working days after which the level above is told

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
