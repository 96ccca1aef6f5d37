from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao.accounts.models import LoginAttempt, PasswordUsed, User
from xinqiao.accounts.operations import (
    change_password,
    check_password_step,
    check_totp_step,
    create_staff,
    disable_user,
    enable_user,
    end_session,
    end_sessions,
    enrol_totp,
    lock_session,
    open_session,
    reset_password,
    reset_totp,
    touch_session,
    unlock_session,
)
from xinqiao.accounts.operations.staff import LoginTaken, WeakPassword
from xinqiao.accounts.operations.stays import SessionEnded
from xinqiao.accounts.operations.totp import AlreadyEnrolled
from xinqiao.accounts.queries import find_session, find_user, has_totp, names, totp_now
from xinqiao.accounts.rules.totp import code_at, step_of
from xinqiao.accounts.testing import PASSWORD, make_user
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.errors import NotAllowed

DOOR = system("accounts.door")
MINUTE = timedelta(minutes=1)


def totp_code(secret, now):
    return code_at(secret, step_of(now))


def _enter(now, password=PASSWORD, login="chenjing", address="10.0.0.1", device=""):
    return check_password_step(
        login=login, password=password, address=address, device=device, by=DOOR, now=now
    )


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    """The same hasher with less work, so that hundreds of attempts take no minute."""
    monkeypatch.setattr(hashers.ScryptPasswordHasher, "work_factor", 2**4)


@pytest.fixture
def nurse(db, now):
    return make_user(now=now, login="chenjing")


@pytest.fixture
def hashed(monkeypatch):
    """Count what reaches the hasher."""
    seen = []
    real = hashers.check_password
    path = "xinqiao.accounts.operations.steps.check_password"
    monkeypatch.setattr(path, lambda *given: seen.append(given[1]) or real(*given))
    return seen


def test_the_right_password_opens_the_first_step_only(nurse, now):
    outcome = _enter(now, login=" ChenJing ")
    assert outcome.ok and outcome.user_id == nurse and outcome.needs_enrolment and not outcome.must_change


def test_an_unknown_a_disabled_and_a_known_account_answer_alike(nurse, now, hashed):
    make_user(now=now, login="gone")
    User.objects.filter(login="gone").update(is_active=False)
    wrong = _enter(now, "wrong")
    assert _enter(now, login="nobody") == wrong == _enter(now, login="gone")
    assert not wrong.ok and wrong.user_id is None
    assert len(hashed) == 3 and len({each.rsplit("$", 2)[0].split("$")[0] for each in hashed}) == 1
    for _ in range(4):
        for login in ("chenjing", "nobody", "gone"):
            _enter(now, "wrong", login=login, address=f"10.0.1.{login}")
    known, unknown, disabled = (_enter(now, "wrong", login=each) for each in ("chenjing", "nobody", "gone"))
    assert known.reason == "locked" and known == unknown == disabled


def test_a_thousand_attempts_from_many_addresses_reach_the_hasher_five_times_a_quarter(nurse, now, hashed):
    for attempt in range(200):
        _enter(now + timedelta(seconds=attempt), "wrong", address=f"10.1.{attempt}.1")
    assert len(hashed) == 5
    until = _enter(now + 4 * MINUTE, "wrong").retry_at
    assert until == now + timedelta(seconds=4) + 15 * MINUTE
    assert _enter(until, PASSWORD).ok


def test_an_address_is_stopped_after_twenty_failures_an_hour_over_many_accounts(db, now, hashed):
    for attempt in range(30):
        _enter(now + timedelta(seconds=attempt), "wrong", login=f"user{attempt}", address="10.9.9.9")
    assert len(hashed) == 20
    assert _enter(now + timedelta(hours=1), "wrong", login="other", address="10.9.9.9").reason == "wrong"


def test_an_outsider_cannot_keep_the_nurse_out_of_her_own_device(nurse, now):
    assert _enter(now, device="hers").ok
    for minute in range(1, 30):
        _enter(now + minute * MINUTE, "wrong", address=f"203.0.113.{minute}", device="his")
        assert _enter(now + minute * MINUTE, device="hers").ok
    assert _enter(now + 30 * MINUTE, device="new").reason == "locked"
    assert _enter(now + 40 * MINUTE, device="new").ok


