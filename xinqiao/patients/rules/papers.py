"""Identity papers: what kind they are, whether they are whole, and what they tell (证件)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinqiao.kit.errors import Refused


class BadPaper(Refused):
    """证件号码不对，请核对后重新填写。"""


class Kind(StrEnum):
    RESIDENT = "resident_id"
    HMT_RESIDENT = "hmt_resident"
    FOREIGN_RESIDENT = "foreign_resident"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macau"
    TAIWAN_PERMIT = "taiwan"
    BIRTH_CERTIFICATE = "birth_certificate"


WORDS = {
    Kind.RESIDENT: "居民身份证",
    Kind.HMT_RESIDENT: "港澳台居民居住证",
    Kind.FOREIGN_RESIDENT: "外国人永久居留身份证",
    Kind.PASSPORT: "护照",
    Kind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    Kind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    Kind.BIRTH_CERTIFICATE: "出生医学证明",
}

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = {
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    71,
    *range(81, 84),
}
HMT_REGIONS = ("810000", "820000", "830000")
SHAPES = {
    Kind.PASSPORT: re.compile(r"[A-Z0-9]{5,18}"),
    Kind.HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    Kind.TAIWAN_PERMIT: re.compile(r"\d{8}"),
    Kind.BIRTH_CERTIFICATE: re.compile(r"[A-Z]\d{9}"),
}
OLD_FOREIGN = re.compile(r"[A-Z]{3}\d{12}")
FLOATED = re.compile(r"\d(\.\d+)?E\+?\d+")


@dataclass(frozen=True)
class Paper:
    """One identity paper as read; birth and sex only where the number itself tells them (证件)."""

    kind: Kind
    number: str
    birth_on: date | None = None
    sex: str | None = None


def normalise_number(text: str) -> str:
    """Bring a number as typed to capital letters and digits without gaps (号码规整)."""
    return re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", text)).upper()


def is_unrecoverable(text: str) -> bool:
    """Tell whether a spreadsheet has turned the number into a float, its last digits gone (号码已被表格软件损坏)."""
    return bool(FLOATED.fullmatch(normalise_number(text)))


def check_character(first_seventeen: str) -> str:
    """Compute the last character of an 18-place number; GB 11643—1999 (校验码)."""
    return CHECKS[sum(w * int(d) for w, d in zip(WEIGHTS, first_seventeen, strict=True)) % 11]


def upgrade_fifteen(number: str) -> str:
    """Turn an old 15-place number into its 18-place form: century 19 and check character (升位)."""
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_character(longer)


def read_paper(text: str, kind: Kind | None = None, today: date | None = None) -> Paper:
    """Read an identity paper, or refuse it with what is wrong and what to do (识读证件).

    Without `kind` only numbers that show it themselves are told apart: a passport or an 8-digit permit
    must be named. `today` refuses births that have not happened yet.
    """
    number = normalise_number(text)
    if is_unrecoverable(number):
        raise BadPaper("号码已被表格软件转成科学计数，后几位丢失、无法恢复；请从原系统按文本格式重新导出。")
    kind = kind or _kind_of(number)
    if kind in SHAPES:
        if not SHAPES[kind].fullmatch(number):
            raise BadPaper(f"{WORDS[kind]}号码的位数或字母不对，请核对证件原件。")
        return Paper(kind, number)
    if kind is Kind.FOREIGN_RESIDENT and OLD_FOREIGN.fullmatch(number):
        return Paper(
            kind, number, _birth(f"19{number[7:13]}" if number[7] > "2" else f"20{number[7:13]}", today)
        )
    if kind is Kind.RESIDENT and re.fullmatch(r"\d{15}", number):
        number = upgrade_fifteen(number)
    _demand_whole(number, kind)
    return Paper(kind, number, _birth(number[6:14], today), "male" if int(number[16]) % 2 else "female")


def mask_number(number: str) -> str:
    """Hide the middle of a number: the first three and last four remain when it is long enough (证件脱敏)."""
    if len(number) < 11:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _kind_of(number: str) -> Kind:
    if OLD_FOREIGN.fullmatch(number) or (len(number) == 18 and number.startswith("9")):
        return Kind.FOREIGN_RESIDENT
    if number.startswith(HMT_REGIONS) and len(number) == 18:
        return Kind.HMT_RESIDENT
    if re.fullmatch(r"\d{15}|\d{17}[\dA-Z]", number):
        return Kind.RESIDENT
    for kind in (Kind.HK_MACAO_PERMIT, Kind.BIRTH_CERTIFICATE):
        if SHAPES[kind].fullmatch(number):
            return kind
    raise BadPaper("认不出这是哪种证件：居民身份证应为 18 位；护照、台胞证等请先选择证件类别。")


def _demand_whole(number: str, kind: Kind) -> None:
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadPaper(f"{WORDS[kind]}号码应为 18 位数字（末位可为 X），请核对证件原件。")
    if kind is Kind.RESIDENT and int(number[:2]) not in PROVINCES:
        raise BadPaper("身份证号码前两位不是任何省份的代码，请核对证件原件。")
    if kind is Kind.HMT_RESIDENT and not number.startswith(HMT_REGIONS):
        raise BadPaper("港澳台居民居住证应以 810000、820000 或 830000 开头，请核对证件原件。")
    if kind is Kind.FOREIGN_RESIDENT and not number.startswith("9"):
        raise BadPaper("18 位外国人永久居留身份证应以 9 开头，请核对证件原件。")
    if check_character(number[:17]) != number[17]:
        hint = (
            "末三位为 000，可能被表格软件截断，请按文本格式重新导出"
            if number.endswith("000")
            else "请核对证件原件"
        )
        raise BadPaper(f"{WORDS[kind]}号码的校验位不对，{hint}。")


def _birth(digits: str, today: date | None) -> date:
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadPaper("号码里的出生日期不存在，请核对证件原件。") from None
    if today and birth_on > today:
        raise BadPaper("号码里的出生日期还没有到，请核对证件原件。")
    return birth_on
