"""One file from its bytes to its outcome (导入一份文件): read, checked, and written unless it is only a check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xinqiao.kit.actor import Actor

from .applying import Import, Outcome, count_live, find_source
from .checking import Checked, check
from .columns import WORDS, Layout, find_layout
from .reading import read_bytes, read_sheets
from .sheets import Sheet


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a file, in words for the person who brought it (导入说明)."""

    checked: Checked
    outcome: Outcome | None
    live: int

    def lines(self, most: int) -> Iterator[str]:
        """This function will tell it line by line, at most so many faults (逐行说明)."""
        yield _header(self.checked.layout)
        yield from self.checked.remarks
        for fault in self.checked.faults[:most]:
            yield f"✗ 第 {fault.row} 行　{fault.sentence}"
        if len(self.checked.faults) > most:
            yield f"……另有 {len(self.checked.faults) - most} 处错误，见退回文件（--reject）"
        yield self._ending()

    def _ending(self) -> str:
        bad = len(self.checked.rejected)
        live = f"，其中 {self.live} 人上线后出院、将启动随访" if self.live else ""
        if self.outcome is None:
            good = len(self.checked.rows)
            return f"预检完成，没有写入：共 {good + bad} 行，可导入 {good} 行{live}，有误 {bad} 行"
        done = self.outcome
        unknown = sorted(done.departments_unknown)
        text = f"✓ 新导入 {done.applied} 行{live}，重复或此前已导入 {done.known} 行，有误 {bad} 行"
        return f"{text}\n科室目录里没有、只存了文字的科室：{'、'.join(unknown[:20])}" if unknown else text


def import_table(
    path: Path, kind: str, *, source: str, by: Actor, now: datetime, progress: Callable[[int, int], None],
    dry_run: bool = False, as_of: date | None = None,
) -> Told:  # fmt: skip
    """This function will import a table of patients or discharges, or only check it (导入表格).

    Raises a refusal in Chinese when the file cannot be read at all; a bad row only rejects itself.
    """
    sheets = read_sheets(read_bytes(path))
    layout = find_layout(sheets, kind)
    known = find_source(source, by=by, now=now, make=not dry_run)
    checked = check(layout, kind, today=now.astimezone(known.zone).date())
    checked.remarks += _others(sheets, layout)
    live = count_live(checked.rows, known)
    if dry_run:
        return Told(checked, None, live)
    outcome = Import(kind, known, by=by, now=now, as_of=as_of).apply(checked, progress)
    checked.refuse(outcome.faults)
    return Told(checked, outcome, live)


def _others(sheets: list[Sheet], layout: Layout) -> list[str]:
    names = [sheet.name for sheet in sheets if sheet.rows and sheet is not layout.sheet]
    return [f"没有导入的其他工作表：{'、'.join(names[:20])}"] if names else []


def _header(layout: Layout) -> str:
    lines = f"{layout.first + 1}" if layout.height == 1 else f"{layout.first + 1}–{layout.body}"
    where = f"工作表“{layout.sheet.name}”，" if layout.sheet.name else ""
    columns = "、".join(_column(layout, field) for field in layout.fields)
    return f"{where}表头在第 {lines} 行，识别到：{columns}"


def _column(layout: Layout, field: str) -> str:
    title = layout.title(field)
    return title if title == WORDS[field] else f"{title}→{WORDS[field]}"
