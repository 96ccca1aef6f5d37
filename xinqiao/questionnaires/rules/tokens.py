"""The link to a form opens with the birth date or the last four places of the ID, five tries (链接核验)."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from xinqiao.kit.errors import Refused

TRIES = 5
# One sentence for a link that is void, expired or was never given out: a stranger learns nothing from it.
CLOSED = "这个链接打不开了，可能已失效或已过期。请联系医院重新发送，或等护士给您打电话。"


class LinkClosed(Refused):
    """这个链接打不开了，可能已失效或已过期。请联系医院重新发送，或等护士给您打电话。"""


@dataclass(frozen=True)
class Proof:
    """What somebody typed to show who he is: a birth date or four last places (核验内容)."""

    birth_on: date | None = None
    last_four: str | None = None


@dataclass(frozen=True)
class Opened:
    """Whether the link opens, the failures it has now, and what the person reads (核验结果)."""

    opens: bool
    failures: int
    void: bool
    message: str


def read_proof(text: str) -> Proof | None:
    """Read what was typed as a birth date or as four last places; None when it is neither (识读核验内容)."""
    plain = re.sub(r"[\s\-/.年月日]+", "-", unicodedata.normalize("NFKC", text).strip()).strip("-").upper()
    if re.fullmatch(r"\d{3}[\dX]", plain):
        return Proof(last_four=plain)
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", plain) or re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})", plain
    )
    if not found:
        return None
    try:
        return Proof(birth_on=date(*map(int, found.groups())))
    except ValueError:
        return None


def try_token(
    matches: bool | None, failures: int, expires_at: datetime, now: datetime, void: bool = False
) -> Opened:
    """Decide one try at a link; the fifth wrong one voids it for good (核验一次).

    `matches` is None when nothing legible was typed: that is told, and not counted as a try.
    """
    if void or failures >= TRIES:
        return Opened(False, failures, True, CLOSED)
    if now >= expires_at:
        return Opened(False, failures, False, CLOSED)
    if matches is None:
        return Opened(False, failures, False, "请填写 8 位出生日期（如 19540308），或身份证号后四位。")
    if matches:
        return Opened(True, failures, False, "")
    left = TRIES - failures - 1
    if left == 0:
        return Opened(False, TRIES, True, "已连续填错 5 次，链接已失效。护士会给您打电话。")
    return Opened(False, failures + 1, False, f"与登记的信息不一致，还可以再试 {left} 次。")


def proves(proof: Proof | None, birth_on: date | None, papers: Iterable[str]) -> bool | None:
    """Compare what was typed with what is registered, in a time that tells nothing (核对); None when illegible."""
    if proof is None:
        return None
    known = [birth_on.isoformat() if birth_on else ""] if proof.birth_on else [paper[-4:] for paper in papers]
    typed = proof.birth_on.isoformat() if proof.birth_on else proof.last_four or ""
    return any([hmac.compare_digest(one.encode(), typed.encode()) for one in known])  # noqa: C419 every one is compared
