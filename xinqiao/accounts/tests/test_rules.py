from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.accounts.rules import (
    ACTIONS,
    ADMINISTRATORS,
    ANONYMOUS,
    PATIENT_ACTIONS,
    POLICY,
    RELATIONS,
    ROLES,
    excluded_together,
    may,
)
from xinqiao.accounts.rules.limits import ABSOLUTE, IDLE, LOCK, Limit, locked_until, session_state
from xinqiao.accounts.rules.passwords import PROFILES, faults_of, must_change
from xinqiao.accounts.rules.phones import NotAMobile, mobile
from xinqiao.accounts.rules.totp import code_at, matching_step, step_of
from xinqiao.kit.actor import Actor, system

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
MLPS3, NIST = PROFILES["cn-mlps3"], PROFILES["nist"]


def _staff(*roles: str) -> Actor:
    return Actor(kind="staff", organisation_id=UUID(int=1), user_id=UUID(int=2), roles=frozenset(roles))


def test_the_policy_speaks_only_of_known_roles_actions_and_relations():
    assert POLICY.keys() == ROLES.keys()
    for rights in POLICY.values():
        assert rights.keys() <= ACTIONS.keys() and set(rights.values()) <= set(RELATIONS)


def test_every_action_is_somebodys():
    assert set(ACTIONS) == {action for rights in POLICY.values() for action in rights}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_administrator_has_a_right_that_touches_patients(role):
    assert not POLICY[role].keys() & PATIENT_ACTIONS


@pytest.mark.parametrize(("one", "other"), list(combinations(ADMINISTRATORS, 2)))
def test_no_two_administrators_share_a_right_of_administration(one, other):
    ours = {"users.manage", "rights.manage", "audit.read", "sources.manage"}
    assert not POLICY[one].keys() & POLICY[other].keys() & ours


@given(st.sets(st.sampled_from(sorted(ROLES)), min_size=1, max_size=4))
def test_an_administrator_stands_alone_and_all_others_may_be_joined(roles):
    assert excluded_together(roles).ok is (len(roles) == 1 or not roles & set(ADMINISTRATORS))


@given(st.sampled_from(sorted(ROLES)), st.sampled_from(sorted(ACTIONS)))
def test_what_the_table_does_not_grant_is_refused_with_a_reason(role, action):
    verdict = may(_staff(role), action)
    assert verdict.ok is (action in POLICY[role])
    assert verdict.reason and verdict.reach == POLICY[role].get(action, "")


def test_two_roles_reach_as_far_as_the_wider_one():
    assert may(_staff("nurse", "manager"), "patient.read").reach == "organisation"


def test_nobody_without_a_role_may_do_anything_nor_may_an_anonymous_request():
    for action in ACTIONS:
        assert not may(_staff(), action).ok
        assert not may(system(ANONYMOUS), action).ok
        assert not may(system(""), action).ok
    assert may(system("care.run_due", UUID(int=1)), "task.work").ok


def test_an_action_nobody_knows_is_an_error_and_not_a_no():
    with pytest.raises(KeyError):
        may(_staff("nurse"), "patient.peek")


def test_five_failures_lock_for_fifteen_minutes_from_the_fifth():
    times = [NOW + timedelta(minutes=minute) for minute in (8, 6, 4, 2, 0)]
    latest = [(at, False) for at in times]
    assert locked_until(latest, times[0]) == times[0] + LOCK
    assert locked_until(latest, times[0] + LOCK) is None
    assert locked_until(latest[:4], times[0]) is None
    assert locked_until([*latest[:2], (NOW, True), *latest[3:]], times[0]) is None


def test_failures_far_apart_do_not_lock():
    latest = [(NOW + timedelta(minutes=4 * place), False) for place in range(4, -1, -1)]
    assert locked_until(latest, latest[0][0]) is None


@given(st.lists(st.tuples(st.integers(0, 3600), st.booleans()), max_size=60))
def test_an_outsider_gets_at_most_five_tries_in_a_quarter_and_never_locks_for_ever(waits):
    """A model of anyone's attempts: those refused are not counted, so each lock ends."""
    at, judged = NOW, []
    for wait, right in waits:
        at += timedelta(seconds=wait)
        until = locked_until(judged[:5], at)
        assert until is None or at < until <= at + LOCK
        if until is None:
            judged.insert(0, (at, right))
    for start in range(len(judged) - 5):
        six = judged[start : start + 6]
        if not any(right for _, right in six):
            assert six[0][0] - six[5][0] >= LOCK


