import threading
import time
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from xinqiao.audit.models import Line
from xinqiao.audit.operations import concerning, log_reading, operation
from xinqiao.audit.queries import accesses, verify
from xinqiao.audit.tasks import seal_lines
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.rls import seen_by

ORG, OTHER, PATIENT = UUID(int=1), UUID(int=2), UUID(int=7)
NURSE = Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=3), purpose="care")


@operation
def touch(*, patient_id, by, now, fail=False):
    """This function will concern one patient (触及)."""
    concerning(encounter_id=UUID(int=9))
    if fail:
        raise RuntimeError


def test_an_operation_writes_one_line_in_its_own_transaction(db, now):
    touch(patient_id=PATIENT, by=NURSE, now=now)
    with seen_by(NURSE, now):
        (line,) = Line.objects.all()
    assert (line.action, line.patient_id, line.user_id) == ("audit.touch", PATIENT, NURSE.user_id)
    assert str(UUID(int=9)) in line.content


def test_an_operation_that_fails_leaves_no_line(db, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        touch(patient_id=PATIENT, by=NURSE, now=now, fail=True)
    with seen_by(NURSE, now):
        assert Line.objects.count() == 0


def test_an_operation_without_by_or_with_positional_parameters_is_refused():
    with pytest.raises(TypeError):
        operation(lambda patient_id, *, by, now: None)
    with pytest.raises(TypeError):
        operation(lambda *, now: None)


def test_a_line_is_seen_only_by_its_organisation(db, now):
    touch(patient_id=PATIENT, by=NURSE, now=now)
    assert Line.objects.count() == 0
    with seen_by(system("x", OTHER), now):
        assert Line.objects.count() == 0
    with seen_by(system("x", ORG), now):
        assert Line.objects.count() == 1


def test_the_application_cannot_change_a_line(db, now):
    touch(patient_id=PATIENT, by=NURSE, now=now)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_line SET action = 'x'")


def test_a_list_is_one_line_that_each_listed_patient_finds(db, now):
    shown = [UUID(int=20), UUID(int=21)]
    log_reading(NURSE, shown, "search", now=now)
    with seen_by(NURSE, now):
        assert Line.objects.count() == 1
        assert [seen.action for patient in shown for seen in accesses(patient, viewer=NURSE)] == [
            "read.search"
        ] * 2


def test_every_tampering_is_found(committed, owner, now):
    for _ in range(5):
        touch(patient_id=PATIENT, by=NURSE, now=now)
    _seal(5, now)
    touch(patient_id=PATIENT, by=NURSE, now=now)
    _seal(1, now)
    head = _check(now).head
    assert _check(now, head).faults == () and _check(now).lines == 6
    for harm in (
        "UPDATE audit_line SET content = replace(content, 'touch', 'look') WHERE id = (SELECT min(id) FROM audit_line) + 1",
        "UPDATE audit_line SET digest = sha256('x') WHERE id = (SELECT min(id) FROM audit_line) + 2",
        "DELETE FROM audit_line WHERE id = (SELECT min(id) FROM audit_line) + 3",
        "DELETE FROM audit_seal WHERE block = 0",
        "DELETE FROM audit_seal WHERE block = 1; DELETE FROM audit_line WHERE id = (SELECT min(id) FROM audit_line) + 5",
    ):
        with _undone(owner):
            owner.execute(harm)
            assert _check(now, head).faults, harm
    assert _check(now, head).faults == ()


def _seal(lines, now):
    """Seal until so many lines are sealed: a transaction elsewhere on the server holds the sealer back a little."""
    until = time.monotonic() + 20
    sealed = 0
    while sealed < lines and time.monotonic() < until:
        sealed += seal_lines(ORG, now=now)
    assert sealed == lines


def _check(now, head=None):
    with seen_by(NURSE, now):
        return verify(ORG, viewer=NURSE, head=head)


@contextmanager
def _undone(owner):
    for table in ("audit_line", "audit_seal"):
        owner.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
    yield
    for table in ("audit_line", "audit_seal"):
        owner.execute(
            f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}"
        )


def test_blocks_follow_the_number_of_the_transaction_and_not_its_spelling(committed, owner, now):
    """99 comes before 100: a block once ended where the transactions' numbers grew a digit, and did not verify."""
    for _ in range(4):
        touch(patient_id=PATIENT, by=NURSE, now=now)
    first = owner.execute("SELECT min(id) FROM audit_line").fetchone()[0]
    for place, xid in enumerate(("98", "99", "100", "101")):
        owner.execute("UPDATE audit_line SET xid = %s::text::xid8 WHERE id = %s", [xid, first + place])
    assert seal_lines(ORG, now=now, limit=2) + seal_lines(ORG, now=now, limit=2) == 4
    assert (_check(now).faults, _check(now).unsealed) == ((), 0)


def test_a_line_committed_late_is_not_skipped(committed, now):
    began, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            touch(patient_id=PATIENT, by=NURSE, now=now)
            began.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(10)
    touch(patient_id=PATIENT, by=NURSE, now=now)
    early = seal_lines(ORG, now=now)
    go_on.set()
    thread.join()
    _seal(2 - early, now)
    assert _check(now).unsealed == 0
