"""Who may do what (权限表): one table, role × action × relation, read by code and by the matrix test."""

from dataclasses import dataclass

from xinqiao.kit.actor import Actor

ROLES = {
    "doctor": "医生",
    "nurse": "护士",
    "service_desk": "服务台",
    "guide": "导诊",
    "head": "科主任",
    "manager": "管理者",
    "sysadmin": "系统管理员",
    "secadmin": "安全管理员",
    "auditor": "审计管理员",
    "patient": "患者",
}
STAFF_ROLES = frozenset(ROLES) - {"patient"}
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
ANONYMOUS = "anonymous"  # the name of whoever has not signed in
SESSION_KEY, PATIENT_KEY, PENDING_KEY = (
    "stay",
    "patient",
    "pending",
)  # what a door keeps in the cookie's session
RELATIONS = ("own", "department", "organisation")

ACTIONS = {
    "patient.search": "检索患者",
    "patient.read": "查看患者",
    "patient.write": "登记与修改患者",
    "task.work": "处理待办",
    "alert.handle": "处置预警",
    "intake.manage": "处理异常报文",
    "files.import": "导入文件",
    "metrics.read": "查看指标",
    "audit.read": "查看审计",
    "users.manage": "管理账号",
    "rights.manage": "管理岗位与权限",
    "sources.manage": "管理数据来源",
    "message.send": "发送消息",
    "content.read": "查看路径与问卷",
    "form.answer": "填写问卷",
    "own.read": "查看本人资料",
    "demo.drive": "操作演示",
}
PATIENT_ACTIONS = frozenset(
    {"patient.search", "patient.read", "patient.write", "task.work", "alert.handle", "message.send"}
    | {"intake.manage", "files.import", "metrics.read", "form.answer", "own.read"}
)

_AT_THE_BEDSIDE = {
    "patient.search": "department",
    "patient.read": "department",
    "patient.write": "department",
    "task.work": "department",
    "alert.handle": "department",
    "message.send": "department",
    "content.read": "organisation",
    "demo.drive": "organisation",
}

POLICY: dict[str, dict[str, str]] = {
    "doctor": _AT_THE_BEDSIDE,
    "nurse": _AT_THE_BEDSIDE | {"files.import": "department"},
    "head": _AT_THE_BEDSIDE | {"files.import": "department", "metrics.read": "department"},
    "service_desk": {
        "patient.search": "organisation",
        "patient.read": "organisation",
        "patient.write": "organisation",
        "task.work": "organisation",
        "message.send": "organisation",
        "intake.manage": "organisation",
        "files.import": "organisation",
        "content.read": "organisation",
        "demo.drive": "organisation",
    },
    "guide": {"patient.search": "organisation", "content.read": "organisation", "demo.drive": "organisation"},
    "manager": {
        "patient.search": "organisation",
        "patient.read": "organisation",
        "metrics.read": "organisation",
        "content.read": "organisation",
        "demo.drive": "organisation",
    },
    "sysadmin": {
        "users.manage": "organisation",
        "sources.manage": "organisation",
        "demo.drive": "organisation",
    },
    "secadmin": {"rights.manage": "organisation", "content.read": "organisation"},
    "auditor": {"audit.read": "organisation"},
    "patient": {"own.read": "own", "form.answer": "own", "content.read": "own"},
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no with its reason, and how far a yes reaches (判定): own, department or organisation."""

    ok: bool
    reason: str
    reach: str = ""


def may(actor: Actor, action: str) -> Verdict:
    """This function will say whether an actor may do something, why, and how far it reaches (是否有权).

    A process of ours may do what it was started for; an anonymous request (`ANONYMOUS`) may do nothing.
    """
    if action not in ACTIONS:
        raise KeyError(f"no action is called {action!r}")
    if actor.kind == "system":
        known = actor.name not in ("", ANONYMOUS)
        return Verdict(True, "系统进程", "organisation") if known else Verdict(False, "请先登录。")
    reaches = [POLICY[role][action] for role in actor.roles if action in POLICY.get(role, {})]
    if not reaches:
        held = "、".join(ROLES.get(role, role) for role in sorted(actor.roles)) or "没有岗位"
        return Verdict(False, f"“{held}”没有“{ACTIONS[action]}”的权限。")
    return Verdict(True, f"可以{ACTIONS[action]}", max(reaches, key=RELATIONS.index))


def excluded_together(roles: frozenset[str] | set[str]) -> Verdict:
    """This function will say whether one person may hold these roles together (三员分立).

    GB/T 22239-2019 §8.1.4: system, security and audit administrators cannot hold each other's rights;
    none of them has a role that sees patients.
    """
    administrators = [ROLES[role] for role in ADMINISTRATORS if role in roles]
    if administrators and len(roles) > 1:
        return Verdict(False, f"{'、'.join(administrators)}不能兼任其他岗位。")
    return Verdict(True, "可以兼任")
