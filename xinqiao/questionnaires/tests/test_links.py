"""A link opens with a proof, five times tried at most, and never shows what was answered."""

import random
from datetime import timedelta

import pytest

from xinqiao.kit.errors import NotFound
from xinqiao.kit.rls import seen_by
from xinqiao.patients.queries import get_patient
from xinqiao.questionnaires.models import Invitation
from xinqiao.questionnaires.operations import save_draft, submit_response, void_invitations
from xinqiao.questionnaires.queries import invitations_of, link_actor, link_sheet
from xinqiao.questionnaires.rules.tokens import CLOSED, LinkClosed
from xinqiao.questionnaires.testing import NOBODY, WELL_D1, make_invitation, open_link

DAYS = timedelta(days=1)


@pytest.fixture
def sent(home, now):
    home.invited = make_invitation(patient_id=home.patient, by=home.by, now=now)
    return home


@pytest.fixture
def birth(sent, now):
    with seen_by(sent.by, now):
        return f"{get_patient(sent.patient, viewer=sent.by, now=now).birth_on:%Y%m%d}"


def test_the_birth_date_or_the_last_four_of_the_id_opens_a_link(sent, birth, now):
    for proof in (birth, "002x"):
        opened, _ = open_link(sent.invited.token, now=now, proof=proof)
        assert opened.opens and opened.message == ""
        assert opened.invitation_id == sent.invited.invitation_id


def test_the_last_four_of_a_hospital_number_do_not_open_it(sent, now):
    opened, _ = open_link(sent.invited.token, now=now, proof="0001")
    assert (opened.opens, "还可以再试 4 次" in opened.message) == (False, True)


def test_the_fifth_wrong_try_voids_a_link_for_good_even_for_the_right_answer(sent, birth, now):
    for left in (4, 3, 2, 1):
        assert f"再试 {left} 次" in open_link(sent.invited.token, now=now, proof="19000101")[0].message
    assert "已失效" in open_link(sent.invited.token, now=now, proof="19000101")[0].message
    opened, _ = open_link(sent.invited.token, now=now, proof=birth)
    assert (opened.opens, opened.message, opened.pass_key) == (False, CLOSED, "")


def test_something_illegible_is_told_and_not_counted(sent, birth, now):
    for _ in range(7):
        assert "8 位出生日期" in open_link(sent.invited.token, now=now, proof="李桂兰")[0].message
    assert open_link(sent.invited.token, now=now, proof=birth)[0].opens


def test_void_expired_and_unknown_links_answer_alike(sent, birth, now):
    void = make_invitation(patient_id=sent.patient, by=sent.by, now=now)
    with seen_by(sent.by, now):
        subject = Invitation.objects.get(id=void.invitation_id).subject_id
    assert void_invitations(subject_ids=[subject], by=sent.by, now=now) == 1
    answers = {
        open_link(void.token, now=now, proof=birth)[0],
        open_link(sent.invited.token, now=now + 3 * DAYS, proof=birth)[0],
        open_link("AAAAAAAAAAAAAAAAAAAAAA", now=now, proof=birth)[0],
    }
    assert {(one.opens, one.message, one.pass_key, one.invitation_id) for one in answers} == {
        (False, CLOSED, "", None)
    }


def test_a_token_is_128_random_bits_and_stored_as_a_digest_only(home, now, owner):
    first = make_invitation(patient_id=home.patient, by=home.by, now=now, rng=random.Random(7))
    assert len(first.token) == 22
    with seen_by(home.by, now):
        stored = bytes(Invitation.objects.get().token_hash)
    assert len(stored) == 32 and first.token.encode() not in stored


def test_whoever_holds_a_link_acts_at_its_organisation_and_a_wrong_link_nowhere(sent):
    assert link_actor(sent.invited.token, viewer=NOBODY).organisation_id == sent.organisation
    assert link_actor("x", viewer=NOBODY).organisation_id is None


def test_without_the_pass_of_the_proof_nothing_is_shown_or_saved(sent, now):
    by = link_actor(sent.invited.token, viewer=NOBODY)
    for key in ("", "0" * 64):
        with pytest.raises(LinkClosed):
            save_draft(
                invitation_id=sent.invited.invitation_id, pass_key=key, answers={"pain": "2"}, by=by, now=now
            )
        with seen_by(by, now), pytest.raises(LinkClosed):
            link_sheet(sent.invited.invitation_id, key, viewer=by, now=now)


def test_a_draft_survives_and_the_link_shows_only_what_is_still_to_be_asked(sent, birth, now):
    opened, by = open_link(sent.invited.token, now=now, proof=birth)
    key = {"invitation_id": opened.invitation_id, "pass_key": opened.pass_key, "by": by}
    save_draft(answers={"pain": "2", "temperature": "36.8"}, now=now, **key)
    again, by = open_link(sent.invited.token, now=now + DAYS, proof=birth)
    with seen_by(by, now):
        sheet = link_sheet(again.invitation_id, again.pass_key, viewer=by, now=now)
    assert [item.code for item in sheet.items] == [
        "bleeding", "nausea", "medicines", "contact", "symptoms", "remark",
    ]  # fmt: skip
    assert (sheet.answered, sheet.total, sheet.is_done) == (2, 8, False)
    assert "36.8" not in repr(sheet) + repr(again)
    submit_response(answers=WELL_D1 | {"remark": "谢谢护士"}, now=now, **key)
    with seen_by(by, now):
        sheet = link_sheet(again.invitation_id, again.pass_key, viewer=by, now=now)
    assert (sheet.items, sheet.is_done) == ((), True)
    assert open_link(sent.invited.token, now=now, proof=birth)[0].is_done


def test_a_form_on_emotions_needs_a_code_to_the_patients_own_phone(home, now):
    invited = make_invitation(patient_id=home.patient, by=home.by, now=now, questionnaire="phq9")
    opened, _ = open_link(invited.token, now=now, proof="002X")
    assert (opened.opens, opened.needs_code, opened.pass_key) == (False, True, "")
    assert "验证码" in opened.message
    assert open_link(invited.token, now=now, proof="002X", verified_phone=True)[0].opens


def test_the_forms_of_a_patient_are_listed_with_what_became_of_them(sent, birth, now):
    opened, by = open_link(sent.invited.token, now=now, proof=birth)
    with seen_by(sent.nurse, now):
        (row,) = invitations_of(sent.patient, viewer=sent.nurse, now=now)
    assert (row.title, row.is_open, row.is_done) == ("出院后第1天随访", True, False)
    submit_response(
        invitation_id=opened.invitation_id, pass_key=opened.pass_key, answers=WELL_D1, by=by, now=now
    )
    with seen_by(sent.nurse, now):
        (row,) = invitations_of(sent.patient, viewer=sent.nurse, now=now)
    assert (row.is_open, row.is_done) == (False, True)


def test_nobody_is_invited_whom_the_sender_may_not_read(home, now):
    from xinqiao.kit.actor import system
    from xinqiao.kit.ids import new_id

    with pytest.raises(NotFound):
        make_invitation(patient_id=home.patient, by=system("test", new_id(now)), now=now)
