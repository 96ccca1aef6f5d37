"""Today's list (今日)."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.patients.testing import make_patient
from xinqiao.worklist.testing import make_item


def add(ward, name, *, phone="", **more):
    patient = make_patient(name=name, phone=phone, by=ward.by, now=ward.now)
    kept = {"department_id": ward.department_id, "kind": "reply"} | more
    return patient, make_item(patient_id=patient, by=ward.by, now=ward.now, **kept)


def seen_mark(page):
    return re.search(r'name="seen" value="([^"]*)"', page.text)[1]


def test_the_gravest_stands_first_and_is_open_on_the_right(ward):
    add(ward, "王芳", due_at=ward.now - timedelta(days=2))
    add(ward, "李桂兰", level=1, phone="13800001111")
    page = ward.nurse_page.get("/today").text
    assert page.index("李桂兰") < page.index("王芳")
    assert "13800001111" in page


def test_filters_stand_in_the_address(ward):
    add(ward, "王芳", due_at=ward.now - timedelta(days=2))
    add(ward, "李桂兰")
    late = ward.nurse_page.get("/today?late=1").text
    assert "王芳" in late
    assert "李桂兰" not in late
    assert "刘建华" not in late


def test_the_list_costs_the_same_for_two_hundred_rows_as_for_ten(ward):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert ward.nurse_page.get("/today").status_code == 200
        return len(found)

    for number in range(10):
        add(ward, f"患者{number}")
    few = cost()
    for number in range(190):
        add(ward, f"患者{number}")
    assert cost() == few


def test_rows_that_did_not_change_are_not_sent_nor_logged_again(ward, logged):
    patient, _ = add(ward, "李桂兰")
    first = ward.nurse_page.get("/today/rows")
    reads = logged(patient).count("read.today")
    again = ward.nurse_page.get("/today/rows", {"seen": seen_mark(first)})
    assert again.status_code == 204
    assert logged(patient).count("read.today") == reads == 1


def test_a_new_task_appears_by_itself_and_is_logged(ward, logged):
    first = ward.nurse_page.get("/today/rows")
    patient, _ = add(ward, "赵建民")
    then = ward.nurse_page.get("/today/rows", {"seen": seen_mark(first)})
    assert "赵建民" in then.text
    assert "read.today" in logged(patient)


def test_an_empty_day_says_so(ward):
    assert "这里没有要做的事" in ward.nurse_page.get("/today").text


def test_the_strip_counts_what_is_done_and_late(ward):
    add(ward, "王芳", due_at=ward.now - timedelta(days=2))
    strip = ward.nurse_page.get("/today/strip").text
    assert re.search(r"逾期 <b[^>]*>1</b>", strip)
    assert "<html" not in strip
