"""The text channel against the simulated provider: what goes over the wire, what goes wrong, what comes back."""

import json
import socket
import threading
from collections import deque
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.conftest import CALLBACK, DOMAIN
from xinqiao.kit.ids import new_id
from xinqiao.messaging import tasks
from xinqiao.messaging.channels import CHANNELS, sms_aliyun
from xinqiao.messaging.channels.sms_aliyun import account
from xinqiao.messaging.channels.sms_aliyun.signature import signature, signed
from xinqiao.messaging.models import Inbound, Intent
from xinqiao.messaging.operations import request_message
from xinqiao.messaging.rules.outcomes import Absent, Declined, Found, Message, Retry, Sent, Unsure
from xinqiao.messaging.rules.retrying import QUERY_LAG
from xinqiao.messaging.testing import make_message
from xinqiao.patients.testing import make_patient
from xinqiao.simulation import sms_provider
from xinqiao.simulation.phones import Handset

PHONE, TOKEN = "13812345678", "Ab3_xY-9Kd2LmQ7Z"
# 短信服务签名示例, document 56189 of the vendor.
PUBLISHED = {
    "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
    "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
    "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
    "Version": "2017-05-25",
}  # fmt: skip


@pytest.fixture
def pushed_here(provider, client, monkeypatch):
    """The provider's pushes reach our door in this thread, so that what they write is rolled back."""

    def push(url, rows):
        body = json.dumps(rows, ensure_ascii=False)
        answer = client.post(f"/callbacks/sms/{CALLBACK}/{url}", body, content_type="application/json")
        return answer.json()["code"] == 0

    provider.report_url, provider.reply_url = "receipts", "replies"
    monkeypatch.setattr(sms_provider, "_pushed", push)


def message(clock, **more):
    plain = {
        "key": "0123456789abcdef", "organisation": "jzyy", "to": PHONE, "template": "followup_digits_sms",
        "signature": "江州一院", "subject": "", "body": "", "values": {"greeting": "李女士"}, "attempted_at": clock(),
    }  # fmt: skip
    return Message(**plain | more)


def send(clock, **more):
    return CHANNELS.get("sms").send(message(clock, **more), now=clock(), guard=lambda: None)


