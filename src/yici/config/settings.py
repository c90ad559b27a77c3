"""Wiring of the site: what a machine decides (environment) and what the house decides (below).

Policy is never a setting: deadlines, limits and rules are dated data in the database.
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yici.config.database_url import django_database
from yici.config.rooms import ROOMS

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("YICI_DATA", ".yici")).absolute()

VERSION = "0.1.0"
DEBUG = False
SECRET_KEY = os.environ.get("YICI_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("YICI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = os.environ.get("YICI_DEMO", "") == "1"
# How X-Road knows us: instance/class/member/subsystem.
XROAD_SUBSYSTEM = os.environ.get("YICI_XROAD", "CN/GOV/330000/yici")
# The hotline's mailbox; without one no mail is fetched or sent.
MAIL_IMAP = os.environ.get("YICI_MAIL_IMAP", "")
MAIL_SMTP = os.environ.get("YICI_MAIL_SMTP", "smtp://localhost:25")
MAIL_ADDRESS = os.environ.get("YICI_MAIL_ADDRESS", "12345@localhost")
MAIL_REGION = os.environ.get("YICI_MAIL_REGION", "330000")
SMS_ADDRESS = os.environ.get("YICI_SMS_ADDRESS", "")
SMS_SECRET = os.environ.get("YICI_SMS_SECRET", "")
SITE_ADDRESS = os.environ.get("YICI_ADDRESS", "http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "procrastinate.contrib.django",
    "yici.apps.journal",
    "yici.apps.places",
    "yici.apps.people",
    "yici.apps.catalogue",
    "yici.apps.registry",
    "yici.apps.planning",
    "yici.apps.licences",
    "yici.apps.cases",
    "yici.apps.halls",
    "yici.apps.knowledge",
    "yici.apps.tickets",
    "yici.apps.reviews",
    "yici.apps.reform",
    "yici.apps.topics",
    "yici.apps.referrals",
    "yici.apps.accountability",
    "yici.apps.privacy",
    "yici.channels.look",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yici.channels.look.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yici.channels.look.middleware.ViewerMiddleware",
    "yici.channels.look.middleware.SecondFactorMiddleware",
    "yici.channels.look.middleware.CleanTextMiddleware",
    "yici.channels.look.middleware.SharingMiddleware",
    "yici.channels.look.middleware.ReadingMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yici.config.urls"
WSGI_APPLICATION = "yici.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "channels" / room / "templates" for room in ROOMS],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "yici.channels.look.jinja.environment",
            "autoescape": True,
            "context_processors": ["yici.channels.look.jinja.is_demo"],
        },
    },
]

# The application connects as a role that owns nothing; migrations run as the owner (journal stays append-only).
POOLED = os.environ.get("YICI_POOL", "1") == "1"
DATABASES = {"default": django_database(os.environ.get("DATABASE_URL", "postgresql:///yici"), pooled=POOLED)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
CSRF_FAILURE_VIEW = "yici.channels.look.views.stale_form"
LOGIN_URL = "portal:sign_in"
LOGIN_ADDRESS = "/sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "yici.channels.look.views.locked_out"

# "required": deciders, administrators, auditors and stewards give a second factor; "offered": whoever has enrolled.
STAFF_SECOND_FACTOR = os.environ.get("YICI_STAFF_SECOND_FACTOR", "offered" if DEMO else "required")
# Sign-in with an identity provider is there when all three are (docs/how-to/sign-in-with-a-provider.md).
OIDC_ISSUER = os.environ.get("YICI_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("YICI_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("YICI_OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("YICI_OIDC_NAME", "统一身份认证|the identity service")
OIDC_SCOPES = os.environ.get("YICI_OIDC_SCOPES", "openid")
OIDC_LEVELS = os.environ.get("YICI_OIDC_LEVELS", "")
OIDC_CLAIMS = os.environ.get("YICI_OIDC_CLAIMS", "id_number=id_number name=name")
OIDC_USE_PKCE, OIDC_USE_NONCE = True, True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "channels" / room / "locale" for room in ROOMS]
LANGUAGE_COOKIE_NAME = "yici_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATICFILES_DIRS = [
    folder for room in ROOMS if room != "look" and (folder := PACKAGE / "channels" / room / "static").exists()
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
# An item with its requirements, steps and laws is one form of the bench: the largest of the demo has about 700 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# How long a session rests and lasts stands in rules/sessions.py.
SESSION_ENGINE = "yici.apps.people.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_ADDRESS.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Signing out posts here and goes on to the provider; browsers hold that to this list.
        "form-action": ["'self'", *(["/".join(OIDC_ISSUER.split("/")[:3])] if OIDC_ISSUER else [])],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "yici.config.log_words.QuietFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YICI_LOG", "WARNING")},
}
