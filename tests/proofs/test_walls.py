"""Row security, asked table by table of the database itself: the owner's count against what each role sees."""

import os

import psycopg
import pytest

from tests.proofs.catalogue import held, tables
from xinqiao.config import installation
from xinqiao.kit.database import APP, WORKER, connect

OTHER = "00000000-0000-0000-0000-0000000000ff"
SETTINGS = "SELECT set_config('app.orgs', %s, true), set_config('app.now', %s, true)"
# Tables with a subject in which the story leaves nothing, and why; one that does fill must leave this list.
EMPTY: dict[str, str] = {}


def seen(role: str, table: str, organisation: str, now) -> int:
    """Count a table's rows as a role of the database; a table it may not read shows nothing."""
    with connect(installation.server(), role, os.environ["XINQIAO_DATABASE"]) as db, db.transaction():
        if organisation:
            db.execute(SETTINGS, ["{" + str(organisation) + "}", now.isoformat()])
        try:
            return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        except psycopg.errors.InsufficientPrivilege:
            return 0


def leaks(role: str, owner, now) -> list[str]:
    """The tables of which a role sees anything without saying who looks, or as another organisation."""
    return [
        f"{table} as {organisation or 'nobody'}"
        for table in held()
        for organisation in ("", OTHER)
        if seen(role, table, organisation, now)
    ]


def bare(owner) -> list[str]:
    """The tables with a patient column that stand without a wall, or whose wall leaves a role out."""
    open_ = owner.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
        " AND (a.attname = 'patient_id' OR c.relname = 'patients_patient')"
        " AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
    ).fetchall()
    return sorted({row[0] for row in open_})


def test_the_story_fills_every_table_that_holds_patients(told, owner):
    counts = {table: owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in held()}
    empty = {table for table, count in counts.items() if not count}
    assert empty - EMPTY.keys() == set(), "the story must leave a row here, or EMPTY must say why not"
    assert EMPTY.keys() - empty == set(), "these are filled now: take them off EMPTY"


def test_nobody_and_the_other_organisation_see_nothing_of_any_table(told, owner, now):
    assert leaks(APP, owner, now) == leaks(WORKER, owner, now) == []


def test_the_own_organisation_sees_its_rows(told, owner, now):
    """Else walls that hide everything would pass for walls that stand."""
    for table in held().keys() - EMPTY.keys():
        if not table.startswith("audit_"):  # an auditor's own reading is tested in its room
            count = owner.execute(
                f"SELECT count(*) FROM {table} WHERE organisation_id = %s", [told.organisation]
            ).fetchone()
            assert seen(APP, table, told.organisation, now) == count[0], table


def test_a_planted_policy_that_shows_everything_is_noticed(told, owner, now):
    owner.execute("CREATE POLICY planted ON care_step TO xinqiao_app USING (true)")
    try:
        assert leaks(APP, owner, now) == ["care_step as nobody", f"care_step as {OTHER}"]
    finally:
        owner.execute("DROP POLICY planted ON care_step")


def test_every_table_with_a_patient_column_has_a_wall_and_a_planted_one_is_noticed(committed, owner):
    assert bare(owner) == []
    owner.execute("CREATE TABLE planted (patient_id uuid)")
    try:
        assert bare(owner) == ["planted"]
    finally:
        owner.execute("DROP TABLE planted")


def rights(owner, role: str, *wanted: str) -> list[str]:
    return [
        f"{right} on {table}"
        for table in tables(owner)
        for right in wanted
        if owner.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right]).fetchone()[0]
    ]


@pytest.mark.parametrize("role", [APP, WORKER])
def test_the_programs_roles_own_nothing_and_cannot_change_the_schema(committed, owner, role):
    assert rights(owner, role, "TRUNCATE", "REFERENCES", "TRIGGER") == []
    ask = "SELECT has_schema_privilege(%s, 'public', 'CREATE'), has_database_privilege(%s, current_database(), 'CREATE')"
    assert owner.execute(ask, [role, role]).fetchone() == (False, False)
    owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %s"
    assert owner.execute(owned, [role]).fetchall() == []
    powers = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s"
    assert owner.execute(powers, [role]).fetchone() == (False,) * 5
    member = "SELECT count(*) FROM pg_auth_members WHERE pg_get_userbyid(member) = %s"
    assert owner.execute(member, [role]).fetchone() == (0,)


@pytest.mark.parametrize("role", [APP, WORKER])
def test_the_audit_can_be_added_to_and_never_changed(committed, owner, role):
    changes = rights(owner, role, "UPDATE", "DELETE")
    assert [each for each in changes if " on audit_" in each] == []
    assert "UPDATE on patients_patient" in changes, "the question itself must be able to find something"
