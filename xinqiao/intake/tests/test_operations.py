from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao.intake.operations import discard, release_waiting, retry, retry_all, settle, store_messages
from xinqiao.intake.queries import (
    claim,
    counts,
    held_messages,
    lag,
    order_key,
    organisations_with_work,
    read_body,
    source_health,
)
from xinqiao.intake.rules import Incoming, Ledger, NoReasonGiven, NotOpen, Result, UnknownSource
from xinqiao.intake.testing import make_message, make_source
from xinqiao.kit.actor import system
from xinqiao.kit.crypto import KeyDestroyed, digest, keystore
from xinqiao.kit.errors import NotFound
from xinqiao.kit.failpoints import Failpoint, arm
from xinqiao.kit.rls import seen_by

ORG, OTHER = UUID(int=1), UUID(int=2)
BY, STRANGER = system("test.intake", ORG), system("test.intake", OTHER)
HL7 = ("hl7v2",)


@pytest.fixture
def source(db, now):
    with seen_by(BY, now):
        yield make_source(by=BY, now=now, go_live_at=now - timedelta(hours=1))


def test_a_group_is_stored_by_one_insert(source, now):
    group = [Incoming(body=b"MSH|%d" % number, control_id=str(number)) for number in range(30)]
    with CaptureQueriesContext(
        connection,
    ) as many:
        store_messages(source_id=source, messages=group, by=BY, now=now)
    with CaptureQueriesContext(connection) as one:
        store_messages(source_id=source, messages=[Incoming(body=b"MSH|x", control_id="x")], by=BY, now=now)
    assert len(many) == len(one)
    assert sum("INSERT INTO intake_inbox" in query["sql"] for query in many) == 1


def test_the_same_message_again_is_a_duplicate_and_another_body_a_conflict(source, now, owner):
    group = [
        Incoming(body=b"A", control_id="1"),
        Incoming(body=b"A", control_id="1"),
        Incoming(body=b"B", control_id="1"),
    ]
    told = store_messages(source_id=source, messages=group, by=BY, now=now)
    assert [each.outcome for each in told] == ["received", "duplicate", "conflict"]
    assert told[0].inbox_id == told[1].inbox_id
    ((_, held),) = held_messages(viewer=BY)
    assert (held.id, held.reason, held.conflict) == (told[2].inbox_id, "id_conflict", True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload->>'inbox_id' FROM kit_outbox WHERE name = 'intake.ControlIdReused'")
        assert cursor.fetchall() == [(str(told[2].inbox_id),)]


def test_a_source_that_reuses_ids_has_no_conflicts(source, now):
    reusing = make_source(by=BY, now=now, code="import", reuses_ids=True)
    group = [Incoming(body=body, control_id="1") for body in (b"A", b"B")]
    assert [s.outcome for s in store_messages(source_id=reusing, messages=group, by=BY, now=now)] == [
        "received"
    ] * 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([b"1", b"2"])), max_size=5), max_size=5),
       reuses_ids=st.booleans())  # fmt: skip
def test_any_mix_in_any_groups_is_told_as_the_ledger_says(source, now, groups, reuses_ids):
    one = make_source(by=BY, now=now, code=f"{groups}{reuses_ids}"[:60], reuses_ids=reuses_ids)
    connection.cursor().execute("DELETE FROM intake_inbox WHERE source_id = %s", [one])
    ledger = Ledger([], reuses_ids=reuses_ids)
    for group in groups:
        messages = [Incoming(body=body, control_id=name) for name, body in group]
        told = store_messages(source_id=one, messages=messages, by=BY, now=now)
        expected = [
            ledger.enter(name, digest(body), s.inbox_id) for (name, body), s in zip(group, told, strict=True)
        ]
        assert told == expected


def test_what_was_not_committed_was_not_stored(source, now):
    arm("intake.before_commit", "raise")
    try:
        with pytest.raises(Failpoint):
            make_message(source_id=source, by=BY, now=now)
    finally:
        arm("intake.before_commit", None)
    assert claim(HL7, viewer=BY) == []


def test_an_unknown_or_foreign_source_stores_nothing(source, now):
    for by in (BY, STRANGER):
        with pytest.raises(UnknownSource):
            store_messages(source_id=source if by is STRANGER else UUID(int=9), messages=[], by=by, now=now)


def test_messages_of_one_patient_come_in_order_and_in_one_batch(source, now):
    first, second = (
        make_message(source_id=source, by=BY, now=now, control_id=c, body=c.encode(), patient="P")
        for c in "12"
    )
    taken = claim(HL7, viewer=BY)
    assert [each.id for each in taken] == [first, second]
    assert [each.body for each in taken] == [b"1", b"2"]
    assert all(each.is_live for each in taken)
    assert organisations_with_work(HL7, viewer=BY) == [ORG]


