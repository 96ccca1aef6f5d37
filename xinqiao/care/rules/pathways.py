"""A pathway as clinicians write it: read, checked, immutable (随访路径)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from xinqiao.care.rules.windows import BadOffset, Offset, read_offset
from xinqiao.kit.conditions import validate
from xinqiao.kit.errors import Refused

ANCHORS = {"discharge": "出院", "operation": "手术"}
OWNERS = {
    "responsible_nurse": "责任护士",
    "followup_centre": "随访中心",
    "pharmacist": "药师",
    "doctor": "主管医生",
}
CHANNELS = {"wechat": "微信", "sms": "短信", "email": "邮件", "phone": "电话"}
TOLD = {**OWNERS, "duty_doctor": "值班医生", "department_head": "科主任"}
OCCASIONS = {"danger": "危险回答", "overdue": "逾期"}
MARKS = set("✔▣●○◇")
KEYS = {
    "code", "version", "title", "source", "mark", "note", "anchor", "entry", "miss_after_days", "steps", "examples",
}  # fmt: skip
STEP_KEYS = {
    "code", "title", "at", "within", "channels", "questionnaire", "owner", "call_after_hours", "done_when",
    "escalate", "safety", "source", "mark", "note",
}  # fmt: skip


class BadPathway(Refused):
    """路径文件有误，请按提示逐条修改后重新发布。"""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join((self.__doc__ or "", *self.faults)))


@dataclass(frozen=True)
class Escalation:
    """Who is told when a step goes wrong, and how fast he must take it (升级)."""

    when: str
    to: str
    within: timedelta


@dataclass(frozen=True)
class Step:
    """One step of a pathway: when, by whom, through what, and what makes it done (路径步骤)."""

    code: str
    title: str
    offset: Offset
    channels: tuple[str, ...]
    questionnaire: str
    owner: str
    call_after: timedelta
    done_when: Mapping
    escalations: tuple[Escalation, ...]
    safety: bool
    source: str
    mark: str
    within: timedelta | None = None
    within_if: Mapping | None = None


@dataclass(frozen=True)
class Pathway:
    """One version of a pathway; published, it never changes (随访路径)."""

    code: str
    version: int
    title: str
    anchor: str
    entry: Mapping
    miss_after: timedelta
    steps: tuple[Step, ...]
    examples: tuple[Mapping, ...]


def parse_pathway(
    document: Mapping, facts: Iterable[str] | None = None, questionnaires: Iterable[str] | None = None
) -> Pathway:
    """Read a pathway document, or refuse it with every fault and its place (识读路径)."""
    faults = pathway_faults(document, facts, questionnaires)
    if faults:
        raise BadPathway(faults)
    return Pathway(
        code=document["code"],
        version=document["version"],
        title=document["title"],
        anchor=document["anchor"],
        entry=document["entry"],
        miss_after=timedelta(document["miss_after_days"]),
        steps=tuple(map(_step, document["steps"])),
        examples=tuple(document["examples"]),
    )


def pathway_faults(
    document: object, facts: Iterable[str] | None = None, questionnaires: Iterable[str] | None = None
) -> list[str]:
    """List everything wrong with a pathway document, each with its place (校验路径)."""
    if not isinstance(document, Mapping):
        return ["路径：应是一份有 code、version、steps 的文件"]
    faults = [f"{key}：不认识的栏目" for key in document if key not in KEYS]
    faults += [f"{key}：应填写文字" for key in ("code", "title", "source") if not _is_text(document.get(key))]
    if not _is_count(document.get("version")) or document["version"] < 1:
        faults.append("version：应是从 1 开始的整数")
    if document.get("anchor") not in ANCHORS:
        faults.append(f"anchor：应是 {'、'.join(ANCHORS)} 之一")
    if not _is_count(document.get("miss_after_days")):
        faults.append("miss_after_days：应是天数")
    faults += validate(document.get("entry"), facts, "entry")
    if not isinstance(document.get("examples"), list) or not document["examples"]:
        faults.append("examples：至少写一个例子，发布前会照例子试算")
    steps = document.get("steps")
    if not isinstance(steps, list) or not steps:
        return [*faults, "steps：至少写一个步骤"]
    codes = [step.get("code") for step in steps if isinstance(step, Mapping)]
    faults += [f"steps：代码“{code}”重复" for code in {c for c in codes if codes.count(c) > 1}]
    for place, step in enumerate(steps):
        faults += _step_faults(step, f"steps[{place}]", facts, questionnaires)
    return faults


def _step_faults(step: Any, path: str, facts: Any, questionnaires: Any) -> list[str]:
    if not isinstance(step, Mapping):
        return [f"{path}：应是一个步骤"]
    faults = [f"{path}.{key}：不认识的栏目" for key in step if key not in STEP_KEYS]
    texts = ("code", "title", "questionnaire", "source")
    faults += [f"{path}.{key}：应填写文字" for key in texts if not _is_text(step.get(key))]
    try:
        read_offset(step.get("at", ""))
    except BadOffset as refusal:
        faults.append(f"{path}.at：{refusal.message}")
    channels = step.get("channels")
    if not isinstance(channels, list) or not channels or set(channels) - set(CHANNELS):
        faults.append(f"{path}.channels：应按先后列出 {'、'.join(CHANNELS)} 中的渠道")
    if step.get("owner") not in OWNERS:
        faults.append(f"{path}.owner：应是 {'、'.join(OWNERS)} 之一")
    if step.get("mark") not in MARKS:
        faults.append(f"{path}.mark：应标明可信度 {'、'.join(sorted(MARKS))}")
    if not _is_count(step.get("call_after_hours")):
        faults.append(f"{path}.call_after_hours：应是未答多少小时后转电话")
    if not isinstance(step.get("safety", False), bool):
        faults.append(f"{path}.safety：应是 true 或 false")
    if questionnaires is not None and step.get("questionnaire") not in questionnaires:
        faults.append(f"{path}.questionnaire：没有名为“{step.get('questionnaire')}”的问卷")
    faults += validate(step.get("done_when"), facts, f"{path}.done_when")
    if "within" in step:
        faults += _within_faults(step["within"], f"{path}.within", facts)
    for place, rung in enumerate(step.get("escalate", [])):
        faults += _escalation_faults(rung, f"{path}.escalate[{place}]")
    return faults


def _within_faults(within: Any, path: str, facts: Any) -> list[str]:
    if not isinstance(within, Mapping) or set(within) != {"hours", "if"} or not _is_count(within["hours"]):
        return [f"{path}：应写 hours 与 if"]
    return validate(within["if"], facts, f"{path}.if")


def _escalation_faults(rung: Any, path: str) -> list[str]:
    if not isinstance(rung, Mapping) or set(rung) != {"when", "to", "within_minutes"}:
        return [f"{path}：应写 when、to、within_minutes"]
    if rung["when"] not in OCCASIONS or rung["to"] not in TOLD or not _is_count(rung["within_minutes"]):
        return [
            f"{path}：when 应是 {'、'.join(OCCASIONS)}，to 应是 {'、'.join(TOLD)}，within_minutes 应是分钟数"
        ]
    return []


def _step(step: Mapping) -> Step:
    within = step.get("within")
    return Step(
        code=step["code"],
        title=step["title"],
        offset=read_offset(step["at"]),
        channels=tuple(step["channels"]),
        questionnaire=step["questionnaire"],
        owner=step["owner"],
        call_after=timedelta(hours=step["call_after_hours"]),
        done_when=step["done_when"],
        escalations=tuple(
            Escalation(rung["when"], rung["to"], timedelta(minutes=rung["within_minutes"]))
            for rung in step.get("escalate", [])
        ),
        safety=step.get("safety", False),
        source=step["source"],
        mark=step["mark"],
        within=timedelta(hours=within["hours"]) if within else None,
        within_if=within["if"] if within else None,
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
