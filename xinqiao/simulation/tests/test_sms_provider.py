"""The provider over real HTTP, its faults, its receipts, and the handset at the other end."""

import json
from collections import deque
from datetime import UTC, datetime, timedelta
from http.client import RemoteDisconnected
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from xinqiao.simulation.phones import Handset
from xinqiao.simulation.sms_ledger import Template
from xinqiao.simulation.sms_provider import FAULTS, Plan, SmsProvider
from xinqiao.simulation.sms_signature import rpc_signature, rpc_string_to_sign

PHONE = "16012345678"
NONCES = count()


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

    def __call__(self):
        return self.now


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, rows))
        body = json.dumps({"code": self.server.code, "msg": "成功"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.got, server.code = [], 0
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def provider(receiver):
    base = f"http://127.0.0.1:{receiver.server_address[1]}"
    made = SmsProvider(
        secrets={"key": "secret"}, signs={"江州一院"}, clock=Clock(), plan=Plan(failed=0),
        templates=[Template("T", "请填写：https://sf.jzyy.example/t/${token} 或回复数字"),
                   Template("C", "验证码${code}，请勿告诉他人。", "verification")],
        report_url=f"{base}/report", reply_url=f"{base}/reply",
    )  # fmt: skip
    made.start()
    yield made
    made.stop()


def call(provider, action="SendSms", *, timeout=5, secret="secret", **parameters):
    given = {
        "Action": action, "Version": "2017-05-25", "Format": "JSON", "AccessKeyId": "key", "SignatureVersion": "1.0",
        "SignatureMethod": "HMAC-SHA1", "SignatureNonce": str(next(NONCES)),
        "Timestamp": f"{provider.clock():%Y-%m-%dT%H:%M:%SZ}", **parameters,
    }  # fmt: skip
    given["Signature"] = rpc_signature(rpc_string_to_sign("POST", given), secret)
    with urlopen(provider.address, urlencode(given).encode(), timeout=timeout) as answer:
        return json.loads(answer.read())


def send(provider, token="aB3x9", **more):
    return call(provider, PhoneNumbers=PHONE, SignName="江州一院", TemplateCode="T", OutId="o-1",
                TemplateParam=json.dumps({"token": token}), **more)  # fmt: skip


def details(provider):
    answer = call(
        provider, "QuerySendDetails", PhoneNumber=PHONE, SendDate="20261124", PageSize="10", CurrentPage="1"
    )
    return answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]


def test_a_signed_request_is_accepted_with_the_documented_answer(provider):
    answer = send(provider)
    assert (answer["Code"], answer["Message"]) == ("OK", "OK")
    assert set(answer) == {"Code", "Message", "BizId", "RequestId"}


def test_a_wrong_secret_is_refused_and_nothing_is_kept(provider):
    with pytest.raises(HTTPError) as refused:
        send(provider, secret="secreu")
    assert refused.value.code == 400
    assert json.loads(refused.value.read())["Code"] == "SignatureDoesNotMatch"
    assert provider.ledger.texts == []


def test_a_refusal_by_the_rules_is_an_answer_with_status_200(provider):
    assert send(provider, token="https://x.example")["Code"] == "isv.PARAM_NOT_SUPPORT_URL"


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [("throttled", 429, 0), ("server_error", 500, 0), ("error_after_accept", 503, 1)],
)
def test_an_error_may_or_may_not_mean_that_the_text_was_kept(provider, fault, status, kept):
    provider.plan.next_faults = deque([fault])
    with pytest.raises(HTTPError) as refused:
        send(provider)
    refused.value.close()
    assert (refused.value.code, len(provider.ledger.texts)) == (status, kept)
    assert send(provider)["Code"] == "OK"


def test_a_timeout_after_accept_leaves_the_text_in_the_ledger(provider):
    provider.plan.next_faults = deque(["timeout_after_accept"])
    with pytest.raises(TimeoutError):
        send(provider, timeout=0.4)
    assert [each.out_id for each in provider.ledger.texts] == ["o-1"]


def test_a_dropped_call_keeps_nothing(provider):
    provider.plan.next_faults = deque(["dropped"])
    with pytest.raises(RemoteDisconnected):
        send(provider)
    assert provider.ledger.texts == []


