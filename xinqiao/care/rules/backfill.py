"""Enrolling patients who were discharged before their source went live (补入组): previewed, then approved."""

from xinqiao.kit.errors import Refused

TRANSITIONS = {"proposed": {"approve": "approved", "expire": "expired"}, "approved": {}, "expired": {}}
WORDS = {"proposed": "待审批", "approved": "已批准", "expired": "已失效"}
OBSTACLES = {
    "deceased": "患者已去世",
    "sealed": "最高级别资料，不做随访",
    "consent": "本人已撤回同意",
    "enrolled": "已在随访中",
    "entry": "不符合入组条件",
    "late": "各步时间窗都已过",
}


class BadMove(Refused):
    """这份补入组名单已经处理过，请刷新后再看。"""


class SamePerson(Refused):
    """补入组要由另一位有权限的人审批，不能自己提出、自己批准。"""


def approve(state: str, proposed_by: object, approved_by: object) -> str:
    """Approve a list of older patients, by somebody other than who proposed it (审批补入组)."""
    if "approve" not in TRANSITIONS[state]:
        raise BadMove
    if proposed_by is not None and proposed_by == approved_by:
        raise SamePerson
    return TRANSITIONS[state]["approve"]
