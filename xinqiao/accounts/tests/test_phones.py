import random
import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinqiao.accounts.events import LoginCodeRequested
from xinqiao.accounts.models import LoginCode, User
from xinqiao.accounts.operations import (
    create_phone_user,
    forget_phone_user,
    open_session,
    redeem_login_code,
    request_login_code,
)
from xinqiao.accounts.queries import find_session, get_login_code_message, get_phone
from xinqiao.accounts.rules.limits import CODE_LIMITS
from xinqiao.accounts.rules.phones import NotAMobile
from xinqiao.accounts.tasks import sweep
from xinqiao.accounts.testing import make_phone_user
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.errors import NotFound
from xinqiao.kit.events import restore
from xinqiao.kit.models import Outbox

ORG, OTHER = UUID(int=1), UUID(int=2)
DOOR = system("accounts.door", ORG)
PHONE = "13800000001"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FROM = {"address": "203.0.113.7", "device": "hers"}


def _ask(now, phone=PHONE, organisation_id=ORG, **more):
    asked = FROM | {"by": DOOR, "now": now, "rng": random.Random(now.timestamp())} | more
    return request_login_code(organisation_id=organisation_id, phone=phone, **asked)


def _give(code, now, phone=PHONE, organisation_id=ORG):
    return redeem_login_code(
        organisation_id=organisation_id, phone=phone, code=code, by=DOOR, now=now, **FROM
    )


def _sent() -> str:
    """The code as the provider would send it: read from the event, as messaging does."""
    event = Outbox.objects.filter(name=LoginCodeRequested.kind()).latest("id")
    told = restore(event.name, event.organisation_id, event.occurred_at, event.payload)
    return get_login_code_message(told.code_id, viewer=DOOR)[2]


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_lets_in_once(db, now):
    assert _ask(now).ok
    code = _sent()
    assert len(code) == 6 and code.isdigit()
    entered = _give(f" {code[:3]} {code[3:]}", now + MINUTE)
    assert entered.ok and get_phone(entered.user_id, viewer=DOOR) == (ORG, PHONE)
    assert not _give(code, now + MINUTE).ok
    _ask(now + 2 * MINUTE)
    assert _give(_sent(), now + 2 * MINUTE).user_id == entered.user_id


def test_a_known_and_an_unknown_number_answer_and_send_alike(db, now):
    known = make_phone_user(organisation_id=ORG, now=now, phone="13900000002")
    answers = [_ask(now, phone) for phone in ("13900000002", "13900000003")]
    assert answers[0] == answers[1] and answers[0].ok and answers[0].user_id is None
    assert Outbox.objects.filter(name=LoginCodeRequested.kind()).count() == 2
    wrong = [_give("000000", now, phone) for phone in ("13900000002", "13900000003", "13900000004")]
    assert wrong[0] == wrong[1] == wrong[2] and not wrong[0].ok
    assert User.objects.filter(kind="patient").count() == 1 and known


def test_five_wrong_codes_void_the_right_one(db, now):
    _ask(now)
    code = _sent()
    for _ in range(4):
        assert not _give(_another(code), now).ok
    assert LoginCode.objects.get().voided_at is None
    assert not _give(_another(code), now).ok
    assert not _give(code, now).ok
    assert LoginCode.objects.get().tries == 5


def test_the_fifth_try_may_still_be_the_right_one(db, now):
    _ask(now)
    code = _sent()
    for _ in range(4):
        _give(_another(code), now)
    assert _give(code, now).ok


def test_a_code_lives_five_minutes(db, now):
    _ask(now)
    assert not _give(_sent(), now + 5 * MINUTE).ok
    _ask(now + 10 * MINUTE)
    assert _give(_sent(), now + 15 * MINUTE - SECOND).ok


def test_a_newer_code_voids_the_older(db, now):
    _ask(now)
    older = _sent()
    _ask(now + MINUTE)
    assert older != _sent()
    assert not _give(older, now + MINUTE).ok
    assert _give(_sent(), now + MINUTE).ok


def test_a_code_is_good_at_its_organisation_and_for_its_number_only(db, now):
    _ask(now)
    code = _sent()
    assert not _give(code, now, organisation_id=OTHER).ok
    assert not _give(code, now, phone="13800000002").ok
    assert _give(code, now).ok


def test_a_number_gets_a_code_a_minute_five_an_hour_and_ten_a_day(db, now):
    at, sent = now, []
    while at < now + timedelta(days=1):
        if _ask(at, device=f"d{at}", address=f"a{at}").ok:
            sent.append(at)
        at += timedelta(minutes=1) if len(sent) < 6 else timedelta(minutes=20)
    assert sent[:5] == [now + place * MINUTE for place in range(5)]
    assert sent[5] == now + timedelta(hours=1)
    assert len(sent) == 10
    assert not _ask(now + timedelta(days=1) - SECOND, device="x", address="x").ok
    assert _ask(now + timedelta(days=1), device="x", address="x").ok


