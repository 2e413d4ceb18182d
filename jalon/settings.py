"""Every setting of Jalon, fed by the environment. `docs/how-to/configure.md` lists them; a test compares the names."""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


def env(name: str, default: str | None = None) -> str:
    """Read a value, or the file named by NAME_FILE. A missing value without default stops the start-up."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. See docs/how-to/configure.md.")
    return value


ROOT = Path(__file__).resolve().parent.parent
DEBUG = env("DEBUG", "no") == "yes"
SECRET_KEY = env("SECRET_KEY", "only-for-development" if DEBUG else None)

JALON_VAR = Path(env("JALON_VAR", str(ROOT / "var")))


def origin_in_development() -> str:
    """Return the address that the demonstration of this machine was played for: it names the issuer of its badges."""
    kept = JALON_VAR / "origin"
    return kept.read_text().strip() if kept.is_file() else "http://localhost:8000"


# Who runs this site, and under which address. Every address in a mail, a PDF, a QR code or a credential starts with it.
JALON_ORIGIN = env("JALON_ORIGIN", origin_in_development() if DEBUG else None).rstrip("/")
JALON_OPERATOR = env("JALON_OPERATOR", "Organisme de démonstration (fictif)" if DEBUG else None)
JALON_CONTACT = env("JALON_CONTACT", "contact@jalon.example" if DEBUG else None)
JALON_DEMO = env("JALON_DEMO", "no") == "yes"
# Who must show a second factor at sign-in: the roles that decide about others ("roles"), or nobody ("off").
JALON_SECOND_FACTOR = env("JALON_SECOND_FACTOR", "off" if JALON_DEMO else "roles")
if JALON_SECOND_FACTOR not in {"roles", "off"}:
    raise ImproperlyConfigured("JALON_SECOND_FACTOR is roles or off. See docs/how-to/configure.md.")
JALON_KEYS = Path(env("JALON_KEYS", str(JALON_VAR / "keys")))
JALON_SIGNER = env("JALON_SIGNER", "inline")
if JALON_SIGNER not in {"inline", "process"}:
    raise ImproperlyConfigured("JALON_SIGNER is inline or process. See docs/how-to/configure.md.")
JALON_SIGNER_SOCKET = Path(env("JALON_SIGNER_SOCKET", str(JALON_VAR / "signer.sock")))
JALON_JOBS = env("JALON_JOBS", "inline")
if JALON_JOBS not in {"inline", "worker"}:
    raise ImproperlyConfigured("JALON_JOBS is inline or worker. See docs/how-to/configure.md.")
# Credentials of others: whose are believed, and which hosts may be asked for their keys and status lists.
JALON_TRUSTED_ISSUERS = env("JALON_TRUSTED_ISSUERS", "")
JALON_FETCH = env("JALON_FETCH", "off")
# A folder of further fonts for the paper: names in scripts that the fonts of Jalon do not draw.
JALON_FONTS = env("JALON_FONTS", "")
if JALON_FONTS and not Path(JALON_FONTS).is_dir():
    raise ImproperlyConfigured("JALON_FONTS is not a folder. See docs/how-to/configure.md.")

_origin = urlsplit(JALON_ORIGIN)
_loopback = ["localhost", "127.0.0.1", "[::1]"] if DEBUG or JALON_DEMO else []
ALLOWED_HOSTS = [_origin.hostname or "localhost", *_loopback]
CSRF_TRUSTED_ORIGINS = [JALON_ORIGIN]
SECURE = _origin.scheme == "https"

INSTALLED_APPS = [
    "jalon.demo",
    "jalon.attestations",
    "jalon.review",
    "jalon.training",
    "jalon.credentials",
    "jalon.hours",
    "jalon.library",
    "jalon.agreements",
    "jalon.notices",
    "jalon.accounts",
    "jalon.places",
    "jalon.journal",
    "jalon.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    *(["django_linear_migrations"] if DEBUG else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jalon.accounts.sessions.LimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jalon.web.middleware.HeadersMiddleware",
    "jalon.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "jalon.urls"
WSGI_APPLICATION = "jalon.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["jalon.web.templatetags.jalon", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jalon.web.context.site",
            ],
        },
    }
]

# Databases: SQLite on one host, PostgreSQL for real deployments (ADR 3).


def database(url: str) -> dict[str, object]:
    """Return Django's settings for `postgres://user:password@host:port/name` or `sqlite:///path`."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        host = unquote(parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
            # What jalon/web/prepared.py asks is planned at its first use; nothing else is.
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}, "prepare_threshold": 0},
        }
    from jalon.web.sqlite import options

    name = parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path
    with suppress(OSError):  # SQLite makes its file, not the folder around it
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": None,
        "OPTIONS": options(),
    }


DATABASES = {"default": database(env("DATABASE_URL", f"sqlite:///{JALON_VAR / 'jalon.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits of tries and used codes live in the cache: every process shares it, and it never drops one for want of room.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "jalon_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Language, time, static files
LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", "Français"), ("en-ca", "English")]
FORMAT_MODULE_PATH = "jalon.web.formats"
TIME_ZONE = env("TIME_ZONE", "America/Toronto")
USE_I18N = USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = JALON_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# A file is read in memory or not at all: what is larger is never written on disk, and its form says so.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# People and sign-in
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["jalon.accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "training:path"
ACCOUNT_ADAPTER = "jalon.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "jalon.accounts.sign_in.LoginForm",
    "signup": "jalon.accounts.sign_in.SignupForm",
    "add_email": "jalon.accounts.sign_in.AddEmailForm",
    "confirm_login_code": "jalon.accounts.sign_in.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "jalon.accounts.sign_in.ConfirmEmailVerificationCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_REDIRECT_URL = "accounts:account"
ACCOUNT_LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "jalon.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "jalon.accounts.factor_forms.AuthenticateForm",
    "reauthenticate": "jalon.accounts.factor_forms.ReauthenticateForm",
    "activate_totp": "jalon.accounts.factor_forms.ActivateTOTPForm",
    "add_webauthn": "jalon.accounts.factor_forms.AddWebAuthnForm",
}
SESSION_COOKIE_AGE = 12 * 60 * 60  # jalon/accounts/sessions.py ends one earlier when nobody is there
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "jalon.web.views.csrf_failure"

# Mail goes through the outbox; the worker hands it to this server.
EMAIL_BACKEND = "jalon.notices.mail.OutboxBackend"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", JALON_CONTACT)
JALON_SMTP = env("JALON_SMTP", "")

# Background work
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if JALON_JOBS == "worker"
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

# What the browser may do
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # whether browsers preload a domain is for its owner to ask
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if env("BEHIND_PROXY", "no") == "yes":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # limits count people, not the proxy, and a forged header changes nothing

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
# Shown in the list of languages and in the account.
LANGUAGE_NAMES = {"fr-ca": _("French"), "en-ca": _("English")}
