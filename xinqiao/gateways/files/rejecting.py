"""The reject file (退回文件): the bad rows in the shape they came in, each with its reason, to be mended and sent again."""

import csv
import io
import os
from collections import defaultdict
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.writer.excel import save_workbook

from xinqiao.kit.errors import Refused

from .checking import Checked

REASON = "未导入原因"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHAPES = (".xlsx", ".csv")


class BadRejectFile(Refused):
    """退回文件请以 .xlsx 或 .csv 结尾。"""


def demand_writable(path: Path) -> None:
    """Refuse, before anything is imported, a reject file that could not be written (退回文件可写)."""
    if path.suffix.lower() not in SHAPES:
        raise BadRejectFile
    if path.exists():
        raise BadRejectFile(f"{path} 已经存在。为免覆盖，请换一个文件名。")
    if not path.parent.is_dir():
        raise BadRejectFile(f"没有这个文件夹：{path.parent}")


def write_rejects(checked: Checked, path: Path) -> None:
    """Write the rejected rows under their own header; only its owner may read the file (写退回文件)."""
    rows = rejected_rows(checked)
    content = _xlsx(rows) if path.suffix.lower() == ".xlsx" else _csv(rows)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def rejected_rows(checked: Checked) -> list[list[str]]:
    """Gather the header and the bad rows as they came, with one more column that says why (退回的行)."""
    layout, reasons = checked.layout, defaultdict(list)
    for fault in checked.faults:
        reasons[fault.row].append(fault.sentence)
    width = max(len(layout.titles), *(len(layout.sheet.rows[n - 1]) for n in reasons), 0)
    header = [list(layout.sheet.rows[line]) for line in range(layout.first, layout.body)]
    rows = [*(_padded(line, width) for line in header)]
    rows[0].append(REASON)
    for number in sorted(reasons):
        rows.append([*_padded(list(layout.sheet.rows[number - 1]), width), "".join(reasons[number])])
    return rows


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _xlsx(rows: list[list[str]]) -> bytes:
    """Every cell is text: nothing is taken for a formula, and no number loses a digit."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("未导入")
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    held = io.BytesIO()
    save_workbook(book, held)
    return held.getvalue()


def _csv(rows: list[list[str]]) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([_harmless(text) for text in row] for row in rows)
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def _harmless(text: str) -> str:
    """A leading apostrophe tells spreadsheets that this is text; reading takes it off again."""
    return f"'{text}" if text.startswith(FORMULA) else text
