"""What the provider accepts, and the codes with which it refuses."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from xinqiao.simulation.sms_ledger import Ledger, SmsRefused, Template

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
FOLLOW_UP = Template("SMS_1", "${name}您好，请完成随访：https://sf.jzyy.example/t/${token}")
LOGIN = Template("SMS_2", "验证码${code}，5分钟内有效。", "verification")


@pytest.fixture
def ledger():
    return Ledger(frozenset({"江州一院"}), {each.code: each for each in (FOLLOW_UP, LOGIN)})


def given(code="SMS_1", phone="16012345678", sign="江州一院", **variables):
    values = variables or ({"code": "123456"} if code == "SMS_2" else {"name": "王女士", "token": "aB3x9"})
    return {
        "PhoneNumbers": phone,
        "SignName": sign,
        "TemplateCode": code,
        "TemplateParam": json.dumps(values),
        "OutId": "7",
    }


def refusal(ledger, request, at=NOW) -> str:
    with pytest.raises(SmsRefused) as refused:
        ledger.accept(request, at, "b")
    return refused.value.code


def test_an_accepted_text_is_signed_filled_and_kept_with_its_own_id(ledger):
    ledger.accept(given(), NOW, "900^0")
    (text,) = ledger.for_phone("16012345678")
    assert text.content == "【江州一院】王女士您好，请完成随访：https://sf.jzyy.example/t/aB3x9"
    assert (text.out_id, text.biz_id, text.size) == ("7", "900^0", 1)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (given(sign="别家"), "isv.SMS_SIGNATURE_ILLEGAL"),
        (given(code="SMS_9"), "isv.SMS_TEMPLATE_ILLEGAL"),
        (given(phone="26012345678"), "isv.MOBILE_NUMBER_ILLEGAL"),
        (given(phone="16012345678,0510-8123456"), "isv.MOBILE_NUMBER_ILLEGAL"),
        (given(phone=""), "isv.INVALID_PARAMETERS"),
        (given(phone=",".join(["16012345678"] * 1001)), "isv.MOBILE_COUNT_OVER_LIMIT"),
        (given(name="王女士"), "isv.TEMPLATE_MISSING_PARAMETERS"),
        (given(name="王女士", token="https://evil.example"), "isv.PARAM_NOT_SUPPORT_URL"),
        (given(name="www.jzyy.cn", token="a"), "isv.PARAM_NOT_SUPPORT_URL"),
        (given(name="王" * 36, token="a"), "isv.PARAM_LENGTH_LIMIT"),
        (
            given(code="SMS_2", code_="1") | {"TemplateParam": '{"code":"1234567"}'},
            "isv.TEMPLATE_PARAMS_ILLEGAL",
        ),
        (given() | {"TemplateParam": "{name:1}"}, "isv.INVALID_JSON_PARAM"),
        (given() | {"TemplateParam": '{"name":1,"token":2}'}, "isv.INVALID_JSON_PARAM"),
    ],
)
def test_a_request_against_the_rules_is_refused_with_its_code(ledger, request_, code):
    assert refusal(ledger, request_) == code
    assert ledger.texts == []


def test_a_second_code_within_a_minute_is_one_too_many(ledger):
    ledger.accept(given("SMS_2"), NOW, "1")
    assert refusal(ledger, given("SMS_2"), NOW + timedelta(seconds=59)) == "isv.BUSINESS_LIMIT_CONTROL"
    ledger.accept(given("SMS_2"), NOW + timedelta(seconds=60), "2")
    assert len(ledger.texts) == 2


def test_the_sixth_code_within_an_hour_is_one_too_many(ledger):
    for turn in range(5):
        ledger.accept(given("SMS_2"), NOW + timedelta(minutes=2 * turn), str(turn))
    assert refusal(ledger, given("SMS_2"), NOW + timedelta(minutes=12)) == "isv.BUSINESS_LIMIT_CONTROL"


def test_the_fifty_first_notice_of_a_day_is_one_too_many(ledger):
    for turn in range(50):
        ledger.accept(given(), NOW + timedelta(minutes=turn), str(turn))
    assert refusal(ledger, given(), NOW + timedelta(hours=2)) == "isv.BUSINESS_LIMIT_CONTROL"
    ledger.accept(given(phone="16112345678"), NOW + timedelta(hours=2), "other")


def test_a_marketing_template_must_end_with_the_way_out():
    with pytest.raises(SmsRefused, match="拒收请回复R"):
        Template("SMS_3", "体检优惠", "marketing")
    assert Template("SMS_3", "体检讲座，拒收请回复R", "marketing")


def test_a_long_text_counts_in_parts_of_sixty_seven(ledger):
    long = Ledger(frozenset({"江州一院"}), {"L": Template("L", "长" * 65)})
    (text,) = long.accept(given("L"), NOW, "1")
    assert len(text.content) == 71 and text.size == 2
