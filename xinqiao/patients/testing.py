"""Patients for the tests of the rooms above (测试用患者)."""

from dataclasses import replace
from datetime import date, datetime
from itertools import count
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.patients.operations import receive_demographics
from xinqiao.patients.rules.demographics import Demographics, IdentifierSaid, PhoneSaid

_numbers = count(1)


def said(*, source_at: datetime, mrn: str = "", phone: str = "13812345678", **more) -> Demographics:
    """This function will say of 李桂兰 what a hospital's system says, or of whom you like (患者信息样例)."""
    plain = Demographics(
        source="his",
        source_at=source_at,
        identifiers=(IdentifierSaid("mrn", mrn or f"T{next(_numbers):08d}"),),
        name="李桂兰",
        sex="female",
        birth_on=date(1954, 3, 8),
        phones=(PhoneSaid(phone),) if phone else (),
        address="江州市滨江区滨江大道66号1幢101室",
        region="320102",
    )
    return replace(plain, **more)


def make_patient(*, by: Actor, now: datetime, **more) -> UUID:
    """This function will put one patient on record and give her id; `more` as for `said` (新建患者)."""
    return receive_demographics(items=[said(source_at=more.pop("source_at", now), **more)], by=by, now=now)[0]
