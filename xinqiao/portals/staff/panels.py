"""The tabs of 患者全景 (各页签): one query per panel."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.accounts.queries import names as staff_names
from xinqiao.accounts.rules import ACTIONS, may
from xinqiao.audit.queries import accesses
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import PatientCard
from xinqiao.portals.staff import plans as planned
from xinqiao.portals.staff import trends
from xinqiao.privacy.queries import consents_of
from xinqiao.record.queries import Entry, medications, timeline
from xinqiao.record.queries.timeline import KINDS

LATEST, PAGE, PAGES, LINES = 8, 50, 20, 500
LANES = {
    "encounter": gettext_lazy("就诊"),
    "condition": gettext_lazy("诊断"),
    "observation": gettext_lazy("检验检查"),
    "report": gettext_lazy("报告"),
    "procedure": gettext_lazy("手术操作"),
    "medication": gettext_lazy("用药"),
    "immunization": gettext_lazy("接种"),
}
VISITS = {
    "inpatient": gettext_lazy("住院"),
    "outpatient": gettext_lazy("门诊"),
    "emergency": gettext_lazy("急诊"),
    "observation": gettext_lazy("留观"),
    "day_case": gettext_lazy("日间"),
    "preadmit": gettext_lazy("预住院"),
}
ROLES = {
    "admitting": gettext_lazy("入院诊断"),
    "working": gettext_lazy("初步诊断"),
    "final": gettext_lazy("最终诊断"),
    "other": gettext_lazy("其他诊断"),
}
READINGS = {
    "search": gettext_lazy("检索"),
    "call": gettext_lazy("随访电话"),
    "dial": gettext_lazy("拨打电话"),
    "today": gettext_lazy("待办列表"),
    "patient": gettext_lazy("患者全景"),
    "behind": gettext_lazy("指标名单"),
    "export": gettext_lazy("导出名单"),
    "own": gettext_lazy("患者端"),
}


def rights(request: SeenRequest) -> set[str]:
    """This function will name all that a viewer may do (权限)."""
    return {action for action in ACTIONS if may(request.actor, action).ok}


def overview(request: SeenRequest, card: PatientCard) -> dict:
    """This function will show the newest numbers, and what happened last (概览)."""
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now, "among": card.records}
    latest = timeline(card.id, limit=LATEST, **asked).entries
    return {"overview": {"numbers": trends.newest(request, card), "latest": [_entry(one) for one in latest]}}


def history(request: SeenRequest, card: PatientCard) -> dict:
    """This function will show what happened, in the lane that was chosen, a page more at each wish (就诊时间轴)."""
    lane = request.GET.get("lane") if request.GET.get("lane") in KINDS else ""
    pages = min(int(request.GET["pages"]), PAGES) if request.GET.get("pages", "").isdecimal() else 1
    kinds = (lane,) if lane else KINDS
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now, "among": card.records}
    found = timeline(card.id, limit=PAGE * max(pages, 1), kinds=kinds, **asked)
    address = reverse("staff:tab", args=[card.id, "timeline"])
    lanes = [{"label": _("全部"), "url": address, "is_here": not lane}] + [
        {"label": word, "url": f"{address}?lane={kind}", "is_here": lane == kind}
        for kind, word in LANES.items()
    ]
    more = found.before and pages < PAGES
    older = f"{address}?{urlencode({'lane': lane, 'pages': pages + 1})}" if more else ""
    return {"timeline": [_entry(one) for one in found.entries], "lanes": lanes, "older_url": older}


def plans(request: SeenRequest, card: PatientCard) -> dict:
    """This function will show every plan with its steps (随访计划)."""
    return {"plan_steps": planned.steps(request, card)}


def medicines(request: SeenRequest, card: PatientCard) -> dict:
    """This function will list the medicines (用药)."""
    found = medications(card.id, viewer=request.actor, now=request.now, among=card.records)
    entries = [
        {"at": one.at, "title": one.display, "detail": one.detail, "kind": one.status, "is_past": True}
        for one in found
    ]
    return {"more_title": _("用药"), "more_entries": entries}


def conversation(request: SeenRequest, card: PatientCard) -> dict:
    """This function will list the messages, each with why it was sent or not (沟通记录)."""
    return {"more_title": _("沟通记录"), "more_entries": planned.messages(request, card)}


def consents(request: SeenRequest, card: PatientCard) -> dict:
    """This function will list what the patient agreed to, and when (知情同意)."""
    entries = [
        {
            "at": one.at,
            "title": one.word,
            "detail": one.verdict.reason,
            "is_past": True,
            "is_alarm": one.granted is False,
        }
        for one in consents_of(card.id, viewer=request.actor, now=request.now, among=card.records)
    ]
    return {"more_title": _("知情同意"), "more_entries": entries}


def readers(request: SeenRequest, card: PatientCard) -> dict:
    """This function will list which people looked at this patient, and when (谁看过)."""
    told = accesses(card.id, viewer=request.actor, limit=LINES)
    seen = [one for one in told if one.user_id and one.action.startswith("read.")]
    people = staff_names({one.user_id for one in seen if one.user_id}, viewer=request.actor)
    entries = [
        {
            "at": one.at,
            "title": people.get(one.user_id, _("系统")),
            "detail": _reading(one.action),
            "is_past": True,
        }
        for one in seen
    ]
    return {"more_title": _("谁看过"), "more_entries": entries}


def _reading(action: str) -> str:
    page = action.split(".")[1]
    return _("查看：%(page)s") % {"page": READINGS.get(page, page)}


def _entry(one: Entry) -> dict:
    titles, details = VISITS if one.kind == "encounter" else {}, ROLES if one.kind == "condition" else {}
    return {
        "at": one.at,
        "title": titles.get(one.title, one.title) or LANES[one.kind],
        "kind": LANES[one.kind] if one.title else "",
        "detail": details.get(one.detail, one.detail),
        "is_past": True,
    }
