"""Messages say only what their template allows, leave when they may, and are counted once."""

from datetime import datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.messaging.rules.intents import (
    RECEIPT_WORDS,
    RECEIPTS,
    TRANSITIONS,
    WORDS,
    BadMove,
    Receipt,
    merge_receipts,
    move,
)
from xinqiao.messaging.rules.sending import HOURS, Draft, Installation, Receiver, decide
from xinqiao.messaging.rules.templates import (
    FIELDS,
    BadTemplate,
    BadValue,
    parse_template,
    render,
    sms_length,
    template_faults,
)

HOST = "sf.jiangzhou1.example"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
CONTENT = Path(__file__).parents[3] / "content/messages"
DOCUMENTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*.yaml"))}
VALUES = {
    "greeting": "李女士",
    "hospital": "江州市第一人民医院",
    "department": "普外科",
    "phone": "010-12345678",
    "day": "11月24日（周二）",
    "time": "09:30",
    "minutes": "5",
    "days": "3",
    "code": "042137",
    "token": "Ab3_xY-9Kd2LmQ7Z",
}
LIVE = Installation(locked=False)
INVITE = Draft("service", "sms")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI))


def text_of(name, **values):
    template = parse_template(DOCUMENTS[name], HOST)
    return render(template, {name: VALUES[name] for name in template.fields} | values).body


@pytest.mark.parametrize("code", DOCUMENTS)
def test_every_published_template_is_sound_neutral_and_short(code):
    template = parse_template(DOCUMENTS[code], HOST)
    body = text_of(code)
    assert template.code == code
    assert "{" not in body and "}" not in body
    assert not any(word in body for word in ("手术", "癌", "阳性", "诊断", "发热", "抑郁"))
    if template.channel == "sms":
        assert body.startswith("【江州一院】")
        assert sms_length(body)[1] <= 2


def test_the_link_is_the_hospitals_own_host_and_only_its_token_varies():
    assert f"https://{HOST}/q/{VALUES['token']} " in text_of("followup_invite_sms")


def test_a_login_code_has_six_digits():
    assert "042137" in text_of("login_code_sms")
    with pytest.raises(BadValue):
        text_of("login_code_sms", code="4213")


@pytest.mark.parametrize(
    "name, value",
    [
        ("greeting", "{token}"),
        ("greeting", "{{7*7}}"),
        ("greeting", "李{token}"),
        ("greeting", "李女士 https://evil.example"),
        ("greeting", "李.evil.com"),
        ("greeting", "李\u202e女士"),
        ("greeting", "李\n女士"),
        ("greeting", "【招行】"),
        ("greeting", "长" * 40),
        ("token", "x"),
        ("token", "../../admin12"),
        ("token", "abc?next=//evil"),
    ],
)
def test_a_value_can_smuggle_nothing_in(name, value):
    with pytest.raises(BadValue):
        text_of("followup_invite_sms", **{name: value})


@given(st.text(max_size=60))
def test_whatever_a_value_is_the_text_holds_only_the_template_and_it(value):
    try:
        body = text_of("danger_call_sms", greeting=value)
    except BadValue:
        return
    frame = text_of("danger_call_sms", greeting="李女士").split("李女士")
    assert body == value.join(frame)
    assert not set(value) & set("{}【】<>\n")


@given(st.text(alphabet="{}ab_.[]!:0 %$", max_size=30))
def test_no_other_grammar_is_ever_a_template(body):
    document = DOCUMENTS["digits_thanks_sms"] | {"body": body}
    if "{" in body or "}" in body:
        assert template_faults(document)
    else:
        assert render(parse_template(document, HOST), {}).body == f"【江州一院】{body.strip()}"


def test_values_must_be_exactly_those_declared():
    template = parse_template(DOCUMENTS["followup_invite_sms"], HOST)
    for values in ({}, {"greeting": "李女士"}, dict.fromkeys(FIELDS, "李女士")):
        with pytest.raises(BadValue, match="不一致"):
            render(template, values)


