"""Many words on one patient become one row: for each attribute the latest word stands (信息归并).

The same row comes out in whatever order the words arrive, because each attribute remembers when it was said.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xinqiao.patients.rules.demographics import ATTRIBUTES, Demographics
from xinqiao.patients.rules.names import normalise_name
from xinqiao.patients.rules.papers import Paper

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EMPTY = {"birth_on": None, "deceased_at": None, "sex": "unknown"}


@dataclass(frozen=True, slots=True)
class Folded:
    """What stands of a patient (归并结果).

    `told` holds for each attribute [microseconds since 1970, whether a value stands]. `address` is bytes when it
    comes sealed out of the database, and text when it has just been said.
    """

    name: str = ""
    sex: str = "unknown"
    birth_on: date | None = None
    birth_precision: str = ""
    deceased_at: datetime | None = None
    nationality: str = ""
    region: str = ""
    address: str | bytes = ""
    paper_sex: str = ""
    paper_birth_on: date | None = None
    told: dict[str, list] = field(default_factory=dict)


def fold(stands: Folded, said: Demographics, paper: Paper | None = None) -> Folded:
    """Let one more word take effect on what stands; an older word changes nothing (归并一条)."""
    changes: dict[str, Any] = {
        attribute: _value(said, attribute)
        for attribute in ATTRIBUTES
        if speaks(said, attribute) and is_latest(stands, said, attribute)
    }
    told = stands.told | {name: [instant(said), _stands(said, name)] for name in changes}
    if "birth_on" in changes:
        changes["birth_precision"] = said.birth_precision if told["birth_on"][1] else ""
    if paper and paper.birth_on and is_latest(stands, said, "paper"):
        changes |= {"paper_sex": paper.sex or "", "paper_birth_on": paper.birth_on}
        told["paper"] = [instant(said), True]
    for lines in ("phones", "kin"):
        if speaks(said, lines) and is_latest(stands, said, f"{lines}:{said.source}"):
            told[f"{lines}:{said.source}"] = [instant(said), True]
    return _filled_from_paper(replace(stands, told=told, **changes))


def speaks(said: Demographics, attribute: str) -> bool:
    """Say whether a word gives or deletes an attribute; silence leaves it as it is (是否提及)."""
    return bool(getattr(said, attribute)) or attribute in said.cleared


def is_latest(stands: Folded, said: Demographics, attribute: str) -> bool:
    """Say whether nothing later was said on an attribute; of equal times the later received stands (是否最新)."""
    return attribute not in stands.told or instant(said) >= stands.told[attribute][0]


def instant(said: Demographics) -> int:
    """Give the source's time as microseconds since 1970 (来源时刻)."""
    return (said.source_at - EPOCH) // timedelta(microseconds=1)


def conflicts(folded: Folded) -> list[str]:
    """List what the source and the identity number tell differently (信息冲突)."""
    found = []
    if folded.paper_birth_on and folded.birth_on not in (None, folded.paper_birth_on):
        found.append("出生日期与身份证号码不一致，请核对证件原件")
    if folded.paper_sex and folded.sex not in ("unknown", folded.paper_sex):
        found.append("性别与身份证号码不一致，请核对证件原件")
    return found


def _value(said: Demographics, attribute: str) -> object:
    value = getattr(said, attribute)
    if not _stands(said, attribute):
        return EMPTY.get(attribute, "")
    return normalise_name(value) if attribute == "name" else value


def _stands(said: Demographics, attribute: str) -> bool:
    return attribute not in said.cleared and getattr(said, attribute) != "unknown"


def _filled_from_paper(folded: Folded) -> Folded:
    """The number of the identity paper tells birth and sex where the source does not (证件号推出生日期、性别)."""
    filled: dict[str, Any] = {}
    if not folded.told.get("birth_on", [0, False])[1]:
        precision = "day" if folded.paper_birth_on else ""
        filled |= {"birth_on": folded.paper_birth_on, "birth_precision": precision}
    if not folded.told.get("sex", [0, False])[1]:
        filled["sex"] = folded.paper_sex or "unknown"
    return replace(folded, **filled)
