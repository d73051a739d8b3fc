"""All settings. The environment is read here, once, and nowhere else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

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


def _days(name: str, usual: int) -> int:
    """A number of days from the environment, `usual` without one."""
    text = os.environ.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3650):
        raise SystemExit(f"错误：{name} 是“{text}”，不是 1 到 3650 之间的整数。请填天数。")
    return int(text)


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
AUTHENTICATION_BACKENDS = ["guatu.access.sign_in.PersonBackend"]

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
    "guatu.web.middleware.security_headers",
    "guatu.web.middleware.errors_as_sentences",
    "guatu.web.entry.password.first_password_first",
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
GUATU_FILE_MOST_BYTES = 50 * 1024 * 1024  # one file of evidence
GUATU_FILES_PER_ACT = 20  # files handed in with one act

# Work in the background: a queue in the same database, read by `guatu worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
GUATU_JOB_KINDS = "guatu.exchange.job_kinds.JOB_KINDS"
GUATU_RESULT_DAYS = _days("GUATU_RESULT_DAYS", 14)  # how long the result of a job waits for its owner

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
