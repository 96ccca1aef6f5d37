"""Who a row is about (行中的患者)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from xinqiao.patients.rules.demographics import Demographics, IdentifierSaid, KinSaid, PhoneSaid

from .columns import NUMBERS
from .values import OLDEST, Bad, read_day, read_number, read_papers, read_phones, read_sex

Cells = dict[str, list[str]]
Told = Callable[[str, Bad], None]
LONGEST = {"name": 80, "address": 300, "kin_name": 80, "kin_relation": 40}


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of its patient (患者所述)."""

    name: str = ""
    identifiers: tuple[IdentifierSaid, ...] = ()
    sex: str = ""
    birth_on: date | None = None
    birth_precision: str = "day"
    phones: tuple[PhoneSaid, ...] = ()
    address: str = ""
    kin: tuple[KinSaid, ...] = ()

    def as_said(self, source: str, source_at: datetime) -> Demographics:
        """Put it in the words of the index (转为患者基本信息)."""
        return Demographics(
            source=source, source_at=source_at, identifiers=self.identifiers, name=self.name, sex=self.sex,
            birth_on=self.birth_on, birth_precision=self.birth_precision, phones=self.phones,
            address=self.address, kin=self.kin,
        )  # fmt: skip


def read_person(cells: Cells, *, today: date, from_1904: bool, told: Told) -> Person:
    """Read a row's patient, telling every fault by its column (读取患者)."""
    texts = {name: read_text(cells, name, longest, told) for name, longest in LONGEST.items()}
    if not texts["name"]:
        told("name", Bad("没有姓名", "请补上姓名"))
    sex = _try(cells, "sex", told, read_sex) or ""
    birth = _try(cells, "birth_on", told, lambda text: _birth(text, today, from_1904))
    kin_phones = _try(cells, "kin_phone", told, read_phones) or []
    kin = KinSaid(texts["kin_name"], texts["kin_relation"], next(iter(kin_phones), ""))
    return Person(
        name=texts["name"],
        identifiers=_identifiers(cells, sex, birth, told),
        sex=sex,
        birth_on=birth[0] if birth else None,
        birth_precision=birth[1] if birth else "day",
        phones=tuple(PhoneSaid(number) for number in dict.fromkeys(_phones(cells, told))),
        address=texts["address"],
        kin=(kin,) if kin.name or kin.phone else (),
    )


def read_text(cells: Cells, column: str, longest: int, told: Told) -> str:
    """Read words as they stand; telling when there are more than can be kept (读取文字)."""
    text = cells.get(column, [""])[0]
    if len(text) > longest:
        told(column, Bad(f"太长，最多 {longest} 字", "请删减，或核对是否错列"))
    return text


def _identifiers(
    cells: Cells, sex: str, birth: tuple[date, str] | None, told: Told
) -> tuple[IdentifierSaid, ...]:
    found: list[IdentifierSaid] = []
    kind = cells.get("paper_kind", [""])[0]
    paper = _try(cells, "paper", told, lambda text: read_papers(text, kind))
    if paper:
        said, born, paper_sex = paper
        found.append(said)
        if born and birth and birth[1] == "day" and birth[0] != born:
            told("birth_on", Bad("与身份证号里的出生日期不一致", "请核对证件号码和出生日期，改正错的一项"))
        if paper_sex and sex and sex != paper_sex:
            told("sex", Bad("与身份证号里的性别不一致", "请核对证件号码和性别，改正错的一项"))
    for column in NUMBERS[1:]:
        number = _try(cells, column, told, partial(read_number, column))
        found += [number] if number else []
    if not found and not any(column in cells for column in NUMBERS):
        told("paper", Bad("没有任何患者标识", "请补上身份证号、病案号或就诊卡号中的一项"))
    return tuple(found)


def _phones(cells: Cells, told: Told) -> list[str]:
    found: list[str] = []
    for text in cells.get("phone", []):
        found += _try({"phone": [text]}, "phone", told, read_phones) or []
    return found


def _birth(text: str, today: date, from_1904: bool) -> tuple[date, str]:
    moment, precision = read_day(text, from_1904)
    if not OLDEST <= moment.date() <= today:
        raise Bad("出生日期在 1900 年以前或还没有到", "请核对")
    return moment.date(), "day" if precision == "minute" else precision


def _try[T](cells: Cells, column: str, told: Told, read: Callable[[str], T]) -> T | None:
    if column not in cells:
        return None
    try:
        return read(cells[column][0])
    except Bad as bad:
        told(column, bad)
        return None
