"""A table as it stands in a file: every cell as the text a person sees (表格)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from xinqiao.kit.errors import Refused

LARGEST = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
EXACT = 10**15  # from here on a spreadsheet number has lost digits
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\0]")


class UnreadableFile(Refused):
    """读不懂这个文件。请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。"""


class TooLarge(Refused):
    """文件超过 20 MB。请按月份或科室拆成几个文件，分别导入。"""


class TooManyRows(Refused):
    """表格超过 50,000 行。请拆成几个文件，分别导入。"""


class Bomb(Refused):
    """这个文件解压后大得异常，不像正常表格，已停止读取。请用 Excel 另存一份再导入。"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of texts, the first row being number 1 (工作表)."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    from_1904: bool = False


def collect(name: str, rows: Iterable[Iterable[str]], from_1904: bool = False) -> Sheet:
    """Gather rows into a sheet without the emptiness right of and below the data; raises TooManyRows (收集)."""
    gathered: list[tuple[str, ...]] = []
    filled = 0
    for row in rows:
        cells = tuple(_trimmed(list(islice(row, MOST_COLUMNS))))
        filled += bool(cells)
        gathered.append(cells)
        if filled > MOST_ROWS + 40:  # titles, headers and totals do not count
            raise TooManyRows
    return Sheet(name, tuple(_trimmed(gathered)), from_1904)


def as_shown(value: object, number_format: str = "") -> str:
    """Write a cell as it is seen; a number that has lost digits stays in scientific form (单元格文本)."""
    match value:
        case None:
            return ""
        case str():
            return _clean(value)
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(value, number_format)
        case datetime():
            return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
    return _clean(str(value))


def plain(text: str) -> str:
    """Bring full-width letters, digits and signs to the ordinary ones (全角转半角)."""
    return unicodedata.normalize("NFKC", text).strip()


def _number(value: float, number_format: str) -> str:
    if abs(value) >= EXACT:
        return f"{value:.5E}"
    if value != int(value):
        return f"{value:.10g}"
    width = len(number_format) if re.fullmatch("00+", number_format) else 0
    return str(int(value)).zfill(width)


def _clean(text: str) -> str:
    """Spreadsheets are told to keep text by `="…"` or a leading apostrophe, which are not part of it."""
    text = INVISIBLE.sub("", text).strip()
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text.removeprefix("'")


def _trimmed[T](cells: list[T]) -> list[T]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
