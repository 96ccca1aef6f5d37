"""A form by link or of one's own: proved first, saved as one goes, danger told at once, sent once."""

import pytest
from django.test import Client

from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.portals.patient.tests.conftest import HOST, OTHERS, sign_in, steady, word
from xinqiao.questionnaires.queries import get_response, responses_of

BIRTH = {"birth_year": "1949", "birth_month": "12", "birth_day": "31"}
WELL = {
    "q_pain": "2", "q_temperature": "36.8", "q_bleeding": "none", "q_nausea": "none", "q_medicines": "all",
    "q_contact": "same", "qs_symptoms": ["none"],
}  # fmt: skip
SHOWN = ["pain", "temperature", "bleeding", "nausea", "medicines", "contact", "symptoms", "remark"]


@pytest.fixture
def link(town):
    return f"/q/{town.form_for(town.li).token}"


def rows(town):
    with seen_by(town.nurse, town.now):
        return responses_of(town.li, viewer=town.nurse, now=town.now)


def announced(name):
    return Outbox.objects.filter(name=f"questionnaires.{name}").count()


def test_a_link_asks_for_a_proof_and_names_nobody(link, phone):
    page = phone.get(link).content.decode()
    assert "先核对身份" in page and "李桂兰" not in page and "出院" not in page


@pytest.mark.parametrize("proof", [BIRTH, {"tail": "002x"}])
def test_a_birth_date_or_the_last_four_opens_the_questions(link, phone, proof):
    assert phone.post(link, proof).url == link
    page = phone.get(link).content.decode()
    assert "体温" in page and "本人" in page and "家属代填" in page and "李桂兰" not in page


def test_five_wrong_tries_void_a_link_also_for_the_right_proof(link, phone):
    wrong = BIRTH | {"birth_day": "30"}
    for left in (4, 3, 2, 1):
        answer = phone.post(link, wrong)
        assert answer.status_code == 422 and f"还可以再试 {left} 次" in answer.content.decode()
    assert "链接已失效" in phone.post(link, wrong).content.decode()
    answer = phone.post(link, BIRTH)
    assert answer.status_code == 410 and "打不开了" in answer.content.decode()


def test_a_void_link_and_one_never_sent_look_alike_at_every_step(link, phone):
    for _ in range(5):
        phone.post(link, {"tail": "0000"})
    asked = [steady(phone.get(each)).replace(each, "") for each in (link, "/q/AAAAAAAAAAAAAAAAAAAAAA")]
    tried = [steady(phone.post(each, BIRTH)) for each in (link, "/q/AAAAAAAAAAAAAAAAAAAAAA")]
    assert asked[0] == asked[1] and tried[0] == tried[1]


def test_an_illegible_proof_keeps_what_was_typed_and_costs_no_try(link, phone):
    for _ in range(7):
        page = phone.post(link, {"birth_year": "1949"}).content.decode()
    assert 'value="1949"' in page and "8 位出生日期" in page
    assert phone.post(link, BIRTH).status_code == 302


def test_the_answers_of_a_link_arrive_once_with_who_gave_them(link, phone, town):
    phone.post(link, BIRTH)
    for _ in range(2):
        answer = phone.post(link, WELL | {"shown": SHOWN, "who": "family"})
        assert answer.status_code == 200 and "已收到" in answer.content.decode()
    (row,) = rows(town)
    assert (row.state, row.told_by) == ("completed", "家属代填") and announced("ResponseCompleted") == 1
    assert "已收到" in phone.get(link).content.decode()


def test_a_danger_is_told_at_once_while_the_form_is_being_filled(link, phone, town):
    phone.post(link, BIRTH)
    saved = phone.post(f"{link}/draft", {"shown": SHOWN, "q_bleeding": "continuous"}, HTTP_HX_REQUEST="true")
    page = saved.content.decode()
    assert "120" in page and 'hx-swap-oob="innerHTML:#advice"' in page and "<html" not in page
    assert announced("DangerAnswered") == 1 and rows(town)[0].state == "draft"


def test_a_question_that_depends_on_an_answer_comes_and_goes(link, phone):
    phone.post(link, BIRTH)
    fever = {"shown": SHOWN, "q_temperature": "38.2"}
    page = phone.post(f"{link}/draft", fever).content.decode()
    assert 'hx-swap-oob="afterend:#tile-temperature"' in page and 'name="q_implant"' in page
    back = {"shown": ["pain", "temperature", "implant", "bleeding"], "q_temperature": "36.8"}
    assert (
        '<section id="tile-implant" hx-swap-oob="delete">'
        in phone.post(f"{link}/draft", back).content.decode()
    )


