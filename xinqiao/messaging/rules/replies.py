"""What somebody typed back: an answer in digits, a wish to be left alone, or words for a person (识读回复)."""

import re
import unicodedata

OPT_OUT = {"R", "TD", "T", "退订"}
DIGITS = re.compile(r"(?:回复|选择?|按)?([0-9]{1,4})")
NOISE = re.compile(r"[\s。.,，、!！;；:：\"'“”‘’【】\[\]()（）]+")


def is_opt_out(text: str) -> bool:
    """Say whether a reply is one of the agreed words for "no more messages" (是否退订)."""
    return _plain(text).upper() in OPT_OUT


def read_digits(text: str) -> str:
    """Read the digits of a reply that is nothing but digits; "" means that a person must read it (识读数字)."""
    found = DIGITS.fullmatch(_plain(text))
    return found[1] if found else ""


def _plain(text: str) -> str:
    return NOISE.sub("", unicodedata.normalize("NFKC", text))
