"""Conditions over facts, true, false or unknown, each with its reasons (条件)."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


class BadCondition(ValueError):
    """条件写法不对，请按 all / any / not 或 fact + test + value 书写。"""


@dataclass(frozen=True)
class Operator:
    """One operator for the judge (`holds`) and for SQL; it `takes` none, one, list or pair (比较方式)."""

    word: str
    takes: str
    holds: Callable
    sql: str


OPERATORS = {
    "eq": Operator("等于", "one", operator.eq, "{fact} = {value}"),
    "ne": Operator("不等于", "one", operator.ne, "{fact} <> {value}"),
    "gt": Operator("高于", "one", operator.gt, "{fact} > {value}"),
    "ge": Operator("不低于", "one", operator.ge, "{fact} >= {value}"),
    "lt": Operator("低于", "one", operator.lt, "{fact} < {value}"),
    "le": Operator("不高于", "one", operator.le, "{fact} <= {value}"),
    "between": Operator("介于", "pair", lambda a, v: v[0] <= a <= v[1], "{fact} BETWEEN {low} AND {high}"),
    "in": Operator("属于", "list", lambda a, v: a in v, "{fact} = ANY({value})"),
    "not_in": Operator("不属于", "list", lambda a, v: a not in v, "{fact} <> ALL({value})"),
    "contains": Operator("包含", "one", lambda a, v: v in a, "{value} = ANY({fact})"),
    "known": Operator("有记录", "none", lambda a, _: a is not None, "{fact} IS NOT NULL"),
}
KINDS: dict[Any, str] = {
    bool: "bool",
    (int, float, Decimal): "number",
    str: "text",
    date: "date",
    (list, tuple, set): "list",
}


@dataclass(frozen=True)
class Verdict:
    """What a condition came to, `None` being unknown, and the facts that decided it (判断与理由)."""

    value: bool | None
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.value is True


def judge(condition: Mapping, facts: Mapping, labels: Mapping[str, str] | None = None) -> Verdict:
    """Judge a condition on known facts; a fact that is absent or None is unknown (判断条件)."""
    match condition:
        case {"all": parts}:
            return _join([judge(part, facts, labels) for part in parts], decisive=False)
        case {"any": parts}:
            return _join([judge(part, facts, labels) for part in parts], decisive=True)
        case {"not": part}:
            inner = judge(part, facts, labels)
            return Verdict(None if inner.value is None else not inner.value, inner.reasons)
        case {"fact": fact, "test": test} if test in OPERATORS:
            value = _compare(fact, test, facts.get(fact), condition.get("value"))
            return Verdict(value, (_reason(condition, value, facts.get(fact), labels or {}),))
    raise BadCondition(f"条件写法不对：{condition!r}")


def fact_names(condition: Mapping) -> set[str]:
    """List every fact a condition asks for (条件用到的事实)."""
    if "fact" in condition:
        return {condition["fact"]}
    return set().union(*map(fact_names, condition.get("all") or condition.get("any") or [condition["not"]]))


def validate(condition: Any, facts: Iterable[str] | None = None, path: str = "条件") -> list[str]:
    """Find every fault of a condition document, each with its exact place; none means it is sound (校验条件)."""
    if not isinstance(condition, Mapping):
        return [f"{path}：应是 all / any / not 或 fact + test + value，现在是 {condition!r}"]
    keys = set(condition)
    if keys in ({"all"}, {"any"}):
        ((word, parts),) = condition.items()
        if not isinstance(parts, list) or not parts:
            return [f"{path}.{word}：应是至少含一个条件的列表"]
        faults = (validate(part, facts, f"{path}.{word}[{i}]") for i, part in enumerate(parts))
        return [fault for part in faults for fault in part]
    if keys == {"not"}:
        return validate(condition["not"], facts, f"{path}.not")
    if "fact" not in keys or keys - {"fact", "test", "value"}:
        return [f"{path}：只能写 all、any、not 之一，或 fact + test + value；现有 {_say(list(condition))}"]
    return _leaf_faults(condition, facts, path)


def _leaf_faults(leaf: Mapping, facts: Iterable[str] | None, path: str) -> list[str]:
    if not isinstance(leaf["fact"], str) or (facts is not None and leaf["fact"] not in facts):
        return [f"{path}.fact：没有名为“{leaf['fact']}”的事实"]
    if leaf.get("test") not in OPERATORS:
        return [f"{path}.test：不认识“{leaf.get('test')}”，可用：{'、'.join(OPERATORS)}"]
    return [f"{path}.value：{leaf['test']} {fault}" for fault in _value_faults(leaf)]


def _value_faults(leaf: Mapping) -> list[str]:
    takes: str = OPERATORS[leaf["test"]].takes
    value: Any = leaf.get("value")
    if takes == "none":
        return ["不需要 value"] if "value" in leaf else []
    values = [value] if takes == "one" else value if isinstance(value, list) else []
    kinds = set(map(_kind, values))
    if len(kinds) != 1 or kinds & {None, "list"}:
        return ["需要一个值" if takes == "one" else "需要同一种值的非空列表"]
    if takes == "pair" and not (len(value) == 2 and value[0] <= value[1]):
        return ["需要 [下限, 上限]，下限不大于上限"]
    return []


def _join(verdicts: list[Verdict], decisive: bool) -> Verdict:
    values = [verdict.value for verdict in verdicts]
    value = decisive if decisive in values else None if None in values else not decisive
    return Verdict(value, tuple(r for verdict in verdicts if verdict.value is value for r in verdict.reasons))


def _compare(fact: str, test: str, actual: Any, value: Any) -> bool | None:
    rule, actual, value = OPERATORS[test], _exact(actual), _exact(value)
    sample = value[0] if isinstance(value, list) else value
    if rule.takes != "none" and actual is None:
        return None
    if rule.takes != "none" and _kind(actual) != ("list" if test == "contains" else _kind(sample)):
        raise BadCondition(f"事实“{fact}”的值与条件里的值不是同一种，不能用 {test} 比较")
    return rule.holds(actual, value)


def _exact(value):
    exact = [_exact(each) for each in value] if isinstance(value, list) else value
    return Decimal(str(exact)) if isinstance(exact, float) else exact


def _kind(value: Any) -> str | None:
    return next((word for types, word in KINDS.items() if isinstance(value, types)), None)


def _reason(leaf: Mapping, value: bool | None, actual: Any, labels: Mapping[str, str]) -> str:
    name, rule = labels.get(leaf["fact"], leaf["fact"]), OPERATORS[leaf["test"]]
    wanted = rule.word + ("" if rule.takes == "none" else f" {_say(leaf['value'])}")
    if value is None:
        return f"{name}未知，无法判断是否{wanted}"
    return f"{name}为 {_say(actual)}，{'符合' if value else '不符合'}“{wanted}”"


def _say(value: Any) -> str:
    if _kind(value) == "list":
        return "、".join(map(_say, value))
    return {"True": "是", "False": "否", "None": "空"}.get(str(value), str(value))
