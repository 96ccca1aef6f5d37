"""The manager's number, the list behind it and its file: the same rows (管理页)."""

import csv
import io
import re
from datetime import timedelta

import pytest

from xinqiao.analytics.queries import list_behind, measure
from xinqiao.care.operations import advance_due, record_call
from xinqiao.care.testing import WELL, make_followed
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.ids import outside
from xinqiao.kit.rls import seen_by
from xinqiao.portals.manager.periods import Period, asked
from xinqiao.portals.manager.views import safe_cell
from xinqiao.portals.ui.tests.browsing import client_of
from xinqiao.worklist.queries import items_of


@pytest.fixture
def house(db):
    """Three patients discharged three days ago, one of whom was reached and one refused; and the director 孙丽."""
    now = real_now() - timedelta(minutes=1)
    with seen_by(system("test"), now):
        organisation = make_organisation(now=now)
    by = system("test", organisation)
    with seen_by(by, now):
        department = make_department(organisation, now=now)
        user, manager = make_staff("manager", organisation_id=organisation, now=now)
        left = now - timedelta(days=3)
        patients = [
            make_followed(
                by=by, now=left, discharged_at=left, department_id=department, name=name, phone=phone
            )[0]
            for name, phone in (("李桂兰", "13800001111"), ("王芳", "13800002222"), ("=HYPERLINK(1)", ""))
        ]
        advance_due(by=by, now=now)
        first = [next(iter(items_of(each, viewer=by, now=now))).id for each in patients[:2]]
        record_call(item_id=first[0], outcome="connected", answers=WELL, by=by, now=now)
        record_call(item_id=first[1], outcome="refused", by=by, now=now)
        yield client_of(user), manager, by, now


def test_the_card_shows_numerator_denominator_and_who_is_not_counted(house):
    client, manager, _by, now = house
    page = client.get("/manager?period=quarter").text
    counted = told(manager, now).tally
    assert f"{counted.numerator} / {counted.denominator}" in page
    assert f"未计入 {sum(counted.excluded.values())} 人" in page
    assert "不足30，不显示比率" in page


def test_the_list_and_the_file_hold_exactly_the_rows_that_were_counted(house):
    client, manager, _by, now = house
    wanted = {outside("row", row.id) for row in rows_of(manager, now)}
    got = client.post("/manager/follow_up_completion/export?period=quarter").content.decode("utf-8-sig")
    assert {row[0] for row in list(csv.reader(io.StringIO(got)))[1:]} == wanted
    page = client.get("/manager/follow_up_completion?period=quarter").text
    assert page.count("<tr data-row>") == len(wanted) == told(manager, now).tally.denominator


def test_a_name_that_looks_like_a_formula_is_only_text_in_the_file(house):
    got = house[0].post("/manager/follow_up_completion/export?period=quarter").content.decode()
    assert "'=HYPERLINK(1)" in got
    assert re.search(r"(^|,)=HYPERLINK", got) is None
    assert safe_cell("@sum") == "'@sum"


def test_names_in_the_list_are_masked(house):
    page = house[0].get("/manager/follow_up_completion?period=quarter").text
    assert "李*" in page
    assert "李桂兰" not in page


def test_the_list_can_be_narrowed_to_who_is_not_counted(house):
    client, manager, _by, now = house
    refused = told(manager, now).tally.excluded["refused"]
    page = client.get("/manager/follow_up_completion?period=quarter&verdict=refused").text
    assert page.count("<tr data-row>") == refused > 0
    assert "本人拒绝随访" in page


def test_an_unknown_metric_or_department_is_an_address_that_does_not_exist(house):
    assert house[0].get("/manager/no-such-number").status_code == 404
    assert house[0].get("/manager/follow_up_completion?department=wrong").status_code == 404


def told(manager, now):
    period = quarter(manager, now)
    return measure("follow_up_completion", since=period.since, until=period.until, viewer=manager, now=now)


def rows_of(manager, now):
    period = quarter(manager, now)
    return list_behind(
        "follow_up_completion", since=period.since, until=period.until, viewer=manager, now=now
    )


def quarter(manager, now) -> Period:
    class Request:
        GET = {"period": "quarter"}
        actor = manager

    Request.now = now
    return asked(Request)
