"""Facts for the tests of this room and those above (测试用临床数据)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.kit.rls import seen_by
from xinqiao.record.operations import receive_facts
from xinqiao.record.queries import encounters
from xinqiao.record.rules import CodeSaid, EncounterSaid, FactsSaid, ObservationSaid


def facts_of(
    patient_id: UUID, at: datetime, *, source: str = "his", is_live: bool = True, **said
) -> FactsSaid:
    """This function will say something of a patient as one message does (一条报文的内容)."""
    return FactsSaid(
        patient_id=patient_id, source=source, source_at=at, received_at=at, is_live=is_live, **said
    )


def result_of(key: str, value: str, *, loinc: str = "4548-4", unit: str = "%", **more) -> ObservationSaid:
    """This function will say one laboratory result (一项检验结果)."""
    code = CodeSaid(code=loinc, display=more.pop("display", "糖化血红蛋白"), system="LN", mapped=loinc)
    return ObservationSaid(source_key=key, code=code, value=Decimal(value), unit=unit, **more)


def make_stay(
    *,
    patient_id: UUID,
    by: Actor,
    now: datetime,
    number: str = "V1",
    ended: bool = True,
    is_live: bool = True,
    **more,
) -> UUID:
    """This function will admit a patient, discharge him unless told not to, and give the encounter's id (造一次住院)."""
    words = [EncounterSaid(number, event="admit", class_="inpatient", started_at=now, **more)]
    words += [EncounterSaid(number, event="discharge", class_="inpatient", ended_at=now)] if ended else []
    items = [facts_of(patient_id, now, is_live=is_live, encounter=word) for word in words]
    with seen_by(by, now):
        receive_facts(items=items, by=by, now=now)
        mine = encounters(patient_id, viewer=by, now=now)
    return next(one.id for one in mine if one.source_key == number)
