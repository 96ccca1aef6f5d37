"""Text files: CSV and TSV in the charsets hospitals use, and HTML that calls itself .xls (文本表格)."""

import codecs
import csv
import re
from collections.abc import Iterator
from statistics import median_low

import lxml.html
from lxml.etree import ParserError

from .sheets import MOST_COLUMNS, Sheet, UnreadableFile, as_shown, collect

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DELIMITERS = (",", "\t", ";", "|", "，")
SAMPLE = 30
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def decode(raw: bytes) -> str:
    """Decode by the byte order mark, else UTF-16 by its zeros, UTF-8, GB18030 (GBK within); raises UnreadableFile (解码)."""
    for mark, codec in MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], codec)
    head = raw[:400]
    if head.count(0) > len(head) // 8:
        return _decoded(raw, "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _decoded(raw, "gb18030")


def read_csv(text: str) -> list[Sheet]:
    """Read a table whose cells are separated by commas, tabs, semicolons or bars (读取 CSV)."""
    lines = text.splitlines(keepends=True)
    delimiter = max(DELIMITERS, key=lambda each: _width(lines[:SAMPLE], each))
    try:
        return [collect("", (map(as_shown, row) for row in csv.reader(lines, delimiter=delimiter)))]
    except csv.Error as fault:
        raise UnreadableFile(
            "CSV 的引号不成对或某格过长。请用 Excel 打开核对，另存为 .xlsx 再导入。"
        ) from fault


def read_html(text: str) -> list[Sheet]:
    """Read the tables of a web page, which many systems export as .xls (读取 HTML 表格)."""
    try:
        page = lxml.html.document_fromstring(DECLARATION.sub("", text, count=1))
    except ParserError as fault:
        raise UnreadableFile from fault
    tables = [table for table in page.iter("table") if not table.xpath("ancestor::table")]
    return [collect(f"表 {place}", _html_rows(table)) for place, table in enumerate(tables, 1)]


def _decoded(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as fault:
        raise UnreadableFile("认不出文件的字符编码。请用 Excel 打开后另存为 .xlsx，再导入。") from fault


def _width(lines: list[str], delimiter: str) -> int:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0
    return median_low(widths) * 100 + max(widths) if widths else 0


def _html_rows(table: lxml.html.HtmlElement) -> Iterator[list[str]]:
    """Cells that span stand at their first place only, as in a spreadsheet."""
    taken: dict[int, int] = {}  # column -> rows it is still covered by a cell above
    for line in table.iter("tr"):
        cells: list[str] = []
        for cell in line.xpath("./td|./th"):
            while taken.get(len(cells)):
                cells.append("")
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            place = len(cells)
            cells += [as_shown(" ".join(cell.text_content().split())), *[""] * (wide - 1)]
            taken |= dict.fromkeys(range(place, place + wide), tall) if tall > 1 else {}
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
        yield cells


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    number = cell.get(name, "1").strip()
    return min(int(number), MOST_COLUMNS) if number.isdecimal() and int(number) else 1
