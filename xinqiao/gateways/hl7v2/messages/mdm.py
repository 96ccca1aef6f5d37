"""MDM: documents with their text (病历文书), HL7 v2.8 chapter 9.5."""

from ..parse import Segment
from ..people import read_patient
from ..pieces import Reading, read_coded, read_practitioner
from ..reasons import Rejected
from ..results import NARRATIVE, read_results, read_texts
from ..said import ReportSaid, Said
from ..visits import read_encounter
from . import MESSAGES
from .adt import the_patient

# HL7 table 0271, document completion status.
STATUSES = {
    "AU": "final",
    "DI": "preliminary",
    "DO": "preliminary",
    "IN": "partial",
    "IP": "partial",
    "LA": "final",
    "PA": "preliminary",
}


@MESSAGES.add("MDM^T02")
def read_document(reading: Reading, trigger: str) -> tuple[Said, ...]:
    """Read a document: text lines are its text, other OBX are results of their own (病历文书)."""
    message = reading.message
    pid = the_patient(message)
    patient = read_patient(reading, pid, message.segments("NK1"))
    txa = message.segment("TXA")
    if txa is None:
        raise Rejected("no_document")
    lines = [segment for segment in message.segments("OBX") if segment.value(2).strip().upper() in NARRATIVE]
    others = [s for s in message.segments("OBX") if s.value(2).strip().upper() not in NARRATIVE]
    observations, _ = read_results(reading, others)
    said = Said(
        "MDM",
        trigger,
        patient=patient,
        encounter=read_encounter(reading, message.segment("PV1"), pid, ""),
        observations=observations,
        reports=(_read_report(reading, txa, read_texts(message, lines, 5)),),
    )
    return (said,)


def _read_report(reading: Reading, txa: Segment, text: str) -> ReportSaid:
    return ReportSaid(
        number=txa.value(12) or txa.value(12, 3),
        code=read_coded(txa, 2),
        status=STATUSES.get(txa.value(17).strip().upper(), ""),
        observed=reading.time(txa, 4),
        issued=reading.time(txa, 22) or reading.time(txa, 6),
        text=text,
        order_number=txa.value(14),
        author=read_practitioner(txa, 9),
    )