@given(st.lists(st.integers(0, 90_000), max_size=40), st.integers(1, 6), st.sampled_from([60, 3600, 86_400]))
def test_a_limit_lets_exactly_its_count_through_in_any_period(waits, count, seconds):
    limit, at, allowed = Limit(count, timedelta(seconds=seconds)), NOW, []
    for wait in waits:
        at += timedelta(seconds=wait)
        within = [each for each in allowed if each > at - limit.period]
        nth = allowed[-count] if len(allowed) >= count else None
        assert (limit.free_at(nth, at) is None) is (len(within) < count)
        if limit.free_at(nth, at) is None:
            allowed.append(at)


def _state(**changed):
    fields = {"kind": "staff", "is_active": True, "created_at": NOW, "last_seen_at": NOW}
    fields |= {"locked_at": None, "ended_at": None, "now": NOW}
    return session_state(**fields | changed)


def test_a_stay_locks_when_idle_and_ends_after_twelve_hours():
    assert _state() == "open"
    assert _state(now=NOW + IDLE - timedelta(seconds=1)) == "open"
    assert _state(now=NOW + IDLE) == "locked"
    assert _state(locked_at=NOW) == "locked"
    late = NOW + ABSOLUTE
    assert _state(last_seen_at=late, now=late - timedelta(seconds=1)) == "open"
    assert _state(last_seen_at=late, now=late) == "ended"


def test_a_phone_is_not_locked_when_idle_but_ends_all_the_same():
    assert _state(kind="patient", now=NOW + IDLE) == "open"
    assert _state(kind="patient", now=NOW + ABSOLUTE) == "ended"


def test_a_stay_of_a_disabled_account_is_over_at_once():
    assert _state(is_active=False) == "ended"
    assert _state(ended_at=NOW) == "ended"


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Suifang-2026-qiao", True),
        ("suifangqiao2026", False),
        ("Sf-2026", False),
        ("Password2026!", False),
        ("Xinqiao-2026!", False),
        ("Aa1!Aa1!Aa1!Aa1!", False),
        ("Chenjing-9-river", False),
        ("Aa1!" * 40, False),
    ],
)
def test_the_profile_of_the_classified_protection_asks_for_length_and_classes(password, good):
    assert (faults_of(password, MLPS3, login="chenjing", name="陈静") == []) is good


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("wuyueliuyueqiyue", True),
        ("correct horse river", True),
        ("short-Aa1!", False),
        ("passwordpassword", False),
    ],
)
def test_the_nist_profile_asks_for_length_and_no_composition(password, good):
    assert (faults_of(password, NIST) == []) is good


def test_a_first_password_is_changed_and_one_of_ninety_days_too_but_never_by_nist():
    assert must_change(None, MLPS3, NOW) and must_change(None, NIST, NOW)
    ninety = timedelta(days=90)
    assert must_change(NOW - ninety, MLPS3, NOW) and not must_change(NOW - ninety, NIST, NOW)
    assert not must_change(NOW - ninety + timedelta(seconds=1), MLPS3, NOW)


@pytest.mark.parametrize("written", ["13800000001", "138 0000 0001", "+86 138-0000-0001", "008613800000001"])
def test_a_mobile_number_is_read_as_people_write_it(written):
    assert mobile(written) == "13800000001"


@pytest.mark.parametrize(
    "written", ["", "1380000000", "138000000012", "12800000001", "05101234567", "1380000000１"]
)
def test_what_is_no_mobile_number_is_refused(written):
    with pytest.raises(NotAMobile):
        mobile(written)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_rfc(seconds, code):
    """RFC 6238, appendix B: its eight-digit codes for SHA-1, the last six digits."""
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // 30) == code


def test_a_code_matches_one_step_around_now_and_only_later_than_the_last_spent():
    secret, present = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", step_of(NOW)
    for off, matched in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        assert (matching_step(secret, code_at(secret, present + off), NOW, 0) is not None) is matched
    assert matching_step(secret, code_at(secret, present), NOW, present) is None
    assert matching_step(secret, "", NOW, 0) is None
