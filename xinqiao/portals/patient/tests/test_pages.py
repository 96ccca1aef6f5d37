"""What the phone shows once one is in: only one's own, each showing logged once, words that do not frighten."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.accounts.testing import make_phone_user
from xinqiao.audit.operations import log_reading
from xinqiao.kit.clock import real_now
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import grant_access, set_informed
from xinqiao.portals.patient.tests.conftest import OTHERS, sign_in, word
from xinqiao.privacy.operations import give_consent
from xinqiao.privacy.queries import has_consent

PAGES = ("/me", "/me/plan", "/me/readers", "/me/consents", "/me/people")


def read_lines(owner=None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, content FROM audit_line WHERE action LIKE 'read.own.%' ORDER BY id")
        return [(action, json.loads(content)) for action, content in cursor]


def test_home_shows_what_is_to_do_and_doors_only_to_what_exists(town, phone):
    town.form_for(town.li)
    sign_in(phone)
    page = phone.get("/me").content.decode()
    assert "出院后第1天随访" in page and "约2分钟" in page and "下一次随访" in page
    assert "糖化血红蛋白" in page and "7.1" in page
    for link in page.split('class="doors"')[1].split("</nav>")[0].split('href="')[1:]:
        assert phone.get(link.partition('"')[0]).status_code == 200
    assert "tel:0529-88001234" in page and "预约" not in page and "缴费" not in page


def test_without_anything_to_do_home_says_so(town, phone):
    sign_in(phone, OTHERS)
    assert "今天没有要做的事" in phone.get("/me").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_logged_once_as_the_patients_own_reading(town, phone, path):
    sign_in(phone)
    with seen_by(town.by, town.now):
        before = len(read_lines())
    assert phone.get(path).status_code == 200
    with seen_by(town.by, town.now):
        lines = read_lines()[before:]
    assert len(lines) == 1 and lines[0][1]["kind"] == "patient"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_many_queries_with_much_as_with_little(town, phone, path):
    sign_in(phone)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert phone.get(path).status_code == 200
        return len(asked)

    def more():
        town.form_for(town.li)
        with seen_by(town.nurse, town.now):
            log_reading(town.nurse, [town.li], "patient", now=town.now)

    more()
    count()
    little = count()
    for _ in range(5):
        more()
    assert count() == little <= 40


def test_the_policy_is_strict_and_the_page_keeps_to_it(town, phone):
    sign_in(phone)
    answer = phone.get("/me")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "style=" not in answer.content.decode() and "onclick" not in answer.content.decode()


def test_the_plan_is_told_step_by_step(town, phone):
    sign_in(phone)
    page = phone.get("/me/plan").content.decode()
    assert page.count("<time") == 4 and "还没到时间" in page and "逾期" not in page and "失访" not in page


def test_who_looked_is_told_in_plain_chinese(town, phone):
    with seen_by(town.nurse, town.now):
        log_reading(town.nurse, [town.li], "patient", now=town.now)
        log_reading(town.nurse, [town.li], "patient", now=town.now)
        log_reading(town.nurse, [town.li, town.zhao], "today", now=town.now)
    sign_in(phone)
    page = phone.get("/me/readers").content.decode()
    assert '<span class="quiet">心内科 护士</span> 陈静 查看了您的资料' in page and "当天共 2 次" in page
    assert "为了随访" in page and "工作列表" in page
    assert "您的家人" not in page and "赵建民" not in page and "own." not in page


def test_a_consent_is_seen_and_taken_back_after_being_told_what_that_means(town, phone):
    with seen_by(town.by, town.now):
        give_consent(
            patient_id=town.li,
            purpose="research",
            text_version="2026-11",
            channel="window",
            by=town.by,
            now=town.now,
        )
    sign_in(phone)
    assert "/me/consents/research" in phone.get("/me/consents").content.decode()
    assert "不再用于以后的研究" in phone.get("/me/consents/research").content.decode()
    assert phone.post("/me/consents/research").url == "/me/consents"
    page = phone.get("/me/consents").content.decode()
    assert "已撤回" in page and "/me/consents/research" not in page
    with seen_by(town.by, town.now):
        assert not has_consent(town.li, "research", viewer=town.by, now=real_now()).ok
    assert phone.post("/me/consents/nothing").status_code == 404


def test_a_patient_who_is_not_to_hear_his_illness_reads_no_title_and_no_result(town, phone):
    set_informed(patient_id=town.li, informed="family_only", by=town.by, now=town.now)
    town.form_for(town.li)
    sign_in(phone)
    home, plan = (phone.get(path).content.decode() for path in ("/me", "/me/plan"))
    assert "糖化血红蛋白" not in home and "出院后第" not in home and "随访问卷" in home
    assert "出院后随访" not in plan and "随访计划" in plan


def test_a_daughter_let_in_by_name_reads_them(town, phone):
    set_informed(patient_id=town.li, informed="family_only", by=town.by, now=town.now)
    sign_in(phone, OTHERS)
    user_id = make_phone_user(organisation_id=town.organisation, now=town.now, phone=OTHERS)
    grant_access(
        patient_id=town.li, relation="proxy", kinship="女儿", user_id=user_id, by=town.by, now=town.now
    )
    phone.post("/me/people", {"person": word("patient", town.li)})
    page = phone.get("/me").content.decode()
    assert "糖化血红蛋白" in page and "李桂兰" in page
    assert "女儿" in phone.get("/me/people").content.decode()


def test_the_page_speaks_english_when_asked(town, phone):
    sign_in(phone)
    phone.post("/language", {"language": "en", "next": "/me"})
    assert 'lang="en"' in phone.get("/me").content.decode()


def test_no_page_of_hers_is_kept_by_the_browser(town, phone):
    sign_in(phone)
    assert all(phone.get(path)["Cache-Control"] == "no-store" for path in PAGES)


def test_large_type_is_a_cookie(town, phone):
    sign_in(phone)
    phone.cookies["type"] = "large"
    assert 'class="large"' in phone.get("/me").content.decode()
