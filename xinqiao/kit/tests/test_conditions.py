"""Conditions are judged in three values and say why."""

import sqlite3
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kit.conditions import OPERATORS, BadCondition, fact_names, judge, validate

FEVER = {"fact": "temperature", "test": "ge", "value": 38.5}
BLEEDING = {"fact": "bleeding", "test": "eq", "value": True}

leaves = st.builds(
    lambda fact, test, value: {"fact": fact, "test": test, "value": value},
    st.sampled_from("abc"),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
    st.integers(0, 3),
) | st.builds(
    lambda fact, test: {"fact": fact, "test": test},
    st.sampled_from("abc"),
    st.just("known"),
)
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=8,
)
facts = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3))


def as_sql(condition) -> str:
    if "all" in condition or "any" in condition:
        (word,) = condition
        return "(" + (" AND " if word == "all" else " OR ").join(map(as_sql, condition[word])) + ")"
    if "not" in condition:
        return f"(NOT {as_sql(condition['not'])})"
    return OPERATORS[condition["test"]].sql.format(fact=condition["fact"], value=condition.get("value"))


@given(conditions, facts)
def test_the_judge_agrees_with_sql_on_true_false_and_unknown(condition, known):
    row = [known.get(name) for name in "abc"]
    with sqlite3.connect(":memory:") as database:
        (answer,) = database.execute(
            f"SELECT {as_sql(condition)} FROM (SELECT ? AS a, ? AS b, ? AS c)", row
        ).fetchone()
    database.close()
    assert judge(condition, known).value is (None if answer is None else bool(answer))


@given(conditions, facts)
def test_every_verdict_has_a_reason_and_not_turns_it_round(condition, known):
    verdict, turned = judge(condition, known), judge({"not": condition}, known)
    assert verdict.reasons
    assert turned.value is (None if verdict.value is None else not verdict.value)
    assert validate(condition, "abc") == []
    assert fact_names(condition) <= set("abc")


def test_a_reason_is_said_in_chinese_with_the_facts_label():
    verdict = judge({"any": [FEVER, BLEEDING]}, {"temperature": Decimal("38.7")}, {"temperature": "体温"})
    assert verdict.holds
    assert verdict.reasons == ("体温为 38.7，符合“不低于 38.5”",)


def test_a_missing_fact_is_unknown_and_says_so():
    verdict = judge({"all": [FEVER, BLEEDING]}, {"bleeding": True}, {"temperature": "体温"})
    assert verdict.value is None
    assert verdict.reasons == ("体温未知，无法判断是否不低于 38.5",)


def test_a_false_part_decides_all_although_another_is_unknown():
    assert judge({"all": [FEVER, BLEEDING]}, {"bleeding": False}).value is False


@pytest.mark.parametrize(
    "test, actual, value, answer",
    [
        ("between", 5, [5, 9], True),
        ("between", 9.5, [5, 9], False),
        ("in", "yes", ["yes", "unsure"], True),
        ("not_in", "yes", ["no"], True),
        ("contains", ["chest_pain"], "chest_pain", True),
        ("contains", ["none"], "chest_pain", False),
    ],
)
def test_lists_and_ranges(test, actual, value, answer):
    assert judge({"fact": "x", "test": test, "value": value}, {"x": actual}).value is answer


@given(st.integers(-9999, 9999))
def test_a_limit_written_with_a_point_is_met_exactly(tenths):
    limit = {"fact": "x", "test": "ge", "value": tenths / 10}
    assert judge(limit, {"x": Decimal(tenths) / 10}).holds
    assert not judge(limit, {"x": Decimal(tenths) / 10 - Decimal("0.001")}).holds


@pytest.mark.parametrize("actual", ["38.5", True, [38.5]])
def test_values_of_another_kind_are_refused_not_guessed(actual):
    with pytest.raises(BadCondition, match="不是同一种"):
        judge(FEVER, {"temperature": actual})


@pytest.mark.parametrize(
    "condition, place",
    [
        ("age > 3", "条件："),
        ({"all": []}, "条件.all"),
        ({"any": [FEVER, {"not": {"fact": "x", "test": "like", "value": 1}}]}, "条件.any[1].not.test"),
        ({"fact": "x", "test": "eq"}, "条件.value"),
        ({"fact": "x", "test": "known", "value": 1}, "条件.value"),
        ({"fact": "x", "test": "between", "value": [3, 1]}, "条件.value"),
        ({"fact": "x", "test": "in", "value": [1, "1"]}, "条件.value"),
        ({"fact": "x", "test": "between", "value": [None, None]}, "条件.value"),
        ({"fact": "x", "test": "in", "value": "yes"}, "条件.value"),
        ({"all": [FEVER], "any": [FEVER]}, "条件："),
        ({"fact": 3, "test": "eq", "value": 1}, "条件.fact"),
    ],
)
def test_a_fault_is_told_with_its_place(condition, place):
    (fault,) = validate(condition)
    assert fault.startswith(place)


def test_an_unknown_fact_is_told():
    assert validate(FEVER, {"age"}) == ["条件.fact：没有名为“temperature”的事实"]


def test_a_document_that_was_never_validated_is_still_refused():
    with pytest.raises(BadCondition):
        judge({"fact": "x", "test": "like", "value": 1}, {"x": 1})
