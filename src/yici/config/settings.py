"""Wiring of the site: what a machine decides (environment) and what the house decides (below).

Policy is never a setting: deadlines, limits and rules are dated data in the database.
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yici.config.database_url import django_database

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("YICI_DATA", ".yici")).absolute()

VERSION = "0.1.0"
DEBUG = False
SECRET_KEY = os.environ.get("YICI_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("YICI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = os.environ.get("YICI_DEMO", "") == "1"
SITE_ADDRESS = os.environ.get("YICI_ADDRESS", "http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
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
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yici.config.urls"
WSGI_APPLICATION = "yici.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "channels" / room / "templates" for room in ("look", "portal", "desk", "window", "public")],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "yici.channels.look.jinja.environment", "autoescape": True},
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
LOGIN_URL = "portal:sign_in"
LOGIN_ADDRESS = "/sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "channels" / room / "locale" for room in ("look", "portal", "desk", "window", "public")]
LANGUAGE_COOKIE_NAME = "yici_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATICFILES_DIRS = [PACKAGE / "channels" / room / "static" for room in ("portal", "desk")]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_ADDRESS.startswith("https://")
SESSION_COOKIE_AGE = 8 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YICI_LOG", "WARNING")},
}
