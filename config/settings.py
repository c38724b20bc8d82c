"""Settings: one file, twelve-factor, safe by default; choices come from the environment or HOME/menhu.env."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
HOME = Path(env.str("MENHU_HOME", "var")).resolve()
env.read_env(HOME / "menhu.env")


def kept_secret(name: str) -> str:
    """A secret of this install: from the environment, else made once and kept readable by the owner only."""
    given = env.str(name, "")
    if given:
        return str(given)
    kept = HOME / f"{name.lower()}.txt"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return kept.read_text(encoding="ascii").strip()


SECRET_KEY = kept_secret("SECRET_KEY")
# Personal data in rows is sealed with this key; earlier ones still open what they sealed. Lost, nothing sealed opens.
PERSONAL_DATA_KEY = kept_secret("PERSONAL_DATA_KEY")
PERSONAL_DATA_OLD_KEYS = env.list("PERSONAL_DATA_OLD_KEYS", default=[])
DEBUG = env.bool("DEBUG", False)

# Where the public finds us; a site without a host of its own lives below this address.
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or "127.0.0.1"
PUBLIC_HOST_ALIASES = env.list("PUBLIC_HOST_ALIASES", default=["localhost", "127.0.0.1"])
PUBLIC_ROOT = HOME / "public"
# Web server of `menhu serve`: processes, and threads in each.
WEB_WORKERS = env.int("WEB_WORKERS", 1)
WEB_THREADS = env.int("WEB_THREADS", 4)
WEB_MOST_OCTETS = env.int("WEB_MOST_OCTETS", 500 * 2**20)  # of one request; forms and files have narrower limits
# Sync each public file to the disk before it takes its place; off only where losing power may cost a rebuild.
PUBLISH_WORKERS = env.int("PUBLISH_WORKERS", min(os.cpu_count() or 1, 4))
PUBLIC_FSYNC = env.bool("PUBLIC_FSYNC", True)
# Other places that get the public tree (menhu push): name=file:///path, name=rsync://host/module,
# name=user@host:/path or name=storage:alias, comma-separated; aliases are defined in PUBLISH_STORAGES (JSON).
PUBLISH_TARGETS = env.dict("PUBLISH_TARGETS", default={})
# Static files of these folders belong to the public face and are published beside the pages.
PUBLIC_ASSETS = ("core/", "letters/")
PRIVATE_ROOT = HOME / "private"
# The key that signs the manifest of the public tree; it never leaves this machine.
KEYS_ROOT = HOME / "keys"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[PUBLIC_HOST, *PUBLIC_HOST_ALIASES])

# The web server in front speaks HTTPS; only a trial on one's own machine switches this off.
HTTPS = env.bool("HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", 30) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "menhu.delivery.views.forged"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_BASE_URL] if HTTPS else [])
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", False)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "menhu.demo",
    "menhu.desk",
    "menhu.letters",
    "menhu.cases",
    "menhu.articles",
    "menhu.sites",
    "menhu.review",
    "menhu.delivery",
    "menhu.search",
    "menhu.notices",
    "menhu.files",
    "menhu.units",
    "menhu.workdays",
    "menhu.accounts",
    "menhu.audit",
    "menhu.core",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.search",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_filters",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "menhu.audit.addresses.ClientAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "menhu.core.office.OfficeGate",
    "menhu.accounts.sessions.StaffSession",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "menhu.core.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'menhu.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
        " PRAGMA mmap_size=268435456; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if env.str("REDIS_URL", ""):
    CACHES["default"] = env.cache_url("REDIS_URL")
# Messages to citizens: e-mail by a server (EMAIL_URL), else into files; text messages by an HTTP gateway (JSON), else
# into a file (docs/how-to/messages.md).
OUTBOX_ROOT = HOME / "outbox"
_mail = env.email_url("EMAIL_URL", default=f"filemail:///{OUTBOX_ROOT / 'mail'}")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = OUTBOX_ROOT / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", f"no-reply@{PUBLIC_HOST}")
SMS_GATEWAY = env.json("SMS_GATEWAY", default={})
# Search: an OpenSearch of the install's own instead of the database (docs/how-to/search.md).
OPENSEARCH_URL = env.str("OPENSEARCH_URL", "")
OPENSEARCH_INDEX = env.str("OPENSEARCH_INDEX", "menhu")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "menhu.units.backends.PostBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "menhu.accounts.validators.LengthValidator"},
    {"NAME": "menhu.accounts.validators.CommonValidator"},
    {"NAME": "menhu.accounts.validators.KindsValidator"},
    {"NAME": "menhu.accounts.validators.FragmentValidator"},
    {"NAME": "menhu.accounts.validators.NotRecentValidator"},
]
# Days after which a password must be changed (0: never), and roles that must have a second factor.
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", 90)
REQUIRE_SECOND_FACTOR = env.list("REQUIRE_SECOND_FACTOR", default=[])
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = env.int("LOGIN_LOCK_MINUTES", 30) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "menhu.accounts.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the trail records sign-ins
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "menhu.core.addresses.address_of"
LOGIN_URL = "wagtailadmin_login"
# Days that the trail is kept: at least 183 (six months), 0 for ever.
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", 0)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    **env.json("PUBLISH_STORAGES", default={}),
}
MEDIA_ROOT = PRIVATE_ROOT
MEDIA_URL = "/office/private/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_MB", 50) * 1024 * 1024
# Virus scanner for what citizens send in: path of clamd's socket, or host:port (docs/how-to/virus-scan.md).
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")

WAGTAIL_SITE_NAME = env.str("PLATFORM_NAME", "云岭县政务工作平台")
OTP_TOTP_ISSUER = WAGTAIL_SITE_NAME
WAGTAILADMIN_BASE_URL = PUBLIC_BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 0
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "menhu.accounts.forms.SignInForm"
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "menhu.review.finish.finish"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}

_self = "'self'"
_none = "'none'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_none],
        "script-src": [_self],
        "style-src": [_self],
        "img-src": [_self, "data:"],
        "font-src": [_self],
        "connect-src": [_self],
        "worker-src": [_self],
        "form-action": [_self],
        "base-uri": [_none],
        "frame-ancestors": [_self],
    }
}
# Wagtail's own pages need inline styles and frames for previews; only they get this policy.
BACK_OFFICE_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "style-src": [_self, "'unsafe-inline'"],
    "script-src": [_self, "'unsafe-inline'"],
    "img-src": [_self, "data:", "blob:"],
    "frame-src": [_self],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # That someone asks for a page that is not there is no event; the web server's own log counts it.
    "loggers": {"django.request": {"level": env.str("LOG_LEVEL", "ERROR")}},
}
SILENCED_SYSTEM_CHECKS = ["wagtailadmin.W003"]
