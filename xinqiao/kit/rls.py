"""The second wall (行级安全): row security in the database, told by transaction-local settings who looks.

`seen_by(actor, now)` opens a transaction and says who looks; without it nothing that belongs to a patient is
visible. The policy reads the settings once per statement, never a function per row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection, transaction
from django.db.migrations import RunSQL

from xinqiao.kit.actor import Actor

NOBODY = ("", "", "")
_viewer: ContextVar[tuple] = ContextVar("viewer", default=NOBODY)

POLICY = (
    "organisation_id = ANY ((SELECT viewer_orgs())::uuid[]) OR {column} IN (SELECT unnest(viewer_patients()))"
)

# The room that holds the grants replaces viewer_patients(); until then nobody is granted anything.
FUNCTIONS = """
CREATE FUNCTION viewer_orgs() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.orgs', true), '')::uuid[] $$;
CREATE FUNCTION viewer_patients() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULL::uuid[] $$;
"""


def protect(table: str, column: str = "patient_id") -> RunSQL:
    """This function will put a patient-holding table behind row security, in a migration (启用行级安全)."""
    policy = POLICY.format(column=column)
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY viewer ON {table} TO xinqiao_app, xinqiao_worker USING ({policy});",
        f"DROP POLICY viewer ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


@contextmanager
def seen_by(actor: Actor, now: datetime) -> Iterator[None]:
    """This function will open a transaction in which the database knows who looks (以某人的身份访问).

    Joins the caller's transaction; on leaving, the caller's own settings stand again.
    """
    settings = _settings(actor, now)
    before = _viewer.get() if connection.in_atomic_block else NOBODY
    with transaction.atomic():
        if settings != before:
            _apply(settings)
        mark = _viewer.set(settings)
        try:
            yield
        finally:
            _viewer.reset(mark)
            joined = bool(connection.savepoint_ids)  # a transaction of our own takes the settings with it
            if joined and settings != before and not connection.needs_rollback:
                _apply(before)


def _settings(actor: Actor, now: datetime) -> tuple:
    orgs = [actor.organisation_id] if actor.organisation_id and actor.kind != "patient" else []
    user = str(actor.user_id) if actor.user_id else ""
    return "{" + ",".join(str(org) for org in orgs) + "}", user, now.isoformat()


def _apply(settings: tuple) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.orgs', %s, true), set_config('app.user', %s, true),"
            " set_config('app.now', %s, true)",
            settings,
        )
