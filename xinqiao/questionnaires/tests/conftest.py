"""李桂兰 at her hospital, as the questionnaires' tests know her."""

from types import SimpleNamespace

import pytest

from xinqiao.directory.testing import make_organisation, make_staff
from xinqiao.kit.actor import system
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.testing import make_patient

ID_NUMBER = "11010519491231002X"


def build_home(now) -> SimpleNamespace:
    organisation = make_organisation(now=now)
    by = system("test", organisation)
    _, nurse = make_staff("nurse", organisation_id=organisation, now=now)
    papers = (IdentifierSaid("mrn", "M000001"), IdentifierSaid("resident_id", ID_NUMBER))
    patient = make_patient(by=by, now=now, identifiers=papers)
    return SimpleNamespace(organisation=organisation, by=by, nurse=nurse, patient=patient)


@pytest.fixture
def home(db, now):
    return build_home(now)
