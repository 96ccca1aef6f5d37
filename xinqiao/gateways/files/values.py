"""What one cell says: days, sex, papers, numbers, phones (单元格含义)."""

import re
from datetime import date, datetime, timedelta

from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.rules.identifiers import read_identifier
from xinqiao.patients.rules.papers import BadPaper, Kind, is_unrecoverable, read_paper
from xinqiao.patients.rules.phones import BadPhone, read_phone

from .sheets import plain

NOTHING = re.compile(r"(?!#)[\W_]*|无|不详|未知|没有|暂无|空|null|none|n/?a|nan", re.IGNORECASE)
SEXES = {
    "male": "男 男性 m male 1",
    "female": "女 女性 f female 2",
    "": "未知 未说明 不详 u unknown 0 9",
}
SEX_OF = {word: sex for sex, words in SEXES.items() for word in words.split()}
PAPERS = {
    "居民身份证": None, "身份证": None, "1": None, "01": None, "港澳台居民居住证": None, "外国人永久居留身份证": None,
    "护照": Kind.PASSPORT, "3": Kind.PASSPORT, "03": Kind.PASSPORT, "港澳通行证": Kind.HK_MACAO_PERMIT,
    "港澳居民来往内地通行证": Kind.HK_MACAO_PERMIT, "6": Kind.HK_MACAO_PERMIT, "06": Kind.HK_MACAO_PERMIT,
    "台胞证": Kind.TAIWAN_PERMIT, "台湾通行证": Kind.TAIWAN_PERMIT, "台湾居民来往大陆通行证": Kind.TAIWAN_PERMIT,
    "7": Kind.TAIWAN_PERMIT, "07": Kind.TAIWAN_PERMIT, "出生证": Kind.BIRTH_CERTIFICATE,
    "出生证明": Kind.BIRTH_CERTIFICATE, "出生医学证明": Kind.BIRTH_CERTIFICATE,
}  # fmt: skip
OTHER_PAPERS = {"户口簿", "2", "02", "军官证", "4", "04", "驾驶证", "5", "05", "其他", "99"}
TIME = r"(?:[T\s]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?[秒分]?)?"
WRITTEN = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{TIME}")
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
YEAR = re.compile(r"(\d{4})年?")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
DAY_ZERO, DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
OLDEST = date(1900, 1, 1)
FROM_SOURCE = "请从原系统按文本格式重新导出这一列"


class Bad(Exception):
    """这一格的内容不能用，请核对后改正。"""

    def __init__(self, reason: str, remedy: str = "请核对后改正") -> None:
        self.reason, self.remedy = reason.rstrip("。"), remedy.rstrip("。")
        super().__init__(reason)


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is nothing to say: blank, 无, -, / (空值)."""
    return bool(NOTHING.fullmatch(plain(text)))


def read_day(text: str, from_1904: bool = False) -> tuple[datetime, str]:
    """Read a date and its precision: 2026-11-21, 2026.11.21, 2026年11月21日, 20261121, a serial number; raises Bad (日期).

    Precision is minute, day, month or year. Spreadsheets count days from 1899-12-30, some from 1904-01-01.
    """
    text = plain(text)
    if SERIAL.fullmatch(text):
        moment = (DAY_ZERO_1904 if from_1904 else DAY_ZERO) + timedelta(days=float(text))
        return moment.replace(microsecond=0), "minute" if "." in text else "day"
    for pattern in (WRITTEN, SOLID, MONTH, YEAR):
        if found := pattern.fullmatch(text):
            return _moment([int(part) for part in found.groups() if part])
    raise Bad("认不出这个日期", "请写成 2026-11-21 这样的形式，年份四位、写在最前")


def read_sex(text: str) -> str:
    """Read a sex in words or by GB/T 2261.1; "" when it is not known; raises Bad (性别)."""
    sex = SEX_OF.get(plain(text).lower())
    if sex is None:
        raise Bad("认不出性别", "请填 男、女 或 未知")
    return sex


def read_papers(text: str, kind: str = "") -> tuple[IdentifierSaid, date | None, str]:
    """Read an identity paper with the birth date and sex it tells; nothing is ever repaired; raises Bad (证件)."""
    kind = re.sub(r"\s", "", plain(kind))
    if kind in OTHER_PAPERS:
        return read_number("other", text), None, ""
    if kind and kind not in PAPERS:
        raise Bad(
            f"认不出证件类型“{kind[:20]}”", "请填 居民身份证、护照、港澳通行证、台胞证、出生医学证明 或 其他"
        )
    try:
        paper = read_paper(text, PAPERS.get(kind))
    except BadPaper as fault:
        raise Bad(*_halves(fault.message)) from fault
    return IdentifierSaid(str(paper.kind), paper.number), paper.birth_on, paper.sex or ""


def read_number(kind: str, text: str) -> IdentifierSaid:
    """Read a number the hospital gave; raises Bad when a spreadsheet has spoilt it (院内号码)."""
    number = re.sub(r"\s", "", plain(text))
    if is_unrecoverable(number):
        raise Bad("号码已被表格软件转成科学计数，后几位丢失、无法恢复", FROM_SOURCE)
    if len(number) > 80 or not read_identifier(IdentifierSaid(kind, number)).is_valid:
        raise Bad("这不像是一个号码", "请核对；没有号码请留空")
    return IdentifierSaid(kind, number)


def read_phones(text: str) -> list[str]:
    """Read the phone numbers of one cell, separated by commas, slashes or semicolons; raises Bad (电话)."""
    found = [part for part in re.split(r"[,，、/;；\n]", plain(text)) if not is_nothing(part)]
    try:
        return [read_phone(part).number for part in found]
    except BadPhone as fault:
        raise Bad(*_halves(fault.message)) from fault


def _moment(parts: list[int]) -> tuple[datetime, str]:
    precision = {1: "year", 2: "month", 3: "day"}.get(len(parts), "minute")
    try:
        year, month, day, hour, minute, second = ([*parts, 1, 1][: max(len(parts), 3)] + [0] * 3)[:6]
        return datetime(year, month, day, hour, minute, second), precision
    except ValueError:
        raise Bad("没有这一天", "请核对年、月、日") from None


def _halves(message: str) -> tuple[str, ...]:
    """A refusal says what is wrong, then what to do."""
    return tuple(re.split(r"[；，：](?=请|手机)", message.rstrip("。"), maxsplit=1))