def test_the_signature_is_the_vendors_published_one():
    assert signature(PUBLISHED, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="
    assert signed(PUBLISHED, "testSecret", "GET")["Signature"] == "zJDF+Lrzhj/ThnlvIToysFRq6t4="
    assert signature(PUBLISHED | {"OutId": "124"}, "testSecret", "GET") != "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_the_provider_takes_our_signature_and_no_other(provider, clock, monkeypatch):
    assert isinstance(send(clock), Sent)
    right = account.read_account()
    monkeypatch.setattr(account, "read_account", lambda: replace(right, access_key_secret="key-secrez"))
    assert send(clock).code == "SignatureDoesNotMatch"
    assert len(provider.ledger.texts) == 1


def test_a_message_goes_out_and_only_its_token_varies(by, provider, clock):
    patient = make_patient(by=by, now=clock())
    request_message(
        patient_id=patient, template="followup_invite", values={"token": TOKEN}, subject_id=new_id(clock()), key="1",
        by=by, now=clock(),
    )  # fmt: skip
    tasks.send_due(clock(), clock())
    [text] = Handset(provider, PHONE).texts
    assert Handset(provider, PHONE).link() == f"https://{DOMAIN}/q/{TOKEN}"
    assert text.content.startswith("【江州一院】李女士，出院后的几个问题")
    assert text.out_id == Intent.objects.get().id.hex


@pytest.mark.parametrize(
    "fault, kind, taken",
    [
        ("timeout_after_accept", Unsure, 1),
        ("error_after_accept", Unsure, 1),
        ("server_error", Unsure, 0),
        ("dropped", Unsure, 0),
        ("throttled", Retry, 0),
    ],
)
def test_each_fault_is_told_apart(provider, clock, fault, kind, taken):
    provider.plan.next_faults = deque([fault])
    assert isinstance(send(clock), kind)
    found = CHANNELS.get("sms").query("0123456789abcdef", PHONE, clock(), now=clock())
    assert isinstance(found, Found if taken else Absent)
    assert len(provider.ledger.texts) == taken


def test_an_unreachable_provider_certainly_took_nothing(provider, clock):
    provider.stop()
    assert send(clock) == Retry("unreachable")
    assert isinstance(CHANNELS.get("sms").query("0123", PHONE, clock(), now=clock()), Retry)


def test_a_refused_template_is_a_rejection_and_an_unregistered_one_waits(provider, clock):
    assert send(clock, values={"greeting": "https://evil.example"}) == Declined("isv.PARAM_NOT_SUPPORT_URL")
    assert send(clock, template="other_sms").code == "no_template"
    assert send(clock, to="12345") == Declined("isv.MOBILE_NUMBER_ILLEGAL")


def test_the_providers_own_limit_is_waited_for(provider, clock):
    codes = {"template": "login_code_sms", "values": {"code": "042137", "minutes": "5"}}
    assert isinstance(send(clock, **codes), Sent)
    assert send(clock, **codes) == Retry("isv.BUSINESS_LIMIT_CONTROL", timedelta(minutes=1))


def test_the_question_looks_over_midnight_and_through_every_page(provider, clock, monkeypatch):
    monkeypatch.setattr(sms_aliyun, "PAGE", 20)
    clock.now = clock.now.replace(hour=15, minute=59, second=58)
    before = clock()
    clock.pass_by(seconds=4)
    for number in range(45):
        send(clock, key=f"{number:032x}")
    assert isinstance(CHANNELS.get("sms").query(f"{44:032x}", PHONE, before, now=clock()), Found)
    assert isinstance(CHANNELS.get("sms").query("f" * 32, PHONE, before, now=clock()), Absent)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\n\r\nnot json", b"HTTP/1.1 200 OK\r\n\r\n[]", b"nonsense\r\n\r\n", b""]
)
def test_an_unreadable_answer_is_a_lost_one(provider, clock, monkeypatch, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        used = replace(account.read_account(), endpoint=f"http://127.0.0.1:{port}/")
        monkeypatch.setattr(account, "read_account", lambda: used)
        threading.Thread(target=_answer_once, args=(server, answer), daemon=True).start()
        assert send(clock) == Unsure("answer_lost")


def test_a_provider_that_drips_is_cut_off(provider, clock, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        used = replace(account.read_account(), endpoint=f"http://127.0.0.1:{port}/", timeout=0.3)
        monkeypatch.setattr(account, "read_account", lambda: used)
        stop = threading.Event()
        dripping = threading.Thread(target=_drip, args=(server, stop), daemon=True)
        dripping.start()
        assert send(clock) == Unsure("answer_lost")
        stop.set()
        dripping.join(5)


def test_a_lost_answer_ends_in_one_text(by, provider, clock):
    provider.plan.next_faults = deque(["timeout_after_accept"])
    make_message(patient_id=make_patient(by=by, now=clock()), by=by, now=clock())
    tasks.send_due(clock(), clock())
    assert Intent.objects.get().state == "unknown"
    clock.pass_by(seconds=QUERY_LAG.total_seconds())
    tasks.ask_about_lost(clock(), clock())
    tasks.send_due(clock(), clock())
    assert (Intent.objects.get().state, len(provider.ledger.texts)) == ("delivered", 1)


def test_receipts_and_digits_come_back_through_the_door(by, provider, clock, pushed_here):
    make_message(patient_id=make_patient(by=by, now=clock()), by=by, now=clock())
    tasks.send_due(clock(), clock())
    provider.plan.shuffled = True
    clock.pass_by(seconds=30)
    assert provider.deliver_due() == 1
    assert Intent.objects.get().state == "delivered"
    Handset(provider, PHONE).reply("2")
    assert provider.deliver_due() == 1
    assert Inbound.objects.get().digits == "2"


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'[{"phone_number": "1"}]', b"\xff"])
def test_a_push_that_is_not_the_documented_array_is_refused(db, provider, client, body):
    for what in ("receipts", "replies"):
        answer = client.post(f"/callbacks/sms/{CALLBACK}/{what}", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, 1)


@pytest.mark.parametrize(
    "path",
    [
        f"/callbacks/sms/{CALLBACK}x/receipts",
        f"/callbacks/email/{CALLBACK}/receipts",
        f"/callbacks/fax/{CALLBACK}/replies",
    ],
)
def test_only_who_knows_the_word_is_heard(db, provider, client, path):
    assert client.post(path, b"[]", content_type="application/json").status_code == 404


def _answer_once(server, answer):
    with server.accept()[0] as peer:
        peer.recv(65536)
        peer.sendall(answer)


def _drip(server, stop):
    with server.accept()[0] as peer:
        peer.recv(65536)
        while not stop.wait(0.05):
            try:
                peer.sendall(b"H")
            except OSError:
                return
