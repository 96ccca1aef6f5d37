"""The three joints: operations change, queries only ask, reactions listen."""

import ast
from pathlib import Path

from tests.house.source import Function, Module, name_of, pieces

WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update"}
WRITES |= {"get_or_create", "update_or_create"}
WRITES |= {f"a{name}" for name in WRITES}
WITHOUT_VIEWER: dict[str, str] = {  # "room.query": why no one's rights matter to the answer
    "directory.actor_of": "says who the viewer is",
    "directory.get_organisation": "names and telephone numbers that stand on the hospital's door",
    "directory.find_organisation_by_domain": "asked before anyone has signed in",
    "directory.find_department": "names that stand on the hospital's door",
    "directory.find_practitioner": "names that stand on the hospital's door",
}
WITHOUT_LINE = {
    "audit.operation": "the decorator itself",
    "audit.concerning": "adds patients to the line that is open",
    "audit.write_lines": "writes the lines",
    "audit.log_reading": "writes the line of a reading",
    "accounts.touch_session": "a heartbeat; each request that shows or changes something has its own line",
}


def check_operations(root: Path) -> list[str]:
    """One atomic step, one audit line, by someone, at a time, and told in a sentence."""
    return [
        f"{each.at(function)}: operation {function.name} {complaint}"
        for each in pieces(root, "operations")
        for function in each.public_functions
        if f"{each.package}.{function.name}" not in WITHOUT_LINE
        for complaint in _of_operation(function)
    ]


def check_queries(root: Path) -> list[str]:
    """A query begins at what its viewer may see, and changes nothing."""
    found = []
    for each in pieces(root, "queries"):
        for function in each.public_functions:
            found += [
                f"{each.at(function)}: query {function.name} {complaint}"
                for complaint in _of_query(each, function)
            ]
        writes = [
            call for call in each.calls if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES
        ]
        found += [
            f"{each.at(call)}: a query calls `.{name_of(call)}(`; what changes something is an operation"
            for call in writes
        ]
    return found


def check_exceptions_still_needed(root: Path) -> list[str]:
    """The two lists above name only functions that exist and still need their exception."""
    viewers = {name for name, function in _named(root, "queries") if "viewer" not in _parameters(function)}
    lines = {name for name, function in _named(root, "operations") if _of_operation(function)}
    found = [
        f"{name} is gone or has a viewer; take it off WITHOUT_VIEWER"
        for name in WITHOUT_VIEWER
        if name not in viewers
    ]
    return found + [
        f"{name} is gone or has its line; take it off WITHOUT_LINE"
        for name in WITHOUT_LINE
        if name not in lines
    ]


def check_reactions(root: Path) -> list[str]:
    """Every reaction says to which event it reacts."""
    return [
        f"{each.at(function)}: reaction {function.name} needs @reaction(Event)"
        for each in pieces(root, "reactions")
        for function in each.public_functions
        if not any(
            name_of(mark) == "reaction" and getattr(mark, "args", []) for mark in function.decorator_list
        )
    ]


def _of_operation(function: Function) -> list[str]:
    parameters = _parameters(function)
    complaints = {
        "is not decorated with @operation": "operation" not in map(name_of, function.decorator_list),
        "takes arguments by place; put `*` first": bool(function.args.posonlyargs or function.args.args),
        "does not say `by` whom": "by" not in parameters,
        "is not told `now`": "now" not in parameters,
        "has no docstring": not _told(function),
    }
    return [complaint for complaint, holds in complaints.items() if holds]


def _of_query(module: Module, function: Function) -> list[str]:
    anyone = "viewer" in _parameters(function) or f"{module.package}.{function.name}" in WITHOUT_VIEWER
    complaints = {"is not told its `viewer`": not anyone, "has no docstring": not _told(function)}
    return [complaint for complaint, holds in complaints.items() if holds]


def _parameters(function: Function) -> set[str]:
    given = function.args
    return {each.arg for each in [*given.posonlyargs, *given.args, *given.kwonlyargs]}


def _told(function: Function) -> bool:
    return bool((ast.get_docstring(function) or "").partition("\n")[0].strip())


def _named(root: Path, piece: str) -> list[tuple[str, Function]]:
    modules = pieces(root, piece)
    return [
        (f"{each.package}.{function.name}", function)
        for each in modules
        for function in each.public_functions
    ]
