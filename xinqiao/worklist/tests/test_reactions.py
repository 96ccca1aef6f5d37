"""A number that fails becomes work; a death ends all work. Told twice, done once."""

from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.messaging.events import ReplyReceived
from xinqiao.patients.events import ContactFailed, PatientDied
from xinqiao.worklist.models import Item
from xinqiao.worklist.reactions import read_reply, repair_contact, stop_everything
from xinqiao.worklist.testing import make_item


def states(ward, now):
    with seen_by(ward.by, now):
        return sorted(Item.objects.values_list("kind", "state", "department_id"))


def test_a_failed_number_is_given_once_to_the_ward_that_called(ward, now):
    make_item(patient_id=ward.patient, by=ward.by, now=now, department_id=ward.department)
    event = ContactFailed(
        organisation_id=ward.organisation, occurred_at=now, patient_id=ward.patient, contact_id=new_id(now)
    )
    with seen_by(ward.by, now):
        repair_contact(event, by=ward.by, now=now)
        repair_contact(event, by=ward.by, now=now)
    assert states(ward, now) == [
        ("contact_repair", "open", ward.department),
        ("follow_up_call", "open", ward.department),
    ]


def test_a_death_takes_all_open_work_off_the_list(ward, now):
    make_item(patient_id=ward.patient, by=ward.by, now=now, department_id=ward.department)
    event = PatientDied(organisation_id=ward.organisation, occurred_at=now, patient_id=ward.patient)
    with seen_by(ward.by, now):
        stop_everything(event, by=ward.by, now=now)
        stop_everything(event, by=ward.by, now=now)
    assert states(ward, now) == [("follow_up_call", "withdrawn", ward.department)]


def test_what_a_patient_writes_back_about_an_alert_is_read_by_somebody(ward, now):
    alert = new_id(now)
    make_item(
        patient_id=ward.patient,
        kind="alert",
        level=1,
        subject_id=alert,
        department_id=ward.department,
        by=ward.by,
        now=now,
    )
    event = ReplyReceived(
        organisation_id=ward.organisation, occurred_at=now, inbound_id=new_id(now), patient_id=ward.patient,
        subject_id=alert, digits="",
    )  # fmt: skip
    with seen_by(ward.by, now):
        read_reply(event, by=ward.by, now=now)
        read_reply(event, by=ward.by, now=now)
    assert states(ward, now) == [("alert", "open", ward.department), ("reply", "open", ward.department)]
