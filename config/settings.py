"""Django's settings. Everything that differs between installations comes from config/env.py."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env as environment
from config import postgres

ENV = environment.load()
BASE_DIR = environment.ROOT
DATA_DIR = ENV.data_dir

PRODUCTION = ENV.production
DEMO = ENV.mode == "demo"
TESTING = ENV.mode == "test"
SMARTHD_NOW = ENV.now
CLOCK_FILE = None if PRODUCTION else DATA_DIR / "clock"  # kernel.clock.tell_everyone
SMARTHD_NOW_SET_AT = ENV.now_set_at or datetime.now(UTC)
DEBUG = False

# Outside production a fixed key keeps sessions alive over restarts; production brings its own (config/env.py).
SECRET_KEY = ENV.secret_key or hashlib.sha256(f"{ENV.mode} {DATA_DIR}".encode()).hexdigest()
SEALING_KEY = ENV.sealing_key or hashlib.sha256(b"not for production: sealing").hexdigest()

ORIGIN = ENV.origin
ALLOWED_HOSTS = [*ENV.allowed_hosts, *(["testserver"] if TESTING else [])]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    # the house, top to bottom: a template of a higher package wins over one of a lower
    "smarthd.citizen",
    "smarthd.backoffice",
    "smarthd.publicapi",
    "smarthd.insights",
    "smarthd.finding",
    "smarthd.channels",
    "smarthd.connectors",
    "smarthd.alerts",
    "smarthd.fieldreports",
    "smarthd.rollout",
    "smarthd.content",
    "smarthd.programs",
    "smarthd.agencies",
    "smarthd.messaging",
    "smarthd.people",
    "smarthd.places",
    "smarthd.ui",
    "smarthd.kernel",
    # libraries
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "leaflet",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "smarthd.publicapi.lean.MachineReads",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "smarthd.ui.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smarthd.backoffice.middleware.ActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "smarthd.ui.refusals.RefusalMiddleware",
    "smarthd.content.editor.gate.EditorGate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smarthd.ui.context.interface",
            ],
            "builtins": ["smarthd.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database: always PostgreSQL -------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **postgres.django_settings(ENV),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": max(ENV.web_threads, 8) + 2, "timeout": 10}},
    }
}
if TESTING:  # tests/environment.py makes a migrated template; every test process copies it
    DATABASES["default"] |= {
        "OPTIONS": {},
        "NAME": os.environ.get("SMARTHD_TEST_DATABASE", "smarthd"),
        "TEST": {"TEMPLATE": os.environ.get("SMARTHD_TEST_TEMPLATE")},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = None
WORKER_TASKS = ENV.worker_tasks
CONNECTOR_INSIDE_HOSTS = ENV.connector_inside_hosts
OPEN_DATA_PER_HOUR = ENV.open_data_per_hour
OPEN_DATA_COUNT_S = 0.0 if TESTING else 1.0  # so long may counted calls stay in a process's memory
CONNECTOR_DROP_DIR = ENV.connector_drop_dir
PLAY_PORT = ENV.play_port if DEMO else 0
if PLAY_PORT:
    CONNECTOR_INSIDE_HOSTS = [*CONNECTOR_INSIDE_HOSTS, f"127.0.0.1:{PLAY_PORT}"]

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "smarthd.content.editor.backends.EditorBackend",  # signs nobody in: access to the content editor follows roles
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "smarthd_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "smarthd_csrf"
CSRF_FAILURE_VIEW = "smarthd.ui.refusals.csrf_failure"
LANGUAGE_COOKIE_NAME = "smarthd_lang"

ACCOUNT_ADAPTER = "smarthd.people.adapters.allauth.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "smarthd.people.adapters.allauth.SocialAccountAdapter"
MFA_ADAPTER = "smarthd.people.adapters.allauth.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone"]  # not required: accounts are opened by our own sign-in, not by allauth's form
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0  # the reverse proxy's own line of X-Forwarded-For
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_TOLERANCE = 1  # RFC 6238: one step, for phones whose clock is not ours and figures typed as they change
MFA_FORMS = {
    name: f"smarthd.people.adapters.allauth.{form}"
    for name, form in (
        ("activate_totp", "ActivateTOTPForm"),
        ("authenticate", "AuthenticateForm"),
        ("reauthenticate", "ReauthenticateForm"),
    )
}
MFA_TOTP_ISSUER = "Smart-HaiDuong"
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "dinh-danh",
                    "name": _("Tài khoản định danh điện tử"),
                    "client_id": ENV.oidc_client_id,
                    "secret": ENV.oidc_client_secret,
                    "settings": {"server_url": ENV.oidc_issuer, "oauth_pkce_enabled": True},
                }
            ],
        }
    }
    if ENV.oidc_issuer
    else {}
)

# --- language, time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["smarthd.ui.formats"]

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/tep/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "smarthd.ui.storage.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING  # tests look files up when asked, without listing them all first
FILE_UPLOAD_HANDLERS = [
    "smarthd.backoffice.uploading.Announced",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- browser security ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/noi-dung-quan-tri/",),  # Wagtail's own editor is not ours to restrict line by line
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *([ENV.oidc_issuer] if ENV.oidc_issuer else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "media-src": [SELF, "blob:"],  # a voice note is heard before it is sent
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the reverse proxy does it; /healthz stays reachable inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"

# --- content ---------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Smart-HaiDuong"
WAGTAILADMIN_BASE_URL = ORIGIN
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt")]
WAGTAIL_FINISH_WORKFLOW_ACTION = "smarthd.content.editor.finish.publish_what_was_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "smarthd.content.editor.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 12 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- messages out ----------------------------------------------------------------------------------------------------
SMS_GATEWAY_URL = ENV.sms_gateway_url
SMS_GATEWAY_TOKEN = ENV.sms_gateway_token
MAIL_URL = ENV.mail_url
MAIL_FROM = ENV.mail_from
ZALO_TOKEN = ENV.zalo_token
ZALO_TEMPLATE = ENV.zalo_template
TEXTS_MOST = ENV.texts_most
PUSH_LOOPBACK = ENV.push_loopback
PUSH_REHEARSAL = ENV.push_rehearsal
PUSH_CONTACT = ENV.push_contact
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

RELAY_URL = ENV.relay_url
RELAY_CELL = ENV.relay_cell
RELAY_CA = ENV.relay_ca
METRICS_TOKEN = ENV.metrics_token

# --- other programs --------------------------------------------------------------------------------------------------
OPEN311_JURISDICTION = ENV.open311_jurisdiction.lower()
OPEN311_SOURCES = ENV.open311_sources

# How long a process may answer about administrative units from memory before it looks whether another has changed them.
PLACES_REVISION_SECONDS = 0.0 if TESTING else 1.0

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},  # Wagtail's reference index, line by line
        "wagtail": {"level": "WARNING"},  # every edit, which its own history tells too
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = ["account.W001"]  # see ACCOUNT_SIGNUP_FIELDS
