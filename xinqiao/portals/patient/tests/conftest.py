"""李桂兰 went home yesterday and has her phone; 赵建民 may not hear his illness; the stranger has a phone too."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from xinqiao.accounts.events import LoginCodeRequested
from xinqiao.accounts.queries import get_login_code_message
from xinqiao.care.testing import make_followed
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import real_now
from xinqiao.kit.events import restore
from xinqiao.kit.ids import outside
from xinqiao.kit.models import Outbox
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.testing import make_patient
from xinqiao.questionnaires.testing import make_invitation
from xinqiao.record.operations import receive_facts
from xinqiao.record.testing import facts_of, result_of

HOST = "jzyy.xinqiao.localhost"
PHONE, OTHERS, NOBODYS = "13800000001", "13800000002", "13800000009"
ENTRIES = ("patient.js", "patient.css", "public.js", "public.css", "staff.js", "staff.css")
CHANGING = re.compile(r'[2-9A-Z]{4}-[2-9A-Z]{4}|nonce="[^"]+"|value="\w{64}"|data-csrf="\w+"')


@dataclass
class Town:
    """One hospital and what its patients hold (一家医院)."""

    now: datetime
    organisation: UUID
    by: Actor
    nurse: Actor
    li: UUID
    zhao: UUID

    def form_for(self, patient: UUID, **more):
        return make_invitation(patient_id=patient, by=self.by, now=self.now, **more)


def build_town() -> Town:
    now = real_now()
    organisation = make_organisation(now=now, domain=HOST, phone="0529-88001234")
    by = system("test", organisation)
    department = make_department(organisation, now=now)
    _, nurse = make_staff("nurse", organisation_id=organisation, department_id=department, now=now)
    papers = (IdentifierSaid("mrn", "M000001"), IdentifierSaid("resident_id", "11010519491231002X"))
    li, _ = make_followed(
        by=by, now=now, discharged_at=now - timedelta(hours=2), department_id=department, phone=PHONE,
        identifiers=papers, birth_on=date(1949, 12, 31),
    )  # fmt: skip
    zhao = make_patient(by=by, now=now, phone=OTHERS, name="赵建民", sex="male")
    receive_facts(items=[facts_of(li, now, observations=(result_of("R1", "7.1"),))], by=by, now=now)
    return Town(now, organisation, by, nurse, li, zhao)


@pytest.fixture
def town(db, settings, tmp_path):
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "manifest.json").write_text(json.dumps({f"src/{one}": {"file": one} for one in ENTRIES}))
    return build_town()


@pytest.fixture
def phone():
    return Client(HTTP_HOST=HOST)


def code_sent() -> str:
    """The code as the provider would get it."""
    event = Outbox.objects.filter(name=LoginCodeRequested.kind()).latest("id")
    told = restore(event.name, event.organisation_id, event.occurred_at, event.payload)
    return get_login_code_message(told.code_id, viewer=system("test", event.organisation_id))[2]


def sign_in(phone: Client, number: str = PHONE):
    """Go through the door, as a person does, and give the last answer."""
    assert phone.post("/me/login", {"phone": number}).status_code == 302
    return phone.post("/me/login/code", {"code": code_sent()})


def word(kind: str, inner: UUID) -> str:
    return outside(kind, inner)


def steady(response) -> str:
    """A page without what differs each time: incident number, nonce, tokens."""
    return CHANGING.sub("", response.content.decode())
