"""Spreadsheets: .xlsx by openpyxl, .xls by calamine (电子表格)."""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator

import openpyxl
import python_calamine
from openpyxl.utils.datetime import MAC_EPOCH

from .sheets import Bomb, Sheet, UnreadableFile, as_shown, collect

LARGEST_UNPACKED = 300 * 1024 * 1024
HARMLESS_UNPACKED = 20 * 1024 * 1024
HIGHEST_RATIO = 100
MOST_PARTS = 5_000


def read_xlsx(raw: bytes) -> list[Sheet]:
    """Read every sheet of an .xlsx row by row, after a look at how much it unpacks to; raises Bomb (读取 xlsx)."""
    demand_harmless(raw)
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            return [collect(s.title, _rows(s), book.epoch == MAC_EPOCH) for s in book.worksheets]
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as fault:
        raise UnreadableFile from fault


def read_xls(raw: bytes) -> list[Sheet]:
    """Read every sheet of an old binary .xls (读取 xls)."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(raw))
        return [
            collect(
                name,
                (map(as_shown, row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)),
            )
            for name in book.sheet_names
        ]
    except python_calamine.CalamineError as fault:
        raise UnreadableFile(
            "打不开这个 .xls：文件可能加了密码或已损坏。请去掉密码、另存为 .xlsx 再导入。"
        ) from fault


def demand_harmless(raw: bytes) -> None:
    """Refuse a ZIP that unpacks to more than a table can be (防解压炸弹)."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as fault:
        raise UnreadableFile("文件不完整，可能没有下载完。请重新导出后再导入。") from fault
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > HARMLESS_UNPACKED and unpacked > HIGHEST_RATIO * len(raw)
    if swollen or unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise Bomb


def _rows(sheet) -> Iterator[Iterable[str]]:
    sheet.reset_dimensions()  # what a file says of its own extent is often wrong
    for row in sheet.iter_rows():
        yield (_shown(cell) for cell in row)


def _shown(cell) -> str:
    """Only a number may be seen otherwise than it is stored."""
    value = cell.value
    return as_shown(value, cell.number_format) if isinstance(value, int | float) else as_shown(value)
