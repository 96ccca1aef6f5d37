"""Answers are kept step by step, completed once, and a dangerous one is announced at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from xinqiao.kit.errors import NotAllowed
from xinqiao.kit.ids import new_id
from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import grant_access
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.operations import (
    open_own_invitation,
    record_call_answers,
    save_draft,
    submit_response,
)
from xinqiao.questionnaires.operations.answering import AlreadySubmitted, AnsweredAlready, MayNotAnswer
from xinqiao.questionnaires.queries import get_response, prefill, responses_of
from xinqiao.questionnaires.testing import WELL_D1, make_invitation, open_link
from xinqiao.questionnaires.tests.conftest import build_home


def opened_form(home, now, **more):
    invited = make_invitation(patient_id=home.patient, by=home.by, now=now, **more)
    opened, by = open_link(invited.token, now=now, proof="002X", verified_phone="questionnaire" in more)
    assert opened.opens
    return {"invitation_id": opened.invitation_id, "pass_key": opened.pass_key, "by": by, "now": now}


@pytest.fixture
def form(home, now):
    return opened_form(home, now)


def told(name):
    return [event.payload for event in Outbox.objects.filter(name=f"questionnaires.{name}").order_by("id")]


def test_a_finished_form_is_announced_once_however_often_it_is_sent(home, form, now):
    first = submit_response(answers=WELL_D1, **form)
    again = submit_response(answers=WELL_D1 | {"pain": "9"}, **form)
    assert (first.state, first.core_filled, first.core_total, first.errors) == ("completed", 7, 7, {})
    assert (again.response_id, again.state) == (first.response_id, "completed")
    (event,) = told("ResponseCompleted")
    assert event["response_id"] == str(first.response_id) and event["patient_id"] == str(home.patient)
    with seen_by(home.nurse, now):
        answers = get_response(first.response_id, viewer=home.nurse, now=now).answers
    assert [(one.text[:4], one.words) for one in answers][1] == ("今天量的", "36.8℃")
    with pytest.raises(AlreadySubmitted):
        save_draft(answers={"pain": "3"}, **form)


def test_a_form_with_gaps_stays_a_draft_and_keeps_what_was_typed(home, form, now):
    saved = submit_response(answers={"pain": "2", "temperature": "三十八"}, **form)
    assert saved.state == "draft"
    assert "请填写数字" in saved.errors["temperature"] and "还没有填写" in saved.errors["bleeding"]
    assert submit_response(answers=WELL_D1 | {"pain": "2"}, **form).state == "completed"
    with seen_by(home.by, now):
        assert Response.objects.count() == 1


def test_a_dangerous_answer_is_announced_while_the_form_is_still_being_filled_and_once(home, form, now):
    saved = save_draft(answers={"bleeding": "continuous"}, **form)
    assert saved.state == "draft"
    assert "120" in saved.advice[0]
    save_draft(answers={"pain": "3"}, **form)
    save_draft(answers={"bleeding": "continuous"}, **form)
    submit_response(answers=WELL_D1 | {"bleeding": "continuous"}, **form)
    (event,) = told("DangerAnswered")
    assert event["level"] == 1
    with seen_by(home.by, now):
        assert Response.objects.get().danger_level == 1


def test_each_dangerous_question_is_announced_for_itself(form):
    save_draft(answers={"bleeding": "continuous"}, **form)
    save_draft(answers={"temperature": "38.6"}, **form)
    assert len(told("DangerAnswered")) == 2


def test_a_danger_that_becomes_graver_is_announced_again_and_never_with_a_score(home, now):
    form = opened_form(home, now, questionnaire="phq9")
    for answer in ("1", "1", "2", "1"):
        saved = save_draft(answers={"phq9_9": answer}, **form)
        assert "12356" in saved.advice[0]
    assert [event["level"] for event in told("DangerAnswered")] == [2, 1]
    assert all(
        set(event) == {"response_id", "patient_id", "subject_id", "level"} for event in told("DangerAnswered")
    )


def test_a_relative_may_answer_and_it_is_written_down_but_not_on_emotions(home, form, now):
    submit_response(answers=WELL_D1, who="family", **form)
    with seen_by(home.nurse, now):
        (row,) = responses_of(home.patient, viewer=home.nurse, now=now)
    assert (row.answered_by, row.told_by, row.is_valid) == ("家属代填", "家属代填", True)
    with pytest.raises(MayNotAnswer, match="本人"):
        save_draft(answers={}, who="family", **opened_form(home, now, questionnaire="phq9"))


def test_two_links_about_one_subject_lead_to_one_response(home, now):
    subject = new_id(now)
    one, two = opened_form(home, now, subject_id=subject), opened_form(home, now, subject_id=subject)
    save_draft(answers={"pain": "2"}, **one)
    rest = {code: answer for code, answer in WELL_D1.items() if code != "pain"}
    assert submit_response(answers=rest, **two).state == "completed"
    with seen_by(home.by, now):
        assert Response.objects.count() == 1


def test_answers_are_stored_sealed(home, form, now):
    submit_response(answers=WELL_D1 | {"remark": "夜里睡不好"}, **form)
    with seen_by(home.by, now):
        assert "夜里睡不好".encode() not in bytes(Response.objects.get().answers_sealed)


def test_a_nurse_records_what_was_said_on_the_phone_and_finds_the_draft_prefilled(home, now):
    subject = new_id(now)
    save_draft(answers={"pain": "2"}, **opened_form(home, now, subject_id=subject))
    with seen_by(home.nurse, now):
        known = prefill(home.patient, "dc_d1", subject, viewer=home.nurse, now=now)
    assert (known.answers, known.earlier) == ({"pain": 2}, {})
    call = {"patient_id": home.patient, "questionnaire": "dc_d1", "by": home.nurse, "now": now}
    saved = record_call_answers(subject_id=subject, answers=WELL_D1, who="family", **call)
    assert saved.state == "completed"
    with pytest.raises(AnsweredAlready, match="刷新"):
        record_call_answers(subject_id=subject, answers=WELL_D1, **call)
    with seen_by(home.nurse, now):
        (row,) = responses_of(home.patient, viewer=home.nurse, now=now)
        later = prefill(home.patient, "dc_d1", new_id(now), viewer=home.nurse, now=now)
    assert (row.answered_by, row.told_by) == ("电话代录", "家属代填")
    assert (later.answers, later.earlier["temperature"], later.earlier_at) == ({}, "36.8", now)


def test_on_the_phone_emotions_are_asked_only_when_it_is_surely_the_patient(home, now):
    call = {"patient_id": home.patient, "questionnaire": "phq9", "by": home.nurse, "now": now}
    with pytest.raises(MayNotAnswer):
        record_call_answers(subject_id=new_id(now), answers={}, complete=False, **call)
    saved = record_call_answers(
        subject_id=new_id(now), answers={"phq9_9": "1"}, complete=False, verified=True, **call
    )
    assert saved.state == "draft" and len(told("DangerAnswered")) == 1


def test_who_came_through_a_link_is_never_shown_an_answer(home, form, now):
    saved = save_draft(answers={"pain": "2"}, **form)
    with seen_by(form["by"], now), pytest.raises(NotAllowed):
        get_response(saved.response_id, viewer=form["by"], now=now)
    with seen_by(form["by"], now), pytest.raises(NotAllowed):
        prefill(home.patient, "dc_d1", new_id(now), viewer=form["by"], now=now)


def test_two_submits_at_once_make_one_response(committed, now):
    home = build_home(now)
    form, done, together = opened_form(home, now), [], threading.Barrier(4)
    save_draft(answers={"pain": "2"}, **form)

    def submit():
        together.wait()
        done.append(submit_response(answers=WELL_D1, **form))
        connections.close_all()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({saved.response_id for saved in done}) == 1 and len(done) == 4
    assert len(told("ResponseCompleted")) == 1


def test_wrong_tries_at_once_are_all_counted(committed, now):
    home = build_home(now)
    invited = make_invitation(patient_id=home.patient, by=home.by, now=now)

    def guess():
        open_link(invited.token, now=now, proof="19000101")
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with seen_by(home.by, now):
        assert Invitation.objects.get().tries == 4


def test_a_patient_signed_in_opens_her_own_form_without_a_proof(home, now):
    from xinqiao.accounts.testing import make_phone_user
    from xinqiao.kit.actor import Actor

    user = make_phone_user(organisation_id=home.organisation, now=now)
    invited = make_invitation(patient_id=home.patient, by=home.by, now=now, questionnaire="phq9")
    by = Actor(kind="patient", organisation_id=home.organisation, user_id=user, roles=frozenset(["patient"]))
    grant_access(patient_id=home.patient, relation="self", user_id=user, by=home.by, now=now - timedelta(1))
    opened = open_own_invitation(invitation_id=invited.invitation_id, by=by, now=now)
    assert opened.opens
    saved = save_draft(
        invitation_id=opened.invitation_id, pass_key=opened.pass_key, answers={"phq9_1": "0"}, by=by, now=now
    )
    assert saved.core_filled == 1
