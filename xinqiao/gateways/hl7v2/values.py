"""The value of an OBX by its type (结果值): the text as received, a number where it is one, what stands before it."""

import re
from decimal import Decimal

from .parse import Segment
from .pieces import Reading, read_coded
from .said import DocumentSaid

CODED = frozenset(["CE", "CWE", "CNE", "IS", "ID", "CF"])
TEXT = frozenset(["TX", "FT"])
COMPARATORS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">="}
WIDE = str.maketrans("０１２３４５６７８９＜＞＝．－＋", "0123456789<>=.-+")
NUMBER = re.compile(r"(<=|>=|[<>≤≥])?\s*([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))", re.ASCII)


def read_value(reading: Reading, segment: Segment, value_type: str) -> dict:
    """Read OBX-5 into the fields of ObservationSaid that hold the value (结果值)."""
    message, repeats = reading.message, segment.repeats(5)
    if segment.is_null(5) or not repeats:
        return {}
    if value_type in CODED:
        return _read_coded(segment)
    if value_type == "SN":
        return _read_structured(segment)
    if value_type in ("ED", "RP"):
        return _read_pointer(segment, value_type)
    if value_type in TEXT:
        return {"value_text": "\n".join(map(message.plain, repeats))}
    text = message.plain(segment.field(5)).strip()
    return {"value_text": text, **read_number(text)}


def read_number(text: str) -> dict:
    """Read a text such as 5.6, <0.01 or ≥100 as comparator and decimal; {} when it is neither (数值)."""
    match = NUMBER.fullmatch(text.strip().translate(WIDE))
    if not match:
        return {}
    return {"comparator": COMPARATORS.get(match[1] or "", ""), "decimal": Decimal(match[2])}


def _read_coded(segment: Segment) -> dict:
    code = read_coded(segment, 5)
    text = code.display or code.code
    return {"value_text": text, "value_code": code, **(read_number(text) if not code.system else {})}


def _read_structured(segment: Segment) -> dict:
    comparator, first, between, second = (segment.value(5, component).strip() for component in (1, 2, 3, 4))
    text = f"{comparator}{first}{between or (second and '^')}{second}"
    if between or second:
        return {"value_text": text}
    return {"value_text": text, **read_number(text.removeprefix("="))}


def _read_pointer(segment: Segment, value_type: str) -> dict:
    if value_type == "RP":
        return {"value_text": segment.value(5)}
    kind, subtype, encoding, data = (segment.value(5, component) for component in (2, 3, 4, 5))
    media = f"{kind}/{subtype}".lower().strip("/")
    return {"document": DocumentSaid(media, encoding, data)} if data else {}
