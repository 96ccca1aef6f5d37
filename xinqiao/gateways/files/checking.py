"""The check before anything is written (预检): every row read, every fault told with its row and what to do."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from xinqiao.patients.rules.names import mask_name, normalise_name
from xinqiao.patients.rules.papers import is_unrecoverable, mask_number
from xinqiao.patients.rules.phones import mask_phone

from .columns import NUMBERS, STAY, Layout, normalise_title
from .persons import Person, read_person
from .sheets import MOST_COLUMNS, plain
from .stays import Stay, read_stay
from .values import FROM_SOURCE, Bad, is_nothing

FOOTER = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|总人数|总数|共\s*\d+\s*[人条例]|制表|填表|审核|打印|导出时间|备注|说明|注[:：])"
)
SPOILT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)")
LEADING = ("mrn", "inpatient_no", "card", "outpatient_no")
SHOWN_WHOLE = frozenset(STAY) | {"sex", "birth_on", "paper_kind", "kin_relation"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row cannot be imported; `value` is masked, for the screen (一处错误)."""

    row: int
    column: str
    value: str
    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        said = f"“{self.value}”" if self.value else ""
        return f"{self.column}{said}：{self.reason}。{self.remedy}。"


@dataclass(frozen=True, slots=True)
class Row:
    """One good row: its number in the file, the cells that were read, and what they say (有效行)."""

    number: int
    cells: dict[str, list[str]]
    person: Person
    stay: Stay | None


@dataclass(slots=True)
class Checked:
    """A whole table after the check (预检结果)."""

    layout: Layout
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    skipped: int = 0

    @property
    def rejected(self) -> list[int]:
        return sorted({fault.row for fault in self.faults})

    def refuse(self, faults: list[Fault]) -> None:
        """Move rows that were refused later to the bad ones (退回)."""
        bad = {fault.row for fault in faults}
        self.rows = [row for row in self.rows if row.number not in bad]
        self.faults = sorted([*self.faults, *faults], key=lambda fault: fault.row)


def check(layout: Layout, kind: str, *, today: date) -> Checked:
    """Read every row below the header; what is wrong with one never holds up another (预检)."""
    checked = Checked(layout)
    widths = _widths(layout)
    for place in range(layout.body, len(layout.sheet.rows)):
        cells = _cells(layout, place)
        if not cells or _is_footer(layout, place, cells) or _is_header(layout, place):
            checked.skipped += bool(layout.sheet.rows[place])
            continue
        _check_row(checked, place + 1, cells, kind, today, widths)
    _check_numbers(checked)
    checked.remarks += _remarks(checked)
    return checked


def masked(column: str, text: str) -> str:
    """Show a cell's value on a screen without telling who it is; a spoilt number tells nothing (脱敏)."""
    if column in SHOWN_WHOLE or is_unrecoverable(text):
        return text[:40]
    if column in ("name", "kin_name"):
        return mask_name(text[:40])
    if column in ("phone", "kin_phone"):
        return mask_phone(text[:40])
    return mask_number(text[:40])


def _cells(layout: Layout, place: int) -> dict[str, list[str]]:
    row = layout.sheet.rows[place]
    found = {
        name: [row[at] for at in places if at < len(row) and not is_nothing(row[at])]
        for name, places in layout.fields.items()
    }
    return {name: texts for name, texts in found.items() if texts}


def _is_footer(layout: Layout, place: int, cells: dict[str, list[str]]) -> bool:
    """A total stands where no patient's number does."""
    first = [text for text in layout.sheet.rows[place] if text][:3]
    return not any(name in cells for name in NUMBERS) and any(FOOTER.match(plain(text)) for text in first)


def _is_header(layout: Layout, place: int) -> bool:
    """Reports that were paged repeat their header."""
    at = layout.fields["name"][0]
    row = layout.sheet.rows[place]
    above = [layout.sheet.rows[line] for line in range(layout.first, layout.body)]
    return row in above or normalise_title(row[at] if at < len(row) else "") in (
        "姓名",
        "患者姓名",
        "病人姓名",
    )


def _check_row(
    checked: Checked, number: int, cells: dict[str, list[str]], kind: str, today: date, widths: dict[str, int]
) -> None:
    layout, faults = checked.layout, []

    def told(column: str, bad: Bad) -> None:
        value = masked(column, cells.get(column, [""])[0])
        faults.append(Fault(number, layout.title(column), value, bad.reason, bad.remedy))

    for column, texts in cells.items():
        if any(SPOILT.match(text) for text in texts):
            told(column, Bad("公式出错或列宽不够，没有导出真实的值", "请在表格里改好后重新导出"))
    if faults:
        checked.faults += faults
        return
    for column in LEADING:
        if column in cells and column in widths and _is_short(cells[column][0], widths[column]):
            told(column, Bad(f"前面的 0 可能丢了：本列其他号码是 {widths[column]} 位", FROM_SOURCE))
    person = read_person(cells, today=today, from_1904=layout.sheet.from_1904, told=told)
    stay = None
    if kind == "discharges":
        stay = read_stay(cells, today=today, from_1904=layout.sheet.from_1904, told=told)
    if faults:
        checked.faults += faults
    else:
        checked.rows.append(Row(number, cells, person, stay))


def _check_numbers(checked: Checked) -> None:
    """One number with two names in one file is two persons, and nobody can tell whose it is."""
    owners: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in checked.rows:
        for one in row.person.identifiers:
            owners[one.kind, one.value][normalise_name(row.person.name)].append(row)
    torn = [[row for rows in names.values() for row in rows] for names in owners.values() if len(names) > 1]
    found = []
    for rows in torn:
        lines = "、".join(str(row.number) for row in rows[:5])
        for row in rows:
            shown = masked("name", row.person.name)
            reason = f"第 {lines} 行用了同一个号码，姓名却不同"
            found.append(Fault(row.number, checked.layout.title("name"), shown, reason, "请核对是谁的号码"))
    checked.refuse(found)


def _widths(layout: Layout) -> dict[str, int]:
    """The length of a column's numbers where those that begin with 0 all have the same (号码位数)."""
    found = {}
    for column in LEADING:
        at = layout.fields.get(column, (MOST_COLUMNS,))[0]
        texts = [plain(row[at]) for row in layout.sheet.rows[layout.body :] if at < len(row)]
        padded = {len(text) for text in texts if text.isdigit() and text.startswith("0")}
        if len(padded) == 1:
            found[column] = padded.pop()
    return found


def _is_short(text: str, width: int) -> bool:
    return plain(text).isdigit() and len(plain(text)) < width


def _remarks(checked: Checked) -> list[str]:
    unknown, skipped = checked.layout.unknown, checked.skipped
    found = [f"没有导入的列：{'、'.join(unknown[:30])}"] if unknown else []
    return found + ([f"跳过 {skipped} 行：合计、说明、重复的表头，或没有可导入的内容"] if skipped else [])
