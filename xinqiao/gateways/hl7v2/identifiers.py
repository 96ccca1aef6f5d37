"""What kind of identifier a CX is (患者标识类型): HL7 table 0203 and the words hospitals write instead."""

import re

from .parse import Message, Segment
from .said import IdentifierSaid

KINDS = {
    "resident_id": "NI NNCHN NNCN ID IDCARD SFZ SFZH 身份证 身份证号 居民身份证",
    "mrn": "MR MRN PI PT 病案号 病历号",
    "card": "HC 就诊卡 就诊卡号 健康卡 电子健康卡",
    "passport": "PPN 护照",
    "hk_macau": "港澳居民来往内地通行证 港澳居民居住证",
    "taiwan": "台湾居民来往大陆通行证 台湾居民居住证",
    "birth_certificate": "BCT BR 出生医学证明",
    "inpatient_no": "ZYH 住院号",
    "outpatient_no": "MZH 门诊号",
    "insurance": "SN MC NH 医保号 医保卡 社保卡",
}
BY_CODE = {code: kind for kind, codes in KINDS.items() for code in codes.split()}
RESIDENT_ID = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def read_identifiers(message: Message, pid: Segment) -> tuple[IdentifierSaid, ...]:
    """Read PID-3, and PID-2, PID-4 and PID-19 as older senders use them, each value once (患者标识)."""
    found = [_read_cx(message, text) for text in pid.repeats(3)]
    if not any(item.value for item in found):
        found += [_read_cx(message, text) for number in (2, 4) for text in pid.repeats(number)]
    if any(item.value for item in found) and pid.value(19):
        found.append(_read_national(pid.value(19)))
    unique = {(item.kind, item.value, item.authority): item for item in found if item.value}
    return tuple(unique.values())


def is_resident_id(value: str) -> bool:
    """Tell whether a value is a resident identity number by form and check digit (GB 11643-1999)."""
    if not RESIDENT_ID.fullmatch(value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == value[17]


def is_broken_resident_id(item: IdentifierSaid) -> bool:
    """Tell whether an identifier claims to be a resident identity number and is none."""
    return item.kind == "other" and BY_CODE.get(item.type_code.upper()) == "resident_id"


def _read_cx(message: Message, text: str) -> IdentifierSaid:
    value = message.piece(text, 1).strip()
    type_code = message.piece(text, 5).strip()
    authority = message.piece(text, 4).strip() or message.piece(text, 4, 2).strip()
    kind = BY_CODE.get(type_code.upper(), "other") if type_code else "mrn"
    if kind == "resident_id" or (not type_code and is_resident_id(value.upper())):
        value = value.upper()
        kind = "resident_id" if is_resident_id(value) else "other"
    return IdentifierSaid(value, kind, type_code, authority)


def _read_national(value: str) -> IdentifierSaid:
    value = value.strip().upper()
    return IdentifierSaid(value, "resident_id" if is_resident_id(value) else "other", "SS")
