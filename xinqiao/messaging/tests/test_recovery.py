"""A lost answer is asked about before anything is sent again; what cannot be asked about is for people."""

from datetime import timedelta

import pytest

from xinqiao.kit.errors import NotFound
from xinqiao.kit.events import deliver
from xinqiao.kit.failpoints import Failpoint, arm
from xinqiao.messaging.events import MessageUnconfirmed
from xinqiao.messaging.models import Intent
from xinqiao.messaging.operations import NotSettled, claim_due, settle_attempt, settle_unknown
from xinqiao.messaging.queries import unknown_messages
from xinqiao.messaging.rules import retrying
from xinqiao.messaging.rules.intents import BadMove
from xinqiao.messaging.rules.outcomes import Found, Retry, Sent, Unsure
from xinqiao.messaging.rules.retrying import LEASE, QUERY_LAG
from xinqiao.messaging.tasks import ask_about_lost, send_due
from xinqiao.messaging.testing import make_message

CARE = 2


@pytest.fixture
def intent(by, patient, sms, now):
    return Intent.objects.get(id=make_message(patient_id=patient, by=by, now=now).intent_id)


def now_of(intent):
    return Intent.objects.get(id=intent.id)


def test_a_lost_answer_waits_for_the_providers_books_then_asks(intent, sms, now):
    sms.answers = [Unsure("answer_lost")]
    send_due(now, now)
    assert now_of(intent).state == "unknown"
    ask_about_lost(now, now + QUERY_LAG - timedelta(seconds=1))
    assert (sms.asked, send_due(now, now)) == ([], 0)
    sms.known[intent.id.hex] = Found("delivered", at=now)
    ask_about_lost(now, now + QUERY_LAG)
    row = now_of(intent)
    assert (row.state, row.reported_at, len(sms.sent)) == ("delivered", now, 1)


def test_only_what_the_provider_does_not_know_is_sent_again(intent, sms, now):
    sms.answers = [Unsure("answer_lost")]
    send_due(now, now)
    ask_about_lost(now, now + QUERY_LAG)
    assert now_of(intent).state == "ready"
    send_due(now, now + QUERY_LAG)
    assert (now_of(intent).state, len(sms.sent)) == ("sent", 2)
    assert sms.sent[0].key == sms.sent[1].key


def test_an_unclear_answer_is_no_answer(intent, sms, now):
    sms.answers = [Unsure("answer_lost")]
    sms.known[intent.id.hex] = Retry("Throttling.User")
    send_due(now, now)
    for minute in range(1, 6):
        ask_about_lost(now, now + minute * QUERY_LAG)
    assert (now_of(intent).state, len(sms.asked), len(sms.sent)) == ("unknown", 5, 1)


def test_a_dead_workers_attempt_is_asked_about_after_lease_and_lag(by, intent, sms, now):
    [claimed] = claim_due(lane=CARE, instant=now, by=by, now=now)
    assert ask_about_lost(now, now + LEASE - timedelta(seconds=1)) == 0
    ask_about_lost(now, now + LEASE)
    assert (now_of(intent).state, sms.asked) == ("unknown", [])
    ask_about_lost(now, now + LEASE + QUERY_LAG)
    assert (now_of(intent).state, sms.asked) == ("ready", [intent.id.hex])
    late = settle_attempt(
        intent_id=intent.id, fence=claimed.fence, outcome=Sent("late"), instant=now, by=by, now=now
    )
    assert (late, now_of(intent).state) == ("", "ready")


def test_a_worker_that_wakes_after_half_its_lease_lets_go(intent, sms, now, monkeypatch):
    monkeypatch.setattr(retrying, "LEASE", timedelta(seconds=1.6))
    arm("send.before_call", "stall:0.9")
    try:
        send_due(now, now)
    finally:
        arm("send.before_call", None)
    assert (now_of(intent).state, now_of(intent).attempt, sms.sent) == ("ready", 0, [])
    send_due(now, now)
    assert len(sms.sent) == 1


def test_without_a_question_it_stays_unknown_and_people_are_told(intent, sms, owner, now):
    sms.has_query = False
    sms.answers = [Unsure("answer_lost")]
    send_due(now, now)
    for hour in range(1, 5):
        send_due(now, now + timedelta(hours=hour))
        ask_about_lost(now, now + timedelta(hours=hour))
    assert (now_of(intent).state, sms.asked, len(sms.sent)) == ("unknown", [], 1)


def test_a_dead_worker_on_a_channel_without_a_question_is_told_too(by, intent, sms, now):
    sms.has_query = False
    claim_due(lane=CARE, instant=now, by=by, now=now)
    ask_about_lost(now, now + LEASE)
    [shown] = unknown_messages(by, now=now)
    assert (shown.state_words, shown.reasons) == ("结果待查", ("服务商没有答复，是否发出待查",))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_outbox WHERE name = %s", [MessageUnconfirmed.kind()])
        assert cursor.fetchone()[0] == 1
    deliver(now=now)


def test_a_person_settles_an_unknown_message_and_only_that(by, intent, sms, now):
    with pytest.raises(BadMove):
        settle_unknown(intent_id=intent.id, verdict="sent", by=by, now=now)
    sms.answers = [Unsure("answer_lost")]
    send_due(now, now)
    with pytest.raises(NotSettled):
        settle_unknown(intent_id=intent.id, verdict="perhaps", by=by, now=now)
    settle_unknown(intent_id=intent.id, verdict="failed", by=by, now=now)
    assert now_of(intent).state == "failed"
    with pytest.raises(NotFound):
        settle_unknown(intent_id=by.organisation_id, verdict="sent", by=by, now=now)


@pytest.mark.parametrize(
    "point", ["send.after_claim", "send.before_call", "send.after_call", "send.before_result_commit"]
)
def test_a_failure_at_any_point_is_recovered_without_a_double(intent, sms, now, point):
    arm(point, "raise")
    try:
        send_due(now, now)
    except Failpoint:
        assert point != "send.before_call"
    finally:
        arm(point, None)
    if sms.sent:
        sms.known[intent.id.hex] = Found("sent")
    for minute in range(1, 10):
        instant = now + timedelta(minutes=minute)
        send_due(now, instant)
        ask_about_lost(now, instant)
    assert (now_of(intent).state, len(sms.sent)) == ("sent", 1)
