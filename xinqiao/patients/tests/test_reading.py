"""Who may read whom: two walls, and neither lets a stranger through."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from xinqiao.kit.actor import system
from xinqiao.kit.errors import NotFound
from xinqiao.kit.rls import seen_by
from xinqiao.patients.models import Patient
from xinqiao.patients.operations import OnlyHimself, end_access, grant_access, restrict_record, set_label
from xinqiao.patients.queries import can_read, get_patient, names, patients_of, readable_patients, search
from xinqiao.patients.rules.demographics import IdentifierSaid, KinSaid
from xinqiao.patients.testing import make_patient
from xinqiao.patients.tests.conftest import ORG

TABLES = ["patient", "snapshot", "identifier", "contactpoint", "kin", "access"]


@pytest.fixture
def full(committed, his, now):
    patient = make_patient(by=his, now=now, kin=(KinSaid("王芳"),))
    grant_access(patient_id=patient, relation="grant", department_id=UUID(int=9), by=his, now=now)
    return patient


@pytest.mark.parametrize("table", TABLES)
def test_row_security_shows_a_table_to_its_organisation_only(full, owner, nurse, elsewhere, now, table):
    def count():
        with connection.cursor() as cursor:
            return cursor.execute(f"SELECT count(*) FROM patients_{table}").fetchone()[0]

    assert owner.execute(f"SELECT count(*) FROM patients_{table}").fetchone()[0] > 0
    assert count() == 0
    with seen_by(elsewhere, now):
        assert count() == 0
    with seen_by(nurse, now):
        assert count() > 0


def test_staff_read_their_organisation_and_the_stranger_nobody(db, his, nurse, stranger, elsewhere, now):
    patient = make_patient(by=his, now=now)
    for viewer, may in ((nurse, True), (stranger, False), (elsewhere, False)):
        with seen_by(viewer, now):
            assert can_read(patient, viewer=viewer, now=now) is may
            assert bool(search("李桂兰", viewer=viewer, now=now)) is may
            assert bool(names([patient], viewer=viewer, now=now)) is may
    with seen_by(stranger, now), pytest.raises(NotFound):
        get_patient(patient, viewer=stranger, now=now)


def test_a_daughter_reads_her_mother_from_the_grant_until_its_end(db, his, nurse, daughter, now):
    mother, somebody = make_patient(by=his, now=now), make_patient(by=his, now=now, name="赵建民")
    later = now + timedelta(days=1)
    with seen_by(daughter, now):
        assert not can_read(mother, viewer=daughter, now=now)
    granted = grant_access(
        patient_id=mother, relation="proxy", user_id=daughter.user_id, kinship="女儿", by=nurse, now=now
    )
    with seen_by(daughter, now):
        (choice,) = patients_of(daughter.user_id, viewer=daughter, now=now)
        assert get_patient(mother, viewer=daughter, now=now).name == choice.name == "李桂兰"
        assert list(readable_patients(daughter, now)) == list(Patient.objects.all())
        assert not can_read(somebody, viewer=daughter, now=now)
        assert search("李桂兰", viewer=daughter, now=now) == []
    end_access(access_id=granted, by=nurse, now=later)
    with seen_by(daughter, later):
        assert not can_read(mother, viewer=daughter, now=later)
        assert not Patient.objects.exists()
    with seen_by(daughter, now):
        assert can_read(mother, viewer=daughter, now=now)


def test_a_proxy_hands_nothing_on_and_a_stranger_ends_nothing(db, his, nurse, stranger, daughter, now):
    mother = make_patient(by=his, now=now)
    granted = grant_access(patient_id=mother, relation="proxy", user_id=daughter.user_id, by=nurse, now=now)
    with pytest.raises(OnlyHimself):
        grant_access(patient_id=mother, relation="proxy", user_id=UUID(int=8), by=daughter, now=now)
    with pytest.raises(NotFound):
        end_access(access_id=granted, by=stranger, now=now)
    end_access(access_id=granted, by=daughter, now=now)


def test_a_grant_reaches_every_record_that_a_merge_has_linked(db, his, daughter, now):
    first, survivor = make_patient(by=his, now=now), make_patient(by=his, now=now)
    with seen_by(his, now):
        Patient.objects.filter(id=first).update(index_id=survivor)
    grant_access(patient_id=first, relation="proxy", user_id=daughter.user_id, by=his, now=now)
    with seen_by(daughter, now):
        assert set(readable_patients(daughter, now).values_list("id", flat=True)) == {first, survivor}


def test_a_sealed_patient_is_read_only_by_a_grant_of_her_label(db, his, nurse, now):
    patient = make_patient(by=his, now=now, name="许静怡")
    set_label(patient_id=patient, label=5, by=his, now=now)
    for ceiling, may in ((None, False), (4, False), (5, True)):
        if ceiling:
            grant_access(
                patient_id=patient,
                relation="grant",
                user_id=nurse.user_id,
                label_ceiling=ceiling,
                by=his,
                now=now,
            )
        with seen_by(nurse, now):
            assert can_read(patient, viewer=nurse, now=now) is may
            assert bool(search("许静怡", viewer=nurse, now=now)) is may


def test_a_grant_to_another_organisation_opens_both_walls_for_its_staff(db, his, elsewhere, now):
    patient = make_patient(by=his, now=now)
    grant_access(
        patient_id=patient,
        relation="grant",
        grantee_organisation_id=elsewhere.organisation_id,
        by=his,
        now=now,
    )
    with seen_by(elsewhere, now):
        assert get_patient(patient, viewer=elsewhere, now=now).id == patient


def test_a_restricted_record_is_read_for_a_legal_purpose_only(db, his, nurse, now):
    patient = make_patient(by=his, now=now)
    restrict_record(patient_id=patient, by=his, now=now)
    court = system("privacy.court", ORG, purpose="legal")
    with seen_by(his, now):
        assert not can_read(patient, viewer=nurse, now=now)
        assert not can_read(patient, viewer=his, now=now)
        assert can_read(patient, viewer=court, now=now)


@pytest.fixture
def ward(db, his, now):
    people = {
        "李桂兰": ("M100", "11010519491231002X", "13812345678"),
        "李桂兰花": ("M200", "110101199003070011", "13900001234"),
        "王芳": ("M300", "440524188001010014", "13700009999"),
    }
    return {
        name: make_patient(
            by=his, now=now, name=name, phone=phone,
            identifiers=(IdentifierSaid("mrn", mrn), IdentifierSaid("resident_id", paper)),
        )
        for name, (mrn, paper, phone) in people.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    "text, found, matched",
    [
        ("李桂兰", ["李桂兰", "李桂兰花"], "name"),
        ("李 桂", ["李桂兰", "李桂兰花"], "name"),
        ("桂兰", ["李桂兰", "李桂兰花"], "given"),
        ("liguilan", ["李桂兰", "李桂兰花"], "sound"),
        ("lgl", ["李桂兰", "李桂兰花"], "initials"),
        ("WF", ["王芳"], "initials"),
        ("13812345678", ["李桂兰"], "number"),
        ("+86 138-1234-5678", ["李桂兰"], "number"),
        ("11010519491231002x", ["李桂兰"], "number"),
        ("M300", ["王芳"], "number"),
        ("1234", ["李桂兰花"], "tail"),
        ("002X", ["李桂兰"], "tail"),
        ("桂", ["李桂兰", "李桂兰花"], "given"),
        ("M30", [], ""),
        ("%", [], ""),
        ("", [], ""),
    ],
)
def test_one_box_finds_by_whatever_is_typed(
    ward, nurse, now, django_assert_max_num_queries, text, found, matched
):
    with seen_by(nurse, now), django_assert_max_num_queries(3):
        hits = search(text, viewer=nurse, now=now)
    assert [hit.name for hit in hits] == found
    assert {hit.matched for hit in hits} <= {matched}


def test_hits_are_masked(ward, nurse, now):
    with seen_by(nurse, now):
        (hit,) = search("13812345678", viewer=nurse, now=now)
    assert (hit.masked_name, hit.identity, hit.phone) == ("李**", "110***********002X", "138****5678")


def test_a_linked_record_is_found_as_the_surviving_one(ward, his, nurse, now):
    with seen_by(his, now):
        Patient.objects.filter(id=ward["王芳"]).update(index_id=ward["李桂兰"])
    with seen_by(nurse, now):
        (hit,) = search("王芳", viewer=nurse, now=now)
    assert (hit.patient_id, hit.name) == (ward["李桂兰"], "李桂兰")
