"""Two hospitals, everybody who works there, one patient of the first, and what may be asked about her (路由测试环境)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.accounts.rules import STAFF_ROLES
from xinqiao.accounts.testing import make_phone_user
from xinqiao.care.operations import raise_alert
from xinqiao.care.testing import make_followed, step_ids
from xinqiao.directory.testing import make_department, make_organisation, make_staff
from xinqiao.intake.operations import settle
from xinqiao.intake.rules import Result
from xinqiao.intake.testing import make_message, make_source
from xinqiao.kit.actor import system
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.queries import items_of


@dataclass(frozen=True)
class World:
    """What the matrix asks about (环境): people by (role, is_foreign), and the words that fill an address."""

    people: dict[tuple[str, bool], UUID | None]
    given: dict[str, object]


def make_world(now: datetime) -> World:
    """Build it, as of the real time, since sessions and pages read the clock (建立环境)."""
    ours, theirs = _hospital("ours", now), _hospital("theirs", now)
    by = system("test", ours[0])
    with seen_by(by, now):
        phone = make_phone_user(organisation_id=ours[0], now=now)
        people = {(role, False): user for role, user in ours[1].items()}
        people |= {(role, True): user for role, user in theirs[1].items()}
        people |= {("anonymous", False): None, ("patient", False): phone}
        patient, enrolment = make_followed(by=by, now=now, discharged_at=now, department_id=ours[2])
        step = next(iter(step_ids(enrolment, viewer=by, now=now).values()))
        raise_alert(
            patient_id=patient, level=2, code="answers:dc_d1", subject_id=step, evidence=new_id(now),
            tell_patient=False, by=by, now=now,
        )  # fmt: skip
        item = items_of(patient, viewer=by, now=now)[0].id
        return World(
            people, {"patient_id": patient, "item_id": item, "message_id": _held(by, now), "tab": "plans"}
        )


def _hospital(code: str, now: datetime) -> tuple[UUID, dict[str, UUID], UUID]:
    with seen_by(system("test"), now):
        organisation = make_organisation(now=now, code=code)
    with seen_by(system("test", organisation), now):
        department = make_department(organisation, now=now)
        staff = {
            role: make_staff(role, organisation_id=organisation, now=now, login=f"{role}-{code}")[0]
            for role in sorted(STAFF_ROLES)
        }
    return organisation, staff, department


def _held(by, now: datetime) -> UUID:
    message = make_message(source_id=make_source(by=by, now=now), by=by, now=now, control_id="M1")
    settle(results=[Result(message, "quarantined", "no_patient_id", "没有患者标识。")], by=by, now=now)
    return message