def test_attempts_while_locked_prolong_nothing(nurse, now):
    for second in range(5):
        _enter(now + timedelta(seconds=second), "wrong")
    for minute in range(1, 15):
        assert _enter(now + minute * MINUTE, "wrong", address=f"10.2.{minute}.1").reason == "locked"
    assert LoginAttempt.objects.count() == 5
    assert _enter(now + timedelta(seconds=4) + 15 * MINUTE).ok


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 400), st.booleans(), st.integers(0, 2)), max_size=40), st.integers(0)
)
def test_the_lock_agrees_with_a_model_of_it(db, now, monkeypatch, tries, salt):
    """The model keeps lists in memory; the real thing asks the database, with the hasher taken out."""
    monkeypatch.setattr("xinqiao.accounts.operations.steps.check_password", lambda given, _: given == "right")
    LoginAttempt.objects.all().delete()
    User.objects.filter(login="model").delete()
    make_user(now=now, login="model")
    at, run, spoilt = now, [], {}
    for wait, right, place in tries:
        at += timedelta(seconds=wait)
        address = f"10.0.0.{place}"
        locked = len(run) >= 5 and run[-1] - run[-5] <= 15 * MINUTE and at < run[-1] + 15 * MINUTE
        barred = sum(each > at - timedelta(hours=1) for each in spoilt.get(address, [])) >= 20
        outcome = _enter(at, "right" if right else "wrong", login="model", address=address)
        assert outcome.reason == ("locked" if locked or barred else "" if right else "wrong")
        if not (locked or barred):
            run = [] if right else [*run, at]
            spoilt.setdefault(address, []).extend([] if right else [at])


def test_a_code_of_the_second_factor_is_good_for_once(nurse, now):
    secret = enrol_totp(user_id=nurse, by=DOOR, now=now).secret
    assert not has_totp(nurse, viewer=DOOR)
    code = totp_code(secret, now)
    step = {"user_id": nurse, "address": "10.0.0.1", "by": DOOR}
    assert not check_totp_step(code="000000" if code != "000000" else "111111", now=now, **step).ok
    assert check_totp_step(code=code, now=now, **step).ok
    assert has_totp(nurse, viewer=DOOR)
    for later in (now, now + timedelta(seconds=20)):
        assert check_totp_step(code=code, now=later, **step).reason == "wrong"
    before = totp_code(secret, now - timedelta(seconds=30))
    assert not check_totp_step(code=before, now=now, **step).ok
    following = now + timedelta(seconds=30)
    assert check_totp_step(code=totp_code(secret, following), now=following, **step).ok


def test_a_clock_one_step_off_is_tolerated_and_two_are_not(nurse, now):
    secret = enrol_totp(user_id=nurse, by=DOOR, now=now).secret
    step = {"user_id": nurse, "address": "10.0.0.1", "by": DOOR, "now": now}
    for off, accepted in ((-60, False), (60, False), (-30, True), (30, True)):
        assert check_totp_step(code=totp_code(secret, now + timedelta(seconds=off)), **step).ok is accepted


def test_the_secret_is_sealed_and_a_secret_in_force_is_not_replaced(nurse, now, owner):
    enrolment = enrol_totp(user_id=nurse, by=DOOR, now=now, confirmed=True)
    assert enrolment.secret in enrolment.uri and "chenjing" in enrolment.uri
    from allauth.mfa.models import Authenticator

    assert enrolment.secret not in str(Authenticator.objects.get(user_id=nurse).data)
    with pytest.raises(AlreadyEnrolled):
        enrol_totp(user_id=nurse, by=DOOR, now=now)
    it = Actor(kind="staff", organisation_id=None, user_id=nurse, roles=frozenset(["nurse"]))
    with pytest.raises(NotAllowed):
        reset_totp(user_id=nurse, by=it, now=now)
    reset_totp(user_id=nurse, by=system("test"), now=now)
    assert enrol_totp(user_id=nurse, by=DOOR, now=now).secret != enrolment.secret


def test_the_code_is_shown_in_the_demo_only(nurse, now, settings):
    secret = enrol_totp(user_id=nurse, by=DOOR, now=now, confirmed=True).secret
    with pytest.raises(NotAllowed):
        totp_now(nurse, viewer=DOOR, now=now)
    settings.DEMO = True
    assert totp_now(nurse, viewer=DOOR, now=now) == totp_code(secret, now)


def test_an_account_is_made_with_a_first_password_that_must_be_changed(db, now):
    by = system("test")
    fresh = create_staff(login="ZhangMingyuan", name="张明远", password=PASSWORD, by=by, now=now)
    assert find_user("zhangmingyuan", viewer=by) == fresh and names([fresh], viewer=by) == {fresh: "张明远"}
    assert _enter(now, login="zhangmingyuan").must_change
    with pytest.raises(LoginTaken):
        create_staff(login="zhangmingyuan", name="张明远", password=PASSWORD, by=by, now=now)
    with pytest.raises(WeakPassword, match="12"):
        create_staff(login="x", name="甲乙", password="Sf-2026", by=by, now=now)


