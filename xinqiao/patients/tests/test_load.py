"""Patients by COPY are the same as patients by message."""

from datetime import timedelta

from xinqiao.kit.rls import seen_by
from xinqiao.patients.models import Identifier, Patient
from xinqiao.patients.operations import load_patients, receive_demographics
from xinqiao.patients.queries import get_patient
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.testing import said


def test_a_load_makes_what_messages_would_and_a_second_run_doubles_nobody(committed, owner, his, nurse, now):
    wrong = IdentifierSaid("resident_id", "11010519491231002Y")
    rows = [said(source_at=now, identifiers=(IdentifierSaid("mrn", f"L{at}"), wrong)) for at in range(30)]
    loaded = load_patients(rows=iter(rows), connection=owner, by=his, now=now)
    assert load_patients(rows=rows, connection=owner, by=his, now=now) == loaded
    (by_message,) = receive_demographics(items=[said(source_at=now, mrn="X1")], by=his, now=now)
    with seen_by(nurse, now):
        assert (Patient.objects.count(), Identifier.objects.count()) == (31, 61)
        one, other = (get_patient(each, viewer=nurse, now=now) for each in (loaded[0], by_message))
    assert (one.name, one.age, one.address) == (other.name, other.age, other.address)
    assert [each.value for each in one.contacts] == [each.value for each in other.contacts]


def test_a_load_tells_nobody_and_a_later_message_finds_its_patient(committed, owner, his, now):
    (loaded,) = load_patients(rows=[said(source_at=now, mrn="L1")], connection=owner, by=his, now=now)
    assert owner.execute("SELECT count(*) FROM kit_outbox").fetchone()[0] == 0
    later = said(source_at=now + timedelta(hours=1), mrn="L1", name="李桂蘭")
    assert receive_demographics(items=[later], by=his, now=now) == [loaded]
