"""Django's settings, made from what the installation is (配置)."""

import os
from typing import Any

from django.utils.csp import CSP

from xinqiao.config.databases import database_settings
from xinqiao.config.installation import CLONE, prepare_home
from xinqiao.config.logs import LOGGING
from xinqiao.kit.crypto import secret

HOME = prepare_home()
SECRET_KEY = secret("django").hex()
DEBUG = False
DEMO = os.environ.get("XINQIAO_DEMO") == "1"
ALLOWED_HOSTS = os.environ.get("XINQIAO_HOSTS", "localhost,127.0.0.1,.xinqiao.localhost,testserver").split(
    ","
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "xinqiao.kit",
    "xinqiao.audit",
    "xinqiao.accounts",
    "xinqiao.directory",
    "xinqiao.patients",
    "xinqiao.intake",
    "xinqiao.privacy",
    "xinqiao.record",
    "xinqiao.questionnaires",
    "xinqiao.messaging",
    "xinqiao.worklist",
    "xinqiao.care",
    "xinqiao.analytics",
    "xinqiao.portals.ui",
    "xinqiao.portals.public",
    "xinqiao.portals.patient",
    "xinqiao.portals.staff",
    "xinqiao.portals.manager",
]

MIDDLEWARE = [
    "xinqiao.config.middleware.IncidentMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xinqiao.config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "xinqiao.config.middleware.ViewerMiddleware",
]

ROOT_URLCONF = "xinqiao.config.urls"
WSGI_APPLICATION = "xinqiao.config.wsgi.application"
DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [CLONE / "xinqiao" / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
FRONTEND_DIST = CLONE / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a folder that is not there
WHITENOISE_USE_FINDERS = True

SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
if DEMO:  # the guide shows screens side by side, each on a host of its own
    MIDDLEWARE.remove("django.middleware.clickjacking.XFrameOptionsMiddleware")
    SECURE_CSP["frame-ancestors"] = ["http://*.xinqiao.localhost:*", "http://localhost:*"]
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("xinqiao.config.demo.stage.banner")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_TLS = (
    os.environ.get("XINQIAO_TLS") == "1"
)  # TLS ends at a proxy on this machine, which sets these headers
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{'*' * host.startswith('.')}{host}" for host in ALLOWED_HOSTS]
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "xinqiao.config.refusals.forbidden"

LOGIN_URL = "/login"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_PROFILE = os.environ.get("XINQIAO_PASSWORD_PROFILE", "cn-mlps3")
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "xinqiao.accounts.operations.totp.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp"]
MFA_TOTP_ISSUER = "信桥"

LOGGING_CONFIG = "logging.config.dictConfig"
__all__ = ["LOGGING"]
