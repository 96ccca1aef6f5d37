"""A consent is given for one purpose, can be taken back, and what was said is never overwritten."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.privacy.models import Consent
from xinqiao.privacy.operations import GuardianNeeded, give_consent, withdraw_consent
from xinqiao.privacy.queries import consents_of, has_consent, have_consent
from xinqiao.privacy.rules import PURPOSES, judge, needs_guardian

ORG, DAY = UUID(int=1), timedelta(days=1)
NURSE = Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=3), roles=frozenset({"nurse"}))
STRANGER = Actor(kind="staff", organisation_id=ORG, user_id=UUID(int=4))
ELSEWHERE = Actor(kind="staff", organisation_id=UUID(int=2), user_id=UUID(int=6), roles=frozenset({"nurse"}))
READ = {"text_version": "2026-1", "channel": "paper"}


def asked(patient, purpose, at, viewer=NURSE) -> bool:
    with seen_by(viewer, at):
        return has_consent(patient, purpose, viewer=viewer, now=at).ok


@given(st.sampled_from(sorted(PURPOSES)), st.sampled_from([None, True, False]))
def test_only_care_is_lawful_unasked_and_nothing_after_withdrawal(purpose, granted):
    assert judge(purpose, granted).ok is (granted is True or (granted is None and purpose == "care"))


@pytest.mark.parametrize(
    "birth_on, needed", [(date(2012, 11, 25), True), (date(2012, 11, 24), False), (None, False)]
)
def test_below_fourteen_a_guardian_consents(birth_on, needed):
    assert needs_guardian(birth_on, date(2026, 11, 24)) is needed


def test_every_word_is_kept_and_the_past_is_answered_as_it_was(db, now):
    patient = make_patient(by=NURSE, now=now)
    assert not asked(patient, "marketing", now)
    give_consent(patient_id=patient, purpose="marketing", evidence="签字单 0001", by=NURSE, now=now, **READ)
    withdraw_consent(patient_id=patient, purpose="marketing", channel="sms", by=NURSE, now=now + DAY)
    assert [asked(patient, "marketing", now + DAY * days) for days in (0, 0.5, 1, 2)] == [
        True,
        True,
        False,
        False,
    ]
    with seen_by(NURSE, now):
        assert list(Consent.objects.order_by("at").values_list("granted", "ended_at")) == [
            (True, now + DAY),
            (False, None),
        ]


def test_withdrawing_care_stops_care_messages(db, now):
    patient = make_patient(by=NURSE, now=now)
    assert asked(patient, "care", now)
    withdraw_consent(patient_id=patient, purpose="care", channel="phone", by=NURSE, now=now)
    assert not asked(patient, "care", now)
    with seen_by(NURSE, now):
        assert not have_consent([patient], "care", viewer=NURSE, now=now)[patient].ok
        standing = {one.purpose: one.granted for one in consents_of(patient, viewer=NURSE, now=now)}
    assert standing == dict.fromkeys(PURPOSES) | {"care": False}


def test_a_child_cannot_consent_but_can_be_consented_for_and_may_withdraw(db, now):
    child = make_patient(by=NURSE, now=now, birth_on=date(2020, 1, 1))
    with pytest.raises(GuardianNeeded):
        give_consent(patient_id=child, purpose="research", by=NURSE, now=now, **READ)
    give_consent(patient_id=child, purpose="research", by_whom="guardian", by=NURSE, now=now, **READ)
    assert asked(child, "research", now)
    withdraw_consent(patient_id=child, purpose="research", channel="web", by=NURSE, now=now)


def test_a_stranger_neither_asks_nor_consents(db, now):
    patient = make_patient(by=NURSE, now=now)
    assert not asked(patient, "care", now, STRANGER)
    with pytest.raises(NotFound):
        give_consent(patient_id=patient, purpose="marketing", by=STRANGER, now=now, **READ)


def test_the_database_refuses_to_change_or_remove_what_was_said(db, now):
    patient = make_patient(by=NURSE, now=now)
    give_consent(patient_id=patient, purpose="marketing", by=NURSE, now=now, **READ)
    for statement in ("UPDATE privacy_consent SET granted = false", "DELETE FROM privacy_consent"):
        with seen_by(NURSE, now), pytest.raises(ProgrammingError), transaction.atomic():
            connection.cursor().execute(statement)


def test_row_security_shows_consents_to_their_organisation_only(committed, owner, now):
    patient = make_patient(by=NURSE, now=now)
    give_consent(patient_id=patient, purpose="marketing", by=NURSE, now=now, **READ)
    assert owner.execute("SELECT count(*) FROM privacy_consent").fetchone()[0] == 1
    assert Consent.objects.count() == 0
    for viewer, seen in ((ELSEWHERE, 0), (NURSE, 1)):
        with seen_by(viewer, now):
            assert Consent.objects.count() == seen
