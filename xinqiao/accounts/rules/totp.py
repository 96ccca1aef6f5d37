"""The codes of the second factor (动态口令): RFC 6238 with SHA-1, six digits, thirty seconds."""

import base64
import hmac
from datetime import datetime

PERIOD, DIGITS = 30, 6
TOLERANCE = 1  # steps that a phone's clock may differ


def step_of(now: datetime) -> int:
    """This function will count the steps from 1970 to an instant (时间步)."""
    return int(now.timestamp()) // PERIOD


def code_at(secret: str, step: int) -> str:
    """This function will compute the code of a base32 secret at a step, RFC 4226 §5.3 (计算动态口令)."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8), "sha1")
    offset = mac[-1] & 0x0F
    value = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, given: str, now: datetime, spent: int) -> int | None:
    """This function will find the step of a code, later than the last one spent, so none is good twice (核对)."""
    present, code = step_of(now), "".join(given.split()).encode()
    steps = range(max(present - TOLERANCE, spent + 1), present + TOLERANCE + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code)), None)
