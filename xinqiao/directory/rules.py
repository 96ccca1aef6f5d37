"""Who may be given which post (岗位规则)."""

from uuid import UUID

from xinqiao.accounts.rules import POLICY, ROLES, STAFF_ROLES, Verdict, excluded_together

DEPARTMENTAL = frozenset(role for role in STAFF_ROLES if "department" in POLICY[role].values())


def may_hold(role: str, held: frozenset[str], department_id: UUID | None) -> Verdict:
    """This function will say whether a person with these roles may be given one more post (能否任职)."""
    if role not in STAFF_ROLES:
        return Verdict(False, f"没有“{role}”这个岗位。")
    if role in DEPARTMENTAL and department_id is None:
        return Verdict(False, f"{ROLES[role]}要指定所在科室。")
    return excluded_together(held | {role})