def test_an_unknown_fault_is_named():
    with pytest.raises(ValueError, match=FAULTS[0]):
        Plan(shares={"typo": 0.1}).fault(None)


def test_a_query_shows_a_text_waiting_then_delivered(provider):
    send(provider)
    assert [each["SendStatus"] for each in details(provider)] == [1]
    provider.clock.now += timedelta(minutes=1)
    (row,) = details(provider)
    assert (row["SendStatus"], row["ErrCode"], row["OutId"]) == (3, "DELIVERED", "o-1")


def test_a_query_may_lag_behind(provider):
    provider.plan.query_lag = timedelta(minutes=5)
    send(provider)
    assert details(provider) == []
    provider.clock.now += timedelta(minutes=5)
    assert len(details(provider)) == 1


def test_a_receipt_comes_when_due_in_the_documented_form(provider, receiver):
    answer = send(provider)
    assert provider.deliver_due() == 0
    provider.clock.now += timedelta(minutes=1)
    assert provider.deliver_due() == 1 and provider.deliver_due() == 0
    path, (row,) = receiver.got[0]
    assert path == "/report" and row["biz_id"] == answer["BizId"] and row["out_id"] == "o-1"
    assert (
        row["success"] is True
        and row["err_code"] == "DELIVERED"
        and row["send_time"] == "2026-11-24 09:30:00"
    )


def test_a_dead_number_gets_a_failed_receipt_and_no_text(provider, receiver):
    provider.plan.dead_numbers.add(PHONE)
    send(provider)
    provider.clock.now += timedelta(minutes=1)
    provider.deliver_due()
    assert receiver.got[0][1][0]["success"] is False
    assert Handset(provider, PHONE).texts == []


def test_receipts_may_come_late_and_twice(provider, receiver):
    provider.plan.late = provider.plan.doubled = 1
    send(provider)
    provider.clock.now += timedelta(hours=23)
    assert provider.deliver_due() == 0
    provider.clock.now += timedelta(hours=2)
    assert provider.deliver_due() == 2
    assert receiver.got[0][1][0] == receiver.got[0][1][1]


def test_receipts_may_come_out_of_order(provider, receiver):
    provider.plan.shuffled = True
    for turn in range(12):
        send(provider, token=f"t{turn}")
        provider.clock.now += timedelta(minutes=1)
    provider.deliver_due()
    times = [row["send_time"] for row in receiver.got[0][1]]
    assert len(times) == 12 and times != sorted(times)


def test_what_the_receiver_does_not_take_comes_again(provider, receiver):
    receiver.code = 500
    send(provider)
    provider.clock.now += timedelta(minutes=1)
    assert provider.deliver_due() == 0
    receiver.code = 0
    provider.clock.now += timedelta(minutes=1)
    assert provider.deliver_due() == 1 and len(receiver.got) == 2


def test_a_handset_finds_the_link_and_its_reply_reaches_the_hospital(provider, receiver):
    send(provider)
    handset = Handset(provider, PHONE)
    assert handset.link() == "https://sf.jzyy.example/t/aB3x9"
    handset.reply("12")
    assert provider.deliver_due() == 1
    path, (row,) = receiver.got[0]
    assert (path, row["content"], row["phone_number"], row["sign_name"]) == (
        "/reply",
        "12",
        PHONE,
        "江州一院",
    )


def test_a_handset_finds_the_newest_login_code(provider):
    for code in ("111111", "222222"):
        parameter = json.dumps({"code": code})
        call(provider, PhoneNumbers=PHONE, SignName="江州一院", TemplateCode="C", TemplateParam=parameter)
        provider.clock.now += timedelta(minutes=2)
    send(provider)
    assert Handset(provider, PHONE).code() == "222222"
    assert Handset(provider, "16100000000").code() == ""


def test_the_same_seed_gives_the_same_ids():
    made = [
        SmsProvider(secrets={}, signs=[], templates=[], clock=Clock(), seed=5).random.random()
        for _ in range(2)
    ]
    assert made[0] == made[1]