def test_an_odd_value_is_asked_about_and_an_impossible_one_is_not_kept(link, phone):
    phone.post(link, BIRTH)
    odd = phone.post(f"{link}/draft", {"shown": SHOWN, "q_temperature": "33"}).content.decode()
    assert "不常见" in odd
    wrong = phone.post(f"{link}/draft", {"shown": SHOWN, "q_temperature": "368"}).content.decode()
    assert "应在 25 到 45" in wrong


def test_a_draft_survives_and_is_not_shown_again(link, phone, town):
    phone.post(link, BIRTH)
    phone.post(f"{link}/draft", {"shown": SHOWN, "q_temperature": "36.9"})
    another = Client(HTTP_HOST=HOST)
    another.post(link, BIRTH)
    page = another.get(link).content.decode()
    assert "已填好并保存 1 题" in page and "36.9" not in page and 'name="q_temperature"' not in page


def test_gaps_are_listed_and_nothing_typed_is_lost(link, phone, town):
    phone.post(link, BIRTH)
    answer = phone.post(link, {"shown": SHOWN, "who": "self", "q_pain": "3", "q_temperature": "四十"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="四十"' in page and "还没有填写" in page
    rest = {name: said for name, said in WELL.items() if name != "q_pain"}
    assert phone.post(link, rest | {"shown": SHOWN[1:], "who": "self"}).status_code == 200
    with seen_by(town.nurse, town.now):
        given = get_response(rows(town)[0].id, viewer=town.nurse, now=town.now).answers
    assert given[0].value == 3


def test_a_form_is_not_sent_before_it_is_said_who_answers(link, phone, town):
    phone.post(link, BIRTH)
    answer = phone.post(link, WELL | {"shown": SHOWN})
    assert answer.status_code == 422 and "请选一项" in answer.content.decode()
    assert rows(town)[0].state == "draft"
    assert phone.post(link, {"who": "self", "shown": ["remark"]}).status_code == 200


def test_without_the_proof_nothing_is_kept(link, phone, town):
    answer = phone.post(f"{link}/draft", {"shown": SHOWN, "q_pain": "3"})
    assert answer.status_code == 204 and answer["HX-Refresh"] == "true"
    assert rows(town) == []


def test_a_form_on_emotions_leads_to_the_patients_own_phone(town, phone):
    token = town.form_for(town.li, questionnaire="phq9").token
    page = phone.post(f"/q/{token}", BIRTH).content.decode()
    assert "验证码" in page and "/me/login?next=%2Fme%2Fforms%2F" in page


def test_ones_own_form_is_filled_without_a_proof_and_leaves_the_list(town, phone):
    own = f"/me/forms/{word('invitation', town.form_for(town.li).invitation_id)}"
    sign_in(phone)
    assert own in phone.get("/me").content.decode()
    assert "体温" in phone.get(own, follow=True).content.decode()
    assert phone.post(f"{own}/draft", {"shown": SHOWN, "q_pain": "3"}).status_code == 200
    assert "已收到" in phone.post(own, WELL | {"shown": SHOWN, "who": "self"}).content.decode()
    assert own not in phone.get("/me").content.decode()


def test_a_form_on_emotions_is_for_the_patient_alone(town, phone):
    own = f"/me/forms/{word('invitation', town.form_for(town.li, questionnaire='phq9').invitation_id)}"
    sign_in(phone)
    phone.get(own)
    answer = phone.post(own, {"who": "family", "shown": ["phq9_1"], "q_phq9_1": "0"})
    assert answer.status_code == 409 and "本人" in answer.content.decode()


def test_a_pass_of_one_phone_opens_nothing_for_another(town, phone):
    own = f"/me/forms/{word('invitation', town.form_for(town.li).invitation_id)}"
    sign_in(phone)
    phone.get(own)
    session = phone.session
    other = Client(HTTP_HOST=HOST)
    sign_in(other, OTHERS)
    stolen = other.session
    stolen["passes"] = session["passes"]
    stolen.save()
    assert other.get(own).status_code == 410
    answer = other.post(f"{own}/draft", {"shown": SHOWN, "q_pain": "3"})
    assert answer.status_code == 204
