"""Finding a patient, and the patient whole (查找患者、患者全景)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.kit.ids import new_id, outside
from xinqiao.patients.testing import make_patient
from xinqiao.record.operations import receive_facts
from xinqiao.record.rules.said import CodeSaid, FactsSaid, ObservationSaid
from xinqiao.worklist.testing import make_item

TABS = ("overview", "timeline", "trends", "plans", "medications", "messages", "consents", "readers")


@pytest.fixture
def li(ward):
    return make_patient(by=ward.by, now=ward.now, phone="13800001111")


def measure(ward, patient, values, code="4548-4"):
    told = [
        ObservationSaid(
            source_key=f"{code}-{number}", code=CodeSaid(code=code, system="LN", display="糖化血红蛋白"),
            value_text=str(value), value=Decimal(value), unit="%", reference_range="4.0-6.0",
            at=ward.now - timedelta(days=number),
        )
        for number, value in enumerate(values)
    ]  # fmt: skip
    facts = FactsSaid(
        patient_id=patient, source="lis", source_at=ward.now, received_at=ward.now, is_live=True,
        observations=tuple(told),
    )  # fmt: skip
    receive_facts(items=[facts], by=ward.by, now=ward.now)


def test_what_is_searched_for_never_stands_in_the_address(ward, li):
    found = ward.nurse_page.post("/patients", {"q": "李桂兰"})
    assert found.request["QUERY_STRING"] == ""
    assert 'method="post" action="/patients"' in found.text


def test_a_patient_who_is_no_task_of_ours_is_masked_and_the_look_is_logged(ward, li, logged):
    page = ward.nurse_page.post("/patients", {"q": "lgl"}).text
    assert "李*" in page
    assert "李桂兰" not in page
    assert "13800001111" not in page
    assert logged(li)[0] == "read.search"


def test_a_task_shows_the_name_whole(ward, li):
    make_item(patient_id=li, department_id=ward.department_id, by=ward.by, now=ward.now)
    assert "李桂兰" in ward.nurse_page.post("/patients", {"q": "1111"}).text


def test_two_hundred_found_cost_no_more_than_ten(ward):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert ward.nurse_page.post("/patients", {"q": "周", "pages": "8"}).status_code == 200
        return len(found)

    for number in range(10):
        make_patient(name="周建国", phone=f"1380000{number:04d}", by=ward.by, now=ward.now)
    few = cost()
    for number in range(10, 200):
        make_patient(name="周建国", phone=f"1380000{number:04d}", by=ward.by, now=ward.now)
    assert cost() == few


def test_more_found_than_a_page_shows_are_shown_at_a_wish_until_the_end(ward):
    def shown(**wish):
        page = ward.nurse_page.post("/patients", {"q": "周建国"} | wish).text
        return page.count("data-row"), "显示更多" in page, "找到的前" in page

    for number in range(27):
        make_patient(name="周建国", phone=f"1380000{number:04d}", by=ward.by, now=ward.now)
    assert shown() == (25, True, True)
    assert shown(pages="2") == (27, False, False)
    assert shown(pages="x") == shown(pages="0") == (25, True, True)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_the_rail_and_logs_one_look(ward, li, tab, logged):
    page = ward.nurse_page.get(f"{ward.patient(li)}/{tab}")
    assert page.status_code == 200
    assert "李桂兰" in page.text
    assert logged(li).count(f"read.patient.{tab}") == 1


def test_a_number_outside_a_task_is_shown_only_when_asked_for_and_logged(ward, li, logged):
    assert "13800001111" not in ward.nurse_page.get(ward.patient(li)).text
    assert "13800001111" in ward.nurse_page.get(f"{ward.patient(li)}/number").text
    assert "read.patient.number" in logged(li)


def test_the_newest_result_stands_with_its_unit_and_range(ward, li):
    measure(ward, li, ["7.1", "6.4"])
    page = ward.nurse_page.get(ward.patient(li)).text
    assert "<b>7.1</b>" in page
    assert "4.0-6.0" in page


def test_a_chart_is_the_same_data_as_its_table(ward, li):
    measure(ward, li, ["7.1", "6.4"])
    page = ward.nurse_page.get(f"{ward.patient(li)}/trends").text
    assert "<td>7.1</td>" in page
    assert '"band": [4.0, 6.0]' in page


def test_a_long_history_costs_no_more_than_a_short_one(ward, li):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert ward.nurse_page.get(ward.patient(li)).status_code == 200
        return len(found)

    measure(ward, li, ["7.1"])
    short = cost()
    measure(ward, li, [str(5 + n / 100) for n in range(200)], code="2345-7")
    assert cost() == short


def test_a_word_that_is_no_patient_is_an_address_that_does_not_exist(ward):
    unknown = ward.nurse_page.get(f"/patients/{outside('patient', new_id(ward.now))}")
    other_kind = ward.nurse_page.get(f"/patients/{outside('item', new_id(ward.now))}")
    assert unknown.status_code == other_kind.status_code == 404
    assert unknown.text.replace(unknown["X-Incident"], "") == other_kind.text.replace(
        other_kind["X-Incident"], ""
    )


def test_a_task_is_added_without_leaving_the_page(ward, li):
    due = (ward.now + timedelta(days=2)).date().isoformat()
    added = ward.nurse_page.post(f"{ward.patient(li)}/task", {"kind": "contact_repair", "due": due})
    assert added.url == ward.patient(li)
    assert "核实联系方式" in ward.nurse_page.get("/today").text


def test_a_task_for_a_day_gone_by_is_not_added_and_says_why(ward, li):
    ward.nurse_page.post(f"{ward.patient(li)}/task", {"kind": "contact_repair", "due": "2020-01-01"})
    page = ward.nurse_page.get(ward.patient(li)).text
    assert "没有加入待办" in page
