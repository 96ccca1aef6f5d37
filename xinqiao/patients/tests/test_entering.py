"""A phone number opens the patients whose own it is, and no others."""

from datetime import timedelta

import pytest

from xinqiao.accounts.testing import make_phone_user
from xinqiao.kit.actor import Actor
from xinqiao.kit.rls import seen_by
from xinqiao.patients.models import Access, ContactPoint
from xinqiao.patients.operations import grant_access, grant_by_number, mark_contact, record_death
from xinqiao.patients.queries import patients_of
from xinqiao.patients.rules.demographics import PhoneSaid
from xinqiao.patients.testing import make_patient
from xinqiao.patients.tests.conftest import ORG

PHONE = "13800000001"
HOUR = timedelta(hours=1)


@pytest.fixture
def user(db, now):
    return make_phone_user(organisation_id=ORG, now=now, phone=PHONE)


def _choices(user, now):
    viewer = Actor(kind="patient", organisation_id=ORG, user_id=user, roles=frozenset({"patient"}))
    with seen_by(viewer, now):
        return {one.patient_id: one.relation for one in patients_of(user, viewer=viewer, now=now)}


def test_a_number_that_is_one_patients_own_makes_its_user_that_patient(user, his, now):
    patient = make_patient(by=his, now=now, phone=PHONE)
    make_patient(by=his, now=now, phone="13800000002")
    assert grant_by_number(user_id=user, by=his, now=now) == [patient]
    assert _choices(user, now) == {patient: "self"}


def test_a_number_that_twins_share_makes_a_proxy_of_each(user, his, now):
    first = make_patient(by=his, now=now, phone=PHONE, name="林一")
    grant_by_number(user_id=user, by=his, now=now)
    second = make_patient(by=his, now=now + HOUR, phone=PHONE, name="林二")
    grant_by_number(user_id=user, by=his, now=now + HOUR)
    assert _choices(user, now + HOUR) == {first: "proxy", second: "proxy"}


def test_a_daughters_number_on_her_mothers_record_opens_nothing(user, his, now):
    make_patient(by=his, now=now, phones=(PhoneSaid(PHONE, owner="child"),))
    assert grant_by_number(user_id=user, by=his, now=now) == []


def test_a_number_found_wrong_ends_its_grant_and_leaves_those_given_by_hand(user, his, now):
    patient, mother = make_patient(by=his, now=now, phone=PHONE), make_patient(by=his, now=now, phone="")
    grant_by_number(user_id=user, by=his, now=now)
    grant_access(patient_id=mother, relation="proxy", user_id=user, by=his, now=now)
    with seen_by(his, now):
        contact = ContactPoint.objects.get(patient_id=patient)
    mark_contact(contact_id=contact.id, state="wrong", by=his, now=now)
    assert grant_by_number(user_id=user, by=his, now=now + HOUR) == []
    assert _choices(user, now + HOUR) == {mother: "proxy"}


def test_the_dead_are_not_opened(user, his, now):
    patient = make_patient(by=his, now=now, phone=PHONE)
    record_death(patient_id=patient, died_at=now, by=his, now=now)
    assert grant_by_number(user_id=user, by=his, now=now) == []


def test_coming_again_changes_nothing(user, his, now):
    make_patient(by=his, now=now, phone=PHONE)
    for hours in range(3):
        grant_by_number(user_id=user, by=his, now=now + hours * HOUR)
    with seen_by(his, now):
        assert Access.objects.count() == 1
