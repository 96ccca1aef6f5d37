"""Items are put on the list once, tried, finished and withdrawn; nobody overwrites unseen."""

from datetime import timedelta

import pytest

from xinqiao.audit.queries import accesses
from xinqiao.directory.testing import make_stranger
from xinqiao.kit.errors import Conflict, NotAllowed, NotFound
from xinqiao.kit.ids import new_id
from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.models import Attempt, Item
from xinqiao.worklist.operations import (
    claim_item,
    close_item,
    postpone_item,
    record_attempt,
    withdraw_items,
    withdraw_items_of,
)
from xinqiao.worklist.queries import get_item
from xinqiao.worklist.rules import BadMove, BadOutcome, DispositionMissing
from xinqiao.worklist.testing import make_item

HOUR = timedelta(hours=1)


def item_of(ward, item_id, now):
    with seen_by(ward.by, now):
        return Item.objects.get(id=item_id)


def make(ward, now, **more):
    return make_item(patient_id=ward.patient, by=ward.by, now=now, department_id=ward.department, **more)


def test_work_for_one_subject_stands_on_the_list_once_at_its_gravest_and_soonest(ward, now):
    subject = new_id(now)
    first = make(ward, now, kind="alert", subject_id=subject, level=3, due_at=now + 9 * HOUR)
    again = make(ward, now + HOUR, kind="alert", subject_id=subject, level=1, due_at=now + 2 * HOUR)
    assert again == first
    item = item_of(ward, first, now)
    assert (item.level, item.rank, item.due_at) == (1, 1, now + 2 * HOUR)


def test_finished_work_may_come_again_for_the_same_subject(ward, now):
    subject = new_id(now)
    first = make(ward, now, subject_id=subject)
    close_item(item_id=first, outcome="connected", by=ward.nurse, now=now)
    assert make(ward, now, subject_id=subject) != first


def test_a_stale_page_is_refused_by_the_name_of_who_was_quicker(ward, now):
    item = make(ward, now)
    with seen_by(ward.doctor, now):
        version = get_item(item, viewer=ward.doctor, now=now).row.version
    record_attempt(item_id=item, outcome="no_answer", by=ward.nurse, now=now, version=version)
    with pytest.raises(Conflict, match="陈静护士刚刚修改过这条记录，请核对后再保存。"):
        close_item(item_id=item, outcome="connected", by=ward.doctor, now=now, version=version)
    assert item_of(ward, item, now).state == "open"


def test_a_call_that_was_answered_finishes_the_item_and_is_announced_once(ward, now):
    item = make(ward, now)
    done = record_attempt(item_id=item, outcome="connected", by=ward.nurse, now=now, note="  已交代饮食 ")
    assert (done.state, done.next_at, done.follows) == ("done", None, ("fill_form",))
    assert [event.name for event in Outbox.objects.filter(name__startswith="worklist.")] == [
        "worklist.ItemClosed"
    ]
    with seen_by(ward.nurse, now):
        sheet = get_item(item, viewer=ward.nurse, now=now)
    assert [(each.word, each.note, each.by) for each in sheet.tries] == [("已接通", "已交代饮食", "陈静")]


def test_what_was_said_on_the_phone_is_stored_sealed(ward, now, owner):
    record_attempt(item_id=make(ward, now), outcome="connected", by=ward.nurse, now=now, note="已交代饮食")
    with seen_by(ward.by, now):
        sealed = bytes(Attempt.objects.get().note_sealed)
    assert "已交代饮食".encode() not in sealed


def test_nobody_answering_calls_again_on_a_later_day_in_another_part_of_it(ward, now):
    item = make(ward, now)
    tried = record_attempt(item_id=item, outcome="no_answer", by=ward.nurse, now=now)
    assert tried.state == "open"
    assert tried.next_at == now.replace(hour=4, minute=0) + timedelta(days=1)
    after = item_of(ward, item, now)
    assert (after.attempts, after.next_at, after.state) == (1, tried.next_at, "open")


def test_an_agreed_time_is_kept_and_must_be_still_to_come(ward, now):
    item = make(ward, now)
    with pytest.raises(BadOutcome, match="回拨时间"):
        record_attempt(item_id=item, outcome="call_later", by=ward.nurse, now=now, next_at=now)
    tried = record_attempt(item_id=item, outcome="call_later", by=ward.nurse, now=now, next_at=now + HOUR)
    assert tried.next_at == now + HOUR


def test_an_alert_is_closed_only_with_a_disposition(ward, now):
    item = make(ward, now, kind="alert", level=1)
    with pytest.raises(DispositionMissing, match="处置结论"):
        close_item(item_id=item, outcome="", by=ward.nurse, now=now)
    close_item(item_id=item, outcome="emergency", by=ward.nurse, now=now)
    assert item_of(ward, item, now).outcome == "emergency"


def test_finished_work_is_not_finished_again(ward, now):
    item = make(ward, now)
    close_item(item_id=item, outcome="connected", by=ward.nurse, now=now)
    with pytest.raises(BadMove, match="已完成"):
        record_attempt(item_id=item, outcome="connected", by=ward.nurse, now=now)


def test_postponing_into_the_past_is_refused(ward, now):
    item = make(ward, now)
    with pytest.raises(BadOutcome, match="晚于现在"):
        postpone_item(item_id=item, next_at=now, by=ward.nurse, now=now)
    postpone_item(item_id=item, next_at=now + HOUR, by=ward.nurse, now=now)
    assert item_of(ward, item, now).next_at == now + HOUR


def test_withdrawing_takes_open_work_only_and_says_how_much(ward, now):
    one, two, other = (new_id(now) for _ in range(3))
    closed = make(ward, now, subject_id=one)
    close_item(item_id=closed, outcome="connected", by=ward.nurse, now=now)
    gone, stays = make(ward, now, subject_id=two), make(ward, now, subject_id=other)
    assert withdraw_items(subject_ids=[one, two], by=ward.by, now=now) == 1
    states = {item: item_of(ward, item, now).state for item in (closed, gone, stays)}
    assert states == {closed: "done", gone: "withdrawn", stays: "open"}
    assert withdraw_items_of(patient_id=ward.patient, reason="deceased", by=ward.by, now=now) == 1


def test_taking_work_puts_ones_name_to_it_and_writes_one_line(ward, now):
    item = make(ward, now)
    claim_item(item_id=item, by=ward.nurse, now=now)
    assert item_of(ward, item, now).assignee_id == ward.nurse_id
    with seen_by(ward.by, now):
        lines = [line.action for line in accesses(ward.patient, viewer=ward.by)]
    assert lines.count("worklist.claim_item") == 1


def test_a_stranger_and_another_wards_nurse_find_nothing(ward, now):
    from xinqiao.directory.testing import make_department, make_staff

    item = make(ward, now)
    elsewhere = make_department(ward.organisation, now=now, code="0305", name="骨科")
    _, other = make_staff(
        "nurse", organisation_id=ward.organisation, department_id=elsewhere, now=now, name="李红"
    )
    with pytest.raises(NotFound):
        close_item(item_id=item, outcome="connected", by=other, now=now)
    with pytest.raises(NotAllowed):
        close_item(item_id=item, outcome="connected", by=make_stranger(now=now), now=now)
