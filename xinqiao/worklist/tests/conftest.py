"""The ward and its people, as the worklist's tests know them."""

from types import SimpleNamespace

import pytest

from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.patients.testing import make_patient


def build_ward(now) -> SimpleNamespace:
    organisation = make_organisation(now=now)
    by = system("test", organisation)
    department = make_department(organisation, now=now)
    nurse_id, nurse = make_staff("nurse", organisation_id=organisation, department_id=department, now=now)
    doctor_id, doctor = make_staff("doctor", organisation_id=organisation, department_id=department, now=now)
    head_id, head = make_staff("head", organisation_id=organisation, department_id=department, now=now)
    return SimpleNamespace(
        organisation=organisation,
        by=by,
        department=department,
        nurse_id=nurse_id,
        nurse=nurse,
        doctor_id=doctor_id,
        doctor=doctor,
        head_id=head_id,
        head=head,
        patient=make_patient(by=by, now=now),
    )


@pytest.fixture
def ward(db, now):
    return build_ward(now)
