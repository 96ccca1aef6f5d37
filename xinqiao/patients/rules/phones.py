"""Phone numbers: one written form, and what can be done with each kind (电话)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from xinqiao.kit.errors import Refused


class BadPhone(Refused):
    """电话号码不对：手机应为 1 开头的 11 位，座机请连区号填写，如 010-12345678。"""


class Kind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    HONG_KONG = "hong_kong"
    MACAO = "macao"


SHAPES = {
    Kind.MOBILE: re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})"),
    Kind.LANDLINE: re.compile(r"(?:\+86|0086)?(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:[-转](\d{1,6}))?"),
    Kind.HONG_KONG: re.compile(r"(?:\+|00)852-?(\d{8})"),
    Kind.MACAO: re.compile(r"(?:\+|00)853-?(\d{8})"),
}


@dataclass(frozen=True)
class Phone:
    """A phone number in its one written form; only mobiles of the mainland take our texts (电话号码)."""

    kind: Kind
    number: str

    @property
    def takes_texts(self) -> bool:
        return self.kind is Kind.MOBILE


def read_phone(text: str) -> Phone:
    """Read a phone number as typed, or refuse it with how it should look (识读电话)."""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text.strip().upper()):
        raise BadPhone("电话已被表格软件转成科学计数，无法恢复；请从原系统按文本格式重新导出。")
    plain = re.sub(r"[\s()（）.·]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[‐‑–—－]", "-", plain)
    if found := SHAPES[Kind.MOBILE].fullmatch(plain.replace("-", "")):
        return Phone(Kind.MOBILE, found[1])
    if found := SHAPES[Kind.LANDLINE].fullmatch(plain):
        return Phone(Kind.LANDLINE, "-".join(part for part in found.groups() if part))
    for kind, code in ((Kind.HONG_KONG, "+852"), (Kind.MACAO, "+853")):
        if found := SHAPES[kind].fullmatch(plain):
            return Phone(kind, f"{code}-{found[1]}")
    raise BadPhone


def read_contact(text: str) -> tuple[str, str, str]:
    """Read a phone number or e-mail address as (kind, value, state); what cannot be rung is kept, as wrong (联系方式)."""
    if "@" in text:
        return "email", text.strip(), "unverified"
    try:
        phone = read_phone(text)
    except BadPhone:
        return "other", text.strip(), "wrong"
    kind = phone.kind if phone.kind in (Kind.MOBILE, Kind.LANDLINE) else "other"
    return str(kind), phone.number, "unverified"


def mask_phone(number: str) -> str:
    """Hide the middle of a phone number, as 138****5678 (电话脱敏)."""
    if SHAPES[Kind.MOBILE].fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    return re.sub(r"\d(?=(?:\D*\d){4})", "*", number)
