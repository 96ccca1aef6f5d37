"""A questionnaire as clinicians write it: read, checked, immutable (问卷)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xinqiao.kit.conditions import validate
from xinqiao.kit.errors import Refused

TYPES = {
    "choice": "单选",
    "choices": "多选",
    "scale": "刻度",
    "number": "数值",
    "yesno": "是否",
    "text": "文字",
}
WHO = {"self": "本人", "family": "家属代填"}
NEEDS = {"link": "链接加出生日期或证件后四位", "verified_phone": "本人手机验证码"}
LEVELS = ("L1", "L2", "L3", "L4")
TASKS = {
    "service_recovery": "服务补救",
    "ask_phq9": "请本人填写情绪问卷",
    "mental_health": "安排心理或精神科就诊",
}
MARKS = set("✔▣●○◇")
KEYS = {
    "code", "version", "text_version", "title", "minutes", "who", "needs", "source", "mark", "note", "items",
    "scores", "follow_up",
}  # fmt: skip
ITEM_KEYS = {
    "code", "text", "type", "required", "core", "options", "min", "max", "labels", "unit", "hard", "soft", "show_if",
    "danger", "needs", "who", "loinc", "nhc_dim", "max_length", "source", "mark",
}  # fmt: skip


class BadForm(Refused):
    """问卷文件有误，请按提示逐条修改后重新发布。"""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join((self.__doc__ or "", *self.faults)))


@dataclass(frozen=True)
class Danger:
    """An answer that must not wait: what staff are told, without any score, and the patient (危险回答)."""

    when: Mapping
    level: str
    reason: str
    advice: str


@dataclass(frozen=True)
class FollowUp:
    """Work that a finished form causes without haste, such as making good a bad experience (后续任务)."""

    when: Mapping
    task: str
    within_hours: int
    reason: str


@dataclass(frozen=True)
class Item:
    """One question (题目)."""

    code: str
    text: str
    type: str
    required: bool
    core: bool
    options: Mapping[str, str]
    labels: Mapping[int, str]
    unit: str
    hard: tuple[Decimal, Decimal] | None
    soft: tuple[Decimal, Decimal] | None
    show_if: Mapping | None
    dangers: tuple[Danger, ...]
    needs: str
    who: tuple[str, ...]
    max_length: int


@dataclass(frozen=True)
class Score:
    """A sum of items; when a few are missing, their mean stands in (计分)."""

    code: str
    items: tuple[str, ...]
    may_miss: int
    bands: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Form:
    """One version of a questionnaire; published, it never changes (问卷)."""

    code: str
    version: int
    text_version: str
    title: str
    minutes: int
    who: tuple[str, ...]
    needs: str
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    follow_ups: tuple[FollowUp, ...]


def parse_form(document: Mapping) -> Form:
    """Read a questionnaire document, or refuse it with every fault and its place (识读问卷)."""
    if faults := form_faults(document):
        raise BadForm(faults)
    return Form(
        code=document["code"],
        version=document["version"],
        text_version=document["text_version"],
        title=document["title"],
        minutes=document["minutes"],
        who=tuple(document["who"]),
        needs=document["needs"],
        items=tuple(_item(item, document) for item in document["items"]),
        scores=tuple(
            Score(s["code"], tuple(s["items"]), s.get("may_miss", 0), tuple(map(tuple, s["bands"])))
            for s in document.get("scores", [])
        ),
        follow_ups=tuple(
            FollowUp(rule["if"], rule["task"], rule["within_hours"], rule["reason"])
            for rule in document.get("follow_up", [])
        ),
    )


def form_faults(document: object) -> list[str]:
    """List everything wrong with a questionnaire document, each with its place (校验问卷)."""
    if not isinstance(document, Mapping):
        return ["问卷：应是一份有 code、version、items 的文件"]
    faults = [f"{key}：不认识的栏目" for key in document if key not in KEYS]
    texts = ("code", "title", "text_version", "source")
    faults += [f"{key}：应填写文字" for key in texts if not _is_text(document.get(key))]
    faults += [f"{key}：应是正整数" for key in ("version", "minutes") if not _is_positive(document.get(key))]
    faults += _who_faults(document.get("who"), document.get("needs"), "")
    items = document.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, Mapping) for item in items):
        return [*faults, "items：至少写一道题"]
    codes = [item.get("code") for item in items]
    faults += [f"items：代码“{code}”重复" for code in {c for c in codes if codes.count(c) > 1}]
    scores = document.get("scores", [])
    facts = {*codes, *(f"score_{score.get('code')}" for score in scores)}
    for place, item in enumerate(items):
        faults += _item_faults(item, f"items[{place}]", codes[:place], facts)
    for place, score in enumerate(scores):
        faults += _score_faults(score, f"scores[{place}]", codes)
    for place, rule in enumerate(document.get("follow_up", [])):
        faults += _follow_up_faults(rule, f"follow_up[{place}]", facts)
    return faults


def _item_faults(item: Mapping, path: str, earlier: list, facts: set) -> list[str]:
    faults = [f"{path}.{key}：不认识的栏目" for key in item if key not in ITEM_KEYS]
    faults += [f"{path}.{key}：应填写文字" for key in ("code", "text") if not _is_text(item.get(key))]
    if item.get("type") not in TYPES:
        return [*faults, f"{path}.type：应是 {'、'.join(TYPES)} 之一"]
    faults += _shape_faults(item, path)
    if "who" in item or "needs" in item:
        faults += _who_faults(item.get("who", ["self"]), item.get("needs", "link"), f"{path}.")
    if "show_if" in item:
        found = validate(item["show_if"], earlier, f"{path}.show_if")
        faults += [f"{fault}（只能看前面的题）" if "没有名为" in fault else fault for fault in found]
    for place, danger in enumerate(item.get("danger", [])):
        faults += _danger_faults(danger, f"{path}.danger[{place}]", facts)
    return faults


def _shape_faults(item: Mapping, path: str) -> list[str]:
    kind = item["type"]
    if kind in ("choice", "choices"):
        options = item.get("options")
        sound = isinstance(options, Mapping) and len(options) > 1 and all(map(_is_text, options))
        return [] if sound else [f"{path}.options：至少两个选项，写作 代码: 文字（代码 yes、no 要加引号）"]
    if kind == "scale":
        low, high = item.get("min"), item.get("max")
        sound = isinstance(low, int) and isinstance(high, int) and low < high
        return [] if sound else [f"{path}：刻度题要有整数 min 与更大的 max"]
    if kind == "number":
        hard: Any = item.get("hard")
        soft: Any = item.get("soft", hard)
        if not _is_range(hard) or not _is_range(soft) or not hard[0] <= soft[0] <= soft[1] <= hard[1]:
            return [f"{path}.hard：数值题要有 hard: [下限, 上限]；soft 应在其内"]
        return [] if _is_text(item.get("unit")) else [f"{path}.unit：数值题要写单位"]
    return []


def _who_faults(who: Any, needs: Any, path: str) -> list[str]:
    faults = []
    if not isinstance(who, list) or not who or set(who) - set(WHO):
        faults.append(f"{path}who：应列出 {'、'.join(WHO)}")
    if needs not in NEEDS:
        faults.append(f"{path}needs：应是 {'、'.join(NEEDS)} 之一")
    return faults


def _danger_faults(danger: Any, path: str, facts: set) -> list[str]:
    if not isinstance(danger, Mapping) or set(danger) != {"if", "level", "reason", "advice"}:
        return [f"{path}：应写 if、level、reason、advice"]
    faults = validate(danger["if"], facts, f"{path}.if")
    faults += [f"{path}.{key}：应填写文字" for key in ("reason", "advice") if not _is_text(danger[key])]
    return faults if danger["level"] in LEVELS else [*faults, f"{path}.level：应是 {'、'.join(LEVELS)} 之一"]


def _score_faults(score: Any, path: str, codes: list) -> list[str]:
    if not isinstance(score, Mapping) or not {"code", "items", "bands"} <= set(score):
        return [f"{path}：应写 code、items、bands"]
    return [f"{path}.items：没有名为“{code}”的题" for code in score["items"] if code not in codes]


def _follow_up_faults(rule: Any, path: str, facts: set) -> list[str]:
    if not isinstance(rule, Mapping) or set(rule) != {"if", "task", "within_hours", "reason"}:
        return [f"{path}：应写 if、task、within_hours、reason"]
    faults = validate(rule["if"], facts, f"{path}.if")
    if rule["task"] not in TASKS or not _is_positive(rule["within_hours"]) or not _is_text(rule["reason"]):
        faults.append(f"{path}：task 应是 {'、'.join(TASKS)}，within_hours 应是小时数，reason 应填写文字")
    return faults


def _item(item: Mapping, document: Mapping) -> Item:
    options = {"yes": "是", "no": "否"} if item["type"] == "yesno" else dict(item.get("options", {}))
    span = [item["min"], item["max"]] if item["type"] == "scale" else item.get("hard")
    return Item(
        code=item["code"],
        text=item["text"],
        type=item["type"],
        required=item.get("required", False),
        core=item.get("core", False),
        options=options,
        labels=dict(item.get("labels", {})),
        unit=item.get("unit", ""),
        hard=_decimals(span),
        soft=_decimals(item.get("soft")),
        show_if=item.get("show_if"),
        dangers=tuple(Danger(d["if"], d["level"], d["reason"], d["advice"]) for d in item.get("danger", [])),
        needs=item.get("needs", document["needs"]),
        who=tuple(item.get("who", document["who"])),
        max_length=item.get("max_length", 500),
    )


def _decimals(pair: Any) -> tuple[Decimal, Decimal] | None:
    return None if pair is None else (Decimal(str(pair[0])), Decimal(str(pair[1])))


def _is_range(pair: Any) -> bool:
    numbers = isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int | float) for n in pair)
    return numbers and pair[0] < pair[1]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_positive(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
