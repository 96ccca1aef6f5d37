"""Receipts come late, doubled and out of order; replies are bound to the message they answer."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection

from xinqiao.kit.errors import NotFound
from xinqiao.kit.ids import new_id
from xinqiao.messaging.models import Inbound, Intent, Receipt
from xinqiao.messaging.operations import claim_due, receive_inbound, receive_receipts
from xinqiao.messaging.queries import read_replies_of
from xinqiao.messaging.rules.outcomes import ReceiptSaid, ReplySaid
from xinqiao.messaging.rules.replies import is_opt_out, read_digits
from xinqiao.messaging.tasks import send_due
from xinqiao.messaging.testing import make_message
from xinqiao.patients.queries import contact_for
from xinqiao.patients.testing import make_patient
from xinqiao.privacy.queries import has_consent

PHONE = "13812345678"


@pytest.fixture
def intent(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    send_due(now, now)
    return Intent.objects.get(id=asked.intent_id)


def said(intent, state, minutes, code=""):
    return ReceiptSaid(intent.id.hex, state, code, intent.created_at + timedelta(minutes=minutes), "biz-9")


def reply(text, number=1, at=None, phone=PHONE):
    return ReplySaid(phone, text, at, "江州一院", f"{number}@x")


def published(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM kit_outbox WHERE name = %s ORDER BY id", [name])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_receipts_come_to_the_same_in_any_order_and_doubled(by, intent, now, order):
    reports = [
        said(intent, "failed", 1, "MOBILE_TERMINAL_ERROR"),
        said(intent, "delivered", 2),
        said(intent, "delivered", 9),
    ]
    for index in order:
        for _ in range(2):
            receive_receipts(receipts=[reports[index]], by=by, now=now)
    row = Intent.objects.get(id=intent.id)
    assert (row.state, row.failure, row.reported_at) == ("delivered", "", reports[1].at)
    assert Receipt.objects.count() == 3


def test_a_number_out_of_service_is_marked_and_told(by, intent, patient, now):
    receive_receipts(receipts=[said(intent, "failed", 1, "MOBILE_NOT_ON_SERVICE")], by=by, now=now)
    assert Intent.objects.get(id=intent.id).state == "failed"
    assert contact_for(patient, "sms", viewer=by, now=now).state == "failing"
    assert len(published("messaging.MessageFailed")) == len(published("patients.ContactFailed")) == 1


def test_a_receipt_may_come_before_the_answer(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    claim_due(lane=2, instant=now, by=by, now=now)
    row = Intent.objects.get(id=asked.intent_id)
    receive_receipts(receipts=[said(row, "delivered", 0)], by=by, now=now)
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.lease_ends_at) == ("delivered", "biz-9", None)


def test_receipts_of_strangers_are_left_aside(by, intent, now):
    strange = [ReceiptSaid("", "delivered", "", now), ReceiptSaid("abc", "delivered", "", now)]
    strange.append(ReceiptSaid(new_id(now).hex, "delivered", "", now))
    assert receive_receipts(receipts=strange, by=by, now=now) == 0
    assert Receipt.objects.count() == 0


def test_digits_answer_the_last_message_that_asked_for_them(by, intent, patient, now):
    assert receive_inbound(channel="sms", replies=[reply("２。", at=now)], by=by, now=now) == 1
    assert receive_inbound(channel="sms", replies=[reply("２。", at=now)], by=by, now=now) == 0
    [told] = published("messaging.ReplyReceived")
    assert '"digits": "2"' in told or told["digits"] == "2"
    [row] = read_replies_of(patient, viewer=by, now=now)
    assert (row.intent_id, row.text, row.digits) == (intent.id, "２。", "2")
    assert "２" not in str(Inbound.objects.values())


def test_words_are_for_a_person(by, intent, now):
    receive_inbound(channel="sms", replies=[reply("伤口有点红，38度2", at=now)], by=by, now=now)
    assert Inbound.objects.get().digits == ""
    assert len(published("messaging.ReplyReceived")) == 1


@pytest.mark.parametrize("text", ["伤口流脓，发烧39度", "1"])
def test_words_typed_back_to_a_link_find_their_patient_and_are_no_digits(by, patient, sms, now, text):
    link = {"template": "followup_invite_sms", "values": {"token": "abcdefghijklmnopqrstuv"}}
    asked = make_message(patient_id=patient, by=by, now=now, **link)
    send_due(now, now)
    receive_inbound(channel="sms", replies=[reply(text, at=now)], by=by, now=now)
    row = Inbound.objects.get()
    assert (row.intent_id, row.patient_id, row.digits) == (asked.intent_id, patient, "")


def test_an_old_message_is_not_answered_a_week_later(by, intent, now):
    later = now + timedelta(days=8)
    receive_inbound(channel="sms", replies=[reply("1", at=later)], by=by, now=later)
    row = Inbound.objects.get()
    assert (row.intent_id, row.patient_id, row.digits) == (None, None, "")


@pytest.mark.parametrize("word", ["R", "td", "T", " 退订。", "ＴＤ"])
def test_whoever_wants_no_more_gets_no_more(by, intent, patient, sms, now, word):
    receive_inbound(channel="sms", replies=[reply(word, at=now)], by=by, now=now)
    assert not has_consent(patient, "care", viewer=by, now=now).ok
    assert not has_consent(patient, "marketing", viewer=by, now=now).ok
    later = now + timedelta(days=2)
    assert make_message(patient_id=patient, by=by, now=later).reasons == ("consent_withdrawn",)
    assert published("messaging.ReplyReceived") == []


def test_everybody_behind_a_shared_number_is_left_alone(by, intent, patient, sms, now):
    sister = make_patient(by=by, now=now, name="李桂芳")
    make_message(patient_id=sister, by=by, now=now)
    send_due(now, now)
    receive_inbound(channel="sms", replies=[reply("TD", at=now)], by=by, now=now)
    assert not any(has_consent(one, "care", viewer=by, now=now).ok for one in (patient, sister))


def test_a_reply_from_nowhere_withdraws_nothing(by, intent, patient, now):
    receive_inbound(channel="sms", replies=[reply("TD", at=now, phone="13900000009")], by=by, now=now)
    assert has_consent(patient, "care", viewer=by, now=now).ok


@pytest.mark.parametrize(
    "text, digits",
    [
        ("1", "1"),
        ("回复2", "2"),
        ("【1】", "1"),
        (" １ ", "1"),
        ("12345", ""),
        ("", ""),
        ("1或2", ""),
        ("38度2", ""),
        ("好", ""),
    ],
)
def test_digits_are_read_only_where_there_is_nothing_else(text, digits):
    assert read_digits(text) == digits


def test_ordinary_words_are_no_opt_out():
    assert not any(map(is_opt_out, ("TT", "不要退订", "R1", "", "t恤")))


def test_the_callback_needs_its_word_and_a_documented_array(by, intent, client, sms, now):
    sms.is_caller = lambda word: word == "agreed"
    sms.parse_receipts = lambda body: [said(intent, "delivered", 1)]
    assert (
        client.post("/callbacks/sms/wrong/receipts", b"[]", content_type="application/json").status_code
        == 404
    )
    assert client.get("/callbacks/sms/agreed/receipts").status_code == 405
    answer = client.post("/callbacks/sms/agreed/receipts", b"[]", content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "成功"})
    assert Intent.objects.get(id=intent.id).state == "delivered"


def test_not_found_is_raised_for_what_is_not_there(by, now):
    from xinqiao.messaging.queries import get_intent

    with pytest.raises(NotFound):
        get_intent(new_id(now), viewer=by, now=now)