def test_the_refusal_says_when_to_try_again(db, now):
    _ask(now)
    refused = _ask(now + 10 * SECOND)
    assert not refused.ok and refused.retry_at == now + MINUTE and "1 分钟后" in refused.message
    assert _ask(now, phone="12345").message == NotAMobile.__doc__


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([1, 20, 61, 600, 4000]), *[st.integers(0, 2)] * 3), max_size=60))
def test_the_limits_agree_with_a_model_of_them(db, now, asks):
    LoginCode.objects.all().delete()
    at, granted = now, []
    for wait, number, device, address in asks:
        at += timedelta(seconds=wait)
        asking = {
            "phone_blind": number,
            "device": f"d{device}",
            "address": f"a{address}",
            "organisation_id": ORG,
        }
        expected = all(
            sum(then[scope] == asking[scope] and when > at - limit.period for when, then in granted)
            < limit.count
            for scope, limit in CODE_LIMITS
        )
        asked = _ask(at, f"1380000000{number}", device=f"d{device}", address=f"a{address}")
        assert asked.ok is expected
        if expected:
            granted.append((at, asking))


@pytest.mark.parametrize("scope", ["device", "address", "organisation_id"])
def test_many_numbers_from_one_place_are_stopped_by_its_own_limit(db, now, scope, monkeypatch):
    narrow = tuple((each, limit) for each, limit in CODE_LIMITS if each == scope)[:1]
    monkeypatch.setattr("xinqiao.accounts.operations.phones.CODE_LIMITS", narrow)
    count = narrow[0][1].count
    _fill(now, min(count, 2000), scope)
    refused = _ask(now + MINUTE, "13700000000", **FROM)
    assert not refused.ok and refused.retry_at == now + timedelta(hours=1)
    assert _ask(now + timedelta(hours=1), "13700000000", **FROM).ok


def _fill(now, count, scope):
    """As many codes as the limit allows, of other numbers, written at once."""
    place = {"address": "elsewhere", "device": "another"} | ({scope: FROM[scope]} if scope in FROM else {})
    LoginCode.objects.bulk_create(
        LoginCode(
            id=UUID(int=number + 1), organisation_id=ORG, phone_blind=number.to_bytes(8), phone_sealed=b"",
            code_sealed=b"", created_at=now, expires_at=now, **place,
        )
        for number in range(count)
    )  # fmt: skip


def test_no_number_and_no_code_is_stored_in_the_clear(db, now):
    _ask(now)
    code, kept = _sent(), LoginCode.objects.get()
    stored = b"".join(bytes(each) for each in (kept.phone_blind, kept.phone_sealed, kept.code_sealed))
    assert PHONE.encode() not in stored and code.encode() not in stored
    payload = str(Outbox.objects.latest("id").payload)
    assert PHONE not in payload and code not in payload


def test_only_the_sender_of_that_organisation_reads_a_code(db, now):
    _ask(now)
    kept = LoginCode.objects.get()
    assert get_login_code_message(kept.id, viewer=DOOR)[:2] == (ORG, PHONE)
    for viewer in (system("messaging.send", OTHER), Actor(kind="staff", organisation_id=ORG)):
        with pytest.raises(NotFound):
            get_login_code_message(kept.id, viewer=viewer)
    _give(_sent(), now)
    with pytest.raises(NotFound):
        get_login_code_message(kept.id, viewer=DOOR)


def test_a_phone_user_is_one_per_number_and_organisation(db, now):
    first = create_phone_user(organisation_id=ORG, phone=PHONE, by=DOOR, now=now)
    assert create_phone_user(organisation_id=ORG, phone="+86 " + PHONE, by=DOOR, now=now) == first
    assert create_phone_user(organisation_id=OTHER, phone=PHONE, by=DOOR, now=now) != first


def test_a_forgotten_phone_user_has_no_number_and_no_stay_left(db, now):
    user_id = make_phone_user(organisation_id=ORG, now=now)
    stay = open_session(user_id=user_id, by=DOOR, now=now)
    forget_phone_user(user_id=user_id, by=DOOR, now=now)
    assert find_session(stay, viewer=DOOR, now=now).state == "ended"
    with pytest.raises(NotFound):
        get_phone(user_id, viewer=DOOR)
    _ask(now)
    assert _give(_sent(), now).user_id not in (None, user_id)


def test_old_codes_are_swept_and_those_a_limit_looks_at_are_kept(db, now):
    _ask(now - timedelta(days=3))
    _ask(now - timedelta(hours=23))
    sweep(now)
    assert [kept.created_at for kept in LoginCode.objects.all()] == [now - timedelta(hours=23)]


def test_fifty_at_once_with_the_right_code_let_one_in(committed, now):
    _ask(now)
    code, entered = _sent(), []
    _at_once(50, lambda: entered.append(_give(code, now).ok))
    assert sorted(entered) == [False] * 49 + [True]


def test_fifty_at_once_with_a_wrong_code_count_five_tries(committed, now):
    _ask(now)
    code, entered = _sent(), []
    _at_once(50, lambda: entered.append(_give(_another(code), now).ok))
    assert entered == [False] * 50 and LoginCode.objects.get().tries == 5


def test_twenty_at_once_get_one_code_for_one_number(committed, now):
    asked = []
    _at_once(20, lambda: asked.append(_ask(now).ok))
    assert sorted(asked) == [False] * 19 + [True]
    assert LoginCode.objects.count() == 1


def _at_once(count, do):
    ready = threading.Barrier(count)

    def one():
        try:
            _connected()
            ready.wait(30)
            do()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def _connected():
    """The server has sixty connections; another test run beside this one may hold some for a moment."""
    for _ in range(50):
        try:
            return connections["default"].ensure_connection()
        except OperationalError:
            time.sleep(0.2)
    raise RuntimeError("no connection was free")
