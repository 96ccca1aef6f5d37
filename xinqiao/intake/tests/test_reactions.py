from uuid import UUID

from xinqiao.intake.operations import settle
from xinqiao.intake.queries import claim, counts
from xinqiao.intake.rules import Result
from xinqiao.intake.testing import make_message, make_source
from xinqiao.kit.actor import system
from xinqiao.kit.events import deliver, reactions_of
from xinqiao.kit.rls import seen_by
from xinqiao.patients.events import DemographicsChanged, PatientRegistered
from xinqiao.patients.testing import make_patient

ORG = UUID(int=1)
BY = system("test.intake", ORG)


def test_a_message_waits_for_its_patient_and_goes_on_when_she_is_registered(db, now):
    from xinqiao.intake import reactions

    with seen_by(BY, now):
        source = make_source(by=BY, now=now)
        hers, another = (
            make_message(source_id=source, by=BY, now=now, body=mrn.encode(), patient=mrn)
            for mrn in ("M77", "M78")
        )
        settle(results=[Result(one, "waiting", "unknown_patient") for one in (hers, another)], by=BY, now=now)
        patient = make_patient(by=BY, now=now, mrn="M77")
        event = PatientRegistered(organisation_id=ORG, occurred_at=now, patient_id=patient)
        for _ in range(2):
            reactions.apply_what_waited(event, by=BY, now=now)
        assert [one.id for one in claim(("hl7v2",), viewer=BY)] == [hers]
        assert counts(viewer=BY) == {("received", ""): 1, ("waiting", "unknown_patient"): 1}


def test_the_reactions_are_registered_and_the_worker_delivers_them(db, now):
    from xinqiao.intake import reactions

    for event, function in (
        (PatientRegistered, "apply_what_waited"),
        (DemographicsChanged, "apply_what_waited_for_an_identifier"),
    ):
        assert (f"intake.{function}", getattr(reactions, function)) in reactions_of(event)
    with seen_by(BY, now):
        source = make_source(by=BY, now=now)
        hers = make_message(source_id=source, by=BY, now=now, patient="M79")
        settle(results=[Result(hers, "waiting", "unknown_patient")], by=BY, now=now)
        make_patient(by=BY, now=now, mrn="M79")
        while deliver(now=now):
            pass
        assert [one.id for one in claim(("hl7v2",), viewer=BY)] == [hers]
