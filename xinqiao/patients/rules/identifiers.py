"""Identifiers: one written form, whether they identify anybody, and how they are found again (患者标识)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from xinqiao.patients.rules import papers
from xinqiao.patients.rules.demographics import IdentifierSaid

LOCAL = {
    "mrn": "病案号",
    "card": "就诊卡号",
    "inpatient_no": "住院号",
    "outpatient_no": "门诊号",
    "insurance": "医保号",
    "other": "其他标识",
}
KINDS = {kind.value: word for kind, word in papers.WORDS.items()} | LOCAL
PLACEHOLDER = re.compile(r"[\W_]*|无|不详|未知|没有|暂无|NULL|NONE|N/?A|UNKNOWN|0+|X+|9{6,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdentifierRead:
    """An identifier in its one written form; `paper` only for papers that are whole (规整后的标识)."""

    kind: str
    system: str
    value: str
    is_valid: bool
    paper: papers.Paper | None = None


def read_identifier(said: IdentifierSaid, today: date | None = None) -> IdentifierRead:
    """Bring an identifier to its written form; a wrong one is kept as said and identifies nobody (识读标识)."""
    value = re.sub(r"\s", "", unicodedata.normalize("NFKC", said.value)).strip()
    if said.kind not in papers.WORDS:
        kind = said.kind if said.kind in LOCAL else "other"
        return IdentifierRead(kind, said.system.strip(), value, not PLACEHOLDER.fullmatch(value))
    paper = _paper(value, papers.Kind(said.kind), today) or _paper(value, None, today)
    if paper is None:
        return IdentifierRead(said.kind, "", papers.normalise_number(value), False)
    return IdentifierRead(paper.kind.value, "", paper.number, True, paper)


def _paper(value: str, kind: papers.Kind | None, today: date | None) -> papers.Paper | None:
    """Read a paper as it is called; sources mix up the kinds, so a number that shows its own kind is believed."""
    try:
        return papers.read_paper(value, kind, today)
    except papers.BadPaper:
        return None
