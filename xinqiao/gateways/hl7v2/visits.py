"""What a message says about a visit: PV1, DG1, AL1, PR1 (就诊), HL7 v2.8 chapters 3.4 and 6.5."""

from .parse import Message, Segment
from .pieces import Reading, read_coded, read_practitioner
from .said import AllergySaid, Coded, ConditionSaid, EncounterSaid, PlaceSaid, ProcedureSaid

KINDS = {
    "inpatient": "I INPATIENT 住院",
    "outpatient": "O OUTPATIENT 门诊",
    "emergency": "E EMERGENCY 急诊",
    "preadmit": "P PREADMIT 预住院",
    "recurring": "R RECURRING",
    "obstetrics": "B OBSTETRICS",
    "not_applicable": "N",
    "checkup": "体检",
    "unknown": "U",
}
KIND_OF = {code: word for word, codes in KINDS.items() for code in codes.split()}
ROLES = {"A": "admitting", "W": "working", "F": "final"}
CLEARABLE = {"place": 3, "attending": 7, "service": 10, "disposition": 36, "admitted": 44, "discharged": 45}


def read_encounter(reading: Reading, pv1: Segment | None, pid: Segment, status: str) -> EncounterSaid | None:
    """Read PV1; the visit number may come from PV1-50 or, with a remark, from PID-18 (就诊)."""
    if pv1 is None:
        return None
    return EncounterSaid(
        visit_number=read_visit_number(reading, pv1, pid),
        kind=_read_kind(pv1.value(2)),
        status=status,
        place=_read_place(pv1, 3),
        former_place=_read_place(pv1, 6),
        attending=read_practitioner(pv1, 7),
        admitted=reading.time(pv1, 44),
        discharged=reading.time(pv1, 45),
        disposition=read_coded(pv1, 36),
        service=pv1.value(10),
        cleared=frozenset(word for word, number in CLEARABLE.items() if pv1.is_null(number)),
    )


def read_visit_number(reading: Reading, pv1: Segment, pid: Segment) -> str:
    """Find which visit is meant, "" with a remark when the message does not say (就诊号)."""
    number = pv1.value(19).strip() or pv1.value(50).strip()
    if number:
        return number
    account = pid.value(18).strip()
    reading.note("visit_number_from_account" if account else "no_visit_number")
    return account


def read_conditions(reading: Reading, message: Message) -> tuple[ConditionSaid, ...]:
    """Read the DG1 segments that name a diagnosis (诊断)."""
    found = []
    for segment in message.segments("DG1"):
        code = read_coded(segment, 3)
        code = code or Coded(display=segment.value(4))
        role = segment.value(6).strip().upper()
        if code:
            word = ROLES.get(role, "other" if role else "")
            found.append(ConditionSaid(code, word, reading.time(segment, 5), segment.value(15)))
    return tuple(found)


def read_allergies(reading: Reading, message: Message) -> tuple[AllergySaid, ...]:
    """Read the AL1 segments that name a substance (过敏)."""
    found = []
    for segment in message.segments("AL1"):
        code = read_coded(segment, 3)
        reactions = tuple(filter(None, (message.piece(text) for text in segment.repeats(5))))
        since = reading.time(segment, 6)
        if code:
            found.append(AllergySaid(code, segment.value(2), segment.value(4), reactions, since))
    return tuple(found)


def read_procedures(reading: Reading, message: Message) -> tuple[ProcedureSaid, ...]:
    """Read the PR1 segments that name a procedure (手术操作)."""
    found = []
    for segment in message.segments("PR1"):
        code = read_coded(segment, 3) or Coded(display=segment.value(4))
        if code:
            found.append(ProcedureSaid(code, reading.time(segment, 5)))
    return tuple(found)


def _read_kind(text: str) -> str:
    return KIND_OF.get(text.strip().upper(), "other") if text.strip() else ""


def _read_place(pv1: Segment, number: int) -> PlaceSaid:
    unit, room, bed, facility = (pv1.value(number, component) for component in (1, 2, 3, 4))
    return PlaceSaid(unit, room, bed, facility, pv1.value(number, 9) or pv1.value(number, 1, 2))
