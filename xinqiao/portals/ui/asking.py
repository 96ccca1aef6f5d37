"""The questions of a form as any page asks them (题目): drawn from the questionnaire, read as they were typed."""

from decimal import Decimal

from django.http import QueryDict

from xinqiao.portals.ui.fields import Field, options
from xinqiao.questionnaires.rules.forms import Item

ONE, MANY = "q_", "qs_"  # how an answer is named in the page: one value, or several
KINDS = {"choices": "choices", "choice": "choices", "yesno": "choices", "scale": "nrs", "text": "text"}


def draw(item: Item, value: object = None, error: str = "") -> dict:
    """This function will draw one question, with what was answered and what is wrong with it (一题)."""
    chosen = value if isinstance(value, list) else [plain(value)]
    field = Field(
        name_of(item), item.text, plain(value), [error] if error else [], required=item.required,
        many=item.type == "choices", unit=item.unit, maxlength=item.max_length or None,
    )  # fmt: skip
    pairs = ((str(n), str(n)) for n in _steps(item)) if item.type == "scale" else item.options.items()
    return {
        "kind": KINDS.get(item.type, "field"),
        "code": item.code,
        "field": field,
        "options": options(pairs, chosen),
        "ends": [f"{n} {word}" for n, word in item.labels.items()],
    }


def name_of(item: Item) -> str:
    """This function will name the field of a question (字段名)."""
    return (MANY if item.type == "choices" else ONE) + item.code


def read(post: QueryDict) -> dict[str, object]:
    """This function will read the answers that were given, as they were typed (作答)."""
    many = {name.removeprefix(MANY): post.getlist(name) for name in post if name.startswith(MANY)}
    one = {name.removeprefix(ONE): str(post[name]).strip() for name in post if name.startswith(ONE)}
    return many | {code: said for code, said in one.items() if said}


def plain(value: object) -> str:
    """This function will write an answer as it is typed (写法)."""
    return (
        f"{value:f}"
        if isinstance(value, Decimal)
        else ""
        if value is None or isinstance(value, list)
        else str(value)
    )


def _steps(item: Item) -> range:
    return range(int(item.hard[0]), int(item.hard[1]) + 1) if item.hard else range(0)
