"""Which database, as which role (数据库连接): `DATABASE_URL` → the embedded server.

A process takes the rights of its work from `XINQIAO_ROLE`: app (web), worker, owner (migrations).
"""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from xinqiao.config.installation import server
from xinqiao.kit.database import APP, OWNER, WORKER

ROLE_NAMES = {"app": APP, "worker": WORKER, "owner": OWNER}
DATABASE = "xinqiao"


def database_settings() -> dict[str, object]:
    """This function will give Django's settings of the one database (数据库设置)."""
    role = ROLE_NAMES[os.environ.get("XINQIAO_ROLE", "app")]
    name = os.environ.get("XINQIAO_DATABASE", DATABASE)
    where = _from_url(role) if os.environ.get("DATABASE_URL") else _embedded(role, name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10},
    } | where


def _embedded(role: str, name: str) -> dict[str, object]:
    dsn = server().dsn(role, name)
    return {"NAME": name, "USER": role, "PASSWORD": dsn["password"], "HOST": dsn["host"]}


def _from_url(role: str) -> dict[str, object]:
    """Roles of an external database have the names of ours; their passwords come as XINQIAO_PASSWORD_APP and so on."""
    url = urlsplit(os.environ["DATABASE_URL"])
    word = os.environ.get(f"XINQIAO_PASSWORD_{role.removeprefix('xinqiao_').upper()}") or unquote(
        url.password or ""
    )
    options = dict(parse_qsl(url.query))
    return {
        "NAME": url.path.lstrip("/"),
        "USER": role,
        "PASSWORD": word,
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": url.port or "",
    }
