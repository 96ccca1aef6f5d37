"""The vendor's published signature examples, and what is refused."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from xinqiao.simulation.sms_signature import (
    Gate,
    Request,
    rpc_signature,
    rpc_string_to_sign,
    v3_signature,
    v3_string_to_sign,
)

NOW = datetime(2017, 7, 12, 2, 42, 30, tzinfo=UTC)
SEND_SMS = {
    "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
    "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
    "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
    "Version": "2017-05-25",
}  # fmt: skip
SIGNATURE = "zJDF+Lrzhj/ThnlvIToysFRq6t4="
DESCRIBE_REGIONS = {
    "Format": "XML", "AccessKeyId": "testid", "Action": "DescribeRegions", "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", "SignatureVersion": "1.0", "Version": "2014-05-26",
    "Timestamp": "2016-02-23T12:46:24Z",
}  # fmt: skip
EMPTY = hashlib.sha256(b"").hexdigest()


def rpc_request(**changed) -> Request:
    return Request("GET", "/", list({**SEND_SMS, "Signature": SIGNATURE, **changed}.items()), {}, b"", [])


def v3_request(*, signature="", body=b"", **headers) -> Request:
    given = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-content-sha256": EMPTY,
        "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    } | headers  # fmt: skip
    names = ";".join(sorted(given))
    if signature:
        given["authorization"] = (
            f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={names},Signature={signature}"
        )
    query = [("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"), ("RegionId", "cn-shanghai")]
    return Request("POST", "/", query, given, body, [])


PUBLISHED_V3 = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
V3_NOW = datetime(2023, 10, 26, 10, 25, tzinfo=UTC)


def test_the_published_send_sms_example_gives_the_published_signature():
    assert rpc_signature(rpc_string_to_sign("GET", SEND_SMS), "testSecret") == SIGNATURE


def test_the_published_describe_regions_example_gives_the_published_signature():
    assert (
        rpc_signature(rpc_string_to_sign("GET", DESCRIBE_REGIONS), "testsecret")
        == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
    )


def test_the_published_v3_example_gives_the_published_signature():
    request = v3_request()
    assert (
        v3_signature(v3_string_to_sign(request, sorted(request.headers)), "YourAccessKeySecret")
        == PUBLISHED_V3
    )


def test_the_published_requests_are_let_in():
    assert Gate({"testId": "testSecret"}).refuse(rpc_request(), NOW) is None
    assert (
        Gate({"YourAccessKeyId": "YourAccessKeySecret"}).refuse(v3_request(signature=PUBLISHED_V3), V3_NOW)
        is None
    )


@pytest.mark.parametrize(
    "name", sorted(set(SEND_SMS) - {"AccessKeyId", "SignatureMethod", "SignatureVersion", "Timestamp"})
)
def test_one_altered_byte_in_any_parameter_is_refused(name):
    altered = SEND_SMS[name][:-1] + chr(ord(SEND_SMS[name][-1]) ^ 1)
    assert (
        Gate({"testId": "testSecret"}).refuse(rpc_request(**{name: altered}), NOW).code
        == "SignatureDoesNotMatch"
    )


def test_an_altered_signature_or_method_is_refused():
    gate = Gate({"testId": "testSecret"})
    assert gate.refuse(rpc_request(Signature="A" + SIGNATURE[1:]), NOW).code == "SignatureDoesNotMatch"
    posted = Request("POST", "/", rpc_request().query, {}, b"", [])
    assert gate.refuse(posted, NOW).code == "SignatureDoesNotMatch"


def test_an_altered_v3_body_header_or_signature_is_refused():
    gate = Gate({"YourAccessKeyId": "YourAccessKeySecret"})
    assert gate.refuse(v3_request(signature=PUBLISHED_V3, body=b"x"), V3_NOW).code == "InvalidContentSha256"
    changed = v3_request(signature=PUBLISHED_V3, **{"x-acs-action": "RunInstance"})
    assert gate.refuse(changed, V3_NOW).code == "SignatureDoesNotMatch"
    assert gate.refuse(v3_request(signature="1" + PUBLISHED_V3[1:]), V3_NOW).code == "SignatureDoesNotMatch"


def test_a_header_that_is_not_signed_is_refused():
    request = v3_request(signature=PUBLISHED_V3)
    headers = {**request.headers, "x-acs-security-token": "t"}
    unsigned = Request("POST", "/", request.query, headers, b"", [])
    assert (
        Gate({"YourAccessKeyId": "YourAccessKeySecret"}).refuse(unsigned, V3_NOW).code
        == "IncompleteSignature"
    )


def test_a_request_is_let_in_once_and_not_when_old_or_of_an_unknown_key():
    gate = Gate({"testId": "testSecret"})
    assert gate.refuse(rpc_request(), NOW) is None
    assert gate.refuse(rpc_request(), NOW).code == "SignatureNonceUsed"
    late = Gate({"testId": "testSecret"}).refuse(rpc_request(), NOW + timedelta(minutes=32))
    assert late.code == "InvalidTimeStamp.Expired"
    assert Gate({}).refuse(rpc_request(), NOW).status == 404


def test_a_missing_field_is_named():
    request = Request(
        "GET", "/", [(name, value) for name, value in SEND_SMS.items() if name != "Timestamp"], {}, b"", []
    )
    assert Gate({"testId": "testSecret"}).refuse(request, NOW).code == "MissingSignature"
    assert (
        Gate({"testId": "testSecret"}).refuse(rpc_request(Timestamp="yesterday"), NOW).code
        == "InvalidTimeStamp.Expired"
    )
