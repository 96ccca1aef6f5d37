"""Every message of our own becomes what it must (报文释义)."""

from zoneinfo import ZoneInfo

import pytest

from ..parse import parse
from ..read import read
from ..reasons import NOTES, REASONS, Rejected, Unreadable
from .messages import adt_cases, result_cases, wire_cases
from .summary import summary

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASES = [*adt_cases.CASES, *result_cases.CASES, *wire_cases.CASES]


def outcome_of(raw: bytes):
    try:
        said = read(raw, zone=SHANGHAI)
    except Rejected as error:
        return "rejected", error.code, None
    except Unreadable as error:
        return "unreadable", error.code, None
    return ("ignored", said[0].reason, said) if said[0].kind == "ignored" else ("read", "", said)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_message_becomes_what_it_must(case):
    outcome, reason, said = outcome_of(case.raw)
    assert (outcome, reason) == (case.outcome, case.reason)
    found = summary(said) | {"charset": parse(case.raw).charset} if outcome == "read" else {}
    assert {key: found[key] for key in case.says} == case.says


def test_there_are_enough_messages_and_each_has_its_own_name():
    assert len(CASES) == len({case.name for case in CASES}) >= 60


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.outcome == "read"], ids=lambda case: case.name
)
def test_every_remark_has_its_sentence(case):
    assert set(outcome_of(case.raw)[2][0].notes) <= set(NOTES)


def test_every_reason_says_what_is_wrong_and_what_to_do():
    assert all("。" in sentence[:-1] or "，无需" in sentence for sentence in REASONS.values())
    assert all(case.reason in REASONS for case in CASES if case.reason)


def test_header_is_on_every_patient_of_a_message():
    raw = next(case.raw for case in CASES if case.name == "two_patients_in_one_oru")
    said = read(raw, zone=SHANGHAI)
    assert [(one.control_id, one.sending_app, one.trigger) for one in said] == [("M1", "HIS", "R01")] * 2
