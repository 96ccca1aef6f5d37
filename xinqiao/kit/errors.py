"""Refusals: what the system will not do, said to the person who asked (拒绝与说明)."""

from typing import Any


class Refused(Exception):
    """这一步现在不能进行。"""

    def __init__(self, message: str = "", **facts: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.facts = facts
        super().__init__(self.message)


class NotFound(Refused):
    """没有找到您要的内容，或您无权查看。"""


class NotAllowed(Refused):
    """您的岗位没有这项权限。如确有需要，请联系系统管理员。"""


class Conflict(Refused):
    """这条记录刚刚被别人修改过，请核对后再保存。"""
