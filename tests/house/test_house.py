"""The house as it stands keeps every rule, and every rule has been shown to bite."""

import pkgutil
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tests.house import checks
from xinqiao.config import contracts, docs
from xinqiao.config.section import ROOT

Rule = Callable[[Path], list[str]]

MODULES = [import_module(f"{checks.__name__}.{each.name}") for each in pkgutil.iter_modules(checks.__path__)]
RULES = [rule for each in MODULES for name, rule in sorted(vars(each).items()) if name.startswith("check_")]
RULES += [contracts.check, docs.check]


def _name(rule: Rule) -> str:
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    found = rule(ROOT)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_rule_is_shown_to_bite_by_a_planted_violation(rule: Rule) -> None:
    called = rule.__name__ if rule.__name__ != "check" else _name(rule)
    beside = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    assert any(re.search(rf"\b{called}\(\s*(plant|root)", text) for text in beside)
