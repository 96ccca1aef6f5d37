"""What a form widget is given (表单字段), and the summary of what is wrong with a form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Field:
    """One field as ui/form.html draws it (字段)."""

    html_name: str
    label: str
    value: str = ""
    errors: list[str] = field(default_factory=list)
    type: str = "text"
    unit: str = ""
    help_text: str = ""
    required: bool = False
    many: bool = False
    autocomplete: str = ""
    maxlength: int | None = None

    @property
    def id_for_label(self) -> str:
        return f"id_{self.html_name}"


def options(pairs: Iterable[tuple[str, Any]], chosen: Iterable[str] = ()) -> list[dict]:
    """This function will make the options of a choice from (value, label) pairs (选项)."""
    ticked = set(chosen)
    return [{"value": value, "label": label, "checked": value in ticked} for value, label in pairs]


def summary(fields: Iterable[Field]) -> list[dict]:
    """This function will list what is wrong, each line leading to its field (错误汇总)."""
    return [
        {"id": each.id_for_label, "text": f"{each.label}：{error}"}
        for each in fields
        for error in each.errors
    ]
