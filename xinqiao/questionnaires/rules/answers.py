"""Answers: which questions show, what is allowed, what is dangerous, what it comes to (作答)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from xinqiao.kit.conditions import judge
from xinqiao.questionnaires.rules.forms import Danger, FollowUp, Form, Item, Score

# An answered form counts as a valid record from this share of its core questions on (◇ 有效随访).
VALID_PERCENT = 80
NUMBER_WORDS = "请填写数字"


@dataclass(frozen=True)
class Asked:
    """Who is answering, and whether a code to the patient's own phone has proved it (作答人)."""

    who: str = "self"
    verified: bool = False


@dataclass(frozen=True)
class Checked:
    """Answers in their proper kinds, what must be put right, and what should be looked at again (校验结果)."""

    answers: Mapping[str, object]
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A dangerous answer as found: what staff read, and what the patient reads (危险发现)."""

    item: str
    level: str
    reason: str
    advice: str


def visible_items(form: Form, answers: Mapping, asked: Asked) -> list[Item]:
    """List the questions that show, given the answers so far and who answers (可见题目).

    An answer to a question that does not show counts as not given.
    """
    shown: list[Item] = []
    facts: dict[str, Any] = {}
    for item in form.items:
        if asked.who not in item.who or (item.needs == "verified_phone" and not asked.verified):
            continue
        if item.show_if is None or judge(item.show_if, facts).holds:
            shown.append(item)
            facts[item.code] = answers.get(item.code)
    return shown


def may_open(form: Form, asked: Asked) -> tuple[bool, str]:
    """Judge whether this person may fill in the form at all, and say why not (能否作答)."""
    if asked.who not in form.who:
        return False, "这份问卷请由患者本人填写。"
    if form.needs == "verified_phone" and not asked.verified:
        return False, "这份问卷需要先用患者本人手机接收验证码。"
    return True, ""


def check_answers(form: Form, given: Mapping[str, object], asked: Asked, complete: bool = False) -> Checked:
    """Bring answers as typed to their kinds; say in Chinese what is wrong with each (校验作答).

    Drafts (`complete` false) may leave required questions open.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    for item in form.items:
        try:
            answers[item.code] = _read(item, given.get(item.code))
        except ValueError as refusal:
            errors[item.code] = str(refusal)
    shown = visible_items(form, answers, asked)
    codes = [item.code for item in shown]
    for item in shown:
        value = answers.get(item.code)
        if value is None and complete and item.required and item.code not in errors:
            errors[item.code] = "这一题还没有填写"
        if value is not None and item.soft and not item.soft[0] <= value <= item.soft[1]:
            warnings[item.code] = f"{value}{item.unit}不常见，请核对一下"
    return Checked(
        {code: answers[code] for code in codes if answers.get(code) is not None},
        {code: errors[code] for code in codes if code in errors},
        warnings,
    )


def findings(form: Form, answers: Mapping, asked: Asked) -> list[Finding]:
    """Find the dangerous answers among those given so far, the gravest first (危险回答).

    Takes checked answers, also of a form still being filled. A condition that cannot be judged yet finds nothing.
    """
    facts = _facts(form, answers, asked)
    found = [
        Finding(item.code, danger.level, danger.reason, danger.advice)
        for item in visible_items(form, answers, asked)
        for danger in item.dangers
        if _strikes(danger, item, facts)
    ]
    return sorted(found, key=lambda finding: finding.level)


def follow_ups(form: Form, answers: Mapping, asked: Asked) -> list[FollowUp]:
    """List the unhurried work that a finished form causes (后续任务)."""
    facts = _facts(form, answers, asked)
    return [rule for rule in form.follow_ups if judge(rule.when, facts).holds]


def total(score: Score, answers: Mapping) -> int | None:
    """Add up a score; the mean stands in for a few missing items, too many void it (计分).

    Rounded half up, as published for PHQ-9 with one or two items missing.
    """
    given = [Decimal(answers[code]) for code in score.items if answers.get(code) is not None]
    missing = len(score.items) - len(given)
    if not given or missing > score.may_miss:
        return None
    known = sum(given, Decimal(0))
    mean = known / len(given)
    return int((known + mean * missing).quantize(Decimal(1), ROUND_HALF_UP))


def band(score: Score, points: int) -> str:
    """Say a score in words (分级)."""
    return next(word for low, high, word in score.bands if low <= points <= high)


def completeness(form: Form, answers: Mapping, asked: Asked) -> tuple[int, int]:
    """Count the core questions answered, and all that were asked (核心字段完整率)."""
    core = [item.code for item in visible_items(form, answers, asked) if item.core]
    return sum(answers.get(code) is not None for code in core), len(core)


def is_valid_record(form: Form, answers: Mapping, asked: Asked) -> bool:
    """Judge whether answers make a valid follow-up: by the patient or a carer, core ≥ 80 % (有效随访)."""
    answered, of = completeness(form, answers, asked)
    return asked.who in form.who and of > 0 and answered * 100 >= VALID_PERCENT * of


def net_promoter(ratings: Sequence[int]) -> int | None:
    """Compute promoters % minus detractors %, rounded; none below 30 answers is for the page to hide (净推荐值)."""
    if not ratings:
        return None
    balance = sum(rating >= 9 for rating in ratings) - sum(rating <= 6 for rating in ratings)
    return int((Decimal(100 * balance) / len(ratings)).quantize(Decimal(1), ROUND_HALF_UP))


def _facts(form: Form, answers: Mapping, asked: Asked) -> dict:
    shown = {item.code: answers.get(item.code) for item in visible_items(form, answers, asked)}
    return shown | {f"score_{score.code}": total(score, shown) for score in form.scores}


def _strikes(danger: Danger, item: Item, facts: Mapping) -> bool:
    return facts.get(item.code) is not None and judge(danger.when, facts).holds


def _read(item: Item, raw: Any) -> object:
    if raw is None or raw == "" or raw == []:
        return None
    if item.type == "choices":
        return _read_choices(item, raw)
    if item.type in ("choice", "yesno"):
        if raw not in item.options:
            raise ValueError("请从给出的选项里选择")
        return raw
    if item.type == "text":
        return _read_text(item, raw)
    return _read_number(item, raw)


def _read_choices(item: Item, raw: Any) -> list[str]:
    chosen = [raw] if isinstance(raw, str) else list(raw)
    if any(code not in item.options for code in chosen):
        raise ValueError("请从给出的选项里选择")
    if "none" in chosen and len(set(chosen)) > 1:
        raise ValueError("选了“以上都没有”就不能再选其他")
    return [code for code in item.options if code in chosen]


def _read_text(item: Item, raw: Any) -> str | None:
    text = str(raw).strip()
    if len(text) > item.max_length:
        raise ValueError(f"最多填写 {item.max_length} 个字，现在有 {len(text)} 个")
    return text or None


def _read_number(item: Item, raw: Any) -> Decimal | int:
    text = str(raw).strip().translate(str.maketrans("０１２３４５６７８９．。－", "0123456789..-"))
    lowest, highest = item.hard or (Decimal("-Infinity"), Decimal("Infinity"))
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{NUMBER_WORDS}，如 {lowest}") from None
    if not value.is_finite():
        raise ValueError(NUMBER_WORDS)
    if not lowest <= value <= highest:
        raise ValueError(f"应在 {lowest} 到 {highest}{item.unit} 之间，请核对")
    if item.type == "scale":
        if value != value.to_integral_value():
            raise ValueError("请选择一个整数")
        return int(value)
    return value
