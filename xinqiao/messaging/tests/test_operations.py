"""One decision for every message, taken when it is asked for and again when it leaves."""

from datetime import timedelta

import pytest

from xinqiao.accounts.operations import request_login_code
from xinqiao.directory.operations import set_sending
from xinqiao.directory.testing import make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.errors import NotAllowed
from xinqiao.kit.events import deliver
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.messaging import reactions  # noqa: F401 registers what messaging reacts to
from xinqiao.messaging.models import Installation, Intent
from xinqiao.messaging.operations import (
    NoTemplate,
    add_test_number,
    cancel_messages,
    request_message,
    request_staff_notice,
)
from xinqiao.messaging.queries import messages_of, state_of, unknown_messages
from xinqiao.messaging.rules.outcomes import Declined, Retry, Unsure
from xinqiao.messaging.tasks import send_due
from xinqiao.messaging.testing import make_message
from xinqiao.patients.operations import mark_contact, receive_demographics, record_death
from xinqiao.patients.queries import contact_for
from xinqiao.patients.testing import make_patient, said
from xinqiao.privacy.operations import withdraw_consent

TOKEN = "Ab3_xY-9Kd2LmQ7Z"


def row_of(requested, by, now):
    with seen_by(by, now):
        return Intent.objects.get(id=requested.intent_id)


