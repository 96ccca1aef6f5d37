"""Which stay in hospital a row ends (行中的出院)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from xinqiao.record.rules import CodeSaid, ConditionSaid, EncounterSaid

from .persons import Cells, Told, read_text
from .sheets import plain
from .values import FROM_SOURCE, Bad, is_unrecoverable, read_day

LONGEST = {
    "visit": 80, "times": 10, "department": 120, "ward": 80, "bed": 40, "attending": 80, "diagnosis": 200,
    "diagnosis_code": 40, "disposition": 120,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """What a row says of a stay; times without offset, in the zone of the source (住院所述)."""

    key: str
    discharged_at: datetime
    admitted_at: datetime | None
    texts: dict[str, str]

    def as_encounter(self, zone: ZoneInfo, department_id: UUID | None) -> EncounterSaid:
        """Put it in the words of the record (转为就诊)."""
        return EncounterSaid(
            source_key=self.key,
            event="discharge",
            class_="inpatient",
            department_id=department_id,
            department_text=self.texts["department"],
            ward=self.texts["ward"],
            bed=self.texts["bed"],
            attending_name=self.texts["attending"],
            started_at=self.admitted_at.replace(tzinfo=zone) if self.admitted_at else None,
            ended_at=self.discharged_at.replace(tzinfo=zone),
            disposition=self.texts["disposition"],
        )

    def as_conditions(self, zone: ZoneInfo) -> tuple[ConditionSaid, ...]:
        """Give the diagnosis at discharge, if the row names one (转为诊断)."""
        code = CodeSaid(code=self.texts["diagnosis_code"], display=self.texts["diagnosis"])
        if not (code.code or code.display):
            return ()
        at = self.discharged_at.replace(tzinfo=zone)
        return (ConditionSaid(source_key=f"{self.key}:final", code=code, role="final", at=at),)


def read_stay(cells: Cells, *, today: date, from_1904: bool, told: Told) -> Stay | None:
    """Read a row's stay, telling every fault by its column (读取住院)."""
    texts = {name: read_text(cells, name, longest, told) for name, longest in LONGEST.items()}
    if is_unrecoverable(texts["visit"]):
        told("visit", Bad("号码已被表格软件转成科学计数，无法恢复", FROM_SOURCE))
    discharged = _moment(cells, "discharged_at", today, from_1904, told)
    admitted = _moment(cells, "admitted_at", today, from_1904, told)
    if "discharged_at" not in cells:
        told("discharged_at", Bad("没有出院日期", "请补上；还没有出院的患者不要放进出院名单"))
    if discharged is None:
        return None
    if admitted and _earlier(discharged, admitted):
        told("discharged_at", Bad("出院早于入院", "请核对两个日期"))
    return Stay(_key(texts, discharged), discharged, admitted, texts)


def _key(texts: dict[str, str], discharged: datetime) -> str:
    """The visit's own number; else, among the patient's stays, the count of this one or its last day."""
    if texts["visit"]:
        return plain(texts["visit"])
    return f"#{plain(texts['times']) or discharged.date().isoformat()}"


def _moment(cells: Cells, column: str, today: date, from_1904: bool, told: Told) -> datetime | None:
    try:
        moment, precision = read_day(cells[column][0], from_1904) if column in cells else (None, "")
        if moment and precision not in ("day", "minute"):
            raise Bad("日期不完整，缺月或日", "请补全到日")
        if moment and moment.date() > today:
            raise Bad("日期还没有到", "请核对")
    except Bad as bad:
        told(column, bad)
        return None
    return moment


def _earlier(discharged: datetime, admitted: datetime) -> bool:
    """Where one of both has no time of day, only the days are compared."""
    if time() in (discharged.time(), admitted.time()):
        return discharged.date() < admitted.date()
    return discharged < admitted