@pytest.mark.parametrize(
    "change, place",
    [
        ({"class": "marketing", "purpose": "marketing"}, "body：推广短信"),
        ({"class": "marketing"}, "purpose："),
        ({"body": "请看 https://evil.example/{token} {greeting}"}, "body：链接"),
        ({"body": "{greeting} {token} {diagnosis}"}, "fields：正文用了"),
        ({"fields": ["diagnosis"]}, "fields：只能用"),
        ({"body": "{greeting}{token}{0}"}, "body：花括号"),
        ({"signature": "一"}, "signature："),
        ({"channel": "fax"}, "channel："),
        ({"colour": "red"}, "colour："),
        ({"version": 0}, "version："),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_place(change, place):
    document = DOCUMENTS["followup_invite_sms"] | change
    assert any(fault.startswith(place) for fault in template_faults(document))
    with pytest.raises(BadTemplate):
        parse_template(document, HOST)


@pytest.mark.parametrize("length, segments", [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_long_texts_are_charged_by_67(length, segments):
    assert sms_length("信" * length) == (length, segments)
    assert sms_length("𠮷" * 36) == (72, 2)


def receiver(**facts):
    return Receiver(**{"zone": SHANGHAI, "consent": True} | facts)


def codes(decision):
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    "draft, facts, outcome, reasons",
    [
        (INVITE, {}, "send", []),
        (INVITE, {"consent": None}, "refuse", ["consent_missing"]),
        (INVITE, {"consent": False}, "refuse", ["consent_withdrawn"]),
        (INVITE, {"deceased": True, "consent": False}, "refuse", ["deceased", "consent_withdrawn"]),
        (INVITE, {"contact": "failed"}, "refuse", ["contact_failed"]),
        (INVITE, {"contact": "no such state"}, "refuse", ["contact_failed"]),
        (INVITE, {"contact": "missing"}, "refuse", ["no_contact"]),
        (INVITE, {"opted_out": True}, "refuse", ["opted_out"]),
        (INVITE, {"same_content_at": NOON - timedelta(hours=23)}, "refuse", ["duplicate"]),
        (INVITE, {"same_content_at": NOON - timedelta(hours=24)}, "send", []),
        (INVITE, {"notices_today": 5}, "hold", ["daily_cap"]),
        (INVITE, {"notices_today": 4}, "send", []),
        (INVITE, {"paused": True}, "hold", ["paused"]),
        (Draft("safety", "sms"), {"consent": None, "notices_today": 9, "paused": True}, "send", []),
        (Draft("safety", "sms"), {"consent": False}, "refuse", ["consent_withdrawn"]),
        (Draft("safety", "sms"), {"deceased": True}, "refuse", ["deceased"]),
        (Draft("service", "sms", requested=True), {"consent": None, "notices_today": 9}, "send", []),
        (Draft("marketing", "sms"), {"consent": None}, "refuse", ["consent_missing"]),
        (Draft("marketing", "sms"), {"contact": "unverified"}, "refuse", ["contact_unverified"]),
        (Draft("marketing", "sms"), {"marketing_sent": (NOON - timedelta(6),)}, "refuse", ["marketing_cap"]),
        (Draft("marketing", "sms"), {"marketing_sent": (NOON - timedelta(8),)}, "send", []),
        (
            Draft("marketing", "sms"),
            {"marketing_sent": tuple(NOON - timedelta(d) for d in (8, 15, 22))},
            "refuse",
            ["marketing_cap"],
        ),
        (Draft("service", "sms", expires_at=NOON), {}, "refuse", ["too_late"]),
    ],
)
def test_each_reason_decides_as_it_should(draft, facts, outcome, reasons):
    decision = decide(draft, receiver(**facts), LIVE, NOON)
    assert (decision.outcome, codes(decision), decision.would) == (outcome, reasons, outcome)
    assert all(reason.words for reason in decision.reasons)


@pytest.mark.parametrize(
    "kind, now, at",
    [
        ("service", "2026-11-24T21:00", "2026-11-25T08:00"),
        ("service", "2026-11-24T20:59", None),
        ("service", "2026-11-24T07:59", "2026-11-24T08:00"),
        ("service", "2026-12-31T23:00", "2027-01-01T08:00"),
        ("marketing", "2026-11-24T20:00", "2026-11-25T09:00"),
        ("marketing", "2026-12-31T20:00", "2027-01-02T09:00"),
        ("safety", "2026-11-24T03:00", None),
    ],
)
def test_quiet_hours_hold_until_the_next_morning(kind, now, at):
    now = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    decision = decide(Draft(kind, "sms"), receiver(), LIVE, now, lambda day: (day.month, day.day) == (1, 1))
    wanted = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) if at else now
    assert (decision.outcome, decision.at) == ("hold" if at else "send", wanted)


def test_a_message_of_no_known_class_never_slips_through_as_safety():
    with pytest.raises(KeyError):
        decide(Draft("urgent", "sms"), receiver(), LIVE, NOON)


def test_a_message_that_would_come_too_late_is_dropped_not_held():
    night = datetime(2026, 11, 24, 22, tzinfo=SHANGHAI)
    draft = Draft("service", "sms", expires_at=datetime(2026, 11, 25, 7, tzinfo=SHANGHAI))
    assert codes(decide(draft, receiver(), LIVE, night)) == ["too_late"]


@given(st.sampled_from(sorted(HOURS)), instants, st.integers(0, 9), st.booleans())
def test_no_notice_ever_leaves_in_quiet_hours_and_a_hold_ends_in_a_send(kind, now, notices, asked):
    decision = decide(Draft(kind, "sms", requested=asked), receiver(notices_today=notices), LIVE, now)
    assert decision.at >= now
    start, end = HOURS[kind]
    assert asked or start <= decision.at.astimezone(SHANGHAI).time() < end
    again = decide(Draft(kind, "sms", requested=asked), receiver(), LIVE, decision.at)
    assert again.outcome == "send"


@given(
    st.sampled_from(["service", "education", "marketing", "safety"]), instants, st.booleans(), st.booleans()
)
def test_a_copy_of_the_database_reaches_only_test_numbers_and_a_shadow_run_nobody(
    kind, now, shadow, test_number
):
    installation = Installation(is_test_number=test_number, shadow=shadow)
    decision = decide(Draft(kind, "sms"), receiver(), installation, now)
    free = decide(Draft(kind, "sms"), receiver(), LIVE, now)
    assert decision.would == free.outcome
    if shadow or not test_number:
        assert decision.outcome == "refuse"
        assert codes(decision) == ["shadow_run" if shadow else "sending_locked"]
    else:
        assert decision == free


@given(st.lists(st.sampled_from(sorted({e for moves in TRANSITIONS.values() for e in moves})), max_size=20))
def test_an_intent_is_never_attempted_again_while_its_answer_is_unknown(events):
    state, history = "ready", ["ready"]
    for event in events:
        try:
            state = move(state, event)
        except BadMove:
            assert event not in TRANSITIONS[state]
            continue
        history.append(state)
    for before, after in pairwise(history):
        assert not (before == "unknown" and after == "attempting")
        assert before not in ("delivered", "refused", "cancelled")
        assert before not in ("sent", "failed") or after in ("delivered", "failed")
    assert set(TRANSITIONS) == set(WORDS)


@given(st.lists(st.builds(Receipt, st.sampled_from(RECEIPTS), instants), min_size=1, max_size=4))
def test_receipts_come_to_the_same_in_any_order_and_however_often(receipts):
    merged = merge_receipts(receipts)
    assert all(merge_receipts(order) == merged for order in permutations(receipts))
    assert merge_receipts([*receipts, *receipts]) == merged
    assert merged.state in RECEIPT_WORDS


def test_after_a_lost_answer_only_a_look_up_that_found_nothing_makes_it_ready_again():
    assert move(move("attempting", "lose_answer"), "found_absent") == "ready"
    assert "claim" not in TRANSITIONS["unknown"]
    assert "attempting" not in TRANSITIONS["unknown"].values()


def test_a_late_failure_does_not_undo_a_delivery():
    delivered, failed = Receipt("delivered", NOON), Receipt("failed", NOON + timedelta(minutes=1))
    assert merge_receipts([delivered, failed]) == delivered
    assert merge_receipts([]) is None
