"""One person has one record, whatever comes, and nothing said is lost."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from xinqiao.kit.events import deliver
from xinqiao.kit.rls import seen_by
from xinqiao.patients.models import ContactPoint, Identifier, Kin, Patient, Snapshot
from xinqiao.patients.operations import (
    DeathImpossible,
    NoIdentifier,
    mark_contact,
    receive_demographics,
    record_death,
    register_patient,
)
from xinqiao.patients.queries import contact_for, find_by_identifier, get_patient
from xinqiao.patients.rules.demographics import IdentifierSaid, KinSaid, PhoneSaid
from xinqiao.patients.rules.papers import BadPaper
from xinqiao.patients.testing import make_patient, said

ID = IdentifierSaid("resident_id", "11010519491231002X")
HOUR = timedelta(hours=1)


@pytest.fixture
def told(owner):
    return lambda: [
        row[0] for row in connection.cursor().execute("SELECT name FROM kit_outbox ORDER BY id").fetchall()
    ]


def card_of(patient, viewer, now):
    with seen_by(viewer, now):
        return get_patient(patient, viewer=viewer, now=now)


def test_a_patient_is_found_again_by_any_of_his_numbers(db, his, nurse, now):
    first = make_patient(by=his, now=now, identifiers=(IdentifierSaid("mrn", "M1"), ID))
    by_paper = make_patient(by=his, now=now, identifiers=(ID, IdentifierSaid("card", "C1")))
    by_card = make_patient(by=his, now=now, identifiers=(IdentifierSaid("card", "C1"),))
    other = make_patient(by=his, now=now, identifiers=(IdentifierSaid("mrn", "M2"),))
    assert first == by_paper == by_card != other
    with seen_by(nurse, now):
        found = find_by_identifier(
            his.organisation_id, "resident_id", "", "110105491231002", viewer=nurse, now=now
        )
    assert found == first


def test_the_same_name_and_birth_date_never_join_two_records(db, his, now):
    assert make_patient(by=his, now=now) != make_patient(by=his, now=now)


def test_one_batch_comes_out_as_if_it_had_arrived_one_by_one(db, his, nurse, now):
    words = [
        said(source_at=now, mrn="M1", name="李贵兰"),
        said(source_at=now + HOUR, mrn="M1", name="李桂兰", phone="13900000001"),
        said(source_at=now, mrn="M2", name="王芳"),
    ]
    ids = receive_demographics(items=words, by=his, now=now)
    assert ids[0] == ids[1] != ids[2]
    card = card_of(ids[0], nurse, now)
    assert (card.name, [contact.value for contact in card.contacts]) == ("李桂兰", ["13900000001"])
    with seen_by(nurse, now):
        assert Snapshot.objects.filter(patient_id=ids[0]).count() == 2


def test_the_order_of_arrival_does_not_change_the_row_in_the_database(db, his, now):
    rows = []
    for turn, seed in enumerate((1, 2, 3)):
        words = [
            said(
                source_at=now + HOUR * step,
                mrn=f"M{turn}",
                name=("李桂兰", "李桂蘭")[step % 2],
                region=("", "320102")[step % 2],
                phone=("13900000001", "13900000002")[step % 2],
                cleared=frozenset({"address"}) if step == 3 else frozenset(),
            )
            for step in range(5)
        ]
        for word in random.Random(seed).sample(words, 5):
            (patient,) = receive_demographics(items=[word], by=his, now=now)
        with seen_by(his, now):
            row = Patient.objects.values("name", "pinyin", "region", "sex", "birth_on", "told").get(
                id=patient
            )
            current = ContactPoint.objects.filter(patient_id=patient, superseded_at=None)
            rows.append(
                (row, sorted(bytes(blind) for blind in current.values_list("value_blind", flat=True)))
            )
    assert rows[0] == rows[1] == rows[2]


def test_a_wrong_identity_number_is_kept_marked_and_identifies_nobody(db, his, nurse, now):
    wrong = IdentifierSaid("resident_id", "11010519491231002Y")
    first = make_patient(by=his, now=now, identifiers=(IdentifierSaid("mrn", "M1"), wrong))
    second = make_patient(by=his, now=now, identifiers=(IdentifierSaid("mrn", "M2"), wrong))
    assert first != second
    card = card_of(second, nurse, now)
    assert [(one.value, one.is_valid) for one in card.identifiers if one.kind == "resident_id"] == [
        (wrong.value, False)
    ]
    assert any("身份证号码有误" in warning for warning in card.warnings)


def test_contact_points_are_superseded_and_the_same_number_is_kept_once(db, his, nurse, now):
    phones = (
        PhoneSaid("010-12345678"),
        PhoneSaid("+86 139 0000 0001", "child", "王芳"),
        PhoneSaid("13900000001"),
    )
    patient = make_patient(
        by=his, now=now, mrn="M1", phones=phones, kin=(KinSaid("王芳", "女儿", "13900000001"),)
    )
    card = card_of(patient, nurse, now)
    assert [(one.kind, one.owner, one.owner_name) for one in card.contacts] == [
        ("landline", "self", ""),
        ("mobile", "child", "王芳"),
    ]
    assert [(one.name, one.masked) for one in card.kin] == [("王芳", "139****0001")]
    make_patient(
        by=his, now=now, source_at=now + HOUR, mrn="M1", phones=phones[:1], cleared=frozenset({"kin"})
    )
    assert [one.value for one in card_of(patient, nurse, now).contacts] == ["010-12345678"]
    with seen_by(nurse, now):
        assert ContactPoint.objects.filter(patient_id=patient).count() == 2
        assert not Kin.objects.filter(patient_id=patient, superseded_at=None).exists()


def test_a_death_is_told_once_however_often_it_is_said(db, his, nurse, now, told):
    patient = make_patient(by=his, now=now, mrn="M1")
    for hour in (1, 2):
        make_patient(by=his, now=now, mrn="M1", source_at=now + HOUR * hour, deceased_at=now)
    record_death(patient_id=patient, died_at=now, by=nurse, now=now + 3 * HOUR)
    assert told().count("patients.PatientDied") == 1


@pytest.mark.parametrize("days", [1, -40_000])
def test_a_death_still_to_come_or_before_birth_is_refused(db, his, nurse, now, told, days):
    patient = make_patient(by=his, now=now, mrn="M1", birth_on=date(1958, 3, 4))
    with pytest.raises(DeathImpossible):
        record_death(patient_id=patient, died_at=now + timedelta(days=days), by=nurse, now=now)
    assert "patients.PatientDied" not in told()


def test_what_says_nothing_new_is_not_told(db, his, now, told):
    make_patient(by=his, now=now, mrn="M1")
    make_patient(by=his, now=now, mrn="M1", source_at=now + HOUR)
    make_patient(by=his, now=now, mrn="M1", source_at=now + 2 * HOUR, phone="13900000009")
    assert told() == ["patients.PatientRegistered", "patients.DemographicsChanged"]


def test_a_failed_number_is_marked_told_once_and_not_used(db, his, nurse, now, told):
    patient = make_patient(by=his, now=now, mrn="M1")
    with seen_by(nurse, now):
        reach = contact_for(patient, "sms", viewer=nurse, now=now)
        for _ in range(2):
            mark_contact(contact_id=reach.contact_id, state="wrong", by=nurse, now=now)
        assert contact_for(patient, "sms", viewer=nurse, now=now) is None
    assert told().count("patients.ContactFailed") == 1


def test_staff_cannot_enter_a_wrong_paper_and_double_nobody(db, his, nurse, now):
    with pytest.raises(BadPaper):
        register_patient(
            said=said(source_at=now, identifiers=(IdentifierSaid("resident_id", "1"),)), by=nurse, now=now
        )
    patient = make_patient(by=his, now=now, identifiers=(ID,))
    assert register_patient(said=said(source_at=now, identifiers=(ID,)), by=nurse, now=now) == patient


def test_a_word_without_any_number_is_refused(db, his, now):
    with pytest.raises(NoIdentifier):
        receive_demographics(items=[said(source_at=now, identifiers=())], by=his, now=now)


def test_the_number_of_statements_does_not_grow_with_the_batch(db, his, now):
    def statements(size, first):
        words = [said(source_at=now, mrn=f"M{first + at}", kin=(KinSaid("王芳"),)) for at in range(size)]
        with seen_by(his, now), CaptureQueriesContext(connection) as asked:
            receive_demographics(items=words, by=his, now=now)
        return len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])

    assert statements(2, 0) == statements(40, 100) <= 12


def test_two_connections_that_bring_the_same_new_person_make_one_record(committed, his, now):
    ready, found = threading.Barrier(4), []

    def bring(turn):
        words = [said(source_at=now, mrn=f"M{n}") for n in random.Random(turn).sample(range(20), 20)]
        ready.wait()
        found.append(
            dict(zip([w.identifiers for w in words], receive_demographics(items=words, by=his, now=now)))
        )
        connections.close_all()

    threads = [threading.Thread(target=bring, args=[turn]) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with seen_by(his, now):
        assert (Patient.objects.count(), Identifier.objects.count(), Snapshot.objects.count()) == (20, 20, 80)
    assert len(found) == 4 and all(each == found[0] for each in found)
    assert deliver(now=now) > 0