def test_a_password_is_changed_by_the_old_one_and_not_to_one_of_the_last_five(db, now):
    by = system("test")
    user_id = create_staff(login="chenjing", name="陈静", password=PASSWORD, by=by, now=now)
    used = [PASSWORD] + [f"Qiao-liang-{number}-Xin" for number in range(5)]
    change = {"user_id": user_id, "address": "10.0.0.1", "by": by}
    for place in range(5):
        at = now + (place + 1) * MINUTE
        assert change_password(old=used[place], new=used[place + 1], now=at, **change).ok
    later = now + timedelta(hours=1)
    for old in used[1:]:
        with pytest.raises(WeakPassword, match="最近 5 次"):
            change_password(old=used[-1], new=old, now=later, **change)
    assert change_password(old=used[-1], new=used[0], now=later, **change).ok
    assert not change_password(old="wrong", new="Another-one-2026", now=later + MINUTE, **change).ok
    assert PasswordUsed.objects.filter(user_id=user_id).count() == 7
    with pytest.raises(NotAllowed):
        change_password(
            old="x", new="y", now=now, **change | {"by": Actor(kind="staff", organisation_id=None)}
        )


def test_a_password_of_ninety_days_must_be_changed(nurse, now):
    assert not _enter(now + timedelta(days=90) - MINUTE).must_change
    assert _enter(now + timedelta(days=90)).must_change


def test_a_stay_locks_when_idle_and_is_unlocked_by_password_with_nothing_lost(nurse, now):
    stay = open_session(user_id=nurse, by=DOOR, now=now)
    idle = now + 15 * MINUTE
    assert find_session(stay, viewer=DOOR, now=idle).state == "locked"
    wrong = unlock_session(session_id=stay, password="wrong", address="a", by=DOOR, now=idle)
    assert not wrong.ok and find_session(stay, viewer=DOOR, now=idle).state == "locked"
    assert unlock_session(session_id=stay, password=PASSWORD, address="a", by=DOOR, now=idle).ok
    assert find_session(stay, viewer=DOOR, now=idle).state == "open"


def test_a_stay_is_locked_by_hand_and_unlocked_by_a_code(nurse, now):
    secret = enrol_totp(user_id=nurse, by=DOOR, now=now, confirmed=True).secret
    stay = open_session(user_id=nurse, by=DOOR, now=now)
    lock_session(session_id=stay, by=DOOR, now=now)
    touch_session(session_id=stay, by=DOOR, now=now + MINUTE)
    assert find_session(stay, viewer=DOOR, now=now + MINUTE).state == "locked"
    code = totp_code(secret, now + MINUTE)
    assert unlock_session(session_id=stay, code=code, address="a", by=DOOR, now=now + MINUTE).ok
    assert find_session(stay, viewer=DOOR, now=now + MINUTE).state == "open"


def test_work_puts_the_lock_off_but_never_beyond_twelve_hours(nurse, now):
    stay = open_session(user_id=nurse, by=DOOR, now=now)
    for step in range(1, 72):
        at = now + step * 10 * MINUTE
        assert find_session(stay, viewer=DOOR, now=at).state == "open"
        touch_session(session_id=stay, by=DOOR, now=at)
    over = now + timedelta(hours=12)
    assert find_session(stay, viewer=DOOR, now=over).state == "ended"
    with pytest.raises(SessionEnded):
        unlock_session(session_id=stay, password=PASSWORD, address="a", by=DOOR, now=over)


def test_a_stay_is_ended_by_its_holder_by_disabling_and_by_a_new_password(nurse, now):
    def state(stay):
        return find_session(stay, viewer=DOOR, now=now).state

    by = system("test")
    first, second, third, fourth = (open_session(user_id=nurse, by=DOOR, now=now) for _ in range(4))
    end_session(session_id=first, by=DOOR, now=now)
    assert (state(first), state(second)) == ("ended", "open")
    change_password(
        user_id=nurse, old=PASSWORD, new="Qiao-liang-9-Xin", address="a", by=by, now=now, session_id=second
    )
    assert (state(second), state(third)) == ("open", "ended")
    disable_user(user_id=nurse, by=by, now=now)
    assert state(second) == "ended" and not _enter(now, "Qiao-liang-9-Xin").ok
    enable_user(user_id=nurse, by=by, now=now)
    assert state(second) == "ended" and _enter(now, "Qiao-liang-9-Xin").ok
    open_session(user_id=nurse, by=DOOR, now=now)
    reset_password(user_id=nurse, new="Qiao-liang-8-Xin", by=by, now=now)
    assert end_sessions(user_id=nurse, by=by, now=now) == 0 and state(fourth) == "ended"


@pytest.mark.parametrize("role", ["nurse", "secadmin", "auditor", "manager"])
def test_only_the_system_administrator_manages_accounts(nurse, now, role):
    other = Actor(kind="staff", organisation_id=None, user_id=make_user(now=now), roles=frozenset([role]))
    for attempt in (
        lambda: create_staff(login="x", name="y", password=PASSWORD, by=other, now=now),
        lambda: disable_user(user_id=nurse, by=other, now=now),
        lambda: reset_password(user_id=nurse, new=PASSWORD, by=other, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    it = Actor(kind="staff", organisation_id=None, user_id=nurse, roles=frozenset(["sysadmin"]))
    with pytest.raises(NotAllowed, match="自己"):
        disable_user(user_id=nurse, by=it, now=now)
