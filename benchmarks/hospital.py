"""A hospital for a measurement (测量用医院): one organisation, its people by COPY, one who looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import islice
from uuid import UUID

from xinqiao.accounts.operations import create_staff, open_session
from xinqiao.accounts.rules import SESSION_KEY
from xinqiao.care.operations import publish_pathways
from xinqiao.directory.operations import create_organisation, give_post
from xinqiao.intake.operations import save_source
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import now
from xinqiao.patients.operations.load import load_patients
from xinqiao.patients.rules.demographics import Demographics, IdentifierSaid, PhoneSaid
from xinqiao.simulation.person import Person
from xinqiao.simulation.places import FIRST
from xinqiao.simulation.population import people

from .crowd import copy_until
from .ground import Ground

SEED = 20261121
LOADED = 20_000
KINDS = {"national_id": "resident_id", "passport": "passport"}
PASSWORD = "Liang-Yi-Liang-2026"  # noqa: S105 of a database that is gone a minute later


@dataclass(frozen=True)
class Hospital:
    """The organisation, and the process that acts for the measurement in it (医院)."""

    organisation_id: UUID
    by: Actor


def open_hospital(ground: Ground) -> Hospital:
    """This function will found the organisation of a fresh database, with the product's own pathways (开院)."""
    made = create_organisation(code=FIRST.key, name=FIRST.name, by=system("bench"), now=now())
    by = system("bench", made)
    publish_pathways(by=by, now=now())
    return Hospital(made, by)


def open_source(hospital: Hospital) -> UUID:
    """This function will let HL7 messages in, as news, not as history (开通来源)."""
    return save_source(
        code="his", name="医院信息系统", kind="hl7v2", line=0, by=hospital.by, now=now(),
        go_live_at=datetime.fromisoformat("2020-01-01T00:00:00+08:00"),
    )  # fmt: skip


def open_stay(hospital: Hospital) -> str:
    """This function will open the session of one who may look up every patient, and give its cookie (登录会话)."""
    from django.conf import settings

    at, by = now(), hospital.by
    user = create_staff(
        login="bench", name="服务台", password=PASSWORD, by=system("bench"), now=at, must_change=False
    )
    give_post(user_id=user, organisation_id=by.organisation_id, role="service_desk", by=by, now=at)
    stay = open_session(user_id=user, by=system("bench"), now=at, organisation_id=by.organisation_id)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(stay)
    session.create()
    return session.session_key


def citizens(number: int) -> Iterator[Person]:
    """This function will give the first people of the simulated city who go to this hospital (居民)."""
    city = people(SEED, number * 4 + 100, now().date())
    return islice((person for person in city if person.organisation == FIRST.key), number)


def load(ground: Ground, hospital: Hospital, size: int) -> list[UUID]:
    """This function will load people as the product itself loads them, and copy them beyond 20,000 (装载患者)."""
    at = now()
    with ground.connect() as owner:
        rows = (_said(person, at) for person in citizens(min(size, LOADED)))
        found = load_patients(rows=rows, connection=owner, by=hospital.by, now=at)
        if size > LOADED:
            copy_until(owner, found, size)
        owner.execute("VACUUM ANALYZE")
    return found


def _said(person: Person, at: datetime) -> Demographics:
    papers = [
        IdentifierSaid(KINDS[each.kind], each.value) for each in person.identifiers if each.kind in KINDS
    ]
    return Demographics(
        source="his", source_at=at, identifiers=(IdentifierSaid("mrn", person.mrn), *papers), name=person.name,
        sex=person.sex, birth_on=person.birth_on, address=person.address, region=person.region,
        phones=tuple(PhoneSaid(each.number, each.owner) for each in person.phones),
    )  # fmt: skip
