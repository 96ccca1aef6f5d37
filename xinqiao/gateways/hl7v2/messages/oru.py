"""ORU: results of laboratory and examination (检验检查结果), HL7 v2.8 chapter 7.3."""

from ..parse import Message, Segment
from ..people import read_patient
from ..pieces import Reading
from ..reasons import Rejected
from ..results import read_results
from ..said import Said
from ..visits import read_encounter
from . import MESSAGES


@MESSAGES.add("ORU^R01")
def read_unsolicited(reading: Reading, trigger: str) -> tuple[Said, ...]:
    """Read the results of one patient or several, one Said each (检验检查结果)."""
    groups = patient_groups(reading.message)
    if not groups:
        raise Rejected("no_patient")
    return tuple(_read_group(reading, trigger, group) for group in groups)


def patient_groups(message: Message) -> list[list[Segment]]:
    """Cut a message at each PID; what stands before the first belongs to no patient (患者分组)."""
    groups: list[list[Segment]] = []
    for segment in message:
        if segment.name == "PID":
            groups.append([segment])
        elif groups:
            groups[-1].append(segment)
    return groups


def _read_group(reading: Reading, trigger: str, group: list[Segment]) -> Said:
    pid = group[0]
    patient = read_patient(reading, pid, [segment for segment in group if segment.name == "NK1"])
    pv1 = next((segment for segment in group if segment.name == "PV1"), None)
    observations, reports = read_results(reading, group)
    encounter = read_encounter(reading, pv1, pid, "")
    return Said(
        "ORU", trigger, patient=patient, encounter=encounter, observations=observations, reports=reports
    )
