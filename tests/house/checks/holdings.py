"""Every table says whose data it holds, so that it can be shown, exported, merged and erased."""

import ast
from pathlib import Path

from tests.house.source import fields, keyword, name_of, pieces, word
from xinqiao.config.section import rooms


def check_every_table_declared(root: Path) -> list[str]:
    """Every table of every room has its line in that room's holdings."""
    declared = {(room, _table(holding)) for room, _, holding in _holdings(root)}
    return [
        f"{room}: the table {table} declares no subject; add its Holding to {room}/holdings.py"
        for room, table in _tables(root)
        if (room, table) not in declared
    ]


def check_every_declaration_complete(root: Path) -> list[str]:
    """A holding names its subject, or says why it has none; and it names a table that exists."""
    tables = set(_tables(root))
    found = []
    for room, where, holding in _holdings(root):
        subject = keyword(holding, "subject")
        if subject is None:
            found.append(f"{where}: Holding({_table(holding)}) names no subject")
        if isinstance(subject, ast.Constant) and subject.value is None and not word(keyword(holding, "why")):
            found.append(f"{where}: Holding({_table(holding)}) has no subject and does not say why")
        if room in rooms(root) and (room, _table(holding)) not in tables:
            found.append(f"{where}: Holding({_table(holding)}) declares a table that {room} does not have")
    return found


def _tables(root: Path) -> list[tuple[str, str]]:
    return [
        (each.package, table.name)
        for each in pieces(root, "models")
        for table in each.classes
        if any(fields(table)) and not _is_abstract(table)
    ]


def _holdings(root: Path) -> list[tuple[str, str, ast.Call]]:
    calls = [(each, call) for each in pieces(root, "holdings") for call in each.calls]
    return [(each.package, each.at(call), call) for each, call in calls if name_of(call) == "Holding"]


def _table(holding: ast.Call) -> str:
    """`Patient` for `Holding(model="patients.Patient", …)` and for `Holding(model=Patient, …)`."""
    model = keyword(holding, "model")
    return word(model).rpartition(".")[2] or name_of(model)


def _is_abstract(table: ast.ClassDef) -> bool:
    meta = [line for line in table.body if isinstance(line, ast.ClassDef) and line.name == "Meta"]
    return any(isinstance(line, ast.Assign) and _says_abstract(line) for each in meta for line in each.body)


def _says_abstract(line: ast.Assign) -> bool:
    return name_of(line.targets[0]) == "abstract" and getattr(line.value, "value", False) is True
