"""Signing in, the idle lock, leaving, the language (职工入口)."""

from datetime import timedelta

import pytest

from xinqiao.accounts.operations import enrol_totp, lock_session
from xinqiao.accounts.rules import SESSION_KEY
from xinqiao.accounts.rules.totp import code_at, step_of
from xinqiao.accounts.testing import PASSWORD, make_user
from xinqiao.directory.testing import make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.rls import seen_by
from xinqiao.portals.ui.tests.browsing import client_of

BY = system("test")


@pytest.fixture
def chen_jing(db):
    """陈静, a nurse with her second factor: (user, secret)."""
    now = real_now() - timedelta(days=1)
    with seen_by(BY, now):
        organisation = make_organisation(now=now)
    with seen_by(system("test", organisation), now):
        user, _ = make_staff("nurse", organisation_id=organisation, now=now, login="chenjing")
        return user, enrol_totp(user_id=user, by=BY, now=now, confirmed=True).secret


def totp_code(secret, now):
    return code_at(secret, step_of(now))


def enter(client, password=PASSWORD, login="chenjing", next_page="/today"):
    return client.post("/login", {"name": login, "password": password, "next": next_page})


def test_password_and_then_the_code_open_the_page_that_was_asked_for(client, chen_jing):
    assert client.get("/today").url == "/login?next=%2Ftoday"
    second = enter(client)
    assert second.url == "/login/code?next=%2Ftoday"
    code = totp_code(chen_jing[1], real_now())
    assert client.post(second.url, {"code": code}).url == "/today"
    assert client.get("/today").status_code == 200


def test_the_password_alone_opens_nothing(client, chen_jing):
    enter(client)
    assert client.get("/today").status_code == 302
    assert client.post("/login/code", {"code": "000000"}).status_code == 422


def test_an_unknown_account_and_a_wrong_password_sound_the_same(client, chen_jing):
    wrong, unknown = enter(client, "nothing-like-it"), enter(client, login="nobody")
    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码不对" in wrong.text
    assert "账号或密码不对" in unknown.text


def test_after_five_wrong_passwords_the_page_says_until_when_it_is_locked(client, chen_jing):
    for _ in range(5):
        enter(client, "nothing-like-it")
    locked = enter(client)
    assert locked.status_code == 429
    assert "解锁时间" in locked.text


def test_a_first_sign_in_shows_the_secret_and_its_picture_once(client, chen_jing):
    with seen_by(BY, real_now()):
        make_user(now=real_now(), login="new")
    assert enter(client, login="new").url.startswith("/login/setup")
    shown = client.post("/login/setup").text
    assert "data:image/svg+xml" in shown
    assert shown.count("<code>") == 1


def test_nobody_is_sent_to_another_site_after_signing_in(client, chen_jing):
    assert enter(client, next_page="https://evil.example/").url == "/login/code?next=%2F"


def test_a_locked_stay_shows_nothing_and_tells_the_open_page_so(chen_jing):
    client = locked_client(chen_jing[0])
    answer = client.get("/today/strip", headers={"HX-Request": "true"})
    assert answer.status_code == 302
    assert answer["X-Xinqiao-Locked"] == "locked"
    assert client.get(answer.url, headers={"HX-Request": "true"})["X-Xinqiao-Locked"]


def test_the_password_unlocks_and_leads_back(chen_jing):
    client = locked_client(chen_jing[0])
    assert client.post("/locked", {"password": "wrong", "next": "/today"}).status_code == 422
    assert client.post("/locked", {"password": PASSWORD, "next": "/today"}).url == "/today"
    assert client.get("/today").status_code == 200


def test_the_code_unlocks_too(chen_jing):
    client = locked_client(chen_jing[0])
    assert client.post("/locked", {"code": totp_code(chen_jing[1], real_now())}).status_code == 302
    assert client.get("/today").status_code == 200


def test_leaving_ends_the_stay_on_the_server(chen_jing):
    client = client_of(chen_jing[0])
    cookie = client.cookies["sessionid"].value
    assert client.post("/logout").url == "/login"
    client.cookies["sessionid"] = cookie
    assert client.get("/today").status_code == 302


def test_who_must_change_the_password_gets_no_further_before(chen_jing):
    client = client_of(chen_jing[0])
    session = client.session
    session["must_change"] = True
    session.save()
    assert client.get("/today").url.startswith("/login/password")
    weak = client.post("/login/password", {"old": PASSWORD, "new": "short"})
    assert weak.status_code == 422
    assert client.post("/login/password", {"old": PASSWORD, "new": "Jiangzhou-#-7731-hao"}).status_code == 302
    assert client.get("/today").status_code == 200


def test_a_chosen_language_is_kept_and_an_unknown_one_is_not(client, db):
    assert client.post("/language", {"language": "en"}).cookies["django_language"].value == "en"
    assert "django_language" not in client.post("/language", {"language": "xx"}).cookies


def test_an_error_page_carries_the_number_of_its_incident(client, db):
    page = client.get("/nothing-here")
    assert page.status_code == 404
    assert page["X-Incident"] in page.text


def locked_client(user):
    client = client_of(user)
    with seen_by(BY, real_now()):
        lock_session(session_id=client.session[SESSION_KEY], by=BY, now=real_now())
    return client