def test_a_message_is_decided_stored_and_sent_once(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    again = make_message(patient_id=patient, by=by, now=now, key="test:other", subject_id=new_id(now))
    assert (asked.state, asked.channel) == ("ready", "sms")
    assert again.reasons == ("duplicate",)
    assert send_due(now) == 1 and send_due(now) == 0
    [message] = sms.sent
    assert (message.to, message.signature) == ("13812345678", "江州一院")
    assert message.body.startswith("【江州一院】李女士，今天感觉怎么样？")
    row = row_of(asked, by, now)
    assert (row.state, row.provider_id, row.sent_at) == ("sent", "biz-0", now)


def test_the_same_key_is_the_same_message(by, patient, sms, now):
    subject = new_id(now)
    first = make_message(patient_id=patient, by=by, now=now, subject_id=subject)
    assert make_message(patient_id=patient, by=by, now=now, subject_id=subject).intent_id == first.intent_id
    with seen_by(by, now):
        assert Intent.objects.count() == 1


def test_what_is_stored_names_nobody(by, patient, owner, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    row = row_of(asked, by, now)
    stored = " ".join(str(getattr(row, field.attname)) for field in Intent._meta.concrete_fields)
    assert not any(word in stored for word in ("李", "13812345678", "今天"))
    assert "13812345678" not in repr(sms.sent) + repr(asked)


def test_the_link_is_the_organisations_own_and_without_a_domain_nothing_is_sent(by, patient, sms, now):
    values = {"token": TOKEN}
    request_message(
        patient_id=patient, template="followup_invite", values=values, subject_id=new_id(now), key="a",
        by=by, now=now,
    )  # fmt: skip
    send_due(now)
    assert f"https://sf.jiangzhou1.example/q/{TOKEN} " in sms.sent[0].body
    assert sms.sent[0].values == {"greeting": "李女士", "token": TOKEN}
    bare = system("test", make_organisation(now=now, code="bare"))
    person = make_patient(by=bare, now=now)
    refused = request_message(
        patient_id=person, template="followup_invite", values=values, subject_id=new_id(now), key="a",
        by=bare, now=now,
    )  # fmt: skip
    assert (refused.state, refused.reasons[0]) == ("refused", "no_domain")


def test_quiet_hours_hold_a_message_until_the_morning(by, patient, sms, now):
    night = now + timedelta(hours=13)
    asked = make_message(patient_id=patient, by=by, now=night)
    assert (asked.state, asked.reasons) == ("held", ("quiet_hours",))
    assert send_due(night) == 0
    assert send_due(asked.send_at) == 1
    assert len(sms.sent) == 1


def test_a_message_for_later_waits_and_is_decided_on_again(by, patient, sms, now):
    later = now + timedelta(days=2)
    asked = make_message(patient_id=patient, by=by, now=now, send_at=later)
    assert (asked.state, asked.reasons) == ("held", ("scheduled",))
    withdraw_consent(patient_id=patient, purpose="care", channel="phone", by=by, now=now)
    send_due(later)
    row = row_of(asked, by, now)
    assert (row.state, row.decision["reasons"], sms.sent) == ("refused", ["consent_withdrawn"], [])


def test_the_receiver_is_looked_up_when_it_leaves(by, now, sms):
    patient = make_patient(by=by, now=now, mrn="M1")
    make_message(patient_id=patient, by=by, now=now, send_at=now + timedelta(hours=1))
    later = now + timedelta(minutes=30)
    moved = said(source_at=later, mrn="M1", phone="13912345679")
    receive_demographics(items=[moved], by=by, now=later)
    send_due(now + timedelta(hours=1))
    assert [message.to for message in sms.sent] == ["13912345679"]


def test_nobody_gets_more_than_five_notices_a_day(by, patient, sms, now):
    for number in range(7):
        make_message(
            patient_id=patient, by=by, now=now, template="followup_invite", key=str(number), subject_id=new_id(now),
            values={"greeting": f"您好{'啊' * number}", "token": TOKEN},
        )  # fmt: skip
    send_due(now)
    assert len(sms.sent) == 5
    send_due(now + timedelta(days=1))
    assert len(sms.sent) == 7


def test_many_held_over_night_still_keep_to_the_cap_in_the_morning(by, patient, sms, now):
    night = now - timedelta(hours=10)
    for number in range(7):
        make_message(
            patient_id=patient, by=by, now=night - timedelta(days=number), key=str(number), template="followup_invite",
            values={"greeting": f"您好{'啊' * number}", "token": TOKEN}, send_at=now,
        )  # fmt: skip
    send_due(now)
    assert len(sms.sent) == 5


@pytest.mark.parametrize("mode, reason", [("locked", "sending_locked"), ("shadow", "shadow_run")])
def test_a_locked_or_shadow_organisation_decides_and_sends_nothing(by, patient, sms, now, mode, reason):
    set_sending(organisation_id=by.organisation_id, sending=mode, by=by, now=now)
    asked = make_message(patient_id=patient, by=by, now=now)
    assert (asked.state, asked.reasons) == ("refused", (reason,))
    assert row_of(asked, by, now).decision["would"] == "send"
    assert (send_due(now), sms.sent) == (0, [])


def test_a_locked_organisation_reaches_its_test_numbers(by, patient, sms, now):
    set_sending(organisation_id=by.organisation_id, sending="locked", by=by, now=now)
    add_test_number(address="138 1234 5678", by=by, now=now)
    assert make_message(patient_id=patient, by=by, now=now).state == "ready"
    assert send_due(now) == 1


def test_locking_stops_what_waits(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    set_sending(organisation_id=by.organisation_id, sending="locked", by=by, now=now)
    send_due(now)
    assert (row_of(asked, by, now).state, sms.sent) == ("refused", [])


def test_a_copied_database_starts_locked(by, patient, sms, now):
    Installation.objects.update(fingerprint=b"another installation's, 32 bytes")
    assert make_message(patient_id=patient, by=by, now=now).reasons == ("sending_locked",)


def test_another_database_name_or_folder_is_another_installation(by, now, monkeypatch):
    from django.db import connection

    from xinqiao.messaging.queries import is_this_installation

    assert is_this_installation(viewer=by)
    monkeypatch.setitem(connection.settings_dict, "NAME", "restored")
    assert not is_this_installation(viewer=by)


def test_a_dead_patient_gets_nothing_any_more(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now, send_at=now + timedelta(hours=1))
    record_death(patient_id=patient, died_at=now, by=by, now=now)
    deliver(now=now)
    assert row_of(asked, by, now).state == "cancelled"
    assert make_message(patient_id=patient, by=by, now=now).reasons == ("deceased",)


def test_a_failed_number_is_not_tried(by, patient, sms, now):
    reach = contact_for(patient, "sms", viewer=by, now=now)
    mark_contact(contact_id=reach.contact_id, state="failing", by=by, now=now)
    assert make_message(patient_id=patient, by=by, now=now).reasons == ("contact_failed",)


def test_what_has_not_left_can_be_cancelled(by, patient, sms, now):
    subject = new_id(now)
    make_message(patient_id=patient, by=by, now=now, subject_id=subject)
    assert cancel_messages(subject_ids=[subject], by=by, now=now) == 1
    assert cancel_messages(subject_ids=[subject], by=by, now=now) == 0
    assert (send_due(now), state_of(subject, viewer=by)[0][1]) == (0, "cancelled")


def test_throttling_waits_and_a_rejection_ends(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    sms.answers = [Retry("Throttling.User", timedelta(seconds=30)), Declined("isv.MOBILE_NUMBER_ILLEGAL")]
    assert send_due(now) == 1
    assert send_due(now + timedelta(seconds=29)) == 0
    assert send_due(now + timedelta(seconds=30)) == 1
    row = row_of(asked, by, now)
    assert (row.state, row.failure, row.attempt) == ("failed", "isv.MOBILE_NUMBER_ILLEGAL", 2)
    assert contact_for(patient, "sms", viewer=by, now=now) is None


def test_it_is_given_up_after_six_attempts(by, patient, sms, now):
    asked = make_message(patient_id=patient, by=by, now=now)
    sms.answers = [Retry("unreachable")] * 9
    for minute in range(60):
        send_due(now + timedelta(minutes=minute), now + timedelta(minutes=minute))
    row = row_of(asked, by, now)
    assert (row.state, row.attempt, len(sms.sent)) == ("failed", 6, 6)


def test_a_channel_in_trouble_is_left_alone_for_a_while(by, sms, now):
    for number in range(8):
        person = make_patient(by=by, now=now, phone=f"1381234{number:04d}")
        make_message(patient_id=person, by=by, now=now)
    sms.answers = [Unsure("answer_lost")] * 8
    send_due(now, now)
    late = make_patient(by=by, now=now, phone="13912345670")
    make_message(patient_id=late, by=by, now=now)
    assert send_due(now, now + timedelta(seconds=29)) == 0
    assert send_due(now, now + timedelta(seconds=31)) == 1


def test_a_login_code_goes_first_and_only_to_the_number_that_asked(by, patient, sms, now):
    make_message(patient_id=patient, by=by, now=now)
    request_login_code(
        organisation_id=by.organisation_id,
        phone="13700000001",
        address="10.0.0.1",
        device="d",
        by=by,
        now=now,
    )
    deliver(now=now)
    send_due(now)
    first, second = sms.sent
    assert (first.template, first.to, second.template) == (
        "login_code_sms",
        "13700000001",
        "followup_digits_sms",
    )
    assert set(first.values) == {"code", "minutes"} and first.values["minutes"] == "5"


def test_a_login_code_that_is_too_old_is_not_sent(by, sms, now):
    request_login_code(
        organisation_id=by.organisation_id,
        phone="13700000001",
        address="10.0.0.1",
        device="d",
        by=by,
        now=now,
    )
    deliver(now=now)
    send_due(now + timedelta(minutes=5))
    assert sms.sent == []


def test_staff_are_told_at_night_without_a_word_of_any_patient(by, sms, now):
    night = now + timedelta(hours=15)
    told = request_staff_notice(
        user_id=new_id(now), phone="13700000002", template="duty_alert", values={"minutes": "15"},
        subject_id=new_id(now), key="n1", by=by, now=night,
    )  # fmt: skip
    assert told.state == "ready"
    send_due(night)
    assert (
        sms.sent[0].body
        == "【江州一院】您有一条待确认的工作提醒，请在15分钟内登录工作台处理。如已处理请忽略。"
    )


def test_a_list_shows_words_and_masks_the_number(by, patient, sms, now):
    make_message(patient_id=patient, by=by, now=now)
    make_message(patient_id=patient, by=by, now=now)
    send_due(now)
    refused, sent = messages_of(patient, viewer=by, now=now)
    assert (sent.title, sent.state_words, sent.to) == ("随访数字回复（短信）", "已发送", "138****5678")
    assert refused.reasons == ("24 小时内已发过相同内容",)
    assert "李女士" in sent.body


def test_strangers_neither_ask_nor_see(by, patient, sms, now):
    make_message(patient_id=patient, by=by, now=now)
    elsewhere = make_organisation(now=now, code="other")
    _, nurse = make_staff("nurse", organisation_id=elsewhere, now=now)
    _, manager = make_staff("manager", organisation_id=by.organisation_id, now=now)
    with seen_by(nurse, now):
        assert messages_of(patient, viewer=nurse, now=now) == [] and Intent.objects.count() == 0
        assert unknown_messages(nurse, now=now) == []
    with pytest.raises(NotAllowed):
        make_message(patient_id=patient, by=manager, now=now)
    assert Intent.objects.count() == 1


def test_an_unknown_template_is_refused_in_words(by, patient, now):
    with pytest.raises(NoTemplate, match="没有这个消息模板"):
        make_message(patient_id=patient, by=by, now=now, template="nothing")


def test_the_decision_holds_codes_only(by, patient, sms, now):
    make_message(patient_id=patient, by=by, now=now)
    row = row_of(make_message(patient_id=patient, by=by, now=now), by, now)
    assert row.decision == {"outcome": "refuse", "would": "refuse", "reasons": ["duplicate"]}
