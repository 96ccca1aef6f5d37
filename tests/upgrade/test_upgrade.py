"""`xinqiao upgrade` brings a kept dump of an earlier version to this one, and loses nothing of it."""

import os
import re
from pathlib import Path

import pytest
from django.db import connection

from xinqiao.config import installation
from xinqiao.config.upgrading import pending, upgrade
from xinqiao.kit.database import OWNER, connect, create_database, drop_database

DUMPS = sorted(Path(__file__).parent.glob("*.sql"))
NO_DEFAULTS = (
    "ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM xinqiao_app, xinqiao_worker, xinqiao_backup;"
    "ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM xinqiao_app, xinqiao_worker"
)  # the dump brings every right that stood in it
COUNTS = (
    "directory_organisation",
    "care_pathwayversion",
    "accounts_user",
    "audit_line",
    "patients_patient",
    "care_step",
    "record_encounter",
)

NOISE = re.compile(r"::(text|character varying)(\[\])?|[()\[\]\s]")
SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
    "SELECT relname, relrowsecurity, array(SELECT unnest(relacl)::text ORDER BY 1) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p', 'v')",
    "SELECT proname, prosrc, prosecdef FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL",
)


@pytest.fixture
def restored(request, django_db_setup, django_db_blocker):
    """A database of its own with the dump in it, and Django connected to it as the owner."""
    server, name = installation.server(), f"{os.environ['XINQIAO_DATABASE']}_upgrade"
    create_database(server, name)
    with connect(server, OWNER, name) as db:
        db.execute(NO_DEFAULTS)
        db.execute(request.param.read_text("utf-8"))
    before, dsn = dict(connection.settings_dict), server.dsn(OWNER, name)
    connection.close()
    connection.settings_dict |= {"NAME": name, "USER": dsn["user"], "PASSWORD": dsn["password"]}
    with django_db_blocker.unblock():
        yield server, name
    connection.close()
    connection.settings_dict |= before
    drop_database(server, name)


def counts(server, name) -> list[int]:
    with connect(server, OWNER, name) as db:
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTS]


def shape(db) -> list[set]:
    """Casts and brackets are left out: a restored condition is written otherwise than a migrated one."""
    rows = [db.execute(query).fetchall() for query in SHAPE]
    return [{tuple(NOISE.sub("", str(each)) for each in row) for row in found} for found in rows]


def test_a_dump_is_kept():
    assert DUMPS


@pytest.mark.parametrize("restored", DUMPS, ids=lambda dump: dump.stem, indirect=True)
def test_a_kept_dump_is_upgraded_and_keeps_its_rows(restored):
    before = counts(*restored)
    assert all(before)
    assert list(upgrade())[-1] == "✓ 数据库是最新的"
    assert pending() == []
    after = counts(*restored)
    assert all(kept >= was for kept, was in zip(after, before, strict=True)), (before, after)


@pytest.mark.parametrize("restored", DUMPS, ids=lambda dump: dump.stem, indirect=True)
def test_an_upgraded_database_has_the_shape_of_a_new_one(restored, owner):
    """Columns, indexes, constraints, walls, rights: a migration that was rewritten afterwards shows here."""
    list(upgrade())
    with connect(restored[0], OWNER, restored[1]) as db:
        for upgraded, new in zip(shape(db), shape(owner), strict=True):
            assert upgraded ^ new == set()


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_a_dump_is_small_and_names_no_machine(dump):
    text = dump.read_text("utf-8")
    assert len(text) < 1_000_000
    assert not [word for word in ("/home/", "/root/", "/tmp/", "/var/lib/", "/work") if word in text]
