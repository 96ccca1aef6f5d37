"""ADT: admission, transfer, discharge and registration (入出转), HL7 v2.8 chapter 3.3."""

from ..identifiers import read_identifiers
from ..parse import Message, Segment
from ..people import read_patient
from ..pieces import Reading
from ..reasons import Rejected
from ..results import read_results
from ..said import Said
from ..visits import read_allergies, read_conditions, read_encounter, read_procedures
from . import MESSAGES

STATUS = {
    "A01": "in_progress",
    "A02": "in_progress",
    "A03": "finished",
    "A04": "in_progress",
    "A05": "planned",
    "A08": "",
    "A11": "cancelled",
    "A13": "in_progress",
}
NEEDS_VISIT = ("A02", "A03", "A11", "A13")


@MESSAGES.add("ADT^A28", "ADT^A31")
def read_person(reading: Reading, trigger: str) -> tuple[Said, ...]:
    """Read a message about a person, whatever visit it carries along (个人信息)."""
    message = reading.message
    pid = the_patient(message)
    patient = read_patient(reading, pid, message.segments("NK1"))
    return (Said("ADT", trigger, patient=patient, allergies=read_allergies(reading, message)),)


@MESSAGES.add(*(f"ADT^{trigger}" for trigger in STATUS))
def read_visit(reading: Reading, trigger: str) -> tuple[Said, ...]:
    """Read a message about a visit; one that changes a visit must say which (就诊信息)."""
    message = reading.message
    pid = the_patient(message)
    patient = read_patient(reading, pid, message.segments("NK1"))
    encounter = read_encounter(reading, message.segment("PV1"), pid, STATUS[trigger])
    if trigger in NEEDS_VISIT and not (encounter and encounter.visit_number):
        raise Rejected("no_visit_number")
    observations, reports = read_results(reading, list(message))
    said = Said(
        "ADT",
        trigger,
        patient=patient,
        encounter=encounter,
        conditions=read_conditions(reading, message),
        allergies=read_allergies(reading, message),
        procedures=read_procedures(reading, message),
        observations=observations,
        reports=reports,
    )
    return (said,)


@MESSAGES.add("ADT^A40")
def read_merge(reading: Reading, trigger: str) -> tuple[Said, ...]:
    """Refuse a merge until merges exist (患者合并)."""
    raise Rejected("merge_not_supported")


def the_patient(message: Message) -> Segment:
    """Return the one PID of a message; raises Rejected when there is none, or two for different patients."""
    pids = message.segments("PID")
    if not pids:
        raise Rejected("no_patient")
    known = [(pid, {item.value for item in read_identifiers(message, pid)}) for pid in pids]
    known = [(pid, values) for pid, values in known if values]
    if any(values.isdisjoint(known[0][1]) for _, values in known):
        raise Rejected("several_patients")
    return known[0][0] if known else pids[0]
