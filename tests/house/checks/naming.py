"""Names say what a thing is: operations are verbs, events are past, refusals speak, times and dates differ."""

import ast
import re
from pathlib import Path

from tests.house.source import fields, name_of, pieces, shipped

ASKING = ("get_", "find_", "is_", "can_", "has_", "list_")
IRREGULAR = {"Begun", "Broken", "Chosen", "Cut", "Done", "Found", "Given", "Gone", "Held", "Kept", "Known"}
IRREGULAR |= {"Left", "Lost", "Made", "Met", "Paid", "Put", "Read", "Seen", "Sent", "Set", "Shown", "Split"}
IRREGULAR |= {"Taken", "Withdrawn", "Written"}
ENDINGS = {
    "DateTimeField": re.compile(r"(\w+_)?at"),
    "DateField": re.compile(r"(\w+_)?on"),
    "DateTimeRangeField": re.compile(r"(\w+_)?period"),
    "DateRangeField": re.compile(r"(\w+_)?period"),
}


def check_operations_are_verbs(root: Path) -> list[str]:
    """An operation changes something, so it is not named as a question."""
    return [
        f"{each.at(function)}: {function.name} is named as a question; an operation is a verb, a question a query"
        for each in pieces(root, "operations")
        for function in each.public_functions
        if function.name.startswith(ASKING)
    ]


def check_events_are_past(root: Path) -> list[str]:
    """An event has happened: `AppointmentBooked`, `MessageSent`."""
    return [
        f"{each.at(event)}: {event.name} is not in the past tense"
        for each in pieces(root, "events")
        for event in each.classes
        if each.package != "kit" and not _is_past(event.name)
    ]


def check_refusals_speak(root: Path) -> list[str]:
    """An exception's docstring is what the user reads: a Chinese sentence that says what to do."""
    modules = shipped(root)
    kinds = {"Exception"}
    classes = [(each, node) for each in modules for node in each.classes]
    while more := {node.name for _, node in classes if kinds & set(map(name_of, node.bases))} - kinds:
        kinds |= more
    return [
        f"{each.at(node)}: {node.name} needs a docstring that the user can read, ending in 。"
        for each, node in classes
        if node.name in kinds and not _is_sentence(ast.get_docstring(node) or "")
    ]


def check_times_and_dates(root: Path) -> list[str]:
    """A time ends in `_at`, a date in `_on`, a range in `period`."""
    return [
        f"{each.at(made)}: {column} is a {name_of(made)}; its name should match {ENDINGS[name_of(made)].pattern}"
        for each in shipped(root)
        for table in each.classes
        for column, made in fields(table)
        if not ENDINGS.get(name_of(made), re.compile(".*")).fullmatch(column)
    ]


def _is_past(name: str) -> bool:
    last = re.findall(r"[A-Z][a-z0-9]*", name)[-1:]
    return name.startswith("_") or last[0].endswith("ed") or last[0] in IRREGULAR


def _is_sentence(docstring: str) -> bool:
    return docstring.strip().endswith(("。", "？", "！")) and bool(re.search(r"[\u4e00-\u9fff]", docstring))
