"""What is known from before (既往): ten weeks of follow-up behind the manager's curve, and 张国强's record."""

import os
from datetime import datetime, timedelta
from random import Random

from xinqiao.care.operations.load import AnsweredStep, PastEnrolment, load_history
from xinqiao.config import installation
from xinqiao.kit.database import OWNER, connect
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.record.operations import receive_facts
from xinqiao.record.rules.said import AllergySaid, CodeSaid, ConditionSaid
from xinqiao.record.testing import facts_of, result_of

DAY = timedelta(days=1)
DUE = {"dc.d1": 1, "dc.d3": 3, "dc.d7": 7, "dc.d30": 30}
WEEKS, A_WEEK, FIRST = 9, 4, 11
BEFORE = ("郑建平", "吴秀兰", "林国华", "黄丽华")
SETTLED = 20  # days after which an unanswered step waits for nobody
RESULTS = (
    ("4548-4", "%", "糖化血红蛋白", "4.0-6.0", ("7.1", "7.4", "6.8", "6.9", "7.8", "7.2", "6.6")),
    ("2089-1", "mmol/L", "低密度脂蛋白胆固醇", "<3.37", ("3.6", "3.1", "2.9", "3.4", "4.2")),
)


def remember(ward, rng: Random) -> None:
    """Load discharges of the weeks before, most of whose steps were answered in time."""
    by, rows = ward.hospital.by, []
    patients = [make_patient(name=name, phone="", by=by, now=ward.now - WEEKS * 8 * DAY) for name in BEFORE]
    for number in range(WEEKS * A_WEEK):
        left = ward.now - (FIRST + 7 * (number // A_WEEK) + number % A_WEEK) * DAY
        patient, visit = rng.choice(patients), new_id(left)
        answered = {code: AnsweredStep(at, new_id(at)) for code, at in _replies(left, ward.now, rng)}
        rows.append(PastEnrolment(patient, visit, left, "inpatient", ward.hospital.department, answered))
    with connect(installation.server(), OWNER, os.environ["XINQIAO_DATABASE"]) as owner:
        load_history(rows=rows, connection=owner, by=by, now=ward.now)


def _replies(left: datetime, now: datetime, rng: Random) -> list[tuple[str, datetime]]:
    due = [(code, left + days * DAY) for code, days in DUE.items()]
    sure = now - left < SETTLED * DAY
    return [(code, at) for code, at in due if code == "dc.d30" or sure or rng.random() < 0.85]


def describe(ward) -> None:
    """Two years of results, two illnesses and an allergy of 张国强."""
    results = [
        result_of(
            f"{loinc}-{n}",
            value,
            loinc=loinc,
            unit=unit,
            display=display,
            reference_range=reference,
            at=ward.now - (5 + 90 * n) * DAY,
        )
        for loinc, unit, display, reference, values in RESULTS
        for n, value in enumerate(values)
    ]
    illnesses = [
        ConditionSaid(code, CodeSaid(code=code, display=display), role="final", at=ward.now - 4 * DAY)
        for code, display in (("I25.1", "动脉硬化性心脏病"), ("E78.5", "高脂血症"))
    ]
    allergy = AllergySaid("A1", CodeSaid(code="PNC", display="青霉素"), reaction="皮疹")
    facts = facts_of(
        ward.zhang, ward.now, observations=tuple(results), conditions=tuple(illnesses), allergies=(allergy,)
    )
    with seen_by(ward.hospital.by, ward.now):
        receive_facts(items=[facts], by=ward.hospital.by, now=ward.now)
