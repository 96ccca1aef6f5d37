"""A call: prefilled, saved by one step, refused beside the field (随访电话)."""

from datetime import timedelta

import pytest

from xinqiao.care.operations import advance_due, raise_alert
from xinqiao.care.queries import alerts_of
from xinqiao.care.testing import FEVER, WELL, make_followed
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.operations import postpone_item
from xinqiao.worklist.queries import get_item, items_of


def typed(answers, **more):
    named = {f"{'qs' if isinstance(value, list) else 'q'}_{code}": value for code, value in answers.items()}
    return {"outcome": "connected", "who": "self", "then": "next"} | named | more


@pytest.fixture
def call(ward):
    """A patient three days after her discharge, whom nobody has reached: (patient, item)."""
    left = ward.now - timedelta(days=3)
    patient, _ = make_followed(
        by=ward.by, now=left, discharged_at=left, department_id=ward.department_id, phone="13800001111"
    )
    advance_due(by=ward.by, now=ward.now)
    calls = [row for row in items_of(patient, viewer=ward.by, now=ward.now) if "第1天" in row.title]
    return patient, calls[0].id


@pytest.fixture
def alert(ward, call):
    step = get_item(call[1], viewer=ward.by, now=ward.now).row.subject_id
    found = raise_alert(
        patient_id=call[0], level=1, code="answers:dc_d1", subject_id=step, evidence=new_id(ward.now),
        tell_patient=False, by=ward.by, now=ward.now,
    )  # fmt: skip
    rows = items_of(call[0], viewer=ward.by, now=ward.now)
    return next(row.id for row in rows if row.subject_id == found)


def state_of(ward, item):
    with seen_by(ward.by, ward.now):
        return get_item(item, viewer=ward.by, now=ward.now).row.state


def test_the_sheet_shows_the_whole_number_the_script_and_the_questions_and_is_logged(ward, call, logged):
    page = ward.nurse_page.get(ward.call(call[1])).text
    assert "13800001111" in page
    assert "请问您是李桂兰本人吗" in page
    assert 'name="q_temperature"' in page
    assert "read.call" in logged(call[0])


def test_beside_the_list_only_the_panel_comes(ward, call):
    panel = ward.nurse_page.get(ward.call(call[1]), headers={"HX-Request": "true"}).text
    assert "<html" not in panel
    assert 'name="outcome"' in panel


def test_a_call_in_which_all_is_well_is_done_and_the_next_one_opens(ward, call):
    saved = ward.nurse_page.post(f"{ward.call(call[1])}/save?late=1", typed(WELL))
    assert saved.url == "/today?late=1"
    assert state_of(ward, call[1]) == "done"


def test_staying_leads_to_the_patient(ward, call):
    saved = ward.nurse_page.post(f"{ward.call(call[1])}/save", typed(WELL, then="stay"))
    assert saved.url == ward.patient(call[0])


def test_missing_answers_are_named_and_nothing_typed_is_lost(ward, call):
    page = ward.nurse_page.post(
        f"{ward.call(call[1])}/save", typed({"temperature": "36.6"}, note="声音有点虚弱")
    )
    assert page.status_code == 422
    assert 'href="#id_q_pain"' in page.text
    assert 'value="36.6"' in page.text
    assert "声音有点虚弱" in page.text
    assert state_of(ward, call[1]) == "open"


def test_a_dangerous_answer_demands_a_disposition_and_then_settles_the_alert(ward, call):
    address = f"{ward.call(call[1])}/save"
    asked = ward.nurse_page.post(address, typed(FEVER))
    assert asked.status_code == 422
    assert 'href="#id_disposition"' in asked.text
    assert 'value="clinic_today"' in asked.text
    assert ward.nurse_page.post(address, typed(FEVER, disposition="clinic_today")).status_code == 302
    assert [one.disposition for one in alerts_of(call[0], viewer=ward.by, now=ward.now)] == ["clinic_today"]


def test_nobody_answering_leaves_the_call_for_later(ward, call):
    assert ward.nurse_page.post(f"{ward.call(call[1])}/save", {"outcome": "no_answer"}).status_code == 302
    row = get_item(call[1], viewer=ward.by, now=ward.now).row
    assert (row.state, row.attempts) == ("open", 1)
    assert row.next_at > ward.now


def test_calling_again_needs_a_time_to_come(ward, call):
    page = ward.nurse_page.post(
        f"{ward.call(call[1])}/save", {"outcome": "call_later", "at": "2020-01-01T09:00"}
    )
    assert page.status_code == 422
    assert 'href="#id_at"' in page.text


def test_what_a_colleague_saved_meanwhile_stands_beside_what_was_typed(ward, call):
    opened = get_item(call[1], viewer=ward.by, now=ward.now).row.version
    postpone_item(item_id=call[1], next_at=ward.now + timedelta(hours=3), by=ward.nurse, now=ward.now)
    page = ward.nurse_page.post(f"{ward.call(call[1])}/save", typed(WELL, version=opened, note="一切都好"))
    assert page.status_code == 409
    assert "陈静护士刚刚修改过这条记录" in page.text
    assert page.text.count("一切都好") >= 2
    assert state_of(ward, call[1]) == "open"


def test_dialling_is_logged(ward, call, logged):
    assert ward.nurse_page.post(f"{ward.call(call[1])}/dial").status_code == 204
    assert "read.dial" in logged(call[0])


def test_an_alert_is_taken_up_answered_and_closed_only_with_a_disposition(ward, alert):
    address = ward.call(alert)
    assert "确认，由我处理" in ward.nurse_page.get(address).text
    assert ward.nurse_page.post(f"{address}/acknowledge").status_code == 302
    assert ward.nurse_page.post(f"{address}/contact").status_code == 302
    assert ward.nurse_page.post(f"{address}/save").status_code == 422
    assert state_of(ward, alert) == "open"
    assert ward.nurse_page.post(f"{address}/save", {"disposition": "clinic_today"}).status_code == 302
    assert state_of(ward, alert) == "done"


def test_an_alert_is_not_closed_as_if_the_patient_had_been_reached(ward, alert):
    ward.nurse_page.post(f"{ward.call(alert)}/acknowledge")
    page = ward.nurse_page.post(f"{ward.call(alert)}/save", {"disposition": "clinic_today"})
    assert page.status_code == 422
    assert "还没有联系患者" in page.text
