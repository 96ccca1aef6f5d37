"""What a message says was measured or written: OBR, OBX, NTE (报告与结果), HL7 v2.8 chapter 7.4."""

from .parse import Message, Segment
from .pieces import Reading, read_coded, read_practitioner
from .said import ObservationSaid, ReportSaid
from .values import read_value

STATUSES = {
    "A": "partial",
    "B": "appended",
    "C": "corrected",
    "D": "deleted",
    "F": "final",
    "I": "pending",
    "N": "not_asked",
    "O": "order_only",
    "P": "preliminary",
    "R": "unverified",
    "S": "partial",
    "U": "final",
    "V": "verified",
    "W": "wrong",
    "X": "cancelled",
}
REPORT_STATUSES = {**STATUSES, "A": "partial", "R": "unverified", "I": "pending", "O": "ordered"}
NARRATIVE = ("TX", "FT", "ST", "")


def read_results(
    reading: Reading, segments: list[Segment]
) -> tuple[tuple[ObservationSaid, ...], tuple[ReportSaid, ...]]:
    """Read OBR groups with their OBX and NTE, in the order of the message (检验检查).

    Text without a code is the narrative of its report; other results without a code leave a remark.
    """
    groups = _Groups(reading)
    for segment in segments:
        step = groups.steps.get(segment.name)
        if step:
            step(segment)
    return groups.done()


def read_texts(message: Message, segments: list[Segment], number: int) -> str:
    """Join a text field over segments and repeats, one line each (长文本)."""
    return "\n".join(message.plain(text) for segment in segments for text in segment.repeats(number))


class _Groups:
    def __init__(self, reading: Reading):
        self.reading = reading
        self.observations: list[dict] = []
        self.reports: list[dict] = []
        self.last: dict | None = None
        self.steps = {"OBR": self.report, "OBX": self.result, "NTE": self.comment}

    def report(self, segment: Segment) -> None:
        reading = self.reading
        self.last = {
            "number": segment.value(3) or segment.value(2),
            "code": read_coded(segment, 4),
            "status": REPORT_STATUSES.get(segment.value(25), ""),
            "observed": reading.time(segment, 7),
            "issued": reading.time(segment, 22),
            "order_number": segment.value(2),
            "author": read_practitioner(segment, 32),
            "lines": [],
        }
        self.reports.append(self.last)

    def result(self, segment: Segment) -> None:
        code, value_type = read_coded(segment, 3), segment.value(2).strip().upper()
        if not code:
            self._narrative(segment, value_type)
            return
        report = self.reports[-1] if self.reports else None
        self.last = {
            "code": code,
            "value_type": value_type,
            **read_value(self.reading, segment, value_type),
            "unit": segment.value(6) or segment.value(6, 2),
            "reference_range": self.reading.message.plain(segment.field(7)),
            "flags": tuple(filter(None, map(self.reading.message.piece, segment.repeats(8)))),
            "status": STATUSES.get(segment.value(11).strip().upper(), ""),
            "observed": self.reading.time(segment, 14) or (report and report["observed"]),
            "sub_id": segment.value(4),
            "report": len(self.reports) - 1 if self.reports else None,
            "lines": [],
        }
        self.observations.append(self.last)

    def comment(self, segment: Segment) -> None:
        if self.last is not None:
            self.last["lines"].append(read_texts(self.reading.message, [segment], 3))

    def done(self) -> tuple[tuple[ObservationSaid, ...], tuple[ReportSaid, ...]]:
        observations = (ObservationSaid(comment=_text(item), **item) for item in self.observations)
        reports = (ReportSaid(text=_text(item), **item) for item in self.reports)
        return tuple(observations), tuple(reports)

    def _narrative(self, segment: Segment, value_type: str) -> None:
        text = read_texts(self.reading.message, [segment], 5)
        if text and value_type in NARRATIVE and self.reports:
            self.reports[-1]["lines"].append(text)
        elif any(segment.field(number) for number in range(2, 12)):
            self.reading.note("observation_without_code")


def _text(item: dict) -> str:
    return "\n".join(item.pop("lines")).strip("\n")
