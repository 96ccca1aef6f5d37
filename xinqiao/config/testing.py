"""The tests' own installation (测试环境): a pytest plugin, loaded before Django's settings are.

A database server of its own; the schema is migrated once as the owner into a template, copied for each run;
tests run as the application's role, so that every one of them runs behind row security.
"""

import fcntl
import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xinqiao.config import installation

os.environ["XINQIAO_HOME"] = os.environ.get("XINQIAO_TEST_HOME") or f"{installation._default_home()}-test"
os.environ["XINQIAO_DATABASE"] = f"test_{os.getpid()}"
os.environ.pop("DATABASE_URL", None)
TEMPLATE = "test_template"


def pytest_report_header() -> str:
    return f"信桥测试：数据目录 {os.environ['XINQIAO_HOME']}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    from django.conf import settings
    from django.db import connections

    from xinqiao.kit.database import create_database, drop_database

    server = installation.server()
    name = str(settings.DATABASES["default"]["NAME"])
    with _one_at_a_time(), django_db_blocker.unblock():
        server.start()
        template = f"{TEMPLATE}_{_migrations_digest()}"
        if not _databases(server, template):
            _make_template(server, template)
        connections["default"].close()
        create_database(server, name, template=template)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with _one_at_a_time():
        drop_database(server, name)
        if not _others(server):
            server.stop()


@pytest.fixture
def owner(django_db_setup, django_db_blocker):
    """A connection as the tables' owner, who is not bound by row security: the tests' independent oracle."""
    from xinqiao.kit.database import OWNER, connect

    with connect(installation.server(), OWNER, os.environ["XINQIAO_DATABASE"]) as connection:
        yield connection


@pytest.fixture
def committed(django_db_setup, django_db_blocker, owner):
    """Let a test commit for real; afterwards the owner empties every table."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
    tables = owner.execute(
        "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    ).fetchone()[0]
    owner.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture
def rooms_loaded() -> None:
    """Every room's reactions and tasks are known, as in the worker."""
    from xinqiao.config.worker import load_rooms

    load_rooms()


@pytest.fixture
def now() -> datetime:
    """The instant at which tests live: Tuesday 2026-11-24, 09:30 in Shanghai."""
    return datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20261124)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with Path(os.environ["XINQIAO_HOME"], "testing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_template(server, template: str) -> None:
    """Migrate once, as the owner; a draft until it is whole, and older templates go."""
    from xinqiao.kit.database import OWNER, connect, create_database, drop_database
    from xinqiao.kit.postgres import SUPERUSER

    for old in _databases(server, f"{TEMPLATE}%"):
        drop_database(server, old)
    create_database(server, f"{template}_draft")
    _migrate(server.dsn(OWNER, f"{template}_draft"))
    with connect(server, SUPERUSER, "postgres") as db:
        db.execute(f"ALTER DATABASE {template}_draft RENAME TO {template}")


def _others(server) -> list[str]:
    """Databases of test runs that are still alive; those of killed runs are dropped on the way."""
    from xinqiao.kit.database import drop_database

    alive = []
    for name in _databases(server, "test_%"):
        number = name.removeprefix("test_")
        if not number.isdigit():
            continue
        if Path("/proc", number).exists():
            alive.append(name)
        else:
            drop_database(server, name)
    return alive


def _databases(server, like: str) -> list[str]:
    from xinqiao.kit.database import connect
    from xinqiao.kit.postgres import SUPERUSER

    with connect(server, SUPERUSER, "postgres") as db:
        return [row[0] for row in db.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])]


def _migrations_digest() -> str:
    files = sorted((Path(installation.CLONE) / "xinqiao").glob("*/migrations/*.py"))
    files.append(Path(installation.CLONE) / "xinqiao/config/settings.py")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def _migrate(dsn: dict[str, str]) -> None:
    from django.core.management import call_command
    from django.db import connections

    connection = connections["default"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": dsn["user"], "PASSWORD": dsn["password"], "NAME": dsn["dbname"]}
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict |= before
