"""A ward for the tests of the workbench (测试病区): 陈静 and her colleagues, at the real time as pages read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import real_now
from xinqiao.kit.ids import outside
from xinqiao.kit.rls import seen_by
from xinqiao.portals.ui.tests.browsing import client_of


@dataclass(frozen=True)
class Ward:
    """One department with its people (病区)."""

    organisation_id: UUID
    department_id: UUID
    by: Actor
    now: datetime
    nurse: Actor
    nurse_page: Client
    desk_page: Client

    def call(self, item_id: UUID) -> str:
        return f"/call/{outside('item', item_id)}"

    def patient(self, patient_id: UUID) -> str:
        return f"/patients/{outside('patient', patient_id)}"


@pytest.fixture
def ward(db):
    now = real_now() - timedelta(minutes=1)
    with seen_by(system("test"), now):
        organisation = make_organisation(now=now)
    by = system("test", organisation)
    with seen_by(by, now):
        department = make_department(organisation, now=now)
        made = {
            role: make_staff(role, organisation_id=organisation, now=now)
            for role in ("nurse", "service_desk")
        }
    nurse, desk = client_of(made["nurse"][0]), client_of(made["service_desk"][0])
    with seen_by(by, now):
        yield Ward(organisation, department, by, now, made["nurse"][1], nurse, desk)


@pytest.fixture
def logged(ward, db):
    """The actions of the audit lines written so far about a patient, newest first."""
    from xinqiao.audit.queries import accesses

    def actions(patient_id: UUID) -> list[str]:
        with seen_by(ward.by, ward.now):
            return [seen.action for seen in accesses(patient_id, viewer=ward.by)]

    return actions
