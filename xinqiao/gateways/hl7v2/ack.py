"""Answers to the sender (应答 ACK), HL7 v2.8 chapter 2.9 and table 0357."""

import re
from datetime import datetime

from .escapes import escape
from .parse import Message, Separators, parse
from .reasons import REASONS, Unreadable

HEADER_BYTES = 20_000
ERROR_CODES = {
    "no_msh": "100",
    "no_patient": "100",
    "no_document": "100",
    "no_patient_id": "101",
    "no_visit_number": "101",
    "no_message_type": "101",
    "not_for_us": "200",
    "merge_not_supported": "201",
    "id_conflict": "205",
}


def acknowledge(raw: bytes, code: str, *, now: datetime, control_id: str, reason: str = "") -> bytes:
    """Build the answer AA, AE or AR to whatever was received, in its own charset and separators (应答).

    Garbage is answered too, with the usual separators and an empty MSA-2. The Chinese sentence of `reason` is
    left out where the message's charset cannot carry it; the reason code never is.
    """
    asked = _readable(raw)
    charset = asked.charset if asked else "ascii"
    for with_text in (True, False):
        try:
            return _text(asked, code, now, control_id, reason, with_text).encode(charset)
        except UnicodeError:
            continue
    return _text(None, code, now, control_id, reason, False).encode("ascii")


def _readable(raw: bytes) -> Message | None:
    for candidate in (raw, re.split(rb"[\r\n]", raw[:HEADER_BYTES].lstrip(), maxsplit=1)[0]):
        try:
            return parse(candidate)
        except Unreadable:
            continue
    return None


def _text(
    asked: Message | None, code: str, now: datetime, control_id: str, reason: str, with_text: bool
) -> str:
    marks = asked.separators if asked else Separators()
    said = [_line(asked, number) for number in range(19)]
    trigger = asked.header.value(9, 2) if asked else ""
    kind = marks.component.join(["ACK", escape(trigger, marks), "ACK"])
    mark = marks.component + marks.repeat + marks.escape + marks.sub
    stamp = now.strftime("%Y%m%d%H%M%S%z")
    header = [
        "MSH",
        mark,
        said[5],
        said[6],
        said[3],
        said[4],
        stamp,
        "",
        kind,
        control_id,
        said[11],
        said[12],
    ]
    lines = [[*header, "", "", "", "", "", said[18]], ["MSA", code, said[10]]]
    if reason:
        lines.append(_error(reason, marks, with_text))
    return "".join(marks.field.join(line).rstrip(marks.field) + "\r" for line in lines)


def _line(asked: Message | None, number: int) -> str:
    return " ".join(asked.field("MSH", number).split("\n")) if asked else ""


def _error(reason: str, marks: Separators, with_text: bool) -> list[str]:
    cause = marks.component.join([ERROR_CODES.get(reason, "207"), reason, "HL70357"])
    text = escape(REASONS.get(reason, ""), marks) if with_text else ""
    return ["ERR", "", "", cause, "E", "", "", reason, text]
