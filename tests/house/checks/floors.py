"""Rooms on floors, and the same furniture in every room."""

import ast
from pathlib import Path

from tests.house.source import Module, modules
from xinqiao.config.section import HOUSE, floor_of, rooms

ALWAYS = ("__init__", "models", "queries", "operations")
FURNITURE = {*ALWAYS, "apps", "events", "rules", "reactions", "facts", "tasks", "holdings", "testing"}
FURNITURE |= {"migrations", "tests"}
KINDS = {"messaging": {"channels"}, "care": {"steps"}, "analytics": {"metrics"}}
EMPTY_WORDS = {"core", "common", "utils", "util", "helpers", "helper", "base", "misc", "manager", "managers"}
EMPTY_WORDS |= {"service", "services"}


def check_floors(root: Path) -> list[str]:
    """Every package stands on a floor, and nothing lies loose beside them."""
    found = [
        path for path in sorted((root / HOUSE).iterdir()) if path.name not in ("__init__.py", "__pycache__")
    ]
    return [sentence for path in found if (sentence := _misplaced(path))]


def check_furniture(root: Path) -> list[str]:
    """Every room has the four pieces that are always there, and says in one line what it is for."""
    found = []
    for room in rooms(root):
        folder = root / HOUSE / room
        missing = [piece for piece in ALWAYS if not _stands(folder, piece)]
        found += [f"{HOUSE}/{room} has no {piece}.py" for piece in missing]
        silent = not _one_line(folder / "__init__.py")
        found += [f"{HOUSE}/{room}/__init__.py needs one line of docstring"] if silent else []
    return found


def check_file_names(root: Path) -> list[str]:
    """A room holds only furniture, and no file anywhere has a name that says nothing."""
    found = [
        f"{each.name}: `{each.piece}` is not furniture; it belongs in one of {', '.join(sorted(FURNITURE))}"
        for each in modules(root)
        if each.package in rooms(root) and each.piece not in FURNITURE | KINDS.get(each.package, set())
    ]
    empty = [each for each in modules(root) if _says_nothing(each)]
    return found + [f"{each.name}: the name says nothing; name it by its subject" for each in empty]


def check_docstrings(root: Path) -> list[str]:
    """Every module says in its first line what it is; Django's `apps.py` is the same everywhere."""
    silent = [each for each in modules(root) if each.text.strip() and not ast.get_docstring(each.tree)]
    return [f"{each.name} needs a docstring that says what it is" for each in silent if _speaks(each)]


def _says_nothing(module: Module) -> bool:
    people = {"manager"} if module.package == "portals" else set()
    return bool((EMPTY_WORDS - people) & {step.removesuffix(".py") for step in module.within})


def _speaks(module: Module) -> bool:
    return not (module.is_test or module.is_migration or module.piece == "apps")


def _misplaced(path: Path) -> str:
    if path.suffix == ".py":
        return f"{HOUSE}/{path.name} lies loose; every module stands in a package"
    if floor_of(path.name) is None:
        return f"{HOUSE}/{path.name} stands on no floor; add one line to the section in {HOUSE}/config/section.py"
    if path.is_dir() and any(path.rglob("*.py")) and not (path / "__init__.py").exists():
        return f"{HOUSE}/{path.name} has no __init__.py"
    return ""


def _stands(folder: Path, piece: str) -> bool:
    return (folder / f"{piece}.py").exists() or (folder / piece / "__init__.py").exists()


def _one_line(file: Path) -> bool:
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return bool(docstring) and "\n" not in docstring