def test_what_happened_before_going_live_is_history(source, now):
    key = order_key(ORG, "P", viewer=BY)
    old = Incoming(body=b"old", event_at=now - timedelta(days=2), order_key=key)
    store_messages(source_id=source, messages=[old], by=BY, now=now)
    assert [each.is_live for each in claim(HL7, viewer=BY)] == [False]


def test_a_quarantined_message_does_not_hold_up_the_next(source, now):
    first, second = (
        make_message(source_id=source, by=BY, now=now, body=b, patient="P") for b in (b"1", b"2")
    )
    settle(results=[Result(first, "quarantined", "no_patient", "报文里没有 PID 段")], by=BY, now=now)
    assert [each.id for each in claim(HL7, viewer=BY)] == [second]
    retry(inbox_id=first, by=BY, now=now)
    assert [each.id for each in claim(HL7, viewer=BY)] == [first, second]
    with pytest.raises(NotOpen):
        retry(inbox_id=first, by=BY, now=now)


def test_a_waiting_message_goes_on_when_its_patient_arrives(source, now):
    first, second = (
        make_message(source_id=source, by=BY, now=now, body=b, patient="P") for b in (b"1", b"2")
    )
    settle(results=[Result(first, "waiting", "unknown_patient")], by=BY, now=now)
    assert [each.id for each in claim(HL7, viewer=BY)] == [second]
    assert release_waiting(order_keys=[order_key(ORG, "P", viewer=BY)], by=BY, now=now) == 1
    assert [each.id for each in claim(HL7, viewer=BY)] == [first, second]


def test_all_of_one_reason_are_retried_together(source, now):
    ids = [make_message(source_id=source, by=BY, now=now, body=b) for b in (b"1", b"2", b"3")]
    reasons = ("no_patient", "no_patient", "empty")
    settle(results=[Result(i, "quarantined", r) for i, r in zip(ids, reasons, strict=True)], by=BY, now=now)
    assert counts(viewer=BY) == {("quarantined", "no_patient"): 2, ("quarantined", "empty"): 1}
    assert retry_all(reason="no_patient", by=BY, now=now) == 2
    assert counts(viewer=BY) == {("received", ""): 2, ("quarantined", "empty"): 1}


def test_giving_a_message_up_needs_a_reason(source, now):
    one = make_message(source_id=source, by=BY, now=now)
    settle(results=[Result(one, "quarantined", "empty")], by=BY, now=now)
    with pytest.raises(NoReasonGiven):
        discard(inbox_id=one, reason=" ", by=BY, now=now)
    discard(inbox_id=one, reason="测试报文，厂商已确认", by=BY, now=now)
    assert counts(viewer=BY) == {} and read_body(one, viewer=BY) == b"MSH|"
    with pytest.raises(NotOpen):
        discard(inbox_id=one, reason="再次放弃", by=BY, now=now)


def test_settling_twice_changes_nothing(source, now):
    one = make_message(source_id=source, by=BY, now=now)
    assert settle(results=[Result(one, "ignored", "not_for_us")], by=BY, now=now) == 1
    assert settle(results=[Result(one, "quarantined", "empty")], by=BY, now=now) == 0
    assert settle(results=[], by=BY, now=now) == 0


def test_health_says_what_is_stuck_and_for_how_long(source, now):
    make_message(source_id=source, by=BY, now=now - timedelta(minutes=5))
    (health,) = source_health(viewer=BY, now=now)
    assert (health.code, health.received, health.lag, health.last_day) == ("his", 1, timedelta(minutes=5), 1)
    assert lag(viewer=BY, now=now) == timedelta(minutes=5)


def test_a_body_is_sealed_and_dies_with_the_patient_it_was_tied_to(source, now):
    from xinqiao.patients.testing import make_patient

    patient = make_patient(by=BY, now=now)
    one = make_message(source_id=source, by=BY, now=now, body="MSH|李桂兰".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_sealed FROM intake_inbox WHERE id = %s", [one])
        assert "李桂兰".encode() not in bytes(cursor.fetchone()[0])
    settle(results=[Result(one, "applied", patient_id=patient)], by=BY, now=now)
    assert read_body(one, viewer=BY).decode() == "MSH|李桂兰"
    keystore().shred(patient)
    with pytest.raises(KeyDestroyed):
        read_body(one, viewer=BY)


def test_another_organisation_reads_nothing(source, now):
    one = make_message(source_id=source, by=BY, now=now)
    with seen_by(STRANGER, now), pytest.raises(NotFound):
        read_body(one, viewer=STRANGER)
