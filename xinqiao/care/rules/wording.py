"""The first words of a call: identity first, then the illness (开场白)."""

OWNERS = {"child": "子女", "spouse": "爱人", "parent": "家长", "other": "家人"}
CALLERS = {"nurse": "随访护士", "doctor": "医生", "head": "医生"}


def opening(hospital: str, caller: str, caller_role: str, name: str, owner: str = "self") -> str:
    """Write the first words of a call; who answers is known before the illness is named (开场白)."""
    who = f"您好，我是{hospital}{CALLERS.get(caller_role, '工作人员')}{caller}。"
    if owner == "self":
        return f"{who}请问您是{name}本人吗？"
    return f"{who}请问您是{name}的{OWNERS.get(owner, '家人')}吗？"
