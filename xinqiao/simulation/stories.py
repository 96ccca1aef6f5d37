"""What lies behind the fixed persons on the morning the demo starts (固定人物的过往)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import hl7, laboratory
from .dice import CHINA, dice
from .history import Diagnosis, Encounter, Medication, Observation, Procedure, Row
from .person import Person
from .places import department
from .stream import Message

MORNING = timedelta(hours=7, minutes=10)
# mean systolic and diastolic pressure at home, ninety days ago and now
DRIFTS = {
    "li_guilan": ((138, 84), (166, 97)), "sun_defu": ((131, 80), (152, 91)), "ma_xiuying": ((128, 78), (149, 88)),
    "zheng_jianping": ((133, 84), (156, 95)), "wang_fang": ((127, 81), (131, 84)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """One scripted encounter; days are counted back from the start of the story."""

    kind: str
    department: str
    ward: str
    attending: str
    from_days: float
    to_days: float
    icd10: str
    name: str
    procedure: tuple[str, str, float] | None = None  # code, name, days ago
    medicines: tuple[str, ...] = ()


PASTS = {
    "lin_xiaoyue": Past("inpatient", "obstetrics", "母婴一区", "林清", 3.6, 0.7, "O80.0", "头位顺产", ("73.5900", "手法助产", 3)),
    "zhou_min": Past("outpatient", "gynaecology", "", "陶颖", 20, 19.9, "O03.9", "自然流产"),
    "zhao_jianmin": Past("inpatient", "oncology", "肿瘤一病区", "严国平", 13, 7, "C34.9", "支气管或肺恶性肿瘤",
                         ("99.2500", "化疗药物注射", 11), ("昂丹司琼片 8mg bid",)),
    "zhang_guoqiang": Past("inpatient", "cardiology", "心内一病区", "张明远", 37, 30, "I20.0", "不稳定性心绞痛",
                           ("36.0700", "药物洗脱冠状动脉支架置入", 36), ("阿司匹林肠溶片 100mg qd", "替格瑞洛片 90mg bid")),
    "zhou_jianguo": Past("inpatient", "general_surgery", "普外一病区", "程志强", 5, 0.8, "K80.2", "胆囊结石",
                         ("51.2300", "腹腔镜下胆囊切除术", 3), ("头孢呋辛酯片 0.25g bid",)),
    "xu_jingyi": Past("outpatient", "psychiatry", "", "白雪", 14, 13.9, "F32.9", "抑郁发作", None, ("盐酸舍曲林片 50mg qd",)),
}  # fmt: skip


def past(person: Person, now: datetime) -> Iterator[Row]:
    """Yield the scripted encounter of a fixed person, if the story has one (固定就诊)."""
    told = PASTS.get(person.key)
    if told is None:
        return
    key = f"{person.mrn}-S1"
    started, ended = now - timedelta(days=told.from_days), now - timedelta(days=told.to_days)
    bed = "08" if told.ward else ""
    yield Encounter(
        key, person.mrn, told.kind, told.department, told.ward, bed, told.attending, started, ended
    )
    yield Diagnosis(f"{key}-D1", person.mrn, key, told.icd10, told.name, "primary", ended)
    if told.procedure:
        code, name, days = told.procedure
        yield Procedure(f"{key}-P1", person.mrn, key, code, name, now - timedelta(days=days))
    for rank, text in enumerate(told.medicines):
        yield Medication(f"{key}-M{rank}", person.mrn, key, text, 14, ended)


def home_readings(seed: int, person: Person, now: datetime, days: int = 90) -> Iterator[Observation]:
    """Yield the blood pressure a fixed person measured at home each morning, with gaps (家庭血压)."""
    if person.key not in DRIFTS:
        return
    random, (before, after) = dice(seed, "home", person.key), DRIFTS[person.key]
    today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    for ago in range(days, 0, -1):
        if random.random() < 0.15:
            continue
        at = today - timedelta(days=ago) + MORNING + timedelta(minutes=random.randrange(40))
        for place, local in enumerate(("SBP", "DBP")):
            each = laboratory.MEASURES[local]
            mean = before[place] + (after[place] - before[place]) * (1 - ago / days)
            got = laboratory.result(each, random.gauss(mean, 6 - 2 * place))
            yield Observation(
                f"{person.mrn}-H{at:%Y%m%d}-{local}", person.mrn, "", local, each.loinc, each.name,
                got.value, each.unit, laboratory.reference(each), got.flag, at,
            )  # fmt: skip


def happens_now(trigger: str, person: Person, now: datetime, number: str) -> Message:
    """Write the message by which a story's event reaches us: A01 admits, A03 discharges, A13 withdraws (现在发生).

    `number` names the visit; the same number ties discharge and withdrawal to the admission.
    """
    told = PASTS.get(person.key, PASTS["zhang_guoqiang"])
    where = department(person.organisation, told.department, person.age_on(now.date()))
    gone = trigger == "A03"
    visit = hl7.Visit(
        number, "inpatient", where, told.ward, "08", told.attending, now - timedelta(days=5 * gone),
        now if gone else None, "", ((told.icd10, told.name, "F" if gone else "A"),),
    )  # fmt: skip
    control_id = f"S{trigger}{now:%y%m%d%H%M%S}{person.index % 100:02d}"
    body = hl7.adt(hl7.senders(person.organisation)[0], trigger, control_id, now, person, visit)
    return Message(now, control_id, f"ADT^{trigger}", body)
