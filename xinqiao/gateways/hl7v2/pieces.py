"""The data types that many segments share: CE/CWE, XCN, times with a remark (常用数据类型)."""

from dataclasses import dataclass, field
from datetime import tzinfo

from .parse import Message, Segment
from .said import Coded, PractitionerSaid
from .times import TimeSaid, read_time


@dataclass(slots=True)
class Reading:
    """One message being read: its zone, and the remarks gathered on the way."""

    message: Message
    zone: tzinfo
    notes: list[str] = field(default_factory=list)

    def note(self, code: str) -> None:
        """Remember a remark once."""
        if code not in self.notes:
            self.notes.append(code)

    def time(self, segment: Segment | None, number: int, note: str = "bad_time") -> TimeSaid | None:
        """Read a field as a time; what is no time is None with a remark."""
        text = segment.value(number) if segment else ""
        said = read_time(text, self.zone) if text else None
        if text and said is None:
            self.note(note)
        return said


def read_coded(segment: Segment, number: int) -> Coded:
    """Read a CE, CWE or CNE; a code given only as the alternate counts as the code (编码)."""
    code = [segment.value(number, component).strip() for component in range(1, 7)]
    return Coded(*code) if code[0] or code[1] else Coded(*code[3:])


def read_practitioner(segment: Segment, number: int) -> PractitionerSaid:
    """Read the first XCN of a field (医生)."""
    family, given = segment.value(number, 2), segment.value(number, 3)
    return PractitionerSaid(segment.value(number, 1), full_name(family, given, segment.value(number, 4)))


def full_name(family: str, given: str, middle: str = "") -> str:
    """Write a name as its bearer does: Chinese without blanks and family first, others given first (姓名)."""
    parts = [family.strip(), given.strip(), middle.strip()]
    if any(_is_hanzi(c) for part in parts for c in part):
        return "".join(parts)
    return " ".join(part for part in (*parts[1:], parts[0]) if part)


def _is_hanzi(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"
