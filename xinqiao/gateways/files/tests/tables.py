"""Files as hospitals have them, made for each test; only discharges.xls is kept, for nothing here writes that format."""

import io
from pathlib import Path

import openpyxl

from xinqiao.patients.rules.papers import check_character

OLD_XLS = (Path(__file__).parent / "discharges.xls").read_bytes()
HEADER = ["姓名", "性别", "出生日期", "身份证号", "联系电话", "病案号"]


def resident(number: int, born: str = "19540305", sex: str = "女") -> str:
    """A valid identity number of the given birth date and sex (造身份证号)."""
    order = number * 2 + (sex == "男")
    first = f"310101{born}{order:03d}"
    return first + check_character(first)


LI = ["李桂兰", "女", "1954-03-05", resident(1), "13812345678", "00012345"]
ZHOU = ["周国强", "男", "1950.11.2", resident(2, "19501102", "男"), "010-65432100", "00012346"]


def xlsx(
    rows: list[list], formats: dict[tuple[int, int], str] | None = None, merged: tuple[str, ...] = ()
) -> bytes:
    """A workbook of one sheet; formats by (row, column), counted from 1 (造 xlsx)."""
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in rows:
        sheet.append(row)
    for (line, column), shape in (formats or {}).items():
        sheet.cell(line, column).number_format = shape
    for cells in merged:
        sheet.merge_cells(cells)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def csv(rows: list[list], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """A text table in one of the charsets (造 CSV)."""
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows).encode(encoding)


def html(rows: list[list], encoding: str = "gbk") -> bytes:
    """A web page that calls itself .xls (造 HTML 表格)."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = (
        f'<html><head><meta charset="{encoding}"></head><body><table border=1>{lines}</table></body></html>'
    )
    return page.encode(encoding)
