"""Filling the demonstration (装填演示数据): organisations, staff, patients, ninety days of care; by COPY."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from xinqiao.accounts.operations import create_staff, enrol_totp
from xinqiao.care.operations import publish_pathways
from xinqiao.config.demo import past, town
from xinqiao.directory.operations import (
    add_campus,
    add_department,
    add_practitioner,
    create_organisation,
    give_post,
    set_sending,
)
from xinqiao.directory.queries import find_department
from xinqiao.intake.operations import save_source
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.rls import seen_by
from xinqiao.messaging.operations import unlock_installation
from xinqiao.simulation.cast import STAFF, Staff
from xinqiao.simulation.places import Organisation
from xinqiao.worklist.operations import set_duty

ROLES = {"it": "sysadmin", "family_doctor": "doctor", "stranger": ""}
MORE_STAFF = (
    Staff("an_quan", "安全员", "secadmin", "jz1y", "", ""),
    Staff("fu_wu", "服务台", "service_desk", "jz1y", "", ""),
    Staff("dao_zhen", "导诊员", "guide", "jz1y", "", ""),
    Staff("yun_ying", "周运营", "manager", "jz1y", "", ""),
    Staff("an_he", "何护士", "nurse", "anhe", "obstetrics", ""),
)
DUTY = {"nurse": "responsible_nurse", "doctor": "duty_doctor", "head": "department_head"}
SOURCES = {"HIS": "医院信息系统"}


def seed(owner: psycopg.Connection, begins_at: datetime, people: int, say: Callable[[str], None]) -> None:
    """This function will fill an empty database with the demonstration, telling each step (装填)."""
    for line, organisation in enumerate(town.organisations()):
        by = found(organisation, begins_at)
        with seen_by(by, begins_at):
            employ(organisation, by, begins_at)
            publish_pathways(by=by, now=begins_at)
            save_source(
                code="HIS", name=SOURCES["HIS"], kind="hl7v2", go_live_at=begins_at - town.LIVE, reuses_ids=True, line=line,
                by=by, now=begins_at,
            )  # fmt: skip
            unlock_installation(by=by, now=begins_at)
            set_sending(organisation_id=by.organisation_id, sending="open", by=by, now=begins_at)
        loaded = past.load(owner, organisation, by, begins_at, people)
        say(f"{organisation.short_name}：{loaded}")


def found(organisation: Organisation, now: datetime) -> Actor:
    """This function will found one organisation with its campuses and departments (建机构)."""
    organisation_id = create_organisation(
        code=organisation.key, name=organisation.name, short_name=organisation.short_name,
        kind="private" if organisation.key == "anhe" else "public", sms_signature=organisation.sign_name,
        domain=town.domain(organisation), phone="0529-12320", emergency_phone="120",
        by=system("config.demo"), now=now,
    )  # fmt: skip
    by = system("config.demo", organisation_id)
    for number, campus in enumerate(organisation.campuses, 1):
        add_campus(organisation_id=organisation_id, code=f"C{number}", name=campus, by=by, now=now)
    for department in organisation.departments:
        add_department(
            organisation_id=organisation_id, code=department.key, name=department.name,
            subject_code=department.subject, kind="clinical", by=by, now=now,
        )  # fmt: skip
    return by


def employ(organisation: Organisation, by: Actor, now: datetime) -> None:
    """This function will give the cast their accounts, posts and turns of duty (建职工)."""
    for number, person in enumerate(_staff(organisation), 1):
        department = find_department(by.organisation_id, person.department) if person.department else None
        user_id = create_staff(
            login=person.key, name=person.name, password=town.PASSWORD, must_change=False, by=by, now=now
        )
        enrol_totp(user_id=user_id, confirmed=True, by=by, now=now)
        role = ROLES.get(person.role, person.role)
        if not role:
            continue
        give_post(
            user_id=user_id, organisation_id=by.organisation_id, role=role,
            department_id=department.id if department else None, by=by, now=now - timedelta(days=365),
        )  # fmt: skip
        if department and person.role in ("doctor", "family_doctor", "nurse", "head"):
            add_practitioner(
                organisation_id=by.organisation_id, staff_number=f"{organisation.key.upper()}{number:04d}",
                name=person.name, title="", department_id=department.id, user_id=user_id, by=by, now=now,
            )  # fmt: skip
        _put_on_duty(user_id, role, department.id if department else None, person.phone, by, now)


def _staff(organisation: Organisation) -> Iterator[Staff]:
    yield from (person for person in (*STAFF, *MORE_STAFF) if person.organisation == organisation.key)


def _put_on_duty(
    user_id: UUID, role: str, department_id: UUID | None, phone: str, by: Actor, now: datetime
) -> None:
    """On duty for the weeks of the demonstration; the manager stands in for the hospital's duty officer."""
    duty = DUTY.get(role) or ("duty_officer" if role == "manager" else "")
    if duty:
        set_duty(
            user_id=user_id, role=duty, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=60),
            department_id=None if duty == "duty_officer" else department_id, phone=phone, by=by, now=now,
        )  # fmt: skip
