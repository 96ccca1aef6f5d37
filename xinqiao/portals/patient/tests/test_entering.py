"""A phone comes in by its code, to its own patients, and leaves for good."""

from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from xinqiao.accounts.operations import open_session
from xinqiao.accounts.queries import find_session
from xinqiao.accounts.rules import SESSION_KEY
from xinqiao.directory.testing import make_organisation
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.portals.patient.tests.conftest import (
    HOST,
    NOBODYS,
    OTHERS,
    PHONE,
    code_sent,
    sign_in,
    steady,
    word,
)


def test_the_right_code_leads_home_and_a_wrong_one_is_told(town, phone):
    phone.post("/me/login", {"phone": PHONE})
    sent = code_sent()
    wrong = phone.post("/me/login/code", {"code": f"{(int(sent) + 1) % 1_000_000:06d}"})
    assert wrong.status_code == 422 and "验证码不对" in wrong.content.decode()
    right = phone.post("/me/login/code", {"code": sent})
    assert (right.status_code, right.url) == (302, "/me")
    assert "李桂兰" in phone.get("/me").content.decode()


def test_the_number_waits_sealed_and_is_shown_masked(town, phone):
    phone.post("/me/login", {"phone": PHONE})
    page = phone.get("/me/login/code").content.decode()
    assert "138****0001" in page and PHONE not in page
    assert all(PHONE not in str(each.get_decoded()) for each in Session.objects.all())


def test_asking_again_at_once_is_refused_in_words_with_the_time(town, phone):
    phone.post("/me/login", {"phone": PHONE})
    again = phone.post("/me/login/resend")
    page = again.content.decode()
    assert again.status_code == 429 and "太频繁" in page and "分钟后再试" in page


def test_a_number_nobody_registered_gets_the_same_answers_and_then_no_patient(town, phone):
    known, unknown = Client(HTTP_HOST=HOST), Client(HTTP_HOST=HOST)
    answers = [one.post("/me/login", {"phone": n}) for one, n in ((known, PHONE), (unknown, NOBODYS))]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url and answers[0].content == answers[1].content
    unknown.post("/me/login/code", {"code": code_sent()})
    page = unknown.get("/me", follow=True).content.decode()
    assert "没有找到用这个手机号登记的患者" in page and "李桂兰" not in page


def test_an_impossible_number_is_put_right_in_its_place(town, phone):
    answer = phone.post("/me/login", {"phone": "12345"})
    assert answer.status_code == 422 and 'value="12345"' in answer.content.decode()


def test_two_patients_on_one_phone_are_chosen_between_and_switched(town, phone):
    with seen_by(town.by, town.now):
        twin = make_patient(by=town.by, now=town.now, phone=PHONE, name="李小宝")
    assert sign_in(phone).url == "/me"
    page = phone.get("/me", follow=True)
    assert page.redirect_chain[-1][0] == "/me/people"
    assert "李桂兰" in page.content.decode() and "李小宝" in page.content.decode()
    for patient, name in ((twin, "李小宝"), (town.li, "李桂兰")):
        phone.post("/me/people", {"person": word("patient", patient)})
        home = phone.get("/me").content.decode()
        assert f"，{name}" in home and "/me/people" in home


def test_somebody_elses_patient_cannot_be_chosen(town, phone):
    sign_in(phone)
    answer = phone.post("/me/people", {"person": word("patient", town.zhao)})
    assert answer.status_code == 422 and "赵建民" not in answer.content.decode()
    assert "赵建民" not in phone.get("/me").content.decode()


def test_after_leaving_the_stay_is_over_on_the_server(town, phone):
    sign_in(phone)
    kept = phone.cookies["sessionid"].value
    stay = UUID(phone.session[SESSION_KEY])
    assert phone.post("/me/logout").url == "/me/login"
    assert find_session(stay, viewer=town.by, now=town.now).state == "ended"
    phone.cookies["sessionid"] = kept
    assert phone.get("/me").url.startswith("/me/login")


def test_who_is_not_in_goes_to_the_door_and_comes_back_to_the_page(town, phone):
    door = phone.get("/me/plan")
    assert door.url == "/me/login?next=%2Fme%2Fplan"
    on = phone.post(door.url, {"phone": PHONE})
    assert phone.post(on.url, {"code": code_sent()}).url == "/me/plan"
    assert (
        phone.post("/me/people?next=https://elsewhere.example/", {"person": word("patient", town.li)}).url
        == "/me"
    )


@pytest.mark.parametrize("host", ["elsewhere.xinqiao.localhost", "localhost"])
def test_a_host_that_is_no_hospitals_says_so(town, host):
    with seen_by(town.by, town.now):
        make_organisation(now=town.now, code="other", domain="other.example")
    answer = Client(HTTP_HOST=host).get("/me/login")
    assert answer.status_code == 404 and "没有对应的医院" in answer.content.decode()


def test_a_name_below_the_hospitals_own_shows_the_hospital(town):
    with seen_by(town.by, town.now):
        make_organisation(now=town.now, code="other", domain="other.example")
    page = Client(HTTP_HOST=f"phone1.{HOST}").get("/me/login").content.decode()
    assert "江州市第一人民医院" in page


def test_a_stay_of_another_phone_shows_nothing_of_hers(town, phone):
    sign_in(phone, OTHERS)
    session = phone.session
    session["patient"] = word("patient", town.li)
    session.save()
    answer = phone.get("/me")
    assert (answer.status_code, answer.url) == (302, "/me/people")


def test_a_staff_stay_does_not_open_the_patients_pages(town):
    desk = Client(HTTP_HOST=HOST)
    stay = open_session(user_id=town.nurse.user_id, post_id=town.nurse.post_id, by=town.by, now=town.now)
    session = desk.session
    session[SESSION_KEY] = str(stay)
    session.save()
    assert desk.get("/me").status_code == 403


def test_another_patients_form_is_byte_for_byte_what_does_not_exist(town, phone):
    theirs, gone = town.form_for(town.zhao), word("invitation", town.organisation)
    sign_in(phone)
    answers = [
        phone.get(f"/me/forms/{each}") for each in (word("invitation", theirs.invitation_id), gone, "x" * 26)
    ]
    assert [one.status_code for one in answers] == [404] * 3
    assert len({steady(one) for one in answers}) == 1


def test_no_address_and_no_redirect_holds_anything_of_hers(town, phone):
    later = phone.post("/me/login", {"phone": PHONE}), sign_in(Client(HTTP_HOST=HOST), OTHERS)
    assert all(PHONE not in one.url and OTHERS not in one.url for one in later)
