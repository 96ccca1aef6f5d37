"""How the people of the demonstration fill in a form (作答): well, mostly; the form itself says what is dangerous."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from xinqiao.questionnaires.rules.answers import Asked, findings, visible_items
from xinqiao.questionnaires.rules.forms import Form, Item

SCALES = {"nps": (7, 8, 9, 9, 10, 10), "pain": (0, 0, 1, 1, 2, 3)}
TEMPERATURES = tuple(map(Decimal, ("36.3", "36.5", "36.6", "36.8", "37.1")))
FEVER = Decimal("38.9")
TRIES = 40


def answer(form: Form, random: Random, *, who: str = "self", dangerous: bool = False) -> Mapping[str, object]:
    """This function will answer every question that shows, without danger, or with one if asked for (作答)."""
    asked = Asked(who)
    for _ in range(TRIES):
        given = _fill(form, random, asked, wild=dangerous)
        if bool(findings(form, given, asked)) == dangerous:
            return given
    return _fill(form, random, asked, wild=False)


def _fill(form: Form, random: Random, asked: Asked, *, wild: bool) -> dict[str, object]:
    given: dict[str, object] = {}
    while waiting := [item for item in visible_items(form, given, asked) if item.code not in given]:
        for item in waiting:
            given[item.code] = _choose(item, random, wild)
    return {code: value for code, value in given.items() if value is not None}


def _choose(item: Item, random: Random, wild: bool) -> object:
    if item.type == "text":
        return None
    if item.type == "number":
        return random.choice((FEVER, *TEMPERATURES)) if wild else random.choice(TEMPERATURES)
    if item.type == "scale":
        return random.choice(SCALES.get(item.code, sorted(item.labels) or (0,)))
    options = list(item.options)
    if item.type == "choices":
        return [random.choice(options)] if wild else ["none"] if "none" in options else [options[0]]
    if wild or random.random() < 0.15:
        return random.choice(options)
    return "no" if item.type == "yesno" else options[0]
