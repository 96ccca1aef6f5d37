"""异常报文: seen, tried again, discarded with a reason."""

import pytest

from xinqiao.intake.operations import settle
from xinqiao.intake.queries import counts
from xinqiao.intake.rules import Result
from xinqiao.intake.testing import make_message, make_source
from xinqiao.kit.ids import outside

DETAIL = "PID-3 没有任何患者标识，请让发送方补上后重发。"


@pytest.fixture
def stuck(ward):
    """Two messages that bring nobody: their ids."""
    source = make_source(by=ward.by, now=ward.now)
    body = "MSH|^~\\&|HIS\rPID|1||||王^某".encode("gb18030")
    found = [
        make_message(source_id=source, by=ward.by, now=ward.now, control_id=f"M{n}", body=body)
        for n in (1, 2)
    ]
    settle(
        results=[Result(each, "quarantined", "no_patient_id", DETAIL) for each in found],
        by=ward.by,
        now=ward.now,
    )
    return found


def word(message):
    return f"/held/{outside('message', message)}"


def number(ward, state):
    return sum(n for (one, _), n in counts(viewer=ward.by).items() if one == state)


def test_the_list_says_why_and_how_the_sources_are(ward, stuck):
    page = ward.desk_page.get("/held").text
    assert page.count(DETAIL) >= 2
    assert "来源 his" in page


def test_an_open_message_is_read_in_its_own_charset(ward, stuck):
    assert "PID|1||||王^某" in ward.desk_page.get(word(stuck[0])).text


def test_one_message_goes_back_into_the_queue(ward, stuck):
    assert ward.desk_page.post(f"{word(stuck[0])}/retry").status_code == 302
    assert (number(ward, "quarantined"), number(ward, "received")) == (1, 1)


def test_all_of_one_reason_go_back_together(ward, stuck):
    assert ward.desk_page.post("/held/retry", {"reason": "no_patient_id"}).status_code == 302
    assert (number(ward, "quarantined"), number(ward, "received")) == (0, 2)
    assert "已把 2 条报文重新排队" in ward.desk_page.get("/held").text


def test_a_message_is_discarded_only_with_a_reason(ward, stuck):
    refused = ward.desk_page.post(f"{word(stuck[0])}/discard", {"why": ""})
    assert refused.status_code == 422
    assert "请写明放弃这条报文的理由" in refused.text
    assert ward.desk_page.post(f"{word(stuck[0])}/discard", {"why": "测试报文"}).status_code == 302
    assert number(ward, "quarantined") == 1
