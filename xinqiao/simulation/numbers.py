"""Numbers of people that pass every check and belong to nobody (证件与号码).

Province 32 exists, its prefectures 14 to 23 do not, so no identity number made here can be a living person's.
The mobile prefixes are, to our knowledge, not given to any operator (○ 待复核), so a message that slips out rings nowhere.
"""

import re
from datetime import date, timedelta

from .dice import stepped

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
REGIONS = tuple(
    f"32{city}{county:02d}" for city in range(14, 24) for county in (2, 3, 4, 5, 11, 12, 21, 22, 81, 82)
)
HOME_REGIONS = REGIONS[:10]
MOBILE_PREFIXES = ("160", "161", "163", "164", "168", "169")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
ORDERS = 500
PLACES = len(REGIONS) * ORDERS
SPREAD = 32


def check_digit(first17: str) -> str:
    """Compute the last character of an identity number (校验码, GB 11643—1999)."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def id_number(region: str, birth_on: date, sex: str, order: int) -> str:
    """Build an identity number of 18 characters (居民身份证号); `order` is 0 to 499."""
    body = f"{region}{birth_on:%Y%m%d}{2 * order + (sex == 'male'):03d}"
    return body + check_digit(body)


def old_id_number(number: str) -> str:
    """Shorten an identity number to the form issued before 1999 (15 位旧证): two-digit year, no check."""
    return number[:6] + number[8:17]


def is_id_number(number: str) -> bool:
    """Tell whether 18 characters carry a real date and the right check (身份证校验)."""
    if not re.fullmatch(r"\d{17}[\dX]", number) or check_digit(number[:17]) != number[17]:
        return False
    try:
        date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return False
    return True


def place_of(index: int) -> tuple[str, int]:
    """Give a person's (region, order), so that numbers repeat only every 50,000 persons (区划与顺序码)."""
    place = stepped(index, PLACES)
    return REGIONS[place // ORDERS], place % ORDERS


def settled_birth(index: int, birth_on: date) -> date:
    """Move a birth day back by up to a month, so that no two of 1.6 million persons share an ID (出生日期)."""
    residue = (stepped(index, PLACES) * 13 + index // PLACES) % SPREAD
    return birth_on - timedelta(days=(birth_on.toordinal() - residue) % SPREAD)


def mobile(index: int) -> str:
    """Give the mobile number of one index, a different one for each of 600 million (手机号)."""
    prefix, rest = index % len(MOBILE_PREFIXES), index // len(MOBILE_PREFIXES)
    return MOBILE_PREFIXES[prefix] + f"{stepped(rest + 1, 10**8, 15485863):08d}"


def landline(index: int, extension: int | None = None) -> str:
    """Give a landline of 江州 (its area code 0529 is not given to any city), with an extension where asked (座机)."""
    number = f"0529-8{stepped(index + 1, 10**6, 15485863):06d}"
    return number if extension is None else f"{number}-{extension}"


def mrn(index: int) -> str:
    """Give the hospital's number of one person (病历号)."""
    return f"{index + 10_000_000:08d}"


def home_permit(index: int) -> str:
    """Give a permit for residents of Hong Kong and Macao (港澳居民来往内地通行证): a letter and eight digits."""
    return f"{'HM'[index % 2]}{stepped(index + 1, 10**8, 15485863):08d}"


def taiwan_permit(index: int) -> str:
    """Give a permit for residents of Taiwan (台胞证): eight digits."""
    return f"{stepped(index + 1, 10**8, 32452843):08d}"


def residence_permit(index: int, birth_on: date, sex: str) -> str:
    """Give a residence permit for people of Hong Kong, Macao, Taiwan (港澳台居民居住证)."""
    return id_number(("810000", "820000", "830000")[index % 3], birth_on, sex, index // 3 % ORDERS)


def passport(index: int) -> str:
    """Give a passport number (护照): a letter and eight digits."""
    return f"E{stepped(index + 1, 10**8, 49979687):08d}"


def birth_certificate(index: int) -> str:
    """Give the number of a newborn's certificate (出生医学证明): a letter and nine digits."""
    return f"X{stepped(index + 1, 10**9, 49979687):09d}"
