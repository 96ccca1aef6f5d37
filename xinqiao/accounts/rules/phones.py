"""Which phone numbers get a code (手机号)."""

import re

from xinqiao.kit.errors import Refused

MOBILE = re.compile(r"1[3-9][0-9]{9}")


class NotAMobile(Refused):
    """手机号不对，请填写 11 位中国大陆手机号码。"""


def mobile(text: str) -> str:
    """This function will give the eleven digits of a mobile number as people write it, or refuse (规范手机号)."""
    digits = re.sub(r"[\s\-()（）]", "", text)
    digits = re.sub(r"^(\+|00)?86(?=1)", "", digits)
    if not MOBILE.fullmatch(digits):
        raise NotAMobile
    return digits
