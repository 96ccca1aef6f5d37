"""The audit log in words that a patient reads (谁看过我的资料): who, what, when and what for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.audit.queries import Seen
from xinqiao.privacy.rules import PURPOSES

READ = {
    "search": gettext_lazy("在检索结果里看到了您的姓名"),
    "today": gettext_lazy("在工作列表里看到了您的姓名"),
    "call": gettext_lazy("打开了您的随访电话页"),
    "dial": gettext_lazy("查看了您的电话号码"),
    "number": gettext_lazy("查看了您的证件或电话号码"),
}
DONE = {
    "care": gettext_lazy("记录了您的随访"),
    "questionnaires": gettext_lazy("替您记录了问卷"),
    "messaging": gettext_lazy("给您发了消息"),
    "worklist": gettext_lazy("处理了您的随访任务"),
    "patients": gettext_lazy("修改了您的登记信息"),
    "privacy": gettext_lazy("登记了您的授权与同意"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the log that a person left (一次查阅或操作)."""

    at: datetime
    action: str
    user_id: UUID | None
    post_id: UUID | None
    is_staff: bool
    purpose: str

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()


def read(seen: Iterable[Seen]) -> list[Look]:
    """This function will read the lines that people left; those of our own processes tell nobody anything (读取)."""
    told = [(one, json.loads(one.content)) for one in seen]
    return [
        Look(
            one.at, one.action, one.user_id, _post(said), said.get("kind") == "staff", said.get("purpose", "")
        )
        for one, said in told
        if said.get("kind") in ("staff", "patient")
    ]


def by_day(
    looks: Iterable[Look], people: Mapping[UUID, str], posts: Mapping[UUID, tuple[str, str]], me: UUID | None
) -> list[dict]:
    """This function will list what others did, day by day, the same thing done again and again once (按天)."""
    others = [one for one in looks if one.is_staff or one.user_id != me]
    days = groupby(others, key=lambda one: one.day)
    return [{"day": day, "looks": _looks(list(ones), people, posts)} for day, ones in days]


def _looks(ones: list[Look], people: Mapping[UUID, str], posts: Mapping[UUID, tuple[str, str]]) -> list[dict]:
    found: dict[tuple, dict] = {}
    for one in ones:
        told = {
            "who": _who(one, people),
            "role": " ".join(posts.get(one.post_id, ()) if one.post_id else ()).strip(),
        }
        told |= {"what": str(_what(one)), "why": _why(one)}
        kept = found.setdefault(tuple(told.values()), told | {"at": one.at, "times": 0})
        kept["times"] += 1
    return list(found.values())


def _who(one: Look, people: Mapping[UUID, str]) -> str:
    if not one.is_staff:
        return _("您的家人")
    return (one.user_id and people.get(one.user_id)) or _("医院工作人员")


def _what(one: Look) -> str:
    room, _dot, what = one.action.partition(".")
    if room == "read":
        return str(READ.get(what.partition(".")[0], gettext_lazy("查看了您的资料")))
    return str(DONE.get(room, gettext_lazy("处理了您的资料")))


def _why(one: Look) -> str:
    if one.purpose in PURPOSES:
        return _("为了%(purpose)s") % {"purpose": PURPOSES[one.purpose]}
    return _("为了查找患者") if one.action.startswith("read.search") else _("为了随访")


def _post(said: Mapping) -> UUID | None:
    return UUID(said["post_id"]) if said.get("post_id") else None
